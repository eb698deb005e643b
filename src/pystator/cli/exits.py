"""What the exit code of a run says. Scripts depend on these: they never change."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The higher of two codes is the one that a run with both ends with."""

    CLEAN = 0
    FINDINGS = 1
    """Faults in a definition, a file that is not up to date, or one not overwritten."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    UNREADABLE = 3
    """A file could not be read or written."""
    INTERNAL = 70
    """A fault of pystator itself."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141

"""Import one generated module and print what that took, as one JSON list.

Run as a script by `python -I -S`, so that nothing but the interpreter is loaded
before, and `enum`, `dataclasses` and `typing`, which a caller has anyway. The time is
the processor's, in milliseconds; the growth is in pages.
"""

from __future__ import annotations

import dataclasses
import enum
import sys
import time
import typing

_STATM = "/proc/self/statm"
_LOADED_BEFORE = (dataclasses, enum, typing)


def _resident_pages() -> int | None:
    try:
        with open(_STATM, encoding="ascii") as pages:
            return int(pages.read().split()[1])
    except OSError:
        return None


def _load(folder: str, name: str) -> str:
    sys.path.insert(0, folder)
    before = _resident_pages()
    start = time.process_time()
    __import__(name)
    milliseconds = (time.process_time() - start) * 1e3
    after = _resident_pages()
    grown = "null" if before is None or after is None else str(after - before)
    return f"[{milliseconds}, {grown}]"


print(_load(sys.argv[1], sys.argv[2]))

"""How large a definition may be, and what is said of one that is larger."""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Span

DEPTH_LIMIT: Final = 64
NODE_LIMIT: Final = 1_000_000
SCALAR_LIMIT: Final = 64 * 1024
"""In characters."""
STATE_LIMIT: Final = 20_000

FAULT_LIMIT: Final = 100
"""The reader stops after so many faults: a definition has few, an attack millions."""

LISTED_LIMIT: Final = 1_000
"""So many faults in what was read are listed, and then no more are looked for."""


def too_deep(span: Span) -> Diagnostic:
    return diagnostic("PS0112", f"nested deeper than {DEPTH_LIMIT} levels", span)


def too_many(span: Span) -> Diagnostic:
    return diagnostic(
        "PS0113",
        f"more than {NODE_LIMIT} values, counting those that aliases repeat",
        span,
    )


def too_many_states(span: Span) -> Diagnostic:
    return diagnostic(
        "PS0132",
        f"more than {STATE_LIMIT} states",
        span,
        label="the first one too many",
    )


def too_many_faults(span: Span) -> Diagnostic:
    message = f"more than {LISTED_LIMIT} faults; there may be others"
    return diagnostic("PS0116", message, span)

"""How large a definition may be, and what is said of one that is larger."""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Span

DEPTH_LIMIT: Final = 64
NODE_LIMIT: Final = 1_000_000
SCALAR_LIMIT: Final = 64 * 1024
"""In characters."""

FAULT_LIMIT: Final = 100
"""The reader stops after so many faults: a definition has few, an attack millions."""


def too_deep(span: Span) -> Diagnostic:
    return diagnostic("PS0112", f"nested deeper than {DEPTH_LIMIT} levels", span)


def too_many(span: Span) -> Diagnostic:
    return diagnostic(
        "PS0113",
        f"more than {NODE_LIMIT} values, counting those that aliases repeat",
        span,
    )

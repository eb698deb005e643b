"""A name that no state has."""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.source.text import Text


def unknown_state(name: Text, known: Iterable[str]) -> Diagnostic:
    """`known` are the names that would do."""
    return diagnostic(
        "PS0201",
        f"unknown state {quoted(name)}",
        name.span,
        label="no state has this name",
        help=did_you_mean(name, known),
    )

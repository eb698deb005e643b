"""Diagnostics for other tools to parse: one line each."""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.model import Diagnostic
from pystator.compiler.diagnostics.quote import visible


def render_concise(diagnostics: Iterable[Diagnostic]) -> str:
    """`order.yaml:31:11: error[PS0201] unknown state`, without a last line end."""
    return "\n".join(
        f"{visible(item.primary.path)}:{item.primary.line}:{item.primary.column}: "
        f"{item.severity}[{item.code}] {visible(item.message)}"
        for item in diagnostics
    )

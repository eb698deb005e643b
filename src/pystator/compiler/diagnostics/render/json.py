"""Diagnostics for programs: JSON lines, an object each, keys sorted, ASCII only."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.diagnostics.model import Diagnostic, Span


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """One object a line, without a last line end. Columns count as in `Span`."""
    return "\n".join(
        json.dumps(_object(item), sort_keys=True, ensure_ascii=True)
        for item in diagnostics
    )


def _object(item: Diagnostic) -> dict[str, object]:
    return {
        "code": item.code,
        "slug": CODES[item.code].slug,
        "severity": item.severity.value,
        "message": item.message,
        **_place(item.primary),
        "label": item.label,
        "secondary": [
            {**_place(label.span), "message": label.message} for label in item.secondary
        ],
        "notes": list(item.notes),
        "help": list(item.help),
    }


def _place(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }

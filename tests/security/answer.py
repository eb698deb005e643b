"""The answer to a text, and what must be true of it whatever the text is."""

from __future__ import annotations

import re

from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.diagnostics.model import Diagnostic, Report, Severity, Span
from pystator.compiler.diagnostics.render.concise import render_concise
from pystator.compiler.diagnostics.render.json import render_json
from pystator.compiler.diagnostics.render.text import render_text
from pystator.compiler.pipeline import Checked, check, compile_text
from pystator.compiler.source.lines import split_lines
from pystator.compiler.source.reader import shown_text
from tests.security.python_text import offences

PATH = "m.yaml"
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def answer(data: bytes) -> tuple[Checked, str | None]:
    """What a text is found to be and its module, both of which are as they must be."""
    checked = check(data, PATH)
    report = checked.report
    lines = split_lines(shown_text(data))
    for item in report:
        _is_sound(item, lines)
    _is_shown(report, data)
    assert (checked.flat is None) == report.has_errors
    if checked.flat is None:
        return checked, None
    module = compile_text(checked, PATH)
    assert not list(offences(module))
    return checked, module


def _is_sound(item: Diagnostic, lines: list[str]) -> None:
    assert item.severity in (CODES[item.code].severity, Severity.WARNING)
    assert item.message and item.message[-1] != "."
    for span in (item.primary, *(label.span for label in item.secondary)):
        assert span.path == PATH
        _is_inside(span, lines)


def _is_inside(span: Span, lines: list[str]) -> None:
    """From a character, or from the end of a line or of the text, to a later one."""
    assert 1 <= span.line <= span.end_line <= len(lines), span
    assert (span.line, span.column) <= (span.end_line, span.end_column), span
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1, span
    # the mark of what is missing at the end of a line stands behind it
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2, span


def _is_shown(report: Report, data: bytes) -> None:
    """Each renderer shows each diagnostic, and nothing that could steer a terminal."""
    sources = {PATH: shown_text(data)}
    text = render_text(report, sources, color=False)
    assert text.count(f"--> {PATH}:") == len(report)
    colored = render_text(report, sources, color=True)
    assert _STYLE.sub("", colored) == text
    shown = [render_concise(report), render_json(report)]
    for lines in shown:
        assert len(lines.splitlines()) == len(report)
    for output in (text, *shown):
        assert all(char == "\n" or char.isprintable() for char in output), ascii(output)

"""Whatever the text, the answer is a module or diagnostics that point into the text."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.diagnostics.model import Diagnostic, Report, Severity, Span
from pystator.compiler.diagnostics.render.concise import render_concise
from pystator.compiler.diagnostics.render.json import render_json
from pystator.compiler.diagnostics.render.text import render_text
from pystator.compiler.pipeline import check, compile_text
from pystator.compiler.source.lines import split_lines
from pystator.compiler.source.reader import shown_text
from tests.security.python_text import offences
from tests.security.random_text import (
    Generate,
    misshapen,
    skeleton_texts,
    soup,
    spoiled,
)

DEEP = os.environ.get("PYSTATOR_DEEP") == "1"
TEXTS = 20_000 if DEEP else 2_000
BATCH = 100
PATH = "m.yaml"

SMALL = tuple(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parents[1].joinpath("variations").glob("*.yaml"))
)
KINDS: dict[str, Generate] = {
    "soup": soup,
    "spoiled": partial(spoiled, definitions=(*skeleton_texts(), *SMALL)),
    "misshapen": misshapen,
}
SHARES = {"soup": 4, "spoiled": 8, "misshapen": 8}
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def answer(data: bytes) -> tuple[Report, str | None]:
    """The report on a text and its module, both of which are as they must be."""
    checked = check(data, PATH)
    report = checked.report
    lines = split_lines(shown_text(data))
    for item in report:
        _is_sound(item, lines)
    _is_shown(report, data)
    assert (checked.flat is None) == report.has_errors
    if checked.flat is None:
        return report, None
    module = compile_text(checked, PATH)
    assert not list(offences(module))
    return report, module


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


def batches() -> list[tuple[str, int]]:
    unit = TEXTS // sum(SHARES.values()) // BATCH
    return [(kind, n) for kind, share in SHARES.items() for n in range(share * unit)]


@pytest.mark.parametrize(("kind", "batch"), batches())
def test_any_text_has_an_answer(kind: str, batch: int) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        data = KINDS[kind](random.Random(f"{kind} {number}"))
        try:
            answer(data)
        except Exception as error:
            error.add_note(f"the text is {data!r}")
            raise


def test_random_texts_reach_every_stage() -> None:
    """They are no test of the reader alone: many codes, and some modules."""
    codes: Counter[str] = Counter()
    modules = 0
    for kind in KINDS:
        for number in range(150):
            report, module = answer(KINDS[kind](random.Random(f"{kind} {number}")))
            codes.update({item.code for item in report})
            modules += module is not None
    assert modules > 20
    assert {code[:4] for code in codes} >= {"PS01", "PS02", "PS03", "PS04", "PS05"}
    assert len(codes) > 25

"""The pages about codes are true: what they say fails does, and the rest is silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pystator.compiler import diagnostics
from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.source.reader import read_text
from pystator.compiler.source.validate import validate

PAGES = Path(diagnostics.__file__).parent / "explain"
HERE = sorted(code for code in CODES if code.startswith("PS01"))
MARK = re.compile(r"# (error|warning): (PS\d{4})$")


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert found is not None, f"the section {title} is missing"
    block = re.search(r"^```yaml\n(.*?)^```$", found[1], re.M | re.S)
    assert block is not None, f"the section {title} has no yaml block"
    return block[1]


def diagnosed(text: str) -> list[tuple[int, str, str]]:
    document, report = read_text(text, "page.yaml")
    if document is not None:
        validate(document, report)
    return [(item.primary.line, item.severity.value, item.code) for item in report]


def expected(text: str) -> list[tuple[int, str, str]]:
    marks = ((n, MARK.search(line)) for n, line in enumerate(text.splitlines(), 1))
    return [(n, mark[1], mark[2]) for n, mark in marks if mark is not None]


@pytest.mark.parametrize("code", HERE)
def test_page(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CODES[code].slug}\n")
    if "\nnot shown: " in page:
        assert "```" not in page
        return
    fails = section(page, "Fails")
    assert code in {mark[2] for mark in expected(fails)}
    assert diagnosed(fails) == expected(fails)
    assert diagnosed(section(page, "Fixed")) == []
    assert diagnosed(section(page, "Near miss")) == []


def test_no_page_without_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} <= CODES.keys()

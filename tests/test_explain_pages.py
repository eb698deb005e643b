"""The page of each code is true: what it says fails does, and the rest is silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pystator.compiler import diagnostics
from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.pipeline import check
from tests.case_files import markers

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
PAGES = Path(diagnostics.__file__).parent / "explain"
NOT_SHOWN = "\nnot shown: "
"""Starts the line that says why a code has no example."""


def page_of(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert found is not None, f"the section `{title}` is missing"
    blocks = re.findall(r"^```yaml\n(.*?)^```$", found[1], re.M | re.S)
    assert len(blocks) == 1, f"the section `{title}` needs one yaml block"
    return str(blocks[0])


def diagnosed(text: str) -> list[tuple[int, str, str]]:
    return [
        (found.primary.line, found.severity.value, found.code)
        for found in check(text, "page.yaml").report
    ]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == CODES.keys()


def test_every_code_is_given_by_the_source_and_shown_somewhere() -> None:
    """Registered = given = exercised: no row of the registry is without a user."""
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*.py")
        if path.name != "codes.py"
    )
    given = {code for code in CODES if f'"{code}"' in source}
    assert given == CODES.keys()
    shown = {code for path in PAGES.glob("*.md") for code in codes_in(path)}
    shown |= {code for path in CASES.rglob("*.md") for code in codes_in(path)}
    hidden = {code for code in CODES if NOT_SHOWN in page_of(code)}
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
    assert shown | {code for code in hidden if code in tests} == CODES.keys()


def codes_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    found = {code for _, _, code in markers(text)}
    return found | set(re.findall(r"^\d+:\d+ \w+\[(PS\d{4})\]", text, re.M))


@pytest.mark.parametrize("code", sorted(CODES))
class TestPage:
    def test_it_has_its_title_and_its_sections(self, code: str) -> None:
        page = page_of(code)
        assert page.startswith(f"# {code}: {CODES[code].slug}\n")
        sections = re.findall(r"^## (.*)$", page, re.M)
        if NOT_SHOWN in page:
            assert sections == [] and "```" not in page
        else:
            assert sections == ["Fails", "Fixed", "Near miss"]

    def test_what_fails_fails_where_it_is_marked(self, code: str) -> None:
        page = page_of(code)
        if NOT_SHOWN in page:
            return
        fails = section(page, "Fails")
        expected = list(markers(fails))
        assert {found for _, _, found in expected} == {code}
        assert {severity for _, severity, _ in expected} == {CODES[code].severity.value}
        assert diagnosed(fails) == expected

    def test_what_is_fixed_is_clean(self, code: str) -> None:
        page = page_of(code)
        if NOT_SHOWN not in page:
            assert diagnosed(section(page, "Fixed")) == []

    def test_the_near_miss_is_silent(self, code: str) -> None:
        page = page_of(code)
        if NOT_SHOWN not in page:
            assert diagnosed(section(page, "Near miss")) == []

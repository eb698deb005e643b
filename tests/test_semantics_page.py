"""The page on semantics: what it shows is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case_files import Case, read_cases
from tests.test_cases import compare

PAGE = Path(__file__).parent.parent / "docs" / "semantics.md"


def heading(case: Case) -> str:
    return case.heading


@pytest.mark.parametrize("case", read_cases(PAGE, pictures=True), ids=heading)
def test_definitions_and_traces_of_the_page(case: Case) -> None:
    compare(case)

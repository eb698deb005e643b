"""A definition in which all is wrong: a thousand errors, and that there are more."""

from __future__ import annotations

from collections import Counter

import pytest

from pystator.compiler.pipeline import check

HEAD = "states:\n  - {name: A, type: initial}\ntransitions:\n"


def codes(text: str) -> Counter[str]:
    found = check(text, "m.yaml")
    assert found.flat is None
    return Counter(item.code for item in found.report)


def unknown_sources(count: int) -> str:
    lines = [f"  - {{trigger: t{n}, source: B, dest: A}}\n" for n in range(count)]
    return HEAD + "".join(lines)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (999, {"PS0201": 999}),
        (1_000, {"PS0201": 1_000}),
        (1_001, {"PS0201": 1_000, "PS0116": 1}),
        (5_000, {"PS0201": 1_000, "PS0116": 1}),
    ],
)
def test_a_thousand_references_are_listed(count: int, expected: dict[str, int]) -> None:
    assert codes(unknown_sources(count)) == expected


def test_where_it_says_that_there_are_more() -> None:
    first, *_ = check("# comment\n\n" + unknown_sources(2_000), "m.yaml").report
    assert (first.code, first.primary.line, first.primary.column) == ("PS0116", 3, 1)
    assert first.message == "more than 1000 faults; there may be others"


def test_what_is_left_of_a_refused_definition_is_cut_as_well() -> None:
    found = codes(unknown_sources(2_000) + "x: 1\n")
    assert found == {"PS0120": 1, "PS0201": 999, "PS0116": 1}


def test_nothing_more_is_looked_for_after_a_flood_of_the_schema() -> None:
    found = codes(unknown_sources(10) + "  - {}\n" * 2_000)
    assert found["PS0116"] == 1
    assert found["PS0201"] == 0


def test_warnings_are_no_errors() -> None:
    """Thousands of states that are never reached are thousands of warnings, and all."""
    text = HEAD.replace(
        "transitions:\n", "".join(f"  - {{name: S{n}}}\n" for n in range(2_000))
    )
    found = check(text, "m.yaml")
    assert found.flat is not None
    assert len(found.report) >= 2_000

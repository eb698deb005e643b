"""Did you mean, and names in messages."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pystator.compiler.diagnostics.quote import quoted, visible
from pystator.compiler.diagnostics.suggest import closest, did_you_mean


@pytest.mark.parametrize(
    ("name", "candidates", "near"),
    [
        ("OPN", ["CLOSED", "OPEN"], "OPEN"),
        ("gaurds", ["guards", "actions"], "guards"),
        ("open", ["OPEM", "OPEN"], "OPEN"),
        ("pendign", ["PENDING"], "PENDING"),
        ("fills", ["fill", "fillx"], "fill"),
        ("abcd", ["abce", "abcf"], "abce"),
        ("OPEN", ["CLOSED"], None),
        ("OPEN", ["OPEN"], None),
        ("A", ["B", "C"], None),
        ("a", ["A"], "A"),
        ("AB", ["CD"], None),
        ("", ["a"], None),
        ("a", [""], None),
        ("x" * 129, ["x" * 128], None),
    ],
)
def test_closest(name: str, candidates: list[str], near: str | None) -> None:
    assert closest(name, candidates) == near


def reference(left: str, right: str) -> int:
    """Optimal string alignment, by its recursive definition."""

    @cache
    def distance(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        best = min(
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (left[i - 1] != right[j - 1]),
        )
        if i > 1 and j > 1 and left[i - 2 : i] == right[j - 2 : j][::-1]:
            best = min(best, distance(i - 2, j - 2) + 1)
        return best

    return distance(len(left), len(right))


names = st.text("abc", min_size=1, max_size=8)


@given(names, st.lists(names, max_size=8))
def test_nothing_is_nearer(name: str, candidates: list[str]) -> None:
    # what shares no letter at its place is no spelling of it, however short
    likely = [
        (reference(name, other), index)
        for index, other in enumerate(candidates)
        if 0 < reference(name, other) < max(len(name), len(other))
    ]
    distance, index = min(likely, default=(99, 0))
    near = candidates[index] if distance <= max(1, (len(name) + 1) // 3) else None
    assert closest(name, candidates) == near


def test_many_candidates() -> None:
    candidates = [f"STATE_{number:05}" for number in range(20_000)]
    assert closest("STATE_1234", candidates) == "STATE_01234"
    assert closest("something_else", candidates) is None


def test_help_line() -> None:
    assert did_you_mean("OPN", ["OPEN"]) == ("did you mean `OPEN`?",)
    assert did_you_mean("OPN", ["CLOSED"]) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("OPEN", "`OPEN`"),
        ("日本語 é", "`日本語 é`"),
        ("a\nb\t\0\x1b[31m", "`a\\nb\\t\\x00\\x1b[31m`"),
        ("\u202eabc\u2066", "`\\u202eabc\\u2066`"),
        ("\ud83d\u2028", "`\\ud83d\\u2028`"),
        ("x" * 80, f"`{'x' * 80}`"),
        ("x" * 81, f"`{'x' * 77}...`"),
    ],
)
def test_quoted(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text())
def test_quoted_is_printable(text: str) -> None:
    assert quoted(text).isprintable()
    assert visible(text).isprintable()

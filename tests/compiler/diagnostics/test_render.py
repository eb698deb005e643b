"""The three forms in which diagnostics are shown."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Span
from pystator.compiler.diagnostics.render.concise import render_concise
from pystator.compiler.diagnostics.render.json import render_json
from pystator.compiler.diagnostics.render.text import render_text


def span(line: int, column: int, end_column: int, path: str = "order.yaml") -> Span:
    return Span(path, line, column, line, end_column)


def text(item: Diagnostic, source: str) -> str:
    return render_text([item], {"order.yaml": source}, color=False)


UNKNOWN = diagnostic(
    "PS0120",
    "unknown key `dst` in a transition",
    span(31, 5, 8),
    label="this key has no meaning here",
    notes=("a note",),
    help=("did you mean `dest`?",),
)
SOURCE = "\n" * 30 + "    dst: OPEN\n"


def test_shape() -> None:
    assert text(UNKNOWN, SOURCE) == ("""\
error[PS0120]: unknown key `dst` in a transition
  --> order.yaml:31:5
   |
31 |     dst: OPEN
   |     ^^^ this key has no meaning here
   = note: a note
   = help: did you mean `dest`?""")


def test_gutter_follows_the_line_number() -> None:
    item = diagnostic("PS0125", "m", span(1234, 1, 2))
    assert text(item, "\n" * 1233 + "abc") == ("""\
warning[PS0125]: m
    --> order.yaml:1234:1
     |
1234 | abc
     | ^""")


def test_several_are_apart() -> None:
    item = diagnostic("PS0125", "m", span(1, 1, 2))
    shown = render_text([item, item], {"order.yaml": "a"}, color=False)
    assert shown == f"{text(item, 'a')}\n\n{text(item, 'a')}"
    assert render_text([], {}, color=False) == ""


def duplicate(first: Span, second: Span) -> Diagnostic:
    return diagnostic(
        "PS0104", "m", second, label="again", secondary=[Label(first, "first")]
    )


def test_secondary_on_the_line_before() -> None:
    assert text(duplicate(span(1, 1, 2), span(2, 1, 3)), "a: 1\naa: 2") == ("""\
error[PS0104]: m
 --> order.yaml:2:1
  |
1 | a: 1
  | - first
2 | aa: 2
  | ^^ again""")


def test_secondary_on_the_same_line() -> None:
    assert text(duplicate(span(1, 2, 3), span(1, 8, 9)), "{a: 1, a: 2}") == ("""\
error[PS0104]: m
 --> order.yaml:1:8
  |
1 | {a: 1, a: 2}
  |  - first
  |        ^ again""")


def test_one_line_between_is_shown_and_more_are_not() -> None:
    source = "a: 1\nb: 2\na: 3\nd: 4\ne: 5\na: 6"
    assert text(duplicate(span(1, 1, 2), span(3, 1, 2)), source) == ("""\
error[PS0104]: m
 --> order.yaml:3:1
  |
1 | a: 1
  | - first
2 | b: 2
3 | a: 3
  | ^ again""")
    assert text(duplicate(span(1, 1, 2), span(6, 1, 2)), source) == ("""\
error[PS0104]: m
 --> order.yaml:6:1
  |
1 | a: 1
  | - first
...
6 | a: 6
  | ^ again""")


def test_secondary_far_away() -> None:
    source = "a: 1" + "\n" * 19 + "a: 2"
    assert text(duplicate(span(1, 1, 2), span(20, 1, 2)), source) == ("""\
error[PS0104]: m
  --> order.yaml:20:1
   |
20 | a: 2
   | ^ again
  ::: order.yaml:1:1
   |
 1 | a: 1
   | - first""")


def test_secondary_in_another_file() -> None:
    item = duplicate(span(1, 1, 2, "other.yaml"), span(1, 1, 2))
    sources = {"order.yaml": "a: 1", "other.yaml": "b: 1"}
    assert render_text([item], sources, color=False) == ("""\
error[PS0104]: m
 --> order.yaml:1:1
  |
1 | a: 1
  | ^ again
 ::: other.yaml:1:1
  |
1 | b: 1
  | - first""")


def test_unknown_source() -> None:
    item = duplicate(span(1, 1, 2, "other.yaml"), span(3, 1, 2))
    assert render_text([item], {}, color=False) == ("""\
error[PS0104]: m
 --> order.yaml:3:1
 ::: other.yaml:1:1 first""")


def test_place_beyond_the_source() -> None:
    item = diagnostic("PS0104", "m", span(9, 1, 2))
    assert text(item, "a") == "error[PS0104]: m\n --> order.yaml:9:1"


def test_empty_and_long_spans() -> None:
    missing = diagnostic("PS0104", "m", span(1, 3, 3), label="here")
    assert text(missing, "a:").splitlines()[-1] == "  |   ^ here"
    several = diagnostic("PS0104", "m", Span("order.yaml", 1, 4, 3, 2), label="here")
    assert text(several, "a: {b,\n c\n}").splitlines()[3:] == [
        "1 | a: {b,",
        "  |    ^^^ here",
    ]


def marked(line: str, column: int, end_column: int) -> tuple[str, str]:
    """What is shown of the line, and the row of marks below, without the gutter."""
    item = diagnostic("PS0104", "m", span(1, column, end_column))
    *_, shown, marks = text(item, line).splitlines()
    return shown[4:], marks[4:]


def columns(shown: str) -> int:
    return sum(
        (
            0
            if unicodedata.combining(char)
            else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        )
        for char in shown
    )


@pytest.mark.parametrize(
    ("line", "column", "end_column", "shown", "marks"),
    [
        ("\ta: b", 5, 6, "    a: b", "       ^"),
        ("日本: b", 5, 6, "日本: b", "      ^"),
        ("a: 日本", 4, 6, "a: 日本", "   ^^^^"),
        ("e\u0301: b", 5, 6, "e\u0301: b", "   ^"),
        ("\x1b: b", 4, 5, "\\x1b: b", "      ^"),
        ("\u202e: b", 1, 2, "\\u202e: b", "^^^^^^"),
        ("😀: b", 4, 5, "😀: b", "    ^"),
    ],
)
def test_marks_are_under_their_characters(
    line: str, column: int, end_column: int, shown: str, marks: str
) -> None:
    assert marked(line, column, end_column) == (shown, marks)


@pytest.mark.parametrize("column", [1, 2, 100, 5_000, 9_990, 10_000])
def test_long_line_is_cut_around_the_mark(column: int) -> None:
    line = "".join(chr(ord("a") + index % 26) for index in range(10_000))
    shown, marks = marked(line, column, column + 1)
    assert len(shown) <= 120
    assert shown[marks.index("^")] == line[column - 1]
    assert shown.startswith("...") == (column >= 100)
    assert shown.endswith("...") == (column < 9_000)


def test_long_span_in_a_long_line() -> None:
    shown, marks = marked("a" * 500 + "b" * 5_000, 501, 5_501)
    assert len(shown) <= 120
    assert set(marks.strip()) == {"^"}
    under = shown[marks.index("^") : marks.rindex("^") + 1]
    assert set(under.removesuffix("...")) == {"b"}


@given(st.text(st.characters(exclude_characters="\r\n"), max_size=300), st.data())
def test_any_line(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(line) + 1))
    shown, marks = marked(line, column, data.draw(st.integers(column, len(line) + 1)))
    assert shown.isprintable()
    assert columns(shown) <= 120
    assert re.fullmatch(r" *\^+", marks)


def test_nothing_unprintable_gets_out() -> None:
    hostile = "\x1b[2J\u202e\n"
    item = Diagnostic(
        "PS0104",
        UNKNOWN.severity,
        hostile,
        span(1, 1, 2, hostile),
        hostile,
        (Label(span(1, 1, 2, hostile), hostile),),
        (hostile,),
        (hostile,),
    )
    for sources in ({}, {hostile: hostile}):
        shown = render_text([item], sources, color=False)
        assert all(line.isprintable() for line in shown.split("\n"))
    assert render_concise([item]).isprintable()
    assert render_json([item]).isprintable()


def test_color_only_adds() -> None:
    items = [UNKNOWN, duplicate(span(1, 1, 2), span(20, 1, 2))]
    plain = render_text(items, {"order.yaml": SOURCE}, color=False)
    colored = render_text(items, {"order.yaml": SOURCE}, color=True)
    assert "\x1b[1;31merror[PS0120]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_concise() -> None:
    assert render_concise([UNKNOWN, UNKNOWN]) == (
        "order.yaml:31:5: error[PS0120] unknown key `dst` in a transition\n"
        "order.yaml:31:5: error[PS0120] unknown key `dst` in a transition"
    )


def test_json() -> None:
    item = duplicate(span(1, 1, 2), span(2, 3, 5))
    first, second = render_json([item, UNKNOWN]).splitlines()
    assert json.loads(first) == {
        "code": "PS0104",
        "slug": "duplicate-key",
        "severity": "error",
        "message": "m",
        "path": "order.yaml",
        "start": {"line": 2, "column": 3},
        "end": {"line": 2, "column": 5},
        "label": "again",
        "secondary": [
            {
                "path": "order.yaml",
                "start": {"line": 1, "column": 1},
                "end": {"line": 1, "column": 2},
                "message": "first",
            }
        ],
        "notes": [],
        "help": [],
    }
    assert json.loads(second)["help"] == ["did you mean `dest`?"]
    assert list(json.loads(first)) == sorted(json.loads(first))

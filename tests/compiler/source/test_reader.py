"""Reading: values by the YAML 1.2 core schema, exact places, bounded work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.source.nodes import (
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    to_data,
)
from pystator.compiler.source.reader import (
    UnreadableError,
    read_file,
    read_text,
    shown_text,
)
from pystator.compiler.source.text import Data


def read(text: str | bytes) -> Document:
    document, report = read_text(text, "m.yaml")
    assert document is not None, list(report)
    assert len(report) == 0
    return document


def data(text: str | bytes) -> Data:
    return to_data(read(text).root)


def faults(text: str | bytes) -> list[tuple[str, int, int, str]]:
    document, report = read_text(text, "m.yaml")
    assert (document is None) == report.has_errors
    return [
        (item.code, item.primary.line, item.primary.column, item.message)
        for item in report
    ]


def child(node: Node, key: str) -> Node:
    assert isinstance(node, Mapping)
    return next(value for name, value in node.entries if name.text == key)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("ON", "ON"),
        ("NO", "NO"),
        ("n", "n"),
        ("0", 0),
        ("007", 7),
        ("-12", -12),
        ("+12", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("1.10", 1.1),
        (".5", 0.5),
        ("-1.", -1.0),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        (".", "."),
        ("1.2.3", "1.2.3"),
        ("e3", "e3"),
        ("2024-01-01", "2024-01-01"),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0x7fffffffffffffff", 2**63 - 1),
        ("'5'", "5"),
        ('"true"', "true"),
        ("''", ""),
        ("infinity", "infinity"),
        ("=", "="),
    ],
)
def test_core_schema(text: str, value: Data) -> None:
    found = data(f"a: {text}")
    assert found == {"a": value}
    assert type(found["a"]) is type(value)  # True == 1 == 1.0


@pytest.mark.parametrize("key", ["on", "NO", "1.10", "null", "12:30", "true"])
def test_keys_are_what_was_typed(key: str) -> None:
    assert data(f"{key}: 1") == {key: 1}


def test_scalar_keeps_its_text() -> None:
    found = child(read("a: 1.10").root, "a")
    assert isinstance(found, Scalar)
    assert (found.text, found.value) == ("1.10", 1.1)


def test_block_scalars_and_folding() -> None:
    text = "a: |\n  one\n  two\nb: >-\n  one\n  two\nc: one\n  two\n"
    assert data(text) == {"a": "one\ntwo\n", "b": "one two", "c": "one two"}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str) -> None:
    document = read(newline.join(["a: 1", "", "b:", "  - x", ""]))
    assert to_data(document.root) == {"a": 1, "b": ("x",)}
    assert child(document.root, "b").span == Span("m.yaml", 4, 3, 4, 6)


def test_byte_order_mark_is_no_column() -> None:
    for text in (b"\xef\xbb\xbfab: 1", "\ufeffab: 1"):
        document = read(text)
        assert document.text == "ab: 1"
        assert child(document.root, "ab").span == Span("m.yaml", 1, 5, 1, 6)


def test_spans() -> None:
    text = "m:\n  - name: 'ON'\n    on: [A, \"b c\"]\n\n# end\nlast:   x y  # c\n"
    root = read(text).root
    assert root.span == Span("m.yaml", 1, 1, 6, 12)
    inner = child(root, "m")
    assert inner.span == Span("m.yaml", 2, 3, 3, 19)
    assert isinstance(inner, Sequence)
    item = inner.items[0]
    assert item.span == Span("m.yaml", 2, 5, 3, 19)
    assert child(item, "name").span == Span("m.yaml", 2, 11, 2, 15)
    assert child(item, "on").span == Span("m.yaml", 3, 9, 3, 19)
    assert child(root, "last").span == Span("m.yaml", 6, 9, 6, 12)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("a: x y", Span("m.yaml", 1, 4, 1, 7)),
        ("a: 'x y'", Span("m.yaml", 1, 5, 1, 8)),
        ('a: "x y"', Span("m.yaml", 1, 5, 1, 8)),
        ("a: 😀b", Span("m.yaml", 1, 4, 1, 6)),
        ("a: ''", Span("m.yaml", 1, 5, 1, 5)),
        ("a: 'it''s'", None),
        ('a: "\\x41"', None),
        ("a: x\n  y", None),
        ("a: |\n  x", None),
        ("a: &anchor x", None),
    ],
)
def test_inner_span(text: str, inner: Span | None) -> None:
    found = child(read(text).root, "a")
    assert isinstance(found, Scalar)
    assert found.as_text().inner == inner


def test_part_of_a_text() -> None:
    found = child(read("a: 'x > yy'").root, "a")
    assert isinstance(found, Scalar)
    assert found.as_text().part(4, 2) == Span("m.yaml", 1, 9, 1, 11)


def test_aliases() -> None:
    text = "a: &a [1, &b {c: x}]\nd: *a\ne: *b\nf: [*b, *b]"
    inner = {"c": "x"}
    expected = {"a": (1, inner), "d": (1, inner), "e": inner, "f": (inner, inner)}
    assert data(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "fragment"),
    [
        ("a: b: c", "PS0101", 1, 5, "`:` that starts a value"),
        ("a: [1\nb: 2\n", "PS0101", 2, 2, "closing `]`"),
        ("a: {b: 1\nc: 2\n", "PS0101", 2, 2, "closing `}`"),
        ("a:\n\tb: 1", "PS0101", 2, 1, "a tab cannot indent"),
        ("a: @x", "PS0101", 1, 4, "`@` cannot start a text"),
        ("a: `x`", "PS0101", 1, 4, "cannot start a text"),
        ("source: *", "PS0101", 1, 10, "`*` without a name"),
        ('a: "b', "PS0101", 1, 6, "ends within quotes"),
        ("a: 'b\n", "PS0101", 2, 1, "ends within quotes"),
        ("a:\n  - b\n c: d\n", "PS0101", 3, 2, "line up with the keys"),
        ("- a\nb: c\n", "PS0101", 2, 1, "line up with the list"),
        ('a: "\\q"', "PS0101", 1, 5, "escape that does not exist"),
        ('a: "\\ud800"', "PS0101", 1, 7, "a character that does not exist"),
        ("%YAML 2.0\n---\na: 1", "PS0101", 1, 1, "version of YAML"),
        (b"a: b\nc\xc3\xa9: \xff\n", "PS0102", 2, 5, "not UTF-8"),
        (b"\xef\xbb\xbfa: \xff", "PS0102", 1, 4, "not UTF-8"),
        ("a: b".encode("utf-16"), "PS0102", 1, 1, "not UTF-8"),
        ("a: 1\nb: \0", "PS0103", 2, 4, "U+0000"),
        ("a: \x1b[31m", "PS0103", 1, 4, "U+001B"),
        ("a: é\u2028b", "PS0103", 1, 5, "U+2028"),
        ("a: x\ufeff", "PS0103", 1, 5, "U+FEFF"),
        ("a: \ud83d", "PS0103", 1, 4, "U+D83D"),
        ("a: 1\nb: 2\na: 3\n", "PS0104", 3, 1, "`a` stands twice"),
        ("a: {b: 1, 'b': 2}", "PS0104", 1, 11, "`b` stands twice"),
        ("a: !!str 5", "PS0105", 1, 4, "tags"),
        ("a: &x !y 5", "PS0105", 1, 7, "tags"),
        ("a: !!python/object/apply:os.system [id]", "PS0105", 1, 4, "tags"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "PS0105", 1, 1, "tags"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", "PS0106", 3, 3, "merge"),
        ("? [a]\n: b", "PS0107", 1, 3, "a key is a text"),
        ("a: &a {b: 1}\n*a : c", "PS0107", 1, 4, "a key is a text"),
        ("a: 1\n---\nb: 2", "PS0108", 2, 1, "one machine definition"),
        ("a: 1\n...\n---\nb: 2", "PS0108", 3, 1, "one machine definition"),
        ("", "PS0109", 1, 1, "no machine definition"),
        ("# only this\n", "PS0109", 1, 1, "no machine definition"),
        ("---\n", "PS0109", 1, 1, "no machine definition"),
        ("a: *b", "PS0110", 1, 4, "`*b` has no anchor"),
        ("a: &a [*a]", "PS0110", 1, 8, "inside its own anchor"),
        ("a: 9223372036854775808", "PS0115", 1, 4, "out of range"),
        ("a: 0x8000000000000000", "PS0115", 1, 4, "out of range"),
        ("a: 1e999", "PS0115", 1, 4, "out of range"),
        ("a: -.inf", "PS0115", 1, 4, "out of range"),
        ("a: .nan", "PS0115", 1, 4, "out of range"),
        ("a: " + "9" * 60_000, "PS0115", 1, 4, "out of range"),
    ],
)
def test_fault(
    text: str | bytes, code: str, line: int, column: int, fragment: str
) -> None:
    ((found, at_line, at_column, message),) = faults(text)
    assert (found, at_line, at_column) == (code, line, column)
    assert fragment in message


def test_both_places_of_a_duplicate() -> None:
    _, report = read_text("a: 1\nb: 2\na: 3\n", "m.yaml")
    (item,) = report
    (label,) = item.secondary
    assert (label.span.line, label.span.column) == (1, 1)


def test_start_of_what_is_open() -> None:
    _, report = read_text("a: [1\nb: 2\n", "m.yaml")
    (item,) = report
    (label,) = item.secondary
    assert (label.span.line, label.span.column) == (1, 4)
    assert label.message == "the list starts here"


def test_several_faults_in_one_run() -> None:
    text = "a: 1\na: 2\nb: *c\n<<: 3\nd: .inf\n? {}\n: 1\n"
    found = [(code, line) for code, line, _, _ in faults(text)]
    assert found == [
        ("PS0104", 2),
        ("PS0110", 3),
        ("PS0106", 4),
        ("PS0115", 5),
        ("PS0107", 6),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("x" * (8 * 2**20 + 1), "PS0111", 1),
        (b"\0" * (8 * 2**20), "PS0103", 1),
        ("[" * 1_000 + "]" * 1_000, "PS0112", 1),
        ("a: " + "[" * 64 + "]" * 64, "PS0112", 1),
        ("- " * 1_000, "PS0112", 1),
        ("{a: " * 100_000, "PS0112", 1),
        ("[\n" * 1_000_000, "PS0112", 65),
        ("[" + "a," * 1_000_001 + "]", "PS0113", 1),
        ("a: " + "x" * 65_537, "PS0114", 1),
        ("a: |\n" + " x\n" * 40_000, "PS0114", 1),
        ("".join(f"%TAG !a{i}! b\n" for i in range(100_000)), "PS0105", 1),
        ("a: 1\n...\n" + "%TAG !a! b\n" * 100_000, "PS0105", 3),
    ],
)
def test_limit(text: str | bytes, code: str, line: int) -> None:
    ((found, at_line, _, _),) = faults(text)
    assert (found, at_line) == (code, line)


def test_just_within_the_limits() -> None:
    read("a: " + "[" * 63 + "]" * 63)
    read("a: " + "x" * 65_536)
    read("#" * (8 * 2**20 - 5) + "\na: 1")


def states(form: str, count: int) -> str:
    return ", ".join([form] * count)


@pytest.mark.parametrize("form", ["A", "{}", "[[A], B]", "*a", "'A'", "{states: [A]}"])
@pytest.mark.parametrize(
    "text", ["z: &a 1\nstates: [%s]", "{z: [&a 1, {a: b}], states: [%s], b: 1}"]
)
def test_states_are_counted_before_they_are_read(text: str, form: str) -> None:
    read(text % states(form, 20_000))
    ((code, _, column, message),) = faults(text % (states(form, 20_000) + ", {x: 1}"))
    assert (code, message) == ("PS0132", "more than 20000 states")
    last = (text % (states(form, 20_000) + ", {x: 1}")).splitlines()[-1]
    assert column == last.rindex("{x: 1}") + 1


@pytest.mark.parametrize(
    "text",
    [
        "z: states\nx: [%s]",
        "{states: [A], x: [%s]}",
        "{states: A, x: [%s]}",
        "a: {states: [%s]}",
        "{[states]: [%s]}",
        "- states\n- [%s]",
        "y: &a 1\nstates: *a\nx: [%s]",
        "states: [[%s]]",
    ],
)
def test_only_states_are_counted(text: str) -> None:
    _, report = read_text(text % states("A", 20_001), "m.yaml")
    assert "PS0132" not in [item.code for item in report]


def test_size_counts_bytes() -> None:
    ((code, _, _, _),) = faults("#" + "é" * (4 * 2**20))
    assert code == "PS0111"


def test_alias_bomb_is_counted_not_built() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 30):
        lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")
    ((code, line, _, _),) = faults("\n".join(lines))
    assert (code, line) == ("PS0113", 6)


def test_alias_deepens() -> None:
    text = f"a: &a {'[' * 40}{']' * 40}\nb: {'[' * 40}*a{']' * 40}"
    ((code, line, column, _),) = faults(text)
    assert (code, line, column) == ("PS0112", 2, 44)


def test_a_flood_of_faults_is_cut() -> None:
    assert len(faults("- !x\n" * 50_000)) == 100
    assert len(faults("{" + "a: 1," * 50_000 + "}")) == 100


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(codec="ascii")), inner, max_size=4)
        ),
        max_leaves=12,
    ).filter(lambda value: value is not None),
    st.sampled_from([None, 2, "\t"]),
)
def test_json_reads_as_json_does(value: Data, indent: int | str | None) -> None:
    found = data(json.dumps({"value": value}, indent=indent))
    assert json.loads(json.dumps(found)) == {"value": json.loads(json.dumps(value))}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a":"\\/"}', "/"),
        ('{"a":"\\ud83d\\uDE00"}', "😀"),
        ('{"a":"x\\ud83d\\ude00y\\uDBFF\\uDFFF"}', "x😀y\U0010ffff"),
        ('{"a":"\\\\ud83d\\\\ude00"}', "\\ud83d\\ude00"),
        ('{"a":"\ue000\\ud83d\\ude00"}', "\ue000😀"),
        ('{"a":"\\ue000\ue800\\ud83d\\ude00"}', "\ue000\ue800😀"),
        ('\t{\n\t"a":\t1}', 1),
        ('{"a":-1E2}', -100.0),
        ('  {"a":true}\n', True),
    ],
)
def test_json(text: str, value: Data) -> None:
    assert data(text) == {"a": value}


def test_moved_escapes_move_no_span() -> None:
    root = read('{"a":"\\ud83d\\ude00","b":1}').root
    assert child(root, "a").span == Span("m.yaml", 1, 6, 1, 20)
    assert child(root, "b").span == Span("m.yaml", 1, 25, 1, 26)


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.binary(max_size=60))
def test_any_text_gives_an_answer(text: str | bytes) -> None:
    document, report = read_text(text, "m.yaml")
    assert (document is None) == report.has_errors


@given(st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`#\n\t ~<.1"), max_size=40))
def test_any_yaml_like_text_gives_spans_in_the_file(text: str) -> None:
    document, report = read_text(text, "m.yaml")
    lines = text.split("\n")
    places = [item.primary for item in report]
    if document is not None:
        places += spans(document.root)
    for span in places:
        assert 1 <= span.line <= span.end_line <= len(lines) + 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        line = lines[span.line - 1] if span.line <= len(lines) else ""
        assert 1 <= span.column <= len(line) + 1


def spans(node: Node) -> list[Span]:
    found = [node.span]
    if isinstance(node, Mapping):
        for key, value in node.entries:
            found += [key.span, *spans(value)]
    elif not isinstance(node, Scalar):
        for item in node.items:
            found += spans(item)
    return found


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    document, report = read_file(str(path))
    assert document is not None and len(report) == 0
    assert (document.path, to_data(document.root)) == (str(path), {"a": 1})


def test_unreadable(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (tmp_path, fifo, tmp_path / "missing", "/dev/null", "a\0b"):
        with pytest.raises(UnreadableError, match="cannot read"):
            read_file(str(path))


def test_large_file_is_refused_without_reading_all(tmp_path: Path) -> None:
    path = tmp_path / "sparse.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)
    document, report = read_file(str(path))
    assert document is None
    assert [item.code for item in report] == ["PS0111"]


def test_shown_text_never_fails() -> None:
    assert shown_text(b"\xef\xbb\xbfa: \xff") == "a: \ufffd"

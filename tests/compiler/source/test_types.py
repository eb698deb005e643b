"""The names of types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.types import (
    TypeSyntaxError,
    UnknownTypeName,
    parse_type,
)

PLAIN = ["string", "integer", "number", "boolean", "datetime", "object", "list"]
words = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
types = st.recursive(
    st.builds(Type, st.sampled_from([Kind(name) for name in PLAIN]), st.booleans())
    | st.builds(
        lambda values, optional: Type(Kind.ENUM, optional, values=tuple(values)),
        st.lists(words, min_size=1, max_size=4, unique=True),
        st.booleans(),
    ),
    lambda inner: st.builds(
        lambda element, optional: Type(Kind.LIST, optional, element=element),
        inner,
        st.booleans(),
    ),
    max_leaves=4,
)


def parse(text: str) -> tuple[Type, list[UnknownTypeName]]:
    unknown: list[UnknownTypeName] = []
    return parse_type(text, unknown.append), unknown


@given(types)
def test_reads_what_a_type_is_printed_as(declared: Type) -> None:
    assert parse(str(declared)) == (declared, [])


@pytest.mark.parametrize("name", PLAIN)
def test_plain(name: str) -> None:
    assert parse(name) == (Type(Kind(name)), [])
    assert parse(f" {name} ? ") == (Type(Kind(name), optional=True), [])


def test_nested() -> None:
    element = Type(Kind.LIST, optional=True, element=Type(Kind.STRING, optional=True))
    assert parse("list[ list[string?]? ]") == (Type(Kind.LIST, element=element), [])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("int", "integer"),
        ("Int", "integer"),
        ("str", "string"),
        ("float", "number"),
        ("bool", "boolean"),
        ("dict", "object"),
        ("array", "list"),
        ("strng", "string"),
        ("String", "string"),
        ("quantity", None),
    ],
)
def test_unknown(name: str, near: str | None) -> None:
    unknown = UnknownTypeName(name, 5, near)
    expected = Type(Kind.LIST, element=Type(Kind.OBJECT))
    assert parse(f"list[{name}]") == (expected, [unknown])


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("", "the name of a type is missing", 0),
        ("?", "the name of a type is missing before `?`", 0),
        ("list[", "the name of a type is missing", 5),
        ("list[]", "the name of a type is missing before `]`", 5),
        ("list[string", "`]` is missing", 11),
        ("string?]", "`]` is not expected here", 7),
        ("string??", "`?` is not expected here", 7),
        ("string number", "`number` is not expected here", 7),
        ("string[a]", "`[` is not expected here", 6),
        ("enum", "`[` is missing", 4),
        ("enum[a, a]", "`a` stands twice", 8),
        ("enum[a,]", "a value is missing before `]`", 7),
        ("string | number", "`|` is not allowed", 7),
        ("list[" * 40 + "string" + "]" * 40, "the type is nested too deeply", 85),
        ("list[" * 100_000, "the type is nested too deeply", 85),
    ],
)
def test_malformed(text: str, reason: str, offset: int) -> None:
    with pytest.raises(TypeSyntaxError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.offset) == (reason, offset)

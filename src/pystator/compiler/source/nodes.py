"""The document as the reader found it: plain data in which each value has a place.

Nodes are named tuples because a large file has a hundred thousand of them; their
spans are made when asked for, since most are never asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.source.text import Data, Text, Value

ScalarValue: TypeAlias = bool | int | float | str | None


Place: TypeAlias = int
"""A stretch of a file in one integer: four times 24 bits, enough for any column or line
that the size limit allows, and a quarter of the memory of four objects.
"""

BITS = 24
"""A line or a column; the two of an end are the lower half of a place."""
END = (1 << 2 * BITS) - 1
_MASK = (1 << BITS) - 1


def place_of(line: int, column: int, end_line: int, end_column: int) -> Place:
    """Lines and columns count from 0 here, as the YAML parser has them."""
    return ((line << BITS | column) << BITS | end_line) << BITS | end_column


def span_of(path: str, place: Place) -> Span:
    return Span(
        path,
        (place >> 3 * BITS) + 1,
        (place >> 2 * BITS & _MASK) + 1,
        (place >> BITS & _MASK) + 1,
        (place & _MASK) + 1,
    )


def start_of(place: Place) -> Place:
    """The empty stretch where this one begins."""
    start = place >> 2 * BITS
    return start << 2 * BITS | start


class Scalar(NamedTuple):
    """`text` as typed (quotes and escapes resolved), `value` by the core schema.

    `plain` is true without quotes; only a plain scalar can be other than a string.
    """

    text: str
    value: ScalarValue
    plain: bool
    path: str
    place: Place

    @property
    def span(self) -> Span:
        return span_of(self.path, self.place)

    @property
    def inner(self) -> Span | None:
        """The span of the characters, if they stand in the file exactly as in `text`.

        Every escape and every fold is longer in the file than in the text, so equal
        widths prove that there is none.
        """
        span = self.span
        quote = 0 if self.plain else 1
        width = span.end_column - span.column - 2 * quote
        if span.line != span.end_line or width != len(self.text):
            return None
        return replace(
            span, column=span.column + quote, end_column=span.end_column - quote
        )

    @property
    def absent(self) -> bool:
        """Nothing, `~` or `null`: as though the key were not there.

        `Null` and `NULL` are null to YAML too, but nobody writes those for absence,
        and a state may be called so.
        """
        return self.value is None and self.text in ("", "~", "null")

    def as_text(self) -> Text:
        span = self.span
        if self.plain and span.end_column - span.column == len(self.text):
            # most scalars: one span for both, as a large file has many
            return Text(self.text, span, span if span.line == span.end_line else None)
        return Text(self.text, span, self.inner)


class Sequence(NamedTuple):
    items: tuple[Node, ...]
    path: str
    place: Place

    @property
    def span(self) -> Span:
        return span_of(self.path, self.place)


class Mapping(NamedTuple):
    """Keys are scalars, each once, taken by their text."""

    entries: tuple[tuple[Scalar, Node], ...]
    path: str
    place: Place

    @property
    def span(self) -> Span:
        return span_of(self.path, self.place)


Node: TypeAlias = Scalar | Sequence | Mapping


class Entry(NamedTuple):
    """A key with its value, where the key is data and not a word of the language."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its text (without byte order mark) and the one document in it."""

    path: str
    text: str
    root: Node

    @property
    def start(self) -> Span:
        """The empty stretch where the root begins."""
        root = self.root
        return span_of(root.path, start_of(root.place))


def to_data(node: Node) -> Data:
    """The plain data of a node. Recurses; the reader bounds the depth."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return tuple(to_data(item) for item in node.items)
        case Mapping():
            return {key.text: to_data(value) for key, value in node.entries}


def to_value(node: Node) -> Value:
    return Value(to_data(node), node.span)

"""Scalars that remember where they stand.

`Text` is a `str`, so that names compare and hash as the author typed them; the
span rides along and is lost by any string operation, never wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pystator.compiler.diagnostics.model import Span

Data: TypeAlias = "None | bool | int | float | str | tuple[Data, ...] | dict[str, Data]"
"""Plain data of a definition: the YAML 1.2 core values, sequences as tuples."""


class Text(str):
    """A string of the definition with its span.

    `inner` is the span of the characters themselves where they stand in the file
    exactly as in the string (a plain or simply quoted scalar on one line), so that
    offset `i` of the text is column `inner.column + i`; else None.
    """

    __slots__ = ("inner", "span")

    span: Span
    inner: Span | None

    def __new__(cls, text: str, span: Span, inner: Span | None = None) -> Text:
        self = super().__new__(cls, text)
        self.span = span
        self.inner = inner
        return self

    def part(self, offset: int, length: int) -> Span:
        """The span of `length` characters from `offset`, or of the whole scalar."""
        if self.inner is None:
            return self.span
        line, column = self.inner.line, self.inner.column + offset
        return Span(self.span.path, line, column, line, column + max(length, 1))


@dataclass(frozen=True, slots=True)
class Value:
    """Data of the definition (a default, a parameter, a literal) with its span."""

    data: Data
    span: Span

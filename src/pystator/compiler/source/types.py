"""The names of types, read: `list[string?]?` -> Type.

A name that no type has is no error here: it stands for an object, and the caller
hears of it, with the type that was perhaps meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import closest
from pystator.compiler.ir.types import Kind, Type

NAMED = {
    kind.value: kind
    for kind in (
        Kind.STRING,
        Kind.INTEGER,
        Kind.NUMBER,
        Kind.BOOLEAN,
        Kind.DATETIME,
        Kind.OBJECT,
        Kind.LIST,
    )
}
_ELSEWHERE = {
    "str": "string",
    "text": "string",
    "char": "string",
    "uuid": "string",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "date": "datetime",
    "time": "datetime",
    "timestamp": "datetime",
    "dict": "object",
    "map": "object",
    "mapping": "object",
    "any": "object",
    "json": "object",
    "array": "list",
    "tuple": "list",
    "set": "list",
    "sequence": "list",
}
"""What other languages call them: too far for a distance between spellings."""

_TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.-]*|[\[\]?,])\s*")
DEPTH = 16


class TypeSyntaxError(ValueError):
    """The text is not a type. `offset` counts characters from its start."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class UnknownTypeName:
    """A name in a type that no type has, and the type it was perhaps meant to be."""

    name: str
    offset: int
    near: str | None


def parse_type(text: str, unknown: Callable[[UnknownTypeName], None]) -> Type:
    """The type that `text` names; `unknown` hears of each unknown name in it.

    `enum[a, b]` is the one-line form of the mapping `enum: [a, b]`. Raises
    TypeSyntaxError.
    """
    return _Parser(text, unknown).whole()


class _Parser:
    def __init__(self, text: str, unknown: Callable[[UnknownTypeName], None]) -> None:
        self._unknown = unknown
        self._tokens = list(_tokens(text))
        self._next = 0
        self._end = len(text)

    def whole(self) -> Type:
        result = self._type(0)
        if self._next < len(self._tokens):
            token, offset = self._tokens[self._next]
            raise TypeSyntaxError(f"{quoted(token)} is not expected here", offset)
        return result

    def _type(self, depth: int) -> Type:
        name, offset = self._take("the name of a type")
        if depth > DEPTH:
            raise TypeSyntaxError("the type is nested too deeply", offset)
        result = self._named(name, offset, depth)
        if self._accept("?"):
            result = replace(result, optional=True)
        return result

    def _named(self, name: str, offset: int, depth: int) -> Type:
        if name == "enum":
            self._expect("[")
            return self._enum()
        kind = NAMED.get(name)
        if kind is Kind.LIST and self._accept("["):
            element = self._type(depth + 1)
            self._expect("]")
            return Type(Kind.LIST, element=element)
        if kind is None:
            near = _ELSEWHERE.get(name.lower()) or closest(name, (*NAMED, "enum"))
            self._unknown(UnknownTypeName(name, offset, near))
            kind = Kind.OBJECT
        return Type(kind)

    def _enum(self) -> Type:
        values: list[str] = []
        while True:
            value, offset = self._take("a value")
            if value in values:
                raise TypeSyntaxError(f"{quoted(value)} stands twice", offset)
            values.append(value)
            if not self._accept(","):
                break
        self._expect("]")
        return Type(Kind.ENUM, values=tuple(values))

    def _take(self, what: str) -> tuple[str, int]:
        if self._next == len(self._tokens):
            raise TypeSyntaxError(f"{what} is missing", self._end)
        token, offset = self._tokens[self._next]
        if token in "[]?,":
            raise TypeSyntaxError(f"{what} is missing before `{token}`", offset)
        self._next += 1
        return token, offset

    def _accept(self, sign: str) -> bool:
        found = self._next < len(self._tokens) and self._tokens[self._next][0] == sign
        self._next += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            at = self._next
            offset = self._tokens[at][1] if at < len(self._tokens) else self._end
            raise TypeSyntaxError(f"`{sign}` is missing", offset)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise TypeSyntaxError(f"{quoted(text[position])} is not allowed", position)
        yield match[1], match.start(1)
        position = match.end()

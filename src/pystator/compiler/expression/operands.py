"""The parts of an expression that hold no other: literals, tuples of them, names."""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.expression.cursor import Cursor
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.refuse import refusal
from pystator.compiler.expression.scalars import number, string
from pystator.compiler.expression.tokens import Kind, Token
from pystator.compiler.expression.tree import Literal, Name, Scope, Tuple
from pystator.compiler.expression.words import (
    CONSTANTS,
    FUNCTIONS,
    RESERVED,
    is_element,
)

_SCOPES: Final = {"event": Scope.EVENT, "ctx": Scope.CTX}


def parse_literal(cursor: Cursor) -> Literal | None:
    """The literal at hand, with its sign; None where there is none."""
    token = cursor.token
    start = token.offset
    if token.kind is Kind.NUMBER:
        value = number(cursor.advance(), negative=False)
        return Literal(value, *cursor.part(start))
    if token.kind is Kind.STRING:
        text = string(cursor.advance())
        return Literal(text, *cursor.part(start))
    if token.kind is Kind.WORD and token.text in CONSTANTS:
        constant = CONSTANTS[cursor.advance().text]
        return Literal(constant, *cursor.part(start))
    if cursor.at("-") and cursor.ahead(1).kind is Kind.NUMBER:
        cursor.advance()
        value = number(cursor.advance(), negative=True)
        return Literal(value, *cursor.part(start))
    return None


def at_tuple(cursor: Cursor) -> bool:
    """Whether `(` opens a tuple: `()` or a literal and a comma."""
    if not cursor.at("("):
        return False
    first = cursor.ahead(1)
    if first.kind is Kind.OP and first.text == ")":
        return True
    signed = first.kind is Kind.OP and first.text == "-"
    literal = cursor.ahead(2) if signed else first
    comma = cursor.ahead(3 if signed else 2)
    if comma.kind is not Kind.OP or comma.text != ",":
        return False
    return literal.kind in (Kind.NUMBER, Kind.STRING) or literal.text in CONSTANTS


def parse_tuple(cursor: Cursor) -> Tuple:
    opening = cursor.advance()
    items: list[Literal] = []
    while not cursor.at(")"):
        at = cursor.token
        item = parse_literal(cursor)
        if item is None and at.kind is Kind.END:
            cursor.expect(")", opening)
        if item is None or item.value is None:
            raise ExpressionError(
                "a tuple holds only numbers, strings and booleans",
                at.offset,
                len(at.text),
                () if item is None else ("test for null with `is None`",),
            )
        items.append(item)
        if not cursor.at(","):
            break
        cursor.advance()
    cursor.expect(")", opening)
    if not items:
        start = opening.offset
        raise ExpressionError("the tuple is empty", start, cursor.length(start))
    return Tuple(tuple(items), *cursor.part(opening.offset))


def parse_name(cursor: Cursor) -> Name:
    word = cursor.advance()
    if cursor.token.kind is Kind.STRING and cursor.token.offset == word.end:
        raise ExpressionError(
            f"strings have no prefix {quoted(word.text)}",
            word.offset,
            len(word.text),
            ("write the string alone",),
        )
    scope = _SCOPES.get(word.text)
    if cursor.states and word.text == Scope.STATE.value:
        scope = Scope.STATE
    path = [] if scope is not None else [word.text]
    while True:
        if cursor.at("."):
            cursor.advance()
            path.append(_field(cursor))
        elif scope is not None and cursor.at("["):
            path.append(_quoted_field(cursor))
        else:
            break
    length = cursor.length(word.offset)
    if not path:
        raise ExpressionError(
            f"{quoted(word.text)} alone is not a value",
            word.offset,
            length,
            (f"name a field, as in `{word.text}.field`",),
        )
    if cursor.at("("):
        raise ExpressionError(
            "methods cannot be called", word.offset, length, _functions(path[-1])
        )
    return Name(scope or Scope.BARE, tuple(path), *cursor.part(word.offset))


def check_function(word: Token) -> None:
    """Raises ExpressionError where the word before `(` is no function."""
    if word.text not in FUNCTIONS:
        raise ExpressionError(
            f"unknown function {quoted(word.text)}",
            word.offset,
            len(word.text),
            _functions(word.text),
        )


def _functions(name: str) -> tuple[str, ...]:
    if name in FUNCTIONS:
        return (f"write `{name}(...)`",)
    near = did_you_mean(name, FUNCTIONS)
    return near or (f"the functions are {', '.join(FUNCTIONS)}",)


def _field(cursor: Cursor) -> str:
    token = cursor.token
    if token.kind is not Kind.WORD:
        raise refusal(token, after_value=False)
    if token.text in RESERVED:
        raise ExpressionError(
            f"{quoted(token.text)} is a reserved word",
            token.offset,
            len(token.text),
            (f'write `["{token.text}"]`, after `ctx` or `event`',),
        )
    return cursor.advance().text


def _quoted_field(cursor: Cursor) -> str:
    opening = cursor.advance()
    token = cursor.token
    if token.kind is not Kind.STRING:
        raise refusal(opening, after_value=True)
    field = string(cursor.advance())
    if not is_element(field):
        raise ExpressionError(
            f"{quoted(field)} is not a name", token.offset, len(token.text)
        )
    cursor.expect("]", opening)
    return field

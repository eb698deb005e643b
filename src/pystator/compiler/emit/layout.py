"""Long lines, broken as black breaks them.

A `Group` is a bracketed list in a line. It stays on the line if that fits, else its
items go on one line of their own, else on one line each:

    f(a, b)   ->   f(          ->   f(
                       a, b             a,
                   )                    b,
                                    )

Of several groups in one line only the last is opened: callers nest, or use `define`
for a function, whose parameters are opened before its result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator.compiler.emit.sinks import Code
from pystator.compiler.expression.literal import ascii_literal

WIDTH: Final = 88
_ASSIGNS: Final = re.compile(r"([a-z_]\w*)(?:: [^=]*)? = ")
_STRINGS: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")


@dataclass(frozen=True, slots=True)
class Group:
    """`head` ends with the opening bracket, `tail` starts with the closing one.

    Arguments and subscripts share a line if they can; the items of a tuple, list,
    dictionary or set that is opened stand on one line each.
    """

    head: str
    items: tuple[Piece, ...]
    tail: str


@dataclass(frozen=True, slots=True)
class Union:
    """Alternatives joined by `|`; broken before each `|`, in parentheses."""

    items: tuple[Piece, ...]


Piece: TypeAlias = "str | Group | Union"


def flat(piece: Piece) -> str:
    """The piece on one line."""
    if isinstance(piece, str):
        return piece
    match piece:
        case Group(head, items, tail):
            return f"{head}{', '.join(map(flat, items))}{tail}"
        case Union(items):
            return " | ".join(map(flat, items))


def lay_out(piece: Piece, indent: int = 0, after: int = 0) -> Code:
    """The piece in lines, the first without its indentation.

    `indent` is where its line starts, `after` what its last line must leave free.
    """
    text = flat(piece)
    if isinstance(piece, str) or indent + len(text) + after <= WIDTH:
        return Code(text)
    if isinstance(piece, Union):
        return Code(_alternatives(piece, indent))
    if not piece.items:
        return Code(text)
    inner = indent + 4
    margin = "\n" + " " * inner
    body = ", ".join(map(flat, piece.items))
    display = not (piece.head[-2:-1].isalnum() or piece.head[-2:-1] in "_])")
    if inner + len(body) <= WIDTH and not (display and len(piece.items) > 1):
        rows = body
    elif len(piece.items) == 1:
        rows = lay_out(piece.items[0], inner)
    else:
        rows = margin.join(f"{lay_out(item, inner, 1)}," for item in piece.items)
    return Code(f"{piece.head}{margin}{rows}\n{' ' * indent}{piece.tail}")


def _alternatives(union: Union, indent: int) -> str:
    first, *others = union.items
    rows = [lay_out(first, indent), *(f"| {lay_out(x, indent, 2)}" for x in others)]
    return ("\n" + " " * indent).join(rows)


def define(
    head: str, params: Sequence[Piece], returns: Piece, tail: str, indent: int
) -> Code:
    """A function's first lines: `head` ends with `(`, `tail` is `:` or `: ...`."""
    listed = ", ".join(map(flat, params))
    one = f"{head}{listed}) -> {flat(returns)}{tail}"
    if indent + len(one) <= WIDTH:
        return Code(one)
    inner = indent + 4
    margin = "\n" + " " * inner
    close = "\n" + " " * indent
    rows = margin.join(f"{lay_out(param, inner, 1)}," for param in params)
    first = returns.head if isinstance(returns, Group) else "("
    ahead = indent + len(f"{head}{listed}) -> {first}")
    closed = indent + len(f") -> {flat(returns)}{tail}") <= WIDTH
    if not params:
        opened = f"{head})"
    elif ahead <= WIDTH and (
        isinstance(returns, Union) or (isinstance(returns, Group) and not closed)
    ):
        # Here black and ruff differ; both keep parameters that are opened already.
        opened = f"{head}{margin}{rows}{close})"
    elif inner + len(listed) <= WIDTH:
        opened = f"{head}{margin}{listed}{close})"
    else:
        opened = f"{head}{margin}{rows}{close})"
    last = f") -> {flat(returns)}{tail}"
    if indent + len(last) <= WIDTH:
        return Code(f"{opened} -> {flat(returns)}{tail}")
    if isinstance(returns, Union):
        body = lay_out(returns, inner)
        return Code(f"{opened} -> ({margin}{body}{close}){tail}")
    return Code(f"{opened} -> {lay_out(returns, indent, len(tail))}{tail}")


def tuple_of(items: Sequence[Piece]) -> Group:
    """A tuple; of one item, with the comma that makes it one."""
    if len(items) == 1:
        return Group("(", (f"{flat(items[0])},",), ")")
    return Group("(", tuple(items), ")")


def string_items(texts: Iterable[str]) -> tuple[str, ...]:
    """String literals as the items of a tuple; of one, with its comma."""
    items = tuple(map(ascii_literal, texts))
    return (f"{items[0]},",) if len(items) == 1 else items


Line: TypeAlias = "tuple[int, Piece]"
"""A statement and how many levels it is indented."""


def lines(*pieces: Piece) -> list[Line]:
    return [(0, piece) for piece in pieces]


def indented(block: list[Line]) -> list[Line]:
    return [(depth + 1, piece) for depth, piece in block]


def live(block: list[Line], rest: list[Line]) -> list[Line]:
    """The block without assignments of names that neither it nor the rest reads."""
    kept: list[Line] = []
    after = _without_strings("\n".join(flat(piece) for _, piece in rest))
    for depth, piece in reversed(block):
        text = flat(piece)
        match = _ASSIGNS.match(text)
        if depth == 0 and match is not None:
            name = match[1]
            if not re.search(rf"(?<![\w.])(?!{name}=[^=]){name}(?!\w)", after):
                continue
        kept.append((depth, piece))
        after = f"{_without_strings(text)}\n{after}"
    return kept[::-1]


def _without_strings(text: str) -> str:
    return _STRINGS.sub('""', text)


def write(block: list[Line], indent: int) -> Code:
    """The statements, laid out, from column `indent`."""
    return Code(
        "\n".join(
            " " * (indent + 4 * depth) + lay_out(piece, indent + 4 * depth)
            for depth, piece in block
        )
    )

"""Expression text -> tokens.

Every character ends up in a token or in an error at its exact offset; the text is
bounded before anything looks at it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.error import ExpressionError

TEXT_LIMIT: Final = 1_000


class Kind(Enum):
    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    OP = "operator"
    END = "end"


class Token(NamedTuple):
    kind: Kind
    text: str
    offset: int

    @property
    def end(self) -> int:
        return self.offset + len(self.text)


# A number runs to the last character that could belong to one, so that `1_000`,
# `0x1f` and `3px` are one wrong number instead of a number and a stray name.
_TOKEN: Final = re.compile(
    r"""
    (?P<SPACE>[ \t\r\n]+)
  | (?P<WORD>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<NUMBER>\.?[0-9](?:[eE][+-](?=[0-9])|[A-Za-z0-9_.])*)
  | (?P<STRING>"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\\\r\n]|\\[^\r\n])*')
  | (?P<OP>===|!==|\.\.\.|\*\*|//|<<|>>|==|!=|<=|>=|<>|:=|->|=>|&&|\|\||\?\?
      |[-+*/%<>=!&|^~@.,:;?()\[\]{}])
    """,
    re.VERBOSE,
)

_KINDS: Final = {kind.name: kind for kind in Kind}

_CHARACTER_HELP: Final = {
    "$": ("write the name of the variable alone",),
    "`": ("put strings in double quotes",),
    "#": ("describe the transition in its `description`",),
    "\N{LEFT DOUBLE QUOTATION MARK}": ("use straight quotes",),
    "\N{RIGHT DOUBLE QUOTATION MARK}": ("use straight quotes",),
    "\N{LEFT SINGLE QUOTATION MARK}": ("use straight quotes",),
    "\N{RIGHT SINGLE QUOTATION MARK}": ("use straight quotes",),
}


def tokenize(text: str) -> list[Token]:
    """The tokens of the text, the last of them END. Raises ExpressionError."""
    if len(text) > TEXT_LIMIT:
        raise ExpressionError(
            f"the expression has {len(text)} characters; at most {TEXT_LIMIT} are read",
            TEXT_LIMIT,
            len(text) - TEXT_LIMIT,
            ("move it into a named guard",),
        )
    tokens: list[Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise _stray(text, offset)
        group = match.lastgroup
        if group is not None and group != "SPACE":
            tokens.append(Token(_KINDS[group], match.group(), offset))
        offset = match.end()
    tokens.append(Token(Kind.END, "", offset))
    return tokens


def _stray(text: str, offset: int) -> ExpressionError:
    char = text[offset]
    if char in "\"'":
        return ExpressionError(
            "the string has no closing quote",
            offset,
            len(text) - offset,
            (f"end it with {char} on the same line",),
        )
    return ExpressionError(
        f"unexpected character {quoted(char)}",
        offset,
        1,
        _CHARACTER_HELP.get(char, ()),
    )

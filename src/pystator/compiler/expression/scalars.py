"""Number and string tokens -> the values they spell.

Values are bounded: integers have 64 bits, floats are finite, strings can be encoded.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.tokens import Token

_INTEGER: Final = re.compile(r"0|[1-9][0-9]*")
_FLOAT: Final = re.compile(
    r"(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+"
)
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_SIMPLE: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "r": "\r", "t": "\t"}


def number(token: Token, *, negative: bool) -> int | float:
    """The value of a number token, with its sign: -2**63 has no positive twin."""
    text = token.text
    if _INTEGER.fullmatch(text):
        value = -int(text) if negative else int(text)
        if not -(2**63) <= value < 2**63:
            raise ExpressionError(
                "the integer needs more than 64 bits", token.offset, len(text)
            )
        return value
    if not _FLOAT.fullmatch(text):
        raise ExpressionError(
            f"{quoted(text)} is not a number",
            token.offset,
            len(text),
            ("numbers are decimal, such as `10`, `2.5` and `1e6`",),
        )
    if not isfinite(float(text)):
        raise ExpressionError("the number is too large", token.offset, len(text))
    return -float(text) if negative else float(text)


def string(token: Token) -> str:
    """The value of a string token."""
    body = token.text[1:-1]

    def unescape(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code is not None and int(code, 16) <= 0x10FFFF:
            return chr(int(code, 16))
        if match[4] in _SIMPLE:
            return _SIMPLE[match[4]]
        raise ExpressionError(
            f"unknown escape {quoted(match[0])} in a string",
            token.offset + 1 + match.start(),
            len(match[0]),
            ("write `\\\\` for a backslash",),
        )

    value = _ESCAPE.sub(unescape, body) if "\\" in body else body
    for index, char in enumerate(body):
        if ord(char) < 32 and char != "\t":
            raise ExpressionError(
                f"unexpected character {quoted(char)} in a string",
                token.offset + 1 + index,
                1,
            )
    if any(0xD800 <= ord(char) < 0xE000 for char in value):
        raise ExpressionError(
            "the string holds half of a surrogate pair",
            token.offset,
            len(token.text),
            ("write the character itself, or `\\U` and its eight digits",),
        )
    return value

"""Python literals in the form that black gives them; the output is ASCII always."""

from __future__ import annotations

from math import isfinite
from typing import NewType

from pystator.compiler.expression.tree import Constant

StringLiteral = NewType("StringLiteral", str)
"""A string in quotes, ASCII, with nothing that could end it early."""

NumberLiteral = NewType("NumberLiteral", str)

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def ascii_literal(text: str) -> StringLiteral:
    """A string literal: double quotes, unless single ones need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    if text.isascii() and text.isprintable() and quote not in text:
        return StringLiteral(f"{quote}{text.replace(chr(92), chr(92) * 2)}{quote}")
    body = "".join(_escaped(char, quote) for char in text)
    return StringLiteral(f"{quote}{body}{quote}")


def _escaped(char: str, quote: str) -> str:
    code = ord(char)
    if char == quote:
        return f"\\{char}"
    if char in _SHORT:
        return _SHORT[char]
    if 32 <= code < 127:
        return char
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def number_literal(value: int | float) -> NumberLiteral:
    """A number literal. The value is finite and no boolean."""
    if isinstance(value, bool) or not isfinite(value):
        raise AssertionError(f"not a number literal: {value!r}")
    return NumberLiteral(repr(value).replace("e+", "e"))  # as black writes it


def constant_literal(value: Constant) -> str:
    """A literal of None, a boolean, a number or a string."""
    if value is None or isinstance(value, bool):
        return str(value)
    return ascii_literal(value) if isinstance(value, str) else number_literal(value)

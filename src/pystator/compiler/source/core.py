"""The value of a plain scalar by the core schema of YAML 1.2 (chapter 10.3.2).

`yes`, `on`, `12:30` and `1_000`, which YAML 1.1 reads as other things, are text.
"""

from __future__ import annotations

import math
import re

from pystator.compiler.source.nodes import ScalarValue

SUSPECT = frozenset("+-.0123456789~nNtTfF")
"""The first characters of all plain scalars that may be other than text."""

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}
_DIGITS = 25
"""More significant digits than this never fit: no quadratic conversion is begun."""


class RangeError(Exception):
    """The scalar is a number that a signed 64-bit integer or a finite float is not."""


def core_value(text: str) -> ScalarValue:
    """The value of the plain scalar `text`.

    Raises RangeError for a number out of range, `.inf` and `.nan` among them.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise RangeError
        return number
    if _SPECIAL.fullmatch(text):
        raise RangeError
    return text


def _integer(text: str) -> int:
    base = _BASES.get(text[:2], 10)
    digits = text[2:] if base != 10 else text.lstrip("+-")
    digits = digits.lstrip("0")
    if len(digits) > _DIGITS:
        raise RangeError
    number = int(digits or "0", base)
    if text[0] == "-":
        number = -number
    if not -(2**63) <= number < 2**63:
        raise RangeError
    return number

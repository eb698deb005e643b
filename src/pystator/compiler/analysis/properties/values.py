"""What is known of a value: the value itself, or nothing.

Values are hashed, so a list is a tuple here and an object is unknown.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias

from pystator.compiler.source.text import Data


class Unknown(Enum):
    UNKNOWN = "?"


UNKNOWN: Final = Unknown.UNKNOWN
Value: TypeAlias = (
    "None | bool | int | float | str | datetime | tuple[Value, ...] "
    "| dict[str, Value] | Unknown"
)
"""`dict` stands in contexts of one run only, which are not hashed."""

_LONGEST: Final = 200
_MOST_ITEMS: Final = 16


def known(data: Data) -> Value:
    """A value of the definition."""
    if isinstance(data, dict):
        return UNKNOWN
    if isinstance(data, tuple):
        items = tuple(known(item) for item in data)
        return UNKNOWN if UNKNOWN in items else items
    return data


def bounded(value: Value) -> Value:
    """The value, unless it grows without end."""
    match value:
        case str() if len(value) > _LONGEST:
            return UNKNOWN
        case int() if abs(value) >= 2**63:
            return UNKNOWN
        case tuple() if len(value) > _MOST_ITEMS or UNKNOWN in value:
            return UNKNOWN
        case _:
            return value


def shown(value: Value) -> str:
    """The value as a definition would write it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return f"[{', '.join(map(shown, value))}]"
        case _:
            return str(value)

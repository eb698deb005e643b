"""What is known of a value: the value itself, or nothing.

Values are hashed, so a list is a tuple here and an object is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias

from pystator.compiler.source.text import Data


class Unknown(Enum):
    """A value of which nothing is known, or only that it is not null."""

    UNKNOWN = "?"
    PRESENT = "?!"


UNKNOWN: Final = Unknown.UNKNOWN
PRESENT: Final = Unknown.PRESENT
Value: TypeAlias = (
    "None | bool | int | float | str | datetime | tuple[Value, ...] "
    "| dict[str, Value] | Unknown"
)
"""`dict` stands in contexts of one run only, which are not hashed."""

_LONGEST: Final = 200
_MOST_ITEMS: Final = 16


def any_unknown(values: Iterable[Value]) -> bool:
    return any(isinstance(value, Unknown) for value in values)


def known(data: Data) -> Value:
    """A value of the definition."""
    if isinstance(data, dict):
        return PRESENT
    if isinstance(data, tuple):
        items = tuple(known(item) for item in data)
        return PRESENT if any_unknown(items) else items
    return data


def bounded(value: Value) -> Value:
    """The value, unless it grows without end."""
    match value:
        case str() if len(value) > _LONGEST:
            return PRESENT
        case int() if abs(value) >= 2**63:
            return PRESENT
        case tuple() if len(value) > _MOST_ITEMS or any_unknown(value):
            return PRESENT
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

"""The words of the expression language: functions, reserved words, names."""

from __future__ import annotations

import keyword
import re
from typing import Final

FUNCTIONS: Final = (
    "len",
    "min",
    "max",
    "abs",
    "round",
    "any",
    "all",
    "lower",
    "upper",
    "startswith",
    "endswith",
    "contains",
)

OPERATOR_WORDS: Final = frozenset({"and", "or", "not", "in", "is", "if", "else"})

CONSTANTS: Final = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
}

# Python's keywords are reserved too: they would read as syntax that is not there.
RESERVED: Final = frozenset({*keyword.kwlist, *CONSTANTS})

NAME_LIMIT: Final = 128

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")


def is_plain_name(name: str) -> bool:
    """Whether the name can be written as it is, without `["..."]`."""
    return _PLAIN.fullmatch(name) is not None and name not in RESERVED


def is_element(name: str) -> bool:
    """Whether the name can be the name of a variable or a field at all."""
    return len(name) <= NAME_LIMIT and _ELEMENT.fullmatch(name) is not None

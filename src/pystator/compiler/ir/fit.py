"""Whether data of the definition is a value of a type."""

from __future__ import annotations

import re
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Data

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_BOOLEAN: Final = re.compile(r"true|True|TRUE|false|False|FALSE")


def misfit(data: Data, type: Type) -> str | None:
    """What was expected instead of `data`; None if it fits. A boolean is no number."""
    if data is None:
        fits = type.optional or type.kind in (Kind.DYNAMIC, Kind.NONE)
        return None if fits else f"expected {_article(type)}, not null"
    match type.kind:
        case Kind.DYNAMIC:
            return None
        case Kind.STRING:
            fits = isinstance(data, str)
        case Kind.INTEGER:
            fits = isinstance(data, int) and not isinstance(data, bool)
        case Kind.NUMBER:
            fits = isinstance(data, (int, float)) and not isinstance(data, bool)
        case Kind.BOOLEAN:
            fits = isinstance(data, bool)
        case Kind.ENUM:
            if isinstance(data, str) and data in type.values:
                return None
            return f"expected one of {', '.join(map(quoted, type.values))}"
        case Kind.LIST:
            if isinstance(data, tuple):
                whys = (misfit(item, type.element) for item in data if type.element)
                return next((why for why in whys if why is not None), None)
            fits = False
        case Kind.OBJECT:
            if isinstance(data, dict):
                return _misfit_fields(data, type)
            fits = False
        case Kind.DATETIME:
            return "a datetime cannot be written here"
        case Kind.NONE:
            fits = False
    return None if fits else f"expected {_article(type)}"


def cure(data: Data, type: Type) -> tuple[str, ...]:
    """The help for data that does not fit: a text that would without its quotes."""
    if not isinstance(data, str):
        return ()
    match type.kind:
        case Kind.INTEGER:
            meant = _INTEGER.fullmatch(data)
        case Kind.NUMBER:
            meant = _NUMBER.fullmatch(data)
        case Kind.BOOLEAN:
            meant = _BOOLEAN.fullmatch(data)
        case _:
            meant = None
    return ("remove the quotes",) if meant else ()


def _misfit_fields(data: dict[str, Data], type: Type) -> str | None:
    if type.fields is None:
        return None
    fields = dict(type.fields)
    for name, value in data.items():
        if name not in fields:
            return f"the object has no field {quoted(name)}"
        why = misfit(value, fields[name])
        if why is not None:
            return f"field {quoted(name)}: {why}"
    for name in fields:
        if name not in data:
            return f"field {quoted(name)} is missing"
    return None


def _article(type: Type) -> str:
    text = str(type)
    return f"an {text}" if text[0] in "aeiou" else f"a {text}"

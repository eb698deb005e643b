"""Schemas of single values.

The reader takes the text of a scalar where it wants a string, so a name may be what an
editor sees as a boolean (`ON`), and a text may be a number. Such places say what they
are not: an editor proposes `true` and `false` where a schema lists `boolean`.

A key without a value counts as not written, so `optional` values may be null.
"""

from __future__ import annotations

from typing import TypeAlias

from pystator.compiler.source.duration import LIMIT_MS
from pystator.compiler.source.fields import NAME_LIMIT

Json: TypeAlias = dict[str, object]

_NAME = rf"[A-Za-z_][A-Za-z0-9_.:-]{{0,{NAME_LIMIT - 1}}}"
_NUMBER = r"[0-9]{1,20}(\.[0-9]{1,20})?"
_UNIT = "(ms|s|m|h|d)"
_NOT_ZERO = r"(?![0.]*[a-z]*$)"
_TYPE_NAME = r"\s*[A-Za-z_][A-Za-z0-9_.-]*\s*"
_ONE_LINE_ENUM = rf"\s*enum\s*\[{_TYPE_NAME}(,{_TYPE_NAME})*\]\s*"
_INNERMOST = r"[A-Za-z0-9_.\-,?\[\]\s]+"
"""Patterns do not nest without end: what is deeper in a type is left to the reader."""

ANYTHING: Json = {}
MAPPING: Json = {"type": "object"}
FLAG: Json = {"type": "boolean"}
TRUE: Json = {"const": True}
INTEGER: Json = {"type": "integer"}
NATURAL: Json = {"type": "integer", "minimum": 0}
LIST: Json = {"type": "array"}
TEXT: Json = {"not": {"type": ["object", "array", "null"]}}
NULL: Json = {"not": {"type": ["string", "number", "boolean", "object", "array"]}}
"""Null, which no editor proposes when it is said like this."""


def pattern(text: str) -> Json:
    return {
        "pattern": f"^({text})$",
        "not": {"type": ["number", "object", "array", "null"]},
    }


NAME = pattern(_NAME)
SOURCE_NAME = pattern(rf"\*|{_NAME}")
TARGET = pattern(rf"{_NAME}|H\*?\({_NAME}\)")
NAMES: Json = {"pattern": f"^{_NAME}$"}
"""Of keys, which are always strings."""

DELAY: Json = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "exclusiveMaximum": LIMIT_MS},
        {
            "type": "string",
            "pattern": f"^{_NOT_ZERO}([0-9]{{1,20}}|{_NUMBER}{_UNIT})$",
        },
    ]
}
SECONDS: Json = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": LIMIT_MS / 1000},
        {"type": "string", "pattern": rf"^{_NOT_ZERO}[0-9]{{1,20}}(\.[0-9]{{0,20}})?$"},
    ]
}


def _type_pattern(depth: int) -> str:
    inner = _type_pattern(depth - 1) if depth else _INNERMOST
    return rf"({_TYPE_NAME}(?!\[)|{_ONE_LINE_ENUM}|\s*list\s*\[{inner}\]\s*)(\?\s*)?"


TYPE_NAME: Json = {"type": "string", "pattern": f"^{_type_pattern(1)}$"}


def words(*choice: str) -> Json:
    return {"enum": list(choice)}


def reference(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def either(*schemas: Json) -> Json:
    return {"anyOf": list(schemas)}


def exactly_one(*schemas: Json) -> Json:
    return {"oneOf": list(schemas)}


def every(item: Json, least: int = 0) -> Json:
    schema: Json = {"type": "array", "items": item}
    return {**schema, "minItems": least} if least else schema


def one_or_many(item: Json, least: int = 0) -> Json:
    return either(item, every(item, least))


def each_named(value: Json, least: int = 0) -> Json:
    """A mapping whose keys are names of the author's."""
    schema: Json = {
        "type": "object",
        "propertyNames": NAMES,
        "additionalProperties": value,
    }
    return {**schema, "minProperties": least} if least else schema


def optional(schema: Json) -> Json:
    if not schema:
        return schema
    match schema.get("anyOf"):
        case list(ways):
            return {**schema, "anyOf": [*ways, NULL]}
    match schema:
        case {"not": {"type": [*types]}} if "null" in types:
            types.remove("null")
            return {**schema, "not": {"type": types}}
    return either(schema, NULL)


def given(key: str) -> Json:
    """Of a mapping: the key stands there with a value."""
    return {"required": [key], "properties": {key: {"not": NULL}}}


def valued(key: str, value: Json) -> Json:
    """Of a mapping: the key stands there with such a value."""
    return {"required": [key], "properties": {key: value}}


def none_of(*schemas: Json) -> Json:
    return {"not": either(*schemas)}


def if_then(condition: Json, then: Json, otherwise: Json | None = None) -> Json:
    rule: Json = {"if": condition, "then": then}
    return rule if otherwise is None else {**rule, "else": otherwise}

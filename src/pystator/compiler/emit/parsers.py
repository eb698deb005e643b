"""Functions that turn untrusted data into values of a declared type.

Each takes the value and the name of its field, and raises ValueError with a sentence.
`Parsers` gives out a function for every type that a machine needs, inner ones first.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.emit.annotations import annotation, bare
from pystator.compiler.emit.layout import Group, lay_out
from pystator.compiler.emit.names import Namespace, snake
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import ascii_literal
from pystator.compiler.ir.types import Kind, Type

_SIMPLE: Final[dict[Kind, tuple[str, str]]] = {
    Kind.STRING: (
        "_as_string",
        """\
def _as_string(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"`{field}` must be a string, not {type(value).__name__}")
    return value""",
    ),
    Kind.INTEGER: (
        "_as_integer",
        """\
def _as_integer(value: object, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"`{field}` must be an integer, not {type(value).__name__}")
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"`{field}` must fit in 64 bits")
    return value""",
    ),
    Kind.NUMBER: (
        "_as_number",
        """\
def _as_number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"`{field}` must be a number, not {type(value).__name__}")
    if not -1e308 <= value <= 1e308:
        raise ValueError(f"`{field}` must be a finite number")
    return value""",
    ),
    Kind.BOOLEAN: (
        "_as_boolean",
        """\
def _as_boolean(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"`{field}` must be a boolean, not {type(value).__name__}")
    return value""",
    ),
    Kind.DATETIME: (
        "_as_datetime",
        """\
def _as_datetime(value: object, field: str) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"`{field}` must be an ISO 8601 date and time") from None
    if not isinstance(value, datetime):
        raise ValueError(f"`{field}` must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise ValueError(f"`{field}` must have a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"`{field}` must lie in the years 1 to 9999") from None""",
    ),
    Kind.DYNAMIC: (
        "_as_anything",
        """\
def _as_anything(value: object, field: str) -> object:
    return value""",
    ),
}
_IS_OBJECT: Final = """\
def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)"""
_AS_OBJECT: Final = """\
def _as_object(value: object, field: str) -> Mapping[str, object]:
    if not _is_object(value):
        raise ValueError(f"`{field}` must be an object, not {type(value).__name__}")
    return value"""
_IS_ARRAY: Final = """\
def _is_array(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))"""
_AS_ITEMS: Final = """\
def _as_items(value: object, field: str) -> list[object]:
    if not _is_array(value):
        raise ValueError(f"`{field}` must be a list, not {type(value).__name__}")
    return [*value]"""
_ONE_OF: Final = """\
def _one_of(value: object, field: str, values: Mapping[str, _V]) -> _V:
    if not isinstance(value, str) or value not in values:
        raise ValueError(f"`{field}` must be one of: {', '.join(values)}")
    return values[value]"""


class Parsers:
    """The functions asked for so far, in the order in which they may be written."""

    def __init__(self, words: Vocabulary, names: Namespace) -> None:
        self._words = words
        self._names = names
        for name in (
            *(name for name, _ in _SIMPLE.values()),
            "_as_object",
            "_as_items",
        ):
            names.take(name)
        self._known: dict[Type, str] = {}
        self.texts: dict[str, str] = {}

    def parser(self, type: Type, field: str) -> str:
        """The name of the function for `type`; `field` is the first that has it."""
        known = self._known.get(type)
        if known is None:
            known = self._known[type] = self._write(type, field)
        return known

    @property
    def uses_datetime(self) -> bool:
        return "_as_datetime" in self.texts

    @property
    def uses_type_guard(self) -> bool:
        return "_is_object" in self.texts or "_is_array" in self.texts

    def _write(self, type: Type, field: str) -> str:
        if type.optional:
            inner = self.parser(bare(type), field)
            return self._function(
                self._names.take(f"{inner}_or_none"),
                type,
                f"return None if value is None else {inner}(value, field)",
            )
        match type.kind:
            case Kind.ENUM:
                return self._enum(type, field)
            case Kind.LIST:
                self.texts.setdefault("_is_array", _IS_ARRAY)
                self.texts.setdefault("_as_items", _AS_ITEMS)
                if type.element is None:
                    return "_as_items"
                inner = self.parser(type.element, field)
                items = f"[{inner}(item, field) for item in _as_items(value, field)]"
                listing = self._names.take(f"_as_list_of{inner[3:]}")
                return self._function(listing, type, f"return {items}")
            case Kind.OBJECT:
                self.texts.setdefault("_is_object", _IS_OBJECT)
                self.texts.setdefault("_as_object", _AS_OBJECT)
                return "_as_object" if type.fields is None else self._object(type)
            case kind:
                name, text = _SIMPLE[kind]
                self.texts.setdefault(name, text)
                return name

    def _enum(self, type: Type, field: str) -> str:
        name = self._names.take(f"_as_{snake(field)}")
        constant = self._names.take(f"{name.removeprefix('_as').upper()}_VALUES")
        kind = annotation(type, self._words.objects)
        entries = tuple(
            f"{ascii_literal(value)}: {ascii_literal(value)}" for value in type.values
        )
        table = Group(f"{constant}: Final[Mapping[str, {kind}]] = {{", entries, "}")
        self.texts.setdefault("_V", '_V = TypeVar("_V")')
        self.texts.setdefault("_one_of", _ONE_OF)
        self.texts[constant] = lay_out(table)
        return self._function(name, type, f"return _one_of(value, field, {constant})")

    def _object(self, type: Type) -> str:
        fields = type.fields or ()
        inner = {name: self.parser(field, name) for name, field in fields}
        cls = self._words.objects[type]
        listed = ", ".join(ascii_literal(name) for name, _ in fields)
        comma = "," if len(fields) == 1 else ""
        entries = tuple(
            f"{ascii_literal(name)}: {inner[name]}"
            f"(data[{ascii_literal(name)}], field + {ascii_literal('.' + name)})"
            for name, _ in fields
        )
        built = lay_out(Group("return {", entries, "}"), 4)
        return self._function(
            self._names.take(f"_as_{cls.lower()}"),
            type,
            "data = _as_object(value, field)",
            f"_fields(data, required=({listed}{comma}))",
            built,
        )

    def _function(self, name: str, type: Type, *body: str) -> str:
        kind = annotation(type, self._words.objects)
        head = f"def {name}(value: object, field: str) -> {kind}:"
        lines = "\n    ".join(body)
        self.texts[name] = f"{head}\n    {lines}"
        return name

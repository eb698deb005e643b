"""Types and data of the machine language -> annotations and literals of Python."""

from __future__ import annotations

from collections.abc import Mapping

from pystator.compiler.emit.names import Identifier
from pystator.compiler.expression.literal import ascii_literal, constant_literal
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Data


def annotation(type: Type, objects: Mapping[Type, Identifier]) -> str:
    """The Python type. `objects` names the classes of objects with declared fields."""
    match type.kind:
        case Kind.STRING:
            text = "str"
        case Kind.INTEGER:
            text = "int"
        case Kind.NUMBER:
            text = "float"
        case Kind.BOOLEAN:
            text = "bool"
        case Kind.DATETIME:
            text = "datetime"
        case Kind.ENUM:
            text = f"Literal[{', '.join(map(ascii_literal, type.values))}]"
        case Kind.LIST:
            element = "object"
            if type.element is not None:
                element = annotation(type.element, objects)
            text = f"list[{element}]"
        case Kind.OBJECT:
            text = objects.get(bare(type), "Mapping[str, object]")
        case Kind.NONE:
            return "None"
        case Kind.DYNAMIC:
            return "object"
    return f"{text} | None" if type.optional else text


def bare(type: Type) -> Type:
    """The type without its `?`."""
    return Type(type.kind, False, type.element, type.fields, type.values)


def literal(data: Data, type: Type | None = None) -> str:
    """The Python literal of data; an integer where a number is wanted is a float."""
    match data:
        case tuple():
            element = None if type is None else type.element
            return f"[{', '.join(literal(item, element) for item in data)}]"
        case dict():
            fields = dict(type.fields or ()) if type is not None else {}
            entries = (
                f"{ascii_literal(key)}: {literal(value, fields.get(key))}"
                for key, value in data.items()
            )
            return f"{{{', '.join(entries)}}}"
        case bool() | None | str():
            return constant_literal(data)
        case int() if type is not None and type.kind is Kind.NUMBER:
            return constant_literal(float(data))
        case _:
            return constant_literal(data)


def parameter_annotation(values: list[Data]) -> str:
    """The type of a parameter that is called with all of `values`."""
    kinds = dict.fromkeys(_data_annotation(value) for value in values)
    names = [kind for kind in kinds if kind != "None"]
    return " | ".join(names + ["None"] * ("None" in kinds))


def _data_annotation(value: Data) -> str:
    match value:
        case None:
            return "None"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "str"
        case tuple():
            kinds = set(map(_data_annotation, value))
            if len(kinds) == 1 and kinds <= {"str", "int", "float", "bool"}:
                return f"Sequence[{kinds.pop()}]"
            return "Sequence[object]"
        case dict():
            return "Mapping[str, object]"

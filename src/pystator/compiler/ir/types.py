"""The types of the machine language, as `state_variables` and payloads name them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    OBJECT = "object"
    LIST = "list"
    ENUM = "enum"
    NONE = "null"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True)
class Type:
    """One type. `optional` adds None to it.

    `fields` belong to OBJECT (None: any fields), `element` to LIST (None: any
    elements), `values` to ENUM. DYNAMIC is a value known only at run time; NONE is
    the type of the literal `null` alone.
    """

    kind: Kind
    optional: bool = False
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] | None = None
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        match self.kind:
            case Kind.LIST if self.element is not None:
                text = f"list[{self.element}]"
            case Kind.ENUM:
                text = f"enum[{', '.join(self.values)}]"
            case _:
                text = self.kind.value
        return f"{text}?" if self.optional else text

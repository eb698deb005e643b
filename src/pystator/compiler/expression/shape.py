"""What is known of a value before the expression runs: its type, and perhaps which.

The emitted Python must pass two type checkers, which narrow what they know as tests are
passed, each in its own way. So a shape holds both: the type that each of them is sure
to know, and all that the tests have shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypeAlias

from pystator.compiler.expression.tree import Constant
from pystator.compiler.ir.types import Kind, Type

BOOLEAN: Final = Type(Kind.BOOLEAN)
INTEGER: Final = Type(Kind.INTEGER)
NUMBER: Final = Type(Kind.NUMBER)
STRING: Final = Type(Kind.STRING)
NONE: Final = Type(Kind.NONE)

Values: TypeAlias = frozenset[bool | int | str]

# Two integer literals make at most this many sums worth remembering.
_MOST_VALUES: Final = 64

# Integers of the definition and of declared fields are 64 bits wide.
FIELD_BITS: Final = 64


class Family(Enum):
    """Types whose values can be compared with each other."""

    TEXT = "strings"
    NUMBER = "numbers"
    BOOLEAN = "booleans"
    DATETIME = "datetimes"
    OBJECT = "objects"
    LIST = "lists"
    NONE = "null"
    DYNAMIC = "unknown"


_FAMILIES: Final = {
    Kind.STRING: Family.TEXT,
    Kind.ENUM: Family.TEXT,
    Kind.INTEGER: Family.NUMBER,
    Kind.NUMBER: Family.NUMBER,
    Kind.BOOLEAN: Family.BOOLEAN,
    Kind.DATETIME: Family.DATETIME,
    Kind.OBJECT: Family.OBJECT,
    Kind.LIST: Family.LIST,
    Kind.NONE: Family.NONE,
    Kind.DYNAMIC: Family.DYNAMIC,
}


def family(type: Type) -> Family:
    return _FAMILIES[type.kind]


def nullable(type: Type) -> bool:
    return type.optional or type.kind is Kind.NONE


@dataclass(frozen=True, slots=True)
class Shape:
    """A value before the expression runs.

    `type` is what every type checker knows of it. `values` (the only values possible
    beside null, None where any are) and `null` (whether it can be null) may know more:
    they find comparisons that are certain, and never allow anything.
    `bits` bounds the size of a number that is an integer at run time.
    """

    type: Type
    values: Values | None = None
    null: bool = False
    bits: int = FIELD_BITS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation gives. `total` is false where it may raise."""

    shape: Shape
    total: bool


NULL: Final = Shape(NONE, frozenset(), null=True)


def declared(type: Type) -> Shape:
    """The shape of a name that nothing has been said about."""
    null = type.optional or type.kind is Kind.DYNAMIC
    if type.kind is Kind.ENUM:
        return Shape(type, frozenset(type.values), null)
    if type.kind is Kind.BOOLEAN:
        return Shape(type, frozenset((True, False)), null)
    return Shape(type, null=null)


def of_literal(value: Constant) -> Shape:
    """The shape of a literal: a string literal is an enum of its one value."""
    match value:
        case None:
            return NULL
        case bool():
            return Shape(BOOLEAN, frozenset((value,)))
        case int():
            return Shape(INTEGER, frozenset((value,)), bits=value.bit_length())
        case float():
            return Shape(NUMBER)
        case str():
            return Shape(Type(Kind.ENUM, values=(value,)), frozenset((value,)))


def join_types(left: Type, right: Type) -> Type | None:
    """The type of a value that is one or the other; None where there is none."""
    if left == right:
        return left
    if Kind.DYNAMIC in (left.kind, right.kind):
        return Type(Kind.DYNAMIC)
    optional = left.optional or right.optional
    if left.kind is Kind.NONE:
        return replace(right, optional=True)
    if right.kind is Kind.NONE:
        return replace(left, optional=True)
    plain, other = replace(left, optional=False), replace(right, optional=False)
    if plain == other:
        return replace(plain, optional=optional)
    kinds = {left.kind, right.kind}
    if kinds == {Kind.INTEGER, Kind.NUMBER}:
        return Type(Kind.NUMBER, optional)
    if kinds == {Kind.STRING, Kind.ENUM}:
        return Type(Kind.STRING, optional)
    if kinds == {Kind.ENUM}:
        values = tuple(dict.fromkeys((*left.values, *right.values)))
        return Type(Kind.ENUM, optional, values=values)
    return None


def join(left: Shape, right: Shape) -> Shape | None:
    type = join_types(left.type, right.type)
    if type is None:
        return None
    values = None
    if left.values is not None and right.values is not None:
        values = left.values | right.values
    null = left.null or right.null
    return Shape(type, values, null, max(left.bits, right.bits))


def overlap(left: Shape, right: Shape) -> bool:
    """Whether the two can be equal."""
    if Kind.DYNAMIC in (left.type.kind, right.type.kind) or (left.null and right.null):
        return True
    if left.values is None:
        return right.values is None or bool(right.values)
    if right.values is None:
        return bool(left.values)
    return not left.values.isdisjoint(right.values)


def pairs(left: Values | None, right: Values | None) -> bool:
    """Whether both are known and their combinations are few enough to be listed."""
    return (
        left is not None
        and right is not None
        and len(left) * len(right) <= _MOST_VALUES
    )


def assignable(value: Type, target: Type) -> bool:
    """Whether every value of one type is a value of the other."""
    if target.kind is Kind.DYNAMIC:
        return True
    if value.kind is Kind.NONE:
        return nullable(target)
    if value.optional and not target.optional:
        return False
    if value.kind is Kind.INTEGER and target.kind is Kind.NUMBER:
        return True
    if value.kind is Kind.ENUM and target.kind is Kind.STRING:
        return True
    if value.kind is not target.kind:
        return False
    match value.kind:
        case Kind.ENUM:
            return set(value.values) <= set(target.values)
        case Kind.LIST:
            return target.element is None or value.element == target.element
        case Kind.OBJECT:
            return target.fields is None or value.fields == target.fields
        case _:
            return True

"""What a data model says about types: those of its literals, and of what is compared.

    <data id="n" expr="0"/>            ->  {key: n, type: integer, default: 0}
    cond="_event.data.qty > 3"         ->  the payload of that event has qty: number

A variable that something else than an integer is assigned to is a `number`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.ecma import (
    Binary,
    Call,
    Conditional,
    EcmaError,
    Js,
    Lit,
    Member,
    Unary,
    constant_of,
)
from pystator.compiler.interchange.expressions import (
    BOOLEAN,
    EVENT_DATA,
    Names,
    Untranslatable,
    translated,
)
from pystator.compiler.ir.types import Kind, Type

NUMBER: Final = Type(Kind.NUMBER)
INTEGER: Final = Type(Kind.INTEGER)
STRING: Final = Type(Kind.STRING)
Assigned: TypeAlias = "tuple[str, Js, str | None]"
"""A variable, what it is set to, and the trigger of the transition if there is one."""

_COMPARED: Final = ("===", "==", "!==", "!=", "<", "<=", ">", ">=")
_ROUNDS: Final = 10
_NUMERIC: Final = ("-", "*", "/", "%")
_OF_STRINGS: Final = ("toLowerCase", "toUpperCase", "startsWith", "endsWith")


def type_of(value: object) -> Type | None:
    match value:
        case bool():
            return BOOLEAN
        case int():
            return INTEGER
        case float():
            return NUMBER
        case str():
            return STRING
        case list():
            kinds = {type_of(item) for item in value}
            one = kinds.pop() if len(kinds) == 1 else None
            return Type(Kind.LIST, element=one)
        case dict():
            return Type(Kind.OBJECT)
    return None


def variable(key: str, value: Json, given: bool, type: Type) -> Json:
    """The entry of a variable; without a value it starts as null."""
    written: dict[str, Json] = {"key": key, "type": str(replace(type, optional=False))}
    if given and value is not None:
        written["default"] = value
    elif type.optional:
        written["type"] = f"{type}"
    return written


def settle_numbers(
    types: dict[str, Type], assigned: Iterable[Assigned], names: Names
) -> None:
    """Make those integers numbers that are set to what need not be whole.

    `types` are the variables of `names`. Where one number leads to the next for too
    long, all that are assigned are numbers, which is never wrong.
    """
    pending = list(assigned)
    for _ in range(_ROUNDS):
        changed = False
        for key, js, trigger in pending:
            here = types.get(key)
            if here is None or here.kind is not Kind.INTEGER:
                continue
            if not _fits(js, names, trigger, here) and _fits(
                js, names, trigger, replace(here, kind=Kind.NUMBER)
            ):
                types[key] = replace(here, kind=Kind.NUMBER)
                changed = True
        if not changed:
            return
    for key, _, _ in pending:
        if key in types and types[key].kind is Kind.INTEGER:
            types[key] = replace(types[key], kind=Kind.NUMBER)


def _fits(js: Js, names: Names, trigger: str | None, wanted: Type) -> bool:
    try:
        translated(js, names, trigger, wanted, division=False)
    except (Untranslatable, EcmaError):
        return False
    return True


def field_types(
    js: Js, names: Names, wanted: Type | None
) -> Iterable[tuple[str, Type]]:
    """The fields of the event that the expression reads, where it tells their type."""
    match js:
        case Member(owner, key) if owner == EVENT_DATA:
            if wanted is not None:
                yield key, NUMBER if wanted.kind is Kind.INTEGER else wanted
        case Unary("!", operand):
            yield from field_types(operand, names, BOOLEAN)
        case Unary(_, operand):
            yield from field_types(operand, names, NUMBER)
        case Binary("&&" | "||", left, right):
            for side in (left, right):
                yield from field_types(side, names, BOOLEAN)
        case Binary(op, left, right):
            for side, other in ((left, right), (right, left)):
                hint = NUMBER if op in _NUMERIC else _known(other, names)
                if op == "+" and hint is None:
                    hint = wanted
                yield from field_types(side, names, hint)
        case Conditional(test, then, otherwise):
            yield from field_types(test, names, BOOLEAN)
            yield from field_types(then, names, wanted)
            yield from field_types(otherwise, names, wanted)
        case Call(Member(owner, method), args):
            hint = STRING if method in _OF_STRINGS else None
            for part in (owner, *args):
                yield from field_types(part, names, hint)


def _known(js: Js, names: Names) -> Type | None:
    """The type of an expression without fields of the event."""
    if js == Lit(None):
        return None
    try:
        found = type_of(constant_of(js))
    except EcmaError:
        for candidate in (BOOLEAN, STRING, NUMBER):
            if _fits(js, names, None, candidate):
                return candidate
        return None
    return found

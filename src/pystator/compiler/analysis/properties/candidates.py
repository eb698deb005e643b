"""Values to try for what is not known: those that conditions tell apart.

qty > 10  ->  9, 10, 11
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Final

from pystator.compiler.analysis.properties.values import Value
from pystator.compiler.expression.tree import Constant, Expr, Literal, children
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import (
    Assign,
    Condition,
    Invariant,
    SetEffect,
)
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.ir.walk import all_actions
from pystator.compiler.source.text import Data
from pystator.compiler.source.text import Value as Written

_MOST: Final = 12
_DEEPEST: Final = 3
_MOMENT: Final = datetime(2024, 1, 1, tzinfo=UTC)


class Candidates:
    def __init__(self, flat: Flat) -> None:
        found = list(dict.fromkeys(_constants(flat)))
        self._texts = [v for v in found if isinstance(v, str)]
        numbers = [
            v for v in found if isinstance(v, (int, float)) and not isinstance(v, bool)
        ]
        self._numbers = sorted(numbers, key=abs)

    def of(self, type: Type, depth: int = 0) -> tuple[Value, ...]:
        """Some values of a type, few enough to try them all."""
        found = {repr(value): value for value in islice(self._of(type, depth), _MOST)}
        values = tuple(found.values())
        return (*values, None) if type.optional else values

    def _of(self, type: Type, depth: int) -> Iterator[Value]:
        match type.kind:
            case Kind.BOOLEAN:
                yield from (True, False)
            case Kind.ENUM:
                yield from type.values
            case Kind.STRING:
                yield from self._texts
                yield from ("a", "")
            case Kind.INTEGER:
                whole = [v for v in self._numbers if isinstance(v, int)]
                yield from _around(whole)
            case Kind.NUMBER:
                yield from _around(self._numbers)
            case Kind.DATETIME:
                yield from (_MOMENT, _MOMENT + timedelta(days=1))
            case Kind.LIST if depth < _DEEPEST and type.element is not None:
                items = self.of(type.element, depth + 1)
                yield from ((), *((item,) for item in items), items[:2])
            case Kind.LIST:
                yield from ((), ("a",))
            case Kind.OBJECT if depth < _DEEPEST:
                names = [name for name, _ in type.fields or ()]
                inner = [self.of(field, depth + 1) for _, field in type.fields or ()]
                for values in product(*inner):
                    yield dict(zip(names, values, strict=True))
            case Kind.OBJECT | Kind.NONE:
                return
            case Kind.DYNAMIC:
                yield from (*self._numbers, *self._texts, True, False, None)


def _around(numbers: Iterable[int | float]) -> Iterator[int | float]:
    yield from (0, 1)
    for number in numbers:
        yield from (number, number + 1, number - 1)


def _constants(flat: Flat) -> Iterator[Constant]:
    machine = flat.machine
    conditions = [q for q in flat.conditions if isinstance(q, Condition)]
    for each in machine.properties:
        if isinstance(each.claim, Invariant):
            conditions.append(each.claim.condition)
    for condition in conditions:
        yield from _literals(condition.expr)
    for action in all_actions(machine):
        if isinstance(action, SetEffect):
            for assign in action.assignments:
                yield from _assigned(assign)
    for variable in machine.variables or ():
        yield from _scalars(variable.default)


def _assigned(assign: Assign) -> Iterator[Constant]:
    if isinstance(assign.value, Written):
        return _scalars(assign.value.data)
    return _literals(assign.value.expr)


def _scalars(data: Data) -> Iterator[Constant]:
    if isinstance(data, (bool, int, float, str)):
        yield data


def _literals(expr: Expr) -> Iterator[Constant]:
    if isinstance(expr, Literal):
        yield expr.value
    for child in children(expr):
        yield from _literals(child)

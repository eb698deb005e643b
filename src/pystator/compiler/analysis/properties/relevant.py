"""The variables that a guard or a property depends on, directly or by an effect."""

from __future__ import annotations

from collections.abc import Iterator

from pystator.compiler.expression.tree import Expr, Name, Scope, children
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import (
    Action,
    Append,
    Condition,
    Invariant,
    Machine,
    SetEffect,
)
from pystator.compiler.ir.walk import all_actions


def relevant_variables(flat: Flat) -> tuple[str, ...]:
    """In the order of their declaration; none where the context is dynamic."""
    machine = flat.machine
    if machine.variables is None:
        return ()
    wanted: set[str] = set()
    for question in flat.conditions:
        if isinstance(question, Condition):
            wanted.update(_heads(question.expr))
    for each in machine.properties:
        if isinstance(each.claim, Invariant):
            wanted.update(_heads(each.claim.condition.expr))
    sources = _sources(machine)
    pending = list(wanted)
    while pending:
        for name in sources.get(pending.pop(), ()):
            if name not in wanted:
                wanted.add(name)
                pending.append(name)
    return tuple(str(v.name) for v in machine.variables if v.name in wanted)


def names_read(flat: Flat) -> frozenset[str]:
    """The variables and payload fields that guards and computed values may name."""
    found: set[str] = set()
    for question in flat.conditions:
        if isinstance(question, Condition):
            found.update(_names(question.expr))
    for action in all_actions(flat.machine):
        for _, condition in _assigned(action):
            found.update(_names(condition.expr))
    return frozenset(found)


def _names(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Name):
        yield expr.path[0]
    for child in children(expr):
        yield from _names(child)


def _sources(machine: Machine) -> dict[str, set[str]]:
    """For a variable, the names that computed values of it read."""
    found: dict[str, set[str]] = {}
    for action in all_actions(machine):
        for field, condition in _assigned(action):
            found.setdefault(field, set()).update(_heads(condition.expr))
    return found


def _assigned(action: Action) -> Iterator[tuple[str, Condition]]:
    match action:
        case SetEffect(assignments):
            for assign in assignments:
                if isinstance(assign.value, Condition):
                    yield assign.field, assign.value
        case Append(field, Condition() as value):
            yield field, value
        case _:
            return


def _heads(expr: Expr) -> Iterator[str]:
    """The variables that it may name; a payload field may have the same name."""
    if isinstance(expr, Name) and expr.scope in (Scope.BARE, Scope.CTX):
        yield expr.path[0]
    for child in children(expr):
        yield from _heads(child)

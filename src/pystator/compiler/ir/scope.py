"""What an expression can see, by the event that leads to it."""

from __future__ import annotations

from typing import Final, TypeAlias

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.machine import (
    Condition,
    Event,
    Machine,
    StateId,
    StateKind,
)
from pystator.compiler.ir.types import Kind, Type

_UNNAMED: Final = (StateKind.ROOT, StateKind.REGION)
Found: TypeAlias = Typed | tuple[ExpressionError, ...]
_Spelling: TypeAlias = tuple[str, str]


def name_scope(machine: Machine, event: Event | None) -> NameScope:
    """The names for guards and effects of a step that `event` sets off.

    None stands for a step without payload: the start, or the end of a delay.
    """
    variables = None
    if machine.variables is not None:
        variables = {
            str(variable.name): variable.type for variable in machine.variables
        }
    payload = None
    if event is None:
        payload = {}
    elif event.payload is not None:
        payload = {str(field.name): field.type for field in event.payload}
    return NameScope(variables=variables, payload=payload)


def property_scope(machine: Machine) -> NameScope:
    """The names for properties: a dynamic context has none that are known."""
    return NameScope(
        variables={str(v.name): v.type for v in machine.variables or ()},
        payload={},
        states=named_states(machine),
    )


def named_states(machine: Machine) -> dict[str, StateId]:
    """The states that have a name of their own; a region may be called like one."""
    return {str(s.name): s.id for s in machine.states if s.kind not in _UNNAMED}


def _spelling(condition: Condition) -> _Spelling:
    """What it means, and how it is written: that is where its faults are."""
    return condition.text, str(condition.source)


class Expressions:
    """The expressions of one machine: each is checked once for every event."""

    def __init__(self, machine: Machine) -> None:
        self.machine: Final = machine
        self._scopes: dict[str, NameScope] = {}
        self._found: dict[tuple[_Spelling, str, Type | None, bool], Found] = {}
        self._of_properties: NameScope | None = None
        self._in_properties: dict[_Spelling, Found] = {}

    def check(
        self,
        condition: Condition,
        event: Event | None,
        wanted: Type | None,
        *,
        division: bool = True,
    ) -> Found:
        """The answer of `expression.check`; `division` says that it may divide."""
        name = "" if event is None else str(event.name)
        spelling = _spelling(condition)
        key = (spelling, name, wanted, division)
        found = self._found.get(key)
        if found is None:
            scope = self._scopes.get(name)
            if scope is None:
                scope = self._scopes[name] = name_scope(self.machine, event)
            found = check(condition.expr, scope, wanted, allow_division=division)
            self._found[key] = found
            if isinstance(found, Typed):
                self._found.setdefault((spelling, name, wanted, True), found)
        return found

    def check_property(self, condition: Condition) -> Found:
        """The same for the condition of a property, which must not fail."""
        spelling = _spelling(condition)
        found = self._in_properties.get(spelling)
        if found is None:
            if self._of_properties is None:
                self._of_properties = property_scope(self.machine)
            found = check(
                condition.expr,
                self._of_properties,
                Type(Kind.BOOLEAN),
                allow_division=False,
            )
            self._in_properties[spelling] = found
        return found

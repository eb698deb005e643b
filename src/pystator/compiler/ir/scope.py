"""What an expression can see, by the event that leads to it."""

from __future__ import annotations

from typing import Final, TypeAlias

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.machine import Condition, Event, Machine
from pystator.compiler.ir.types import Type

Found: TypeAlias = Typed | tuple[ExpressionError, ...]


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


class Expressions:
    """The expressions of one machine: each is checked once for every event."""

    def __init__(self, machine: Machine) -> None:
        self.machine: Final = machine
        self._scopes: dict[str, NameScope] = {}
        self._found: dict[tuple[str, str, Type | None, bool], Found] = {}

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
        key = (condition.text, name, wanted, division)
        found = self._found.get(key)
        if found is None:
            scope = self._scopes.get(name)
            if scope is None:
                scope = self._scopes[name] = name_scope(self.machine, event)
            found = check(condition.expr, scope, wanted, allow_division=division)
            self._found[key] = found
            if isinstance(found, Typed):
                self._found.setdefault((condition.text, name, wanted, True), found)
        return found

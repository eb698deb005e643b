"""What an expression can see, by the trigger that leads to it."""

from __future__ import annotations

from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.machine import Event, Machine


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

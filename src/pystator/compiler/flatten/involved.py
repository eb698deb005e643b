"""What a step of a trigger may come to, without exploring it."""

from __future__ import annotations

from pystator import kernel
from pystator.compiler.flatten.tables import Flat


def _involved(flat: Flat, trigger: int) -> list[kernel.Transition]:
    """The transitions that a step of the trigger may take."""
    rows = [flat.tables.rows.get(trigger, {}), flat.tables.auto]
    numbers = {number for row in rows for found in row.values() for number in found}
    return [flat.tables.transitions[number] for number in sorted(numbers)]


def conditions_of(flat: Flat, trigger: int) -> list[int]:
    """The conditions that a step of the trigger may ask."""
    guards = {g for transition in _involved(flat, trigger) for g in transition.guards}
    found: set[int] = set()
    pending = [flat.tables.guards[guard] for guard in guards]
    while pending:
        match pending.pop():
            case kernel.Asked(condition):
                found.add(condition)
            case kernel.Not(inner):
                pending.append(inner)
            case kernel.AllOf(inner) | kernel.AnyOf(inner):
                pending += inner
            case kernel.InState():
                pass
    return sorted(found)


def actions_of(flat: Flat, trigger: int) -> list[kernel.Action]:
    """The actions that a step of the trigger may come to."""
    tables = flat.tables
    actions = [a for transition in _involved(flat, trigger) for a in transition.actions]
    for listed in (*tables.enter, *tables.exit):
        actions += listed
    return actions


def effects_of(flat: Flat, trigger: int) -> list[int]:
    """The effects that a step of the trigger may make, its merge among them."""
    found = {
        action.effect
        for action in actions_of(flat, trigger)
        if isinstance(action, kernel.Effect)
    }
    if trigger in flat.tables.merges:
        found.add(flat.tables.merges[trigger])
    return sorted(found)

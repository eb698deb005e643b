"""What a step of a trigger may come to, without exploring it."""

from __future__ import annotations

from pystator import kernel
from pystator.compiler.flatten.guards import conditions_in
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import ROOT


def involved(flat: Flat, event: int) -> list[int]:
    """The transitions that may be taken while the event is the last one.

    What is eventless is asked wherever its source may be active after the event.
    """
    tables = flat.tables
    trigger = kernel.trigger_of(event)
    triggers = (trigger, *tables.done.values())
    rows = [tables.rows.get(each, {}) for each in triggers]
    numbers = {number for row in rows for found in row.values() for number in found}
    if trigger == kernel.START:
        numbers.add(tables.start)
    waiting = {
        state: set(found) for state, found in tables.auto.items() if state != ROOT
    }
    for choice, ways in tables.choices.items():
        ready = {n for t, n in ways if t in (trigger, kernel.NO_TRIGGER)}
        waiting.setdefault(choice, set()).update(ready)
    numbers.update(tables.auto.get(ROOT, ()))
    pending = list(numbers)
    while pending:
        after = _After(tables, pending.pop())
        for state in [state for state in waiting if after.may_have(state)]:
            more = waiting.pop(state) - numbers
            numbers |= more
            pending += more
    return sorted(numbers - {tables.start})


class _After:
    """What may be active after a transition, alone or among others."""

    def __init__(self, tables: kernel.Tables, number: int) -> None:
        self.tables = tables
        self.taken = tables.transitions[number]
        self.moves = bool(self.taken.targets or self.taken.recalls)
        around = [tables.memories[m].state for m in self.taken.recalls]
        self.remembered = around
        self.entered: frozenset[int] = frozenset()
        if self.moves:
            targets = (*self.taken.targets, *around)
            self.entered = frozenset(kernel.entry(tables, self.taken.domain, targets))

    def may_have(self, state: int) -> bool:
        if state in self.entered:
            return True
        last = self.tables.last
        if any(around < state <= last[around] for around in self.remembered):
            return True
        domain = self.taken.domain
        if self.moves and domain < state <= last[domain]:
            return False
        return may_be_together(self.tables, state, self.taken.source)


def may_be_together(tables: kernel.Tables, one: int, other: int) -> bool:
    """Whether the tree lets both states be active at once."""
    if one <= other <= tables.last[one] or other <= one <= tables.last[other]:
        return True
    common = ROOT
    for here, there in zip(tables.path[one], tables.path[other], strict=False):
        if here != there:
            break
        common = here
    return common in tables.regions


def raised_by(flat: Flat) -> list[int]:
    """The events that some action raises."""
    tables = flat.tables
    listed = [*tables.enter, *tables.exit, *(t.actions for t in tables.transitions)]
    return sorted(
        {
            kernel.RAISED - action.trigger
            for actions in listed
            for action in actions
            if isinstance(action, kernel.Raise)
        }
    )


def conditions_of(flat: Flat, event: int) -> list[int]:
    """The conditions that may be asked of the event."""
    transitions = [flat.tables.transitions[n] for n in involved(flat, event)]
    guards = {g for transition in transitions for g in transition.guards}
    found = {c for guard in guards for c in conditions_in(flat.tables.guards[guard])}
    return sorted(found)


def actions_of(flat: Flat, trigger: int) -> list[kernel.Action]:
    """The actions that a step of the trigger may come to."""
    tables = flat.tables
    actions = [
        action
        for each in (trigger, *raised_by(flat))
        for number in involved(flat, each)
        for action in tables.transitions[number].actions
    ]
    for listed in (*tables.enter, *tables.exit):
        actions += listed
    return actions


def effects_of(flat: Flat, event: int) -> list[int]:
    """The effects that may be made of the event, its merge among them."""
    tables = flat.tables
    listed = [tables.transitions[n].actions for n in involved(flat, event)]
    found = {
        action.effect
        for actions in (*listed, *tables.enter, *tables.exit)
        for action in actions
        if isinstance(action, kernel.Effect)
    }
    trigger = kernel.trigger_of(event)
    if trigger in tables.merges:
        found.add(tables.merges[trigger])
    return sorted(found)

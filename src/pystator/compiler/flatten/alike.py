"""Leaves that an event cannot tell apart have the same cell, which is explored once.

    P {A, B, C}, go: P -> X   ->  A, B and C do the same on `go`

What a step does with a leaf depends on the states on the way up to the first one that
is marked: one that listens to the trigger or to what the machine raises, has something
to do when it is left, runs timers or services, has eventless transitions, or is asked
for by `in_state`. Leaves that come to the same marked state are alike, unless the step
stays in them. (Completions are of what is entered, and history has no cells.)
"""

from __future__ import annotations

from dataclasses import replace

from pystator.cells import Cell, Done, Test, explore
from pystator.compiler.flatten.involved import raised_by
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import (
    ROOT,
    AllOf,
    AnyOf,
    Configuration,
    Guard,
    InState,
    Not,
    trigger_of,
)


class Explorer:
    """Explores the cells of one machine in its configurations of one leaf."""

    def __init__(self, flat: Flat) -> None:
        self._tables = flat.tables
        self._marked = _marked(flat)
        self._known: dict[tuple[int, int], tuple[int, Cell]] = {}

    def explore(self, leaves: Configuration, trigger: int) -> Cell:
        """The cell, or that of a leaf alike. Raises CellTooLarge."""
        if len(leaves) > 1:
            return explore(self._tables, leaves, trigger)
        (leaf,) = leaves
        row = self._tables.rows.get(trigger, {})
        for state in reversed(self._tables.path[leaf]):
            if state in self._marked or state in row:
                break
        known = self._known.get((state, trigger))
        if known is not None:
            twin, cell = known
            found = _instead(cell, (twin,), leaves)
            if found is not None:
                return found
        cell = explore(self._tables, leaves, trigger)
        if state != leaf:
            self._known[state, trigger] = leaf, cell
        return cell


def _marked(flat: Flat) -> frozenset[int]:
    """The states that a step of any trigger may notice."""
    tables = flat.tables
    states = range(len(tables.path))
    found = {ROOT, *tables.auto}
    found.update(s for s in states if tables.exit[s])
    found.update(s for s in states if tables.timers[s] or tables.services[s])
    for event in raised_by(flat):
        found.update(tables.rows.get(trigger_of(event), ()))
    for guard in tables.guards:
        found.update(_asked_for(guard))
    return frozenset(found)


def _asked_for(guard: Guard) -> set[int]:
    match guard:
        case InState(state):
            return {state}
        case Not(inner):
            return _asked_for(inner)
        case AllOf(guards) | AnyOf(guards):
            return {state for inner in guards for state in _asked_for(inner)}
        case _:
            return set()


def _instead(cell: Cell, there: Configuration, here: Configuration) -> Cell | None:
    """The cell of `there` for `here`; None if it may stay there, or come back."""
    match cell:
        case Done(outcome):
            if outcome.target != there:
                return cell
            if outcome.reason is None:
                return None
            return Done(replace(outcome, target=here))
        case Test():
            yes = _instead(cell.yes, there, here)
            no = _instead(cell.no, there, here)
            if yes is None or no is None:
                return None
            if yes is cell.yes and no is cell.no:
                return cell
            return replace(cell, yes=yes, no=no)

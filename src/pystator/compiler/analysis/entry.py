"""Which states a transition enters."""

from __future__ import annotations

from collections.abc import Mapping

from pystator.compiler.flatten.explore import Cells, outcomes_of
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import NOWHERE, Tables


def entered(tables: Tables, transition: int) -> tuple[int, ...]:
    """From below the domain to the target, then down the default children."""
    taken = tables.transitions[transition]
    if taken.target == NOWHERE:
        return ()
    states = list(tables.path[taken.target][len(tables.path[taken.domain]) :])
    child = tables.initial[taken.target]
    while child != NOWHERE:
        states.append(child)
        child = tables.initial[child]
    return tuple(states)


def taken_from(flat: Flat, cells: Cells) -> Mapping[int, tuple[set[int], set[int]]]:
    """For every leaf, the transitions taken from it and the leaves it comes to."""
    found: dict[int, tuple[set[int], set[int]]] = {NOWHERE: (set(), set())}
    columns = [({NOWHERE: cells.start} if cells.start else {}), *cells.columns]
    for column in columns:
        for leaf, cell in column.items():
            taken, targets = found.setdefault(leaf, (set(), set()))
            for outcome in outcomes_of(cell):
                if outcome.reason is None:
                    taken.update(outcome.taken)
                    targets.add(outcome.target)
    return found

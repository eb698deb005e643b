"""Which states a transition enters, and which are entered at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pystator.compiler.flatten.explore import Cells, Large, outcomes_of
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import NOWHERE, ROOT, START, Tables


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
    """For every leaf, the transitions taken from it and the leaves it comes to.

    The start is that of the root. Of a cell that only the kernel steps, everything
    that could be taken counts.
    """
    found: dict[int, tuple[set[int], set[int]]] = {}
    for column in ({ROOT: cells.start}, *cells.columns):
        for leaf, cell in column.items():
            taken, targets = found.setdefault(leaf, (set(), set()))
            if isinstance(cell, Large):
                possible = _possible(flat.tables, cell)
                taken |= possible
                targets.add(leaf)
                targets.update(
                    entered(flat.tables, number)[-1]
                    for number in possible
                    if entered(flat.tables, number)
                )
                continue
            for outcome in outcomes_of(cell):
                if outcome.reason is None:
                    taken.update(outcome.taken)
                    targets.add(outcome.target)
    return found


def reached_by(
    flat: Flat,
    possible: Mapping[int, tuple[set[int], set[int]]],
    rejected: Mapping[int, Iterable[int]],
) -> set[int]:
    """The states that are entered from the start on.

    `rejected` are transitions of steps that never come to rest, by the leaf where the
    step begins: what they enter counts too.
    """
    states = {int(ROOT)}
    visited: set[int] = set()
    pending = [int(ROOT)]
    while pending:
        leaf = pending.pop()
        if leaf in visited or leaf not in possible:
            continue
        visited.add(leaf)
        found, targets = possible[leaf]
        pending += targets
        for transition in found:
            states.update(entered(flat.tables, transition))
        for transition in rejected.get(leaf, ()):
            inside = entered(flat.tables, transition)
            states.update(inside)
            pending += inside[-1:]
    return states


def _possible(tables: Tables, cell: Large) -> set[int]:
    row = tables.rows.get(cell.trigger, {})
    candidates = [row.get(state, ()) for state in tables.path[cell.leaf]]
    candidates += tables.auto.values()
    found = {number for group in candidates for number in group}
    return found | ({tables.start} if cell.trigger == START else set())

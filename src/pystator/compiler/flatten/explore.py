"""Tables -> cells: what every trigger does in every leaf, decided once.

Triggers that no active state listens to have no cell: they are rejected as the kernel
rejects them without asking anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pystator.cells import Cell, CellTooLarge, Done, explore
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import NOWHERE, START, Outcome


@dataclass(frozen=True, slots=True)
class Cells:
    """`columns[trigger][leaf]`; `too_large` are the (trigger, leaf) without a cell."""

    start: Cell | None
    columns: tuple[Mapping[int, Cell], ...]
    too_large: tuple[tuple[int, int], ...]


def explore_all(flat: Flat) -> Cells:
    tables = flat.tables
    triggers = len(flat.machine.events) + len(flat.machine.timers)
    leaves = [leaf.id for leaf in flat.machine.leaves if leaf.id not in tables.final]
    too_large: list[tuple[int, int]] = []
    columns: list[dict[int, Cell]] = []
    for trigger in range(triggers):
        row = tables.rows.get(trigger, {})
        column: dict[int, Cell] = {}
        for leaf in leaves:
            if any(state in row for state in tables.path[leaf]):
                try:
                    column[leaf] = explore(tables, leaf, trigger)
                except CellTooLarge:
                    too_large.append((trigger, leaf))
        columns.append(column)
    try:
        start: Cell | None = explore(tables, NOWHERE, START)
    except CellTooLarge:
        start = None
        too_large.append((START, NOWHERE))
    return Cells(start, tuple(columns), tuple(too_large))


def outcomes_of(cell: Cell) -> list[Outcome]:
    """The outcomes of a cell, those of yes before those of no."""
    found: list[Outcome] = []
    pending = [cell]
    while pending:
        match pending.pop():
            case Done(outcome):
                found.append(outcome)
            case test:
                pending += [test.no, test.yes]
    return found

"""Tables -> cells: what every trigger does in every leaf, decided once.

Triggers that no active state listens to have no cell: they are rejected as the kernel
rejects them without asking anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pystator.cells import Cell, CellTooLarge, Done, explore
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import ROOT, START, Outcome, Tables


@dataclass(frozen=True, slots=True)
class Large:
    """A cell with more outcomes than are written out: the kernel steps it."""

    trigger: int
    leaf: int


@dataclass(frozen=True, slots=True)
class Cells:
    """`columns[trigger][leaf]`."""

    start: Cell | Large
    columns: tuple[Mapping[int, Cell | Large], ...]


def explore_all(flat: Flat) -> Cells:
    tables = flat.tables
    triggers = len(flat.machine.events) + len(flat.machine.timers)
    leaves = [leaf.id for leaf in flat.machine.leaves if leaf.id not in tables.final]
    columns: list[dict[int, Cell | Large]] = []
    for trigger in range(triggers):
        row = tables.rows.get(trigger, {})
        column: dict[int, Cell | Large] = {}
        for leaf in leaves:
            if any(state in row for state in tables.path[leaf]):
                column[leaf] = _explore(tables, leaf, trigger)
        columns.append(column)
    return Cells(_explore(tables, ROOT, START), tuple(columns))


def _explore(tables: Tables, leaf: int, trigger: int) -> Cell | Large:
    try:
        return explore(tables, leaf, trigger)
    except CellTooLarge:
        return Large(trigger, leaf)


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

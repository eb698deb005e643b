"""What every step may do, read from its cell.

Where the cells of all configurations are written out, those are all; else the steps are
walked from the start on, as long as there are not too many of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pystator.cells import Cell, CellTooLarge, explore
from pystator.compiler.analysis.entry import (
    Possible,
    leaves_among,
    possibly,
    put_into,
)
from pystator.compiler.flatten.configurations import is_written_out
from pystator.compiler.flatten.explore import Cells, Large, outcomes_of
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import ROOT, START, Configuration, Reason

WALK_LIMIT: Final = 1000
"""Steps that are walked, beyond which nothing is concluded from them."""


@dataclass(frozen=True, slots=True)
class Steps:
    """`endless` are the cells with a livelock, each with trigger and configuration.

    `written` says that `possible` has every configuration, `walked` that it has all
    that are reached, `large` that only the kernel knows some of the steps.
    """

    possible: Possible
    endless: tuple[tuple[int, Configuration, Cell], ...]
    written: bool
    walked: bool
    large: bool


def read_steps(flat: Flat, cells: Cells) -> Steps:
    reader = _Reader(flat)
    if is_written_out(flat.machine) and not flat.tables.memories:
        start: Mapping[Configuration, Cell | Large] = {(ROOT,): cells.start}
        for trigger, column in ((START, start), *enumerate(cells.columns)):
            for place, cell in column.items():
                reader.read(trigger, place, cell)
        return reader.steps(written=True, walked=not reader.large)
    whole = reader.walk(cells)
    return reader.steps(written=False, walked=whole and not reader.large)


class _Reader:
    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.possible: dict[Configuration, tuple[set[int], set[Configuration]]] = {}
        self.endless: list[tuple[int, Configuration, Cell]] = []
        self.large = False

    def steps(self, *, written: bool, walked: bool) -> Steps:
        return Steps(self.possible, tuple(self.endless), written, walked, self.large)

    def read(self, trigger: int, place: Configuration, cell: Cell | Large) -> None:
        taken, targets = self.possible.setdefault(place, (set(), set()))
        if isinstance(cell, Large):
            taken |= possibly(self.flat, trigger)
            self.large = True
            return
        endless = False
        for outcome in outcomes_of(cell):
            if outcome.reason is None:
                taken.update(outcome.taken)
                targets.add(outcome.target)
            elif outcome.reason is Reason.LIVELOCK:
                endless = True
        if endless:
            self.endless.append((trigger, place, cell))

    def walk(self, cells: Cells) -> bool:
        """Whether the walk has come to its end."""
        self.read(START, (ROOT,), cells.start)
        pending = sorted(self.possible[(ROOT,)][1] | self._put_into())
        known = set(pending)
        room = WALK_LIMIT
        while pending:
            place = pending.pop()
            for trigger in self._listened(place):
                if room == 0:
                    return False
                room -= 1
                self.read(trigger, place, self._cell(cells, trigger, place))
            _, targets = self.possible.get(place, (set(), set()))
            pending += sorted(targets - known)
            known |= targets
        return not pending

    def _put_into(self) -> set[Configuration]:
        """Where a step may begin without one before it; a choice is no such place."""
        tables = self.flat.tables
        place = leaves_among(tables, put_into(self.flat))
        if not place or any(leaf in tables.choices for leaf in place):
            return set()
        return {place}

    def _listened(self, place: Configuration) -> Iterator[int]:
        tables = self.flat.tables
        if place[0] in tables.final:
            return
        active = {state for leaf in place for state in tables.path[leaf]}
        for trigger in range(self.flat.external):
            row = tables.rows.get(trigger, {})
            if any(state in row for state in active):
                yield trigger

    def _cell(self, cells: Cells, trigger: int, place: Configuration) -> Cell | Large:
        found = cells.columns[trigger].get(place)
        if found is not None:
            return found
        try:
            return explore(self.flat.tables, place, trigger)
        except CellTooLarge:
            return Large(trigger, place)

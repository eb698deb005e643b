"""One step by its cell: the tree of what the kernel would ask, explored beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pystator import kernel
from pystator.cells import Cell, CellTooLarge, Done, explore
from pystator.compiler.flatten.tables import Flat
from tests.case_kernel import Answers, Ask, Given, outcome_of
from tests.oracle import OracleEvent, OracleOutcome

FindCell = Callable[[kernel.Configuration, int], Cell | None]


class LazyCells:
    """The cells of a machine, each explored when it is first needed."""

    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self._known: dict[tuple[kernel.Configuration, int], Cell | None] = {}

    def __call__(self, leaves: kernel.Configuration, trigger: int) -> Cell | None:
        """None where the cell is too large, or would depend on history."""
        if (leaves, trigger) not in self._known:
            try:
                cell = explore(self.flat.tables, leaves, trigger)
            except CellTooLarge:
                cell = None
            self._known[leaves, trigger] = cell
        return self._known[leaves, trigger]


def cell_step(
    cells: LazyCells,
    state: str,
    event: OracleEvent | None,
    context: dict[str, object],
    ask: Ask,
    now: datetime,
) -> OracleOutcome | None:
    """One step from `state`, or the start; None if there is no cell for it."""
    given = Given.read(cells.flat, state, event)
    cell = cells(given.leaves, given.trigger)
    if cell is None:
        return None
    answers = Answers(cells.flat, given, context, ask, now)
    return outcome_of(_decide(cell, answers, given.leaves), answers, context)


def _decide(
    cell: Cell, answers: Answers, leaves: kernel.Configuration
) -> kernel.Outcome:
    applied = 0
    while True:
        effects = cell.outcome.effects if isinstance(cell, Done) else cell.effects
        try:
            for effect in effects[applied:]:
                answers(effect)
        except Exception as error:
            return kernel.Outcome(kernel.Reason.EFFECT_ERROR, leaves, error=error)
        applied = len(effects)
        if isinstance(cell, Done):
            return cell.outcome
        tried = cell.tried
        try:
            holds = answers(kernel.Ask(tried, cell.residue, cell.event))
        except Exception as error:
            return kernel.Outcome(
                kernel.Reason.GUARD_ERROR,
                leaves,
                refused=tried[-1],
                tried=tried,
                error=error,
            )
        cell = cell.yes if holds else cell.no

"""Cells with more outcomes than can be written out."""

from __future__ import annotations

from pystator.cells import OUTCOME_LIMIT
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat


def check_size(flat: Flat, cells: Cells, report: Report) -> None:
    """One diagnostic a trigger: the first state in which it is too large."""
    seen: set[int] = set()
    machine = flat.machine
    for trigger, leaf in cells.too_large:
        if trigger in seen:
            continue
        seen.add(trigger)
        if leaf < 0:
            place, what = machine.name, "the start"
        else:
            place = machine.states[leaf].name
            timer = flat.timer_of(trigger)
            name = machine.events[trigger].name if timer is None else timer.name
            what = f"{quoted(name)} in state {quoted(place)}"
        report.add(
            diagnostic(
                "PS0404",
                f"{what} has more than {OUTCOME_LIMIT} different outcomes, "
                "which is not supported yet",
                place.span,
                notes=(
                    "every guard that is asked alone may double the outcomes of a step",
                ),
                help=("join guards that belong together with `allOf`",),
            )
        )

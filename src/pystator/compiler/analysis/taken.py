"""Transitions that are never taken, because something before them always is."""

from __future__ import annotations

from typing import Final

from pystator.compiler.analysis.entry import taken_from
from pystator.compiler.analysis.folding import folded
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, Transition

_ELSEWHERE: Final = (
    "wherever it could be taken, its guards cannot hold, another transition without a "
    "guard comes first, or the step would never come to rest"
)
_HELP: Final = ("give the earlier one a guard, put this one before it, or remove it",)


def check_taken(flat: Flat, cells: Cells, report: Report) -> None:
    """A transition whose own guard never holds has been reported as such."""
    if report.has_errors:
        return
    machine = flat.machine
    taken = {
        number for found, _ in taken_from(flat, cells).values() for number in found
    }
    for transition in machine.transitions:
        if transition.id in taken or _never_holds(transition):
            continue
        source = machine.states[transition.source].name
        shadow = _shadow(machine, transition)
        report.add(
            diagnostic(
                "PS0402",
                f"this transition of {quoted(source)} on {_cause(transition)} "
                "is never taken",
                transition.source_span,
                secondary=tuple(
                    Label(other.source_span, "this one has no guard: it wins")
                    for other in shadow
                ),
                notes=() if shadow else (_ELSEWHERE,),
                help=_HELP if shadow else (),
            )
        )


def _never_holds(transition: Transition) -> bool:
    return any(folded(guard) is False for guard in transition.guards)


def _shadow(machine: Machine, transition: Transition) -> list[Transition]:
    """The first unguarded transition of the same state before this one, if any.

    Two delays are two timers: none of them comes before the other.
    """
    if transition.trigger is None and not transition.auto:
        return []
    key = (transition.priority, transition.id)
    return [
        other
        for other in machine.transitions
        if other.source == transition.source
        and other.trigger == transition.trigger
        and other.auto == transition.auto
        and (other.priority, other.id) < key
        and not other.guards
    ][:1]


def _cause(transition: Transition) -> str:
    if transition.trigger is not None:
        return quoted(transition.trigger)
    return "`auto`" if transition.auto else "`after`"

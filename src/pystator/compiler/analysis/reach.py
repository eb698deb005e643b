"""States that nothing enters, whatever the guards answer."""

from __future__ import annotations

from pystator.compiler.analysis.entry import entered, taken_from
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import ROOT


def check_reach(flat: Flat, cells: Cells, report: Report) -> None:
    """A state that is entered and left in the same step is reached too.

    Of an unreachable compound only the outermost state is reported.
    """
    if report.has_errors:
        return
    machine = flat.machine
    possible = taken_from(flat, cells)
    reached = {int(ROOT)}
    visited: set[int] = set()
    pending = [int(ROOT)]
    while pending:
        leaf = pending.pop()
        if leaf in visited or leaf not in possible:
            continue
        visited.add(leaf)
        taken, targets = possible[leaf]
        for transition in taken:
            reached.update(entered(flat.tables, transition))
        pending += targets
    for state in machine.states:
        if state.id in reached or state.parent not in reached:
            continue
        inside = state.last - state.id
        report.add(
            diagnostic(
                "PS0401",
                f"state {quoted(state.name)} is never entered",
                state.name.span,
                label=f"nor are the {inside} states inside it" if inside > 1 else "",
                help=("add a transition that leads to it, or remove it",),
            )
        )

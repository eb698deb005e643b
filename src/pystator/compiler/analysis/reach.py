"""States that nothing enters, whatever the guards answer."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from pystator.compiler.analysis.entry import entered
from pystator.compiler.analysis.known import Known
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, State, Transition

_PLACES: Final = 3
"""Transitions that one message points at."""


def check_reach(flat: Flat, known: Known, report: Report) -> None:
    """A state that is entered and left in the same step is reached too.

    Of an unreachable compound only the outermost state is reported. What is entered
    only in a step that never comes to rest is not: the transition there is.
    """
    if report.has_errors:
        return
    machine = flat.machine
    if len(known.reached) == len(machine.states):
        return
    reached = known.entered
    leading = _leading(flat, reached)
    for state in machine.states:
        if state.id not in reached and state.parent in reached:
            report.add(_diagnostic(machine, state, leading.get(state.id, []), reached))


def _leading(flat: Flat, reached: Set[int]) -> dict[int, list[Transition]]:
    """The transitions that would enter each of the other states, from outside."""
    found: dict[int, list[Transition]] = {}
    for transition in flat.machine.transitions:
        for state in entered(flat.tables, transition.id):
            inside = flat.machine.states[state]
            if state not in reached and not state <= transition.source <= inside.last:
                found.setdefault(state, []).append(transition)
    return found


def _diagnostic(
    machine: Machine, state: State, leading: list[Transition], reached: Set[int]
) -> Diagnostic:
    inside = state.last - state.id
    if inside == 1:
        label = "nor is the state inside it"
    else:
        label = f"nor are the {inside} states inside it" if inside else ""
    secondary: list[Label] = []
    lost: list[str] = []
    for transition in leading:
        source = quoted(machine.states[transition.source].name)
        if transition.source in reached:
            text = "leads to it, but is never taken"
        else:
            text = f"leads to it, but {source} is never entered either"
            lost.append(source)
        secondary.append(Label(transition.source_span, text))
    if lost:
        help = f"add a transition that leads to it or to {lost[0]}, or remove both"
    elif leading:
        help = "let this transition be taken, or remove the state"
    else:
        help = "add a transition that leads to it, or remove it"
    return diagnostic(
        "PS0401",
        f"state {quoted(state.name)} is never entered",
        state.name.span,
        label=label,
        secondary=secondary[:_PLACES],
        help=(help,),
    )

"""Completions that never happen, since no terminal child is ever entered."""

from __future__ import annotations

from typing import Final

from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.spread import completing
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import State, StateKind, Transition

_PLACES: Final = 3
"""Terminal states that one message points at."""


def check_completions(flat: Flat, known: Known, report: Report) -> None:
    """Nothing is said of a state that is never entered."""
    if report.has_errors:
        return
    machine = flat.machine
    for transition in machine.transitions:
        if not transition.done or transition.source not in known.entered:
            continue
        state = machine.states[transition.source]
        for number, terminal in enumerate(completing(machine, state.id)):
            if known.entered.isdisjoint(terminal):
                part = state
                if state.kind is StateKind.PARALLEL:
                    part = machine.states[state.children[number]]
                children = [machine.states[child] for child in terminal]
                report.add(_diagnostic(transition, state, part, children))
                break


def _diagnostic(
    transition: Transition, state: State, part: State, terminal: list[State]
) -> Diagnostic:
    secondary = [
        Label(child.name.span, "terminal, but never entered") for child in terminal
    ]
    if terminal:
        note = f"no terminal child of {quoted(part.name)} is ever entered"
        help = f"add a transition that leads to {quoted(terminal[0].name)}"
    else:
        note = f"{quoted(part.name)} has no terminal child"
        help = "give one of its states `type: terminal`, or use another cause"
    if part is not state:
        secondary.insert(0, Label(part.name.span, "this region is never complete"))
        note = note.replace(quoted(part.name), f"the region {quoted(part.name)}", 1)
    return diagnostic(
        "PS0404",
        f"{quoted(state.name)} is never done, so this transition is never taken",
        transition.source_span,
        secondary=secondary[:_PLACES],
        notes=(note,),
        help=(help,),
    )

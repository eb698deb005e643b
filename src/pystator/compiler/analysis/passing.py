"""Delays and services of states that are always left at once."""

from __future__ import annotations

from pystator.compiler.analysis.folding import folded
from pystator.compiler.analysis.known import Known
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.domain import is_inner
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, StateId, StateKind, Transition


def check_passing(flat: Flat, known: Known, report: Report) -> None:
    if report.has_errors:
        return
    machine = flat.machine
    leaving = _leaving(machine)
    for timer in machine.timers:
        if timer.state in leaving:
            delayed = machine.transitions[timer.transition]
            _report(machine, leaving[timer.state], "delay", delayed.source_span, report)
    for service in machine.services:
        if service.state in leaving:
            _report(
                machine, leaving[service.state], "service", service.name.span, report
            )


def _leaving(machine: Machine) -> dict[StateId, Transition]:
    """For each state that nothing can rest in, the transition that leaves it.

    Where something inside is eventless too, that comes first.
    """
    eventless = sorted(
        {t.source for t in machine.transitions if t.auto}
        | {s.id for s in machine.states if s.kind is StateKind.CHOICE}
    )
    found: dict[StateId, Transition] = {}
    for transition in machine.transitions:
        state = transition.source
        if not transition.auto or not transition.targets or state in found:
            continue
        if machine.states[state].kind in (StateKind.ROOT, StateKind.CHOICE):
            continue
        if is_inner(machine, transition):
            continue
        if any(machine.inside(other, state) for other in eventless):
            continue
        if all(folded(guard) is True for guard in transition.guards):
            found[state] = transition
    return found


def _report(
    machine: Machine, leaving: Transition, what: str, span: Span, report: Report
) -> None:
    name = quoted(machine.states[leaving.source].name)
    report.add(
        diagnostic(
            "PS0407",
            f"this {what} never ends: {name} is left at once",
            span,
            secondary=(Label(leaving.source_span, "taken as soon as it is entered"),),
            help=(f"give the `auto` transition a guard, or remove the {what}",),
        )
    )

"""Delays and services of states that are always left at once."""

from __future__ import annotations

from collections.abc import Mapping

from pystator.compiler.analysis.folding import folded
from pystator.compiler.analysis.known import Known
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.domain import is_inner
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, StateId, StateKind, Transition


def check_passing(flat: Flat, known: Known, report: Report) -> None:
    """A state that some step enters and that no step comes to rest in. Where not all
    steps are known, only what an `auto` transition of its own leaves.
    """
    if report.has_errors:
        return
    machine = flat.machine
    leaving = _leaving(machine)
    for timer in machine.timers:
        if _is_passed(known, timer.state, leaving):
            span = machine.transitions[timer.transition].source_span
            _report(machine, timer.state, leaving, "delay", span, report)
    for service in machine.services:
        if _is_passed(known, service.state, leaving):
            span = service.name.span
            _report(machine, service.state, leaving, "service", span, report)


def _is_passed(
    known: Known, state: StateId, leaving: Mapping[StateId, Transition]
) -> bool:
    if state in leaving:
        return True
    whole = known.exact and not known.steps.endless
    return whole and state in known.reached and state not in known.resting


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
    machine: Machine,
    state: StateId,
    leaving: Mapping[StateId, Transition],
    what: str,
    span: Span,
    report: Report,
) -> None:
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    if state in leaving:
        text = "taken as soon as it is entered"
        secondary = (Label(leaving[state].source_span, text),)
        help = f"give the `auto` transition a guard, or remove the {what}"
    else:
        notes = (
            "each step that enters it goes on to another state: by `auto`, by a "
            "completion, or by an event that is raised on the way",
        )
        help = f"let the next transition wait for an event, or remove the {what}"
    report.add(
        diagnostic(
            "PS0407",
            f"this {what} never ends: {quoted(machine.states[state].name)} is left "
            "at once",
            span,
            secondary=secondary,
            notes=notes,
            help=(help,),
        )
    )

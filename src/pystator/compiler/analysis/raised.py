"""Raised events: something must handle them, and they come without a payload."""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.machine import Field, Machine, Raise, StateKind
from pystator.compiler.ir.walk import all_actions


def check_raised(machine: Machine, report: Report) -> None:
    states, events = machine.states, {str(e.name): e for e in machine.events}
    resting = {
        str(transition.trigger)
        for transition in machine.transitions
        if transition.trigger is not None
        and states[transition.source].kind is not StateKind.CHOICE
    }
    for action in all_actions(machine):
        if not isinstance(action, Raise):
            continue
        needed = [f for f in events[action.trigger].payload or () if f.required]
        if needed:
            _report_payload(action, needed[0], report)
        elif action.trigger not in resting:
            _report_unhandled(machine, action, resting, report)


def _report_payload(action: Raise, needed: Field, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0509",
            f"{quoted(action.trigger)} cannot be raised: it needs a payload",
            action.trigger.span,
            label="a raised event has none",
            secondary=(Label(needed.name.span, f"{quoted(needed.name)} is required"),),
            help=(
                f"give {quoted(needed.name)} a default, or raise an event of its own",
            ),
        )
    )


def _report_unhandled(
    machine: Machine, action: Raise, resting: set[str], report: Report
) -> None:
    choices = [
        Label(transition.source_span, "a choice only hands it on")
        for transition in machine.transitions
        if transition.trigger == action.trigger
    ]
    report.add(
        diagnostic(
            "PS0405",
            f"nothing handles {quoted(action.trigger)}, which is raised here",
            action.trigger.span,
            label="no transition has this trigger",
            secondary=choices[:1],
            help=did_you_mean(action.trigger, sorted(resting))
            or ("add a transition with this trigger, or do not raise it",),
        )
    )

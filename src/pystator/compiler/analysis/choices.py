"""Choices that may be stuck: for every way in, one way out must be certain."""

from __future__ import annotations

from typing import Final

from pystator import kernel
from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.logic import Logic
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import State

_PLACES: Final = 3
"""Ways out that one message points at."""


def check_choices(flat: Flat, known: Known, report: Report) -> None:
    """Each choice once, for the first way in that has no certain way out."""
    if not flat.tables.choices:
        return
    logic = Logic(flat.machine)
    for choice, waiting in flat.tables.choices.items():
        for cause in sorted(known.led_into.get(choice, ())):
            ways = [n for t, n in waiting if t in (kernel.NO_TRIGGER, cause)]
            guards = [flat.machine.transitions[number].guards for number in ways]
            wanted = kernel.AnyOf(tuple(logic.all_of(each) for each in guards))
            if all(guards) and not logic.always(wanted):
                _report(flat, flat.machine.states[choice], cause, ways, report)
                break


def _report(
    flat: Flat, choice: State, cause: int, ways: list[int], report: Report
) -> None:
    transitions = [flat.machine.transitions[number] for number in ways]
    others = [n for _, n in flat.tables.choices[choice.id] if n not in ways]
    name = quoted(choice.name)
    if cause == kernel.NO_TRIGGER:
        entered = "an `auto` or `done` transition, a delay or the start"
    else:
        entered = quoted(flat.machine.events[cause].name)
    if not ways:
        message = f"choice {name} has no way out when {entered} leads into it"
    else:
        message = f"choice {name} may have no way out when {entered} leads into it"
    labels = [
        *(Label(t.source_span, "its guards may not hold") for t in transitions),
        *(
            Label(
                flat.machine.transitions[number].source_span,
                f"only for {quoted(flat.machine.transitions[number].trigger or '')}",
            )
            for number in others
        ),
    ]
    report.add(
        diagnostic(
            "PS0315",
            message,
            choice.name.span,
            label="a choice cannot be stayed in",
            secondary=labels[:_PLACES],
            help=(
                f"add a transition from {name} that has `auto: true` and no guards, as "
                "the last one",
            ),
        )
    )

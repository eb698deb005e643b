"""Properties as written -> as meant.

{never: SHIPPED and not paid}  ->  Invariant(SHIPPED and not paid, holds=False)
"""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.behaviour import Behaviour
from pystator.compiler.ir.machine import (
    Claim,
    Invariant,
    LeadsTo,
    Property,
    Reachable,
    Terminates,
)
from pystator.compiler.source.model import PropertySource
from pystator.compiler.source.text import Text


def build_properties(
    sources: Iterable[PropertySource], behaviour: Behaviour, report: Report
) -> tuple[Property, ...]:
    """Those whose names mean something; faults go to the report."""
    built: list[Property] = []
    named: dict[str, Text] = {}
    for source in sources:
        if source.name:
            first = named.setdefault(source.name, source.name)
            if first is not source.name:
                _report_twice(source.name, first, report)
        claim = _claim(source, behaviour)
        if claim is not None:
            place = _written(source) or source.reachable or source.leads_to or source
            name = str(source.name or _text(claim))
            built.append(
                Property(name, claim, place.span, str(source.description or ""))
            )
    return tuple(built)


def _written(source: PropertySource) -> Text | None:
    return source.never if source.always is None else source.always


def _claim(source: PropertySource, behaviour: Behaviour) -> Claim | None:
    written = _written(source)
    if written is not None:
        condition = behaviour.expression(written, states=True)
        if condition is None:
            return None
        return Invariant(condition, holds=source.always is not None)
    if source.reachable is not None:
        state = behaviour.state(source.reachable)
        return None if state is None else Reachable(state, source.reachable)
    if source.leads_to is not None:
        names = source.leads_to.start, source.leads_to.end
        start, end = (behaviour.state(name) for name in names)
        if start is None or end is None:
            return None
        return LeadsTo(start, names[0], end, names[1])
    return Terminates()


def _text(claim: Claim) -> str:
    match claim:
        case Invariant(condition, holds):
            return f"{'always' if holds else 'never'}: {condition.text}"
        case Reachable(_, name):
            return f"reachable: {name}"
        case LeadsTo(_, start, _, end):
            return f"leads_to: from {start} to {end}"
        case Terminates():
            return "terminates"


def _report_twice(again: Text, first: Text, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0202",
            f"property {quoted(again)} is declared twice",
            again.span,
            label="declared again here",
            secondary=(Label(first.span, "first declared here"),),
            help=("rename one of them, or remove it",),
        )
    )

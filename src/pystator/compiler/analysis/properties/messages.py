"""What is said of a property that fails or was not decided."""

from __future__ import annotations

from pystator.compiler.analysis.properties.graph import Graph
from pystator.compiler.analysis.properties.told import (
    after_text,
    end_of,
    place_text,
    steps_text,
    values_text,
)
from pystator.compiler.analysis.properties.verdict import Fails, Undecided
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.tree import Expr, Name, children
from pystator.compiler.ir.machine import (
    Invariant,
    LeadsTo,
    Property,
    Reachable,
    StateKind,
    Terminates,
)


def failure(graph: Graph, found: Property, verdict: Fails) -> Diagnostic:
    name = quoted(found.name)
    match found.claim:
        case Invariant() as claim:
            return _invariant(graph, found, claim, verdict)
        case Reachable(state, state_name):
            kind = graph.world.flat.machine.states[state].kind
            note = "a choice is left as soon as it is entered: nothing rests in it"
            return diagnostic(
                "PS0702",
                f"property {name} fails: no sequence of events leads to "
                f"{quoted(state_name)}",
                found.span,
                label="the machine never rests in it",
                notes=(note,) if kind is StateKind.CHOICE else (),
                help=("add a transition that leads to it",),
            )
        case LeadsTo() as claim:
            return _leads_to(graph, found, claim, verdict)
        case Terminates():
            end = place_text(graph, end_of(graph, verdict.way))
            return diagnostic(
                "PS0704",
                f"property {name} fails {after_text(graph, verdict.way)}",
                found.span,
                label="no end can be reached any more",
                notes=(f"from {end} no sequence of events leads to an end",),
                help=("add a transition from there that leads to a terminal state",),
            )


def _invariant(
    graph: Graph, found: Property, claim: Invariant, verdict: Fails
) -> Diagnostic:
    node = end_of(graph, verdict.way)
    values = values_text(graph, node, _named(claim.condition.expr))
    rest = f", with {values}" if values else ""
    return diagnostic(
        "PS0701",
        f"property {quoted(found.name)} fails {after_text(graph, verdict.way)}",
        found.span,
        label="does not hold then" if claim.holds else "holds then",
        notes=(f"the machine rests in {place_text(graph, node)} then{rest}",),
    )


def _leads_to(
    graph: Graph, found: Property, claim: LeadsTo, verdict: Fails
) -> Diagnostic:
    node = end_of(graph, verdict.way)
    place, end = place_text(graph, node), quoted(claim.end_name)
    message = f"property {quoted(found.name)} fails {after_text(graph, verdict.way)}"
    if verdict.circle:
        message += f", then for ever {steps_text(graph, verdict.circle)}"
        note = f"{end} never comes while these steps lead from {place} back to it"
    elif node.leaves[0] in graph.steps.tables.final:
        note = f"the machine has ended in {place} then, and {end} did not come"
    else:
        note = f"nothing leads on from {place}, and {end} did not come"
    return diagnostic(
        "PS0703",
        message,
        found.span,
        label=f"{end} need not come",
        notes=(note,),
    )


def undecided(graph: Graph, found: Property, verdict: Undecided) -> Diagnostic:
    """Where a run would decide it that may be none, or values are not known."""
    if verdict.way:
        way = after_text(graph, verdict.way)
        return _undecided(
            found,
            f"could not be decided: it depends on what happens {way}",
            "no values were found for which these steps are taken so",
        )
    names = " and ".join(quoted(name) for name in verdict.variables)
    several = len(verdict.variables) > 1
    values = f"the values of {names} are" if several else f"the value of {names} is"
    wide = [quoted(name) for name in verdict.variables if name in graph.wide]
    return _undecided(
        found,
        f"could not be decided: {values} not known",
        *(f"{name} takes too many values to follow them all" for name in wide),
    )


def too_much(found: Property, followed: int) -> Diagnostic:
    return _undecided(
        found,
        f"could not be decided within {followed} configurations",
        "a configuration counts once for each combination of values of the variables "
        "that guards and properties ask for",
    )


def _undecided(found: Property, why: str, *notes: str) -> Diagnostic:
    return diagnostic(
        "PS0705",
        f"property {quoted(found.name)} {why}",
        found.span,
        label="neither proved nor refuted",
        notes=notes,
    )


def _named(expr: Expr) -> list[str]:
    """The variables that an expression may name, once each."""
    found: dict[str, None] = {}
    pending = [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, Name):
            found[part.path[0]] = None
        pending += reversed(children(part))
    return list(found)

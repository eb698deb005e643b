"""The members of the enums: states, triggers, reasons, services; what is in what."""

from __future__ import annotations

from dataclasses import dataclass

from pystator import kernel
from pystator.compiler.emit.layout import Group, lay_out
from pystator.compiler.emit.names import Identifier
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import StringLiteral, ascii_literal
from pystator.compiler.ir.machine import StateKind


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an enum."""

    name: Identifier
    value: StringLiteral


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """`row` says what the service is and which triggers report its end."""

    name: Identifier
    value: StringLiteral
    row: Code


def leaf_members(words: Vocabulary) -> tuple[Member, ...]:
    """The states that an entity can rest in."""
    table = words.names.states
    leaves = words.machine.leaves
    return tuple(Member(table[s.name], ascii_literal(s.name)) for s in leaves)


def node_members(words: Vocabulary) -> tuple[Member, ...]:
    """The states with states inside; regions are none."""
    table = words.names.nodes
    return tuple(
        Member(table[state.name], ascii_literal(state.name))
        for state in words.machine.states
        if state.kind in (StateKind.COMPOUND, StateKind.PARALLEL)
    )


def trigger_members(words: Vocabulary) -> tuple[Member, ...]:
    table = words.names.triggers
    events = words.machine.events
    return tuple(Member(table[e.name], ascii_literal(e.name)) for e in events)


def reason_members(effects_fail: bool) -> tuple[Member, ...]:
    """Those that can occur."""
    left_out = set() if effects_fail else {kernel.Reason.EFFECT_ERROR}
    return tuple(
        Member(Identifier(reason.name), ascii_literal(reason.value))
        for reason in kernel.Reason
        if reason not in left_out
    )


def service_plans(words: Vocabulary) -> tuple[ServicePlan, ...]:
    triggers = words.names.triggers

    def trigger(name: str | None) -> str:
        return "None" if name is None else f"Trigger.{triggers[name]}"

    plans: list[ServicePlan] = []
    for service in words.machine.services:
        name = words.names.services[service.id]
        ends = (trigger(service.on_done), trigger(service.on_error))
        items = (ascii_literal(service.source), *ends)
        state = words.machine.states[service.state].name
        plans.append(
            ServicePlan(
                name,
                ascii_literal(f"{state}/{service.name}"),
                lay_out(Group(f"Service.{name}: (", items, ")"), 4, 1),
            )
        )
    return tuple(plans)


def within_rows(words: Vocabulary) -> tuple[Code, ...]:
    """For every leaf itself and the nodes around it."""
    names = words.names
    if not names.nodes:
        return ()
    rows = []
    for leaf in words.machine.leaves:
        around = words.machine.path_to(leaf.id)[1:-1]
        member = f"State.{names.states[leaf.name]}"
        nodes = [
            f"Node.{names.nodes[words.machine.states[state].name]}"
            for state in reversed(around)
            if words.machine.states[state].kind is not StateKind.REGION
        ]
        members = Group("{", (member, *nodes), "}")
        rows.append(lay_out(Group(f"{member}: frozenset(", (members,), ")"), 4, 1))
    return tuple(rows)

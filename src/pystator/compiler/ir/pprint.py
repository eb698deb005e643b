"""A machine as text, for people and for tests: one line for each fact.

    {trigger: fill, source: OPEN, dest: DONE, guards: big}

    transition OPEN/fill
      trigger fill
      source OPEN
      target DONE
      guard big()

Things are called by their names, so that what is added shifts nothing else. Texts of
the author are quoted, and what is unprintable in them is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pystator.compiler.ir.machine import (
    Event,
    Field,
    Invariant,
    LeadsTo,
    Machine,
    Property,
    Reachable,
    Service,
    State,
    StateId,
    StateKind,
    Terminates,
    Transition,
)
from pystator.compiler.ir.shown import (
    action_text,
    guard_text,
    key,
    literal,
    state_name,
    target_name,
    transition_names,
    type_text,
)

INDENT: Final = "  "


def print_machine(machine: Machine) -> str:
    """The whole machine; ends with a line feed."""
    lines = [f"machine {literal(machine.name)}", *indented(_head(machine))]
    for variable in machine.variables or ():
        lines += [f"variable {_field(variable)}", *indented(_field_facts(variable))]
    for event in machine.events:
        lines += [f"event {event.name}", *indented(_event(event))]
    running = _running(machine)
    for state in machine.states:
        lines.append(f"state {state_name(machine, state.id)}")
        lines += indented(_state(machine, state, running.get(state.id, [])))
    names = transition_names(machine)
    for transition in machine.transitions:
        lines.append(f"transition {names[transition.id]}")
        lines += indented(_transition(machine, transition))
    for each in machine.properties:
        lines += [f"property {literal(each.name)}", *indented(_property(each))]
    return "".join(f"{line}\n" for line in lines)


def indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"{INDENT}{line}" for line in lines)


def _head(machine: Machine) -> Iterator[str]:
    if machine.version:
        yield f"version {literal(machine.version)}"
    if machine.description:
        yield f"description {literal(machine.description)}"
    yield f"strict {literal(machine.strict)}"
    if machine.normalizer:
        yield f"normalizer {machine.normalizer}"
    yield f"context {'dynamic' if machine.variables is None else 'typed'}"
    for name, data in machine.meta:
        yield f"meta {key(name)} = {literal(data)}"
    if machine.fallback is not None:
        yield f"fallback {state_name(machine, machine.fallback)}"
    for name, data in machine.groups:
        yield f"group {key(name)} = {literal(data)}"


def _field(field: Field) -> str:
    return f"{key(field.name)}: {type_text(field.type)}"


def _field_facts(field: Field) -> Iterator[str]:
    if field.required:
        yield "required"
    if field.has_default:
        yield f"default {literal(field.default)}"
    if field.description:
        yield f"description {literal(field.description)}"


def _event(event: Event) -> Iterator[str]:
    if event.declared:
        yield "declared"
    if event.description:
        yield f"description {literal(event.description)}"
    if event.payload is None:
        yield "payload open"
    for field in event.payload or ():
        yield f"field {_field(field)}"
        yield from indented(_field_facts(field))


def _running(machine: Machine) -> dict[StateId, list[str]]:
    """What runs while a state is active, by state."""
    running: dict[StateId, list[str]] = {}
    for timer in machine.timers:
        text = f"timer {timer.name} {timer.delay_ms}ms"
        running.setdefault(timer.state, []).append(text)
    for service in machine.services:
        running.setdefault(service.state, []).append(_service(service))
    return running


def _state(machine: Machine, state: State, running: list[str]) -> Iterator[str]:
    yield f"kind {state.kind}"
    if state.kind is not StateKind.ROOT:
        if state.type != state.kind:
            yield f"type {state.type}"
        yield f"parent {state_name(machine, state.parent)}"
    if state.initial is not None:
        yield f"initial {state_name(machine, state.initial)}"
    for action in state.on_enter:
        yield f"enter {action_text(action)}"
    for action in state.on_exit:
        yield f"exit {action_text(action)}"
    yield from running
    if state.group:
        yield f"group {literal(state.group)}"
    if state.description:
        yield f"description {literal(state.description)}"


def _service(service: Service) -> str:
    text = f"service {service.name} {literal(service.source)}"
    if service.on_done is not None:
        text += f" done={service.on_done}"
    if service.on_error is not None:
        text += f" error={service.on_error}"
    return text


def _property(found: Property) -> Iterator[str]:
    match found.claim:
        case Invariant(condition, holds):
            yield f"{'always' if holds else 'never'} {condition.text}"
        case Reachable(_, name):
            yield f"reachable {name}"
        case LeadsTo(_, start, _, end):
            yield f"leads_to from {start} to {end}"
        case Terminates():
            yield "terminates"
    if found.description:
        yield f"description {literal(found.description)}"


def _transition(machine: Machine, transition: Transition) -> Iterator[str]:
    if transition.trigger is not None:
        yield f"trigger {transition.trigger}"
    if transition.delay_ms is not None:
        word = "timeout" if transition.timeout else "after"
        yield f"{word} {transition.delay_ms}ms"
    if transition.auto:
        yield "auto"
    if transition.done:
        yield "done"
    yield f"source {state_name(machine, transition.source)}"
    for target in transition.targets:
        yield f"target {target_name(target)}"
    if transition.internal:
        yield "internal"
    if transition.priority:
        yield f"priority {transition.priority}"
    for guard in transition.guards:
        yield f"guard {guard_text(guard)}"
    for action in transition.actions:
        yield f"action {action_text(action)}"
    for ref in transition.refs:
        yield f"ref {literal(ref)}"
    if transition.description:
        yield f"description {literal(transition.description)}"

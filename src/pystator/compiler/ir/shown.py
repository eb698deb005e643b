"""Guards, actions and data as text for people: on one line, and the same every time.

What the author calls by name has parentheses, what is computed has not:

    {name: may_review, params: {grade: 3}}  ->  may_review(grade=3)
    {expr: qty >= total}                    ->  qty >= total
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Final

from pystator.compiler.diagnostics.quote import visible
from pystator.compiler.ir.machine import (
    Action,
    Add,
    AllOf,
    AnyOf,
    Append,
    Clear,
    Condition,
    Guard,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
    Raise,
    SetEffect,
    StateId,
    StateKind,
    Target,
    Timestamp,
    Transition,
)
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Data, Text, Value

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")


def literal(data: Data) -> str:
    """As JSON, with everything unprintable escaped."""
    return visible(json.dumps(data, ensure_ascii=False))


def key(text: str) -> str:
    """A name as it is, any other key in quotes."""
    return str(text) if _NAME.fullmatch(text) else literal(text)


def group_labels(machine: Machine) -> dict[str, str]:
    """What each group is shown as: the declared ones, then others that states name.

    A group is declared as its label, or as a mapping that has one.
    """
    labels: dict[str, str] = {}
    for name, data in machine.groups:
        match data:
            case str(label) | {"label": str(label)} if label:
                labels[name] = label
            case _:
                labels[name] = str(name)
    for state in machine.states:
        if state.group:
            labels.setdefault(state.group, state.group)
    return labels


def type_text(type_: Type) -> str:
    match type_:
        case Type(kind=Kind.LIST, element=Type() as element):
            text = f"list[{type_text(element)}]"
        case Type(kind=Kind.ENUM, values=values):
            text = f"enum[{', '.join(map(literal, values))}]"
        case Type(kind=Kind.OBJECT, fields=tuple() as fields):
            inside = (f"{key(name)}: {type_text(inner)}" for name, inner in fields)
            text = f"object{{{', '.join(inside)}}}"
        case _:
            text = type_.kind.value
    return f"{text}?" if type_.optional else text


def guard_text(guard: Guard) -> str:
    match guard:
        case NamedGuard(name, params):
            return _call(name, params)
        case Condition(_, text):
            return visible(text)
        case InState(_, name):
            return f"in_state({name})"
        case AllOf(guards):
            return f"allOf({', '.join(map(guard_text, guards))})"
        case AnyOf(guards):
            return f"anyOf({', '.join(map(guard_text, guards))})"
        case Not(inner):
            return f"not({guard_text(inner)})"


def action_text(action: Action) -> str:
    match action:
        case NamedAction(name, params):
            return _call(name, params)
        case SetEffect(assignments):
            each = (f"{key(a.field)} = {_value(a.value)}" for a in assignments)
            return f"set {', '.join(each)}"
        case Timestamp(field):
            return f"timestamp {field}"
        case Add(field, amount):
            return f"{'increment' if amount > 0 else 'decrement'} {field}"
        case Append(field, value):
            return f"append {_value(value)} to {field}"
        case Clear(field):
            return f"clear {field}"
        case Raise(trigger):
            return f"raise {trigger}"


def _call(name: Text, params: tuple[tuple[str, Data], ...]) -> str:
    return f"{name}({', '.join(f'{key(p)}={literal(v)}' for p, v in params)})"


def _value(value: Value | Condition) -> str:
    if isinstance(value, Condition):
        return visible(value.text)
    return literal(value.data)


def state_name(machine: Machine, state: StateId) -> str:
    """A region, whose name others may have too, is called `PARALLEL/region`."""
    here = machine.states[state]
    if here.kind is not StateKind.REGION:
        return str(here.name)
    return f"{machine.states[here.parent].name}/{here.name}"


def target_name(target: Target) -> str:
    if target.history is None:
        return str(target.name)
    return f"{target.history}({target.name})"


def transition_names(machine: Machine) -> tuple[str, ...]:
    """One name for each: `SOURCE/trigger`, and `SOURCE/trigger#2` for the next such.

    They change only with what leaves the same state for the same cause.
    """
    counts: Counter[str] = Counter()
    names: list[str] = []
    for transition in machine.transitions:
        name = f"{machine.states[transition.source].name}/{_cause(transition)}"
        counts[name] += 1
        names.append(name if counts[name] == 1 else f"{name}#{counts[name]}")
    return tuple(names)


def _cause(transition: Transition) -> str:
    if transition.trigger is not None:
        return str(transition.trigger)
    if transition.auto or transition.done:
        return "auto" if transition.auto else "done"
    return "timeout" if transition.timeout else "after"

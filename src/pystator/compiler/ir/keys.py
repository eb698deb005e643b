"""One text for a guard or an action: its name in results, and its identity.

Two guards with the same key ask the same question.
"""

from __future__ import annotations

from pystator.compiler.ir.machine import (
    Action,
    Add,
    AllOf,
    AnyOf,
    Append,
    Assign,
    Clear,
    Condition,
    Guard,
    InState,
    NamedAction,
    NamedGuard,
    Not,
    Raise,
    SetEffect,
    Timestamp,
)


def guard_name(guard: Guard) -> str:
    """What results and reports call the guard."""
    match guard:
        case NamedGuard(name):
            return str(name)
        case Condition(_, text):
            return text
        case InState(_, name):
            return f"in_state({name})"
        case AllOf(guards):
            return f"allOf({', '.join(map(guard_name, guards))})"
        case AnyOf(guards):
            return f"anyOf({', '.join(map(guard_name, guards))})"
        case Not(inner):
            return f"not({guard_name(inner)})"


def guard_key(guard: Guard) -> str:
    match guard:
        case NamedGuard(name, params):
            return f"named {name} {params!r}"
        case Condition(_, text):
            return f"expr {text}"
        case InState(state):
            return f"in {state}"
        case AllOf(guards):
            return f"all ({', '.join(map(guard_key, guards))})"
        case AnyOf(guards):
            return f"any ({', '.join(map(guard_key, guards))})"
        case Not(inner):
            return f"not ({guard_key(inner)})"


def action_key(action: Action) -> str:
    match action:
        case NamedAction(name, params):
            return f"call {name} {params!r}"
        case SetEffect(assignments):
            return f"set {', '.join(map(_assign_key, assignments))}"
        case Timestamp(field):
            return f"timestamp {field}"
        case Add(field, amount):
            return f"add {field} {amount}"
        case Append(field, value):
            return f"append {_assign_key(Assign(field, value))}"
        case Clear(field):
            return f"clear {field}"
        case Raise(trigger):
            return f"raise {trigger}"


def _assign_key(assign: Assign) -> str:
    value = assign.value
    text = value.text if isinstance(value, Condition) else repr(value.data)
    return f"{assign.field} {type(value).__name__} {text}"

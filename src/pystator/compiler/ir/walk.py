"""The named guards and actions of a machine, in order of appearance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pystator.compiler.ir.machine import (
    Action,
    AllOf,
    AnyOf,
    Append,
    Condition,
    Guard,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
    SetEffect,
)
from pystator.compiler.ir.types import Type


def leaves_of(guards: Iterable[Guard]) -> Iterator[NamedGuard | Condition | InState]:
    """What the guards are made of, without the combinators."""
    for guard in guards:
        match guard:
            case AllOf(inner) | AnyOf(inner):
                yield from leaves_of(inner)
            case Not(inner):
                yield from leaves_of((inner,))
            case _:
                yield guard


def named_guards(machine: Machine) -> Iterator[NamedGuard]:
    for transition in machine.transitions:
        for guard in leaves_of(transition.guards):
            if isinstance(guard, NamedGuard):
                yield guard


def all_actions(machine: Machine) -> Iterator[Action]:
    """State by state, then transition by transition; those of several sources once."""
    for state in machine.states:
        yield from state.on_enter
        yield from state.on_exit
    seen: set[int] = set()
    for transition in machine.transitions:
        if id(transition.actions) not in seen:
            seen.add(id(transition.actions))
            yield from transition.actions


def computed(
    action: Action, types: Mapping[str, Type]
) -> Iterator[tuple[Condition, Type | None]]:
    """The expressions of an effect, each with the type that its variable wants."""
    match action:
        case SetEffect(assignments):
            for assign in assignments:
                if isinstance(assign.value, Condition):
                    yield assign.value, types.get(assign.field)
        case Append(field, Condition() as value):
            wanted = types.get(field)
            yield value, None if wanted is None else wanted.element
        case _:
            return


def named_actions(machine: Machine) -> Iterator[NamedAction]:
    for action in all_actions(machine):
        if isinstance(action, NamedAction):
            yield action

"""The named guards and actions of a machine, in order of appearance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pystator.compiler.ir.machine import (
    Action,
    AllOf,
    AnyOf,
    Condition,
    Guard,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
)


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


def named_actions(machine: Machine) -> Iterator[NamedAction]:
    for action in all_actions(machine):
        if isinstance(action, NamedAction):
            yield action

"""Which states a transition enters, and which are entered at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pystator.compiler.flatten.involved import involved, raised_by
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import NOWHERE, ROOT, START, Configuration, Tables, entry

Possible: TypeAlias = Mapping[Configuration, tuple[set[int], set[Configuration]]]
"""By configuration: transitions that are taken, configurations that are reached."""


def entered(tables: Tables, transition: int) -> tuple[int, ...]:
    """What is entered where nothing is remembered, in document order."""
    taken = tables.transitions[transition]
    if not taken.targets and not taken.recalls:
        return ()
    remembered = [tables.memories[memory].state for memory in taken.recalls]
    return tuple(entry(tables, taken.domain, (*taken.targets, *remembered)))


def moved(tables: Tables, place: Configuration, transition: int) -> Configuration:
    """The leaves after a transition by itself."""
    inside = entered(tables, transition)
    if not inside:
        return place
    domain = tables.transitions[transition].domain
    left = [leaf for leaf in place if not domain < leaf <= tables.last[domain]]
    return tuple(sorted([*left, *leaves_among(tables, inside)]))


def is_leaf(tables: Tables, state: int) -> bool:
    return tables.initial[state] == NOWHERE and state not in tables.regions


def put_into(flat: Flat) -> tuple[int, ...]:
    """What becomes active without any step: an orchestrator may choose the fallback."""
    fallback = flat.machine.fallback
    if fallback is None:
        return ()
    return tuple(entry(flat.tables, ROOT, (fallback,)))


def leaves_among(tables: Tables, states: Sequence[int]) -> Configuration:
    return tuple(sorted(state for state in states if is_leaf(tables, state)))


def reached_by(
    flat: Flat,
    possible: Possible,
    rejected: Mapping[Configuration, Iterable[int]],
) -> tuple[set[int], set[Configuration]]:
    """The states and configurations that are entered from the start on.

    `rejected` are transitions of steps that never come to rest, by the configuration
    where the step begins: what they enter counts too.
    """
    tables, more = flat.tables, put_into(flat)
    states = {int(ROOT), *more}
    visited: set[Configuration] = set()
    pending: list[Configuration] = [(ROOT,)]
    if more:
        pending.append(leaves_among(tables, more))
    while pending:
        place = pending.pop()
        if place in visited:
            continue
        visited.add(place)
        if place not in possible:
            continue
        found, targets = possible[place]
        pending += targets
        for transition in found:
            states.update(entered(tables, transition))
        for transition in rejected.get(place, ()):
            states.update(entered(tables, transition))
            pending.append(moved(tables, place, transition))
    return states, visited


def possibly(flat: Flat, trigger: int) -> set[int]:
    """The transitions that a step of the trigger may take, without exploring it."""
    triggers = (trigger, *raised_by(flat))
    found = {number for each in triggers for number in involved(flat, each)}
    return found | ({flat.tables.start} if trigger == START else set())

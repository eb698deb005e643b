"""Definitions whose product is far larger than their text, and how large they may get.

    6 regions of 10 states       a million configurations
    500 leaves x 50 inherited    25 000 cells that are much alike

The text of each is made here; `benchmarks.compiling` times them like the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.shapes import chain


@dataclass(frozen=True, slots=True)
class Sized:
    """A definition, and goals for its compilation and its module."""

    text: str
    goal_ms: float
    goal_kib: float


def regions(count: int, size: int) -> str:
    """`count` regions of `size` states in a ring; `reset` is taken by all of them."""
    lines = [
        "meta: {machine_name: Regions}",
        "states:",
        "- {name: OUT, type: initial}",
        "- name: ALL",
        "  type: parallel",
        "  regions:",
    ]
    moves = ["- {trigger: begin, source: OUT, dest: ALL}"]
    for region in range(count):
        states = [f"R{region}S{state}" for state in range(size)]
        lines.append(
            f"  - {{name: r{region}, initial: {states[0]}, "
            f"states: [{', '.join(states)}]}}"
        )
        for at, state in enumerate(states):
            after = states[(at + 1) % size]
            moves.append(f"- {{trigger: next{region}, source: {state}, dest: {after}}}")
            moves.append(f"- {{trigger: reset, source: {state}, dest: {states[0]}}}")
    return "\n".join([*lines, "transitions:", *moves]) + "\n"


def inherited(leaves: int, triggers: int, exits: int = 0) -> str:
    """Leaves of one compound state, on which all transitions are.

    With `exits` each leaf has one of so many different actions when it is left.
    """
    lines = [
        "meta: {machine_name: Inherited}",
        "states:",
        "- {name: ALL, type: initial, initial_child: L0}",
        *(f"- {{name: T{trigger}}}" for trigger in range(triggers)),
    ]
    for leaf in range(leaves):
        leaving = f", on_exit: out{leaf % exits}" if exits else ""
        lines.append(f"- {{name: L{leaf}, parent: ALL{leaving}}}")
    moves = [
        f"- {{trigger: t{trigger}, source: ALL, dest: T{trigger}}}"
        for trigger in range(triggers)
    ]
    moves += [
        f"- {{trigger: next, source: L{leaf}, dest: L{(leaf + 1) % leaves}}}"
        for leaf in range(leaves)
    ]
    return "\n".join([*lines, "transitions:", *moves]) + "\n"


def guards(count: int) -> str:
    """One cell of as many transitions, each with a guard of its own."""
    names = [f"S{state}" for state in range(count)]
    return (
        "meta: {machine_name: Guards}\nstates:\n- {name: A, type: initial}\n"
        + "".join(f"- {{name: {name}}}\n" for name in names)
        + "transitions:\n"
        + "".join(
            f"- {{trigger: go, source: A, dest: {name}, guards: g{at}}}\n"
            for at, name in enumerate(names)
        )
    )


def guarded_regions(count: int) -> str:
    """As many regions, each with a guard of its own for the same event."""
    lines = [
        "meta: {machine_name: GuardedRegions}",
        "states:",
        "- name: ALL",
        "  type: parallel",
        "  regions:",
        *(
            f"  - {{name: r{region}, initial: A{region}, "
            f"states: [A{region}, B{region}]}}"
            for region in range(count)
        ),
        "- {name: OUT, type: initial}",
        "transitions:",
        "- {trigger: begin, source: OUT, dest: ALL}",
    ]
    for region in range(count):
        lines.append(
            f"- {{trigger: go, source: A{region}, dest: B{region}, guards: g{region}}}"
        )
    return "\n".join(lines) + "\n"


def autos(count: int) -> str:
    """A chain of eventless transitions, each with two ways on."""
    lines = ["meta: {machine_name: Autos}", "states:", "- {name: A, type: initial}"]
    moves = ["- {trigger: go, source: A, dest: S0}"]
    for at in range(count):
        lines.append(f"- {{name: S{at}}}")
        moves.append(f"- {{auto: true, source: S{at}, dest: S{at + 1}, guards: g{at}}}")
    lines.append(f"- {{name: S{count}}}")
    return "\n".join([*lines, "transitions:", *moves]) + "\n"


def sparse(count: int, each: int) -> str:
    """As many states as triggers; to each trigger only a few states listen."""
    lines = ["meta: {machine_name: Sparse}", "states:", "- {name: S0, type: initial}"]
    lines += [f"- {{name: S{state}}}" for state in range(1, count)]
    moves = []
    for trigger in range(count):
        for at in range(each):
            source = (trigger * 7 + at * 13) % count
            moves.append(
                f"- {{trigger: t{trigger}, source: S{source}, "
                f"dest: S{(source + 1) % count}}}"
            )
    return "\n".join([*lines, "transitions:", *moves]) + "\n"


SIZED: Final[Mapping[str, Sized]] = {
    "6 regions of 10 states": Sized(regions(6, 10), 2000, 1024),
    "20 regions of 10 states": Sized(regions(20, 10), 2000, 1024),
    "20 regions, a guard each": Sized(guarded_regions(20), 2000, 1024),
    "500 leaves x 50 inherited": Sized(inherited(500, 50), 1500, 1024),
    "the same, 40 exit actions": Sized(inherited(500, 50, 40), 1500, 1024),
    "a chain of 10 000 states": Sized(chain(10_000), 1500, 4096),
    "a cell with 20 guards": Sized(guards(20), 100, 64),
    "20 guarded autos in a row": Sized(autos(20), 100, 128),
    "1 000 states, 1 000 triggers": Sized(sparse(1000, 5), 1500, 4096),
}

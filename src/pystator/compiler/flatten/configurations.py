"""The configurations in which a machine can rest, by its tree alone.

A, P {r: B, C; s: D, E}  ->  (A) (B D) (B E) (C D) (C E)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from pystator.compiler.ir.machine import ROOT, Machine, State, StateId, StateKind
from pystator.kernel import Configuration

WRITTEN_LIMIT: Final = 256
"""Cells (configurations times triggers) of a parallel machine that are written out."""


def count_of(machine: Machine, state: StateId = ROOT) -> int:
    """How many configurations there are of a state; regions multiply."""
    counts = [0] * len(machine.states)
    for here in reversed(machine.states):
        inside = [counts[child] for child in here.children]
        match here.kind:
            case StateKind.CHOICE:
                count = 0
            case StateKind.PARALLEL:
                count = 1
                for number in inside:
                    count *= number
            case StateKind.ATOMIC | StateKind.TERMINAL:
                count = 1
            case _:
                count = sum(inside)
        counts[here.id] = count
    return counts[state]


def is_written_out(machine: Machine) -> bool:
    """Whether the cells of all configurations are."""
    if all(state.kind is not StateKind.PARALLEL for state in machine.states):
        return True
    triggers = len(machine.events) + len(machine.timers)
    return count_of(machine) * max(triggers, 1) <= WRITTEN_LIMIT


def written_out(machine: Machine) -> Iterator[Configuration]:
    """Those whose cells are written out: all, unless regions make too many.

    None where history is part of a configuration: the kernel steps all of them.
    """
    if any(target.history for t in machine.transitions for target in t.targets):
        return
    if is_written_out(machine):
        yield from configurations(machine)
    else:
        yield from (
            (leaf.id,) for leaf in machine.leaves if not _in_region(machine, leaf)
        )


def _in_region(machine: Machine, leaf: State) -> bool:
    path = machine.path_to(leaf.id)
    return any(machine.states[s].kind is StateKind.PARALLEL for s in path)


def outer_parallels(machine: Machine) -> Iterator[State]:
    """The parallel states that are in no region of another one."""
    last = ROOT
    for state in machine.states:
        if state.kind is StateKind.PARALLEL and state.id > last:
            last = state.last
            yield state


def configurations(machine: Machine, state: StateId = ROOT) -> Iterator[Configuration]:
    """Each as the tuple of its leaves, in document order."""
    pending = [state]
    while pending:
        here = machine.states[pending.pop()]
        match here.kind:
            case StateKind.CHOICE:
                continue
            case StateKind.PARALLEL:
                regions = [configurations(machine, r) for r in here.children]
                for parts in product(*regions):
                    yield tuple(leaf for part in parts for leaf in part)
            case StateKind.ATOMIC | StateKind.TERMINAL:
                yield (here.id,)
            case _:
                pending.extend(reversed(here.children))

"""The domain of a transition: the state that the step stays inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pystator.compiler.ir.machine import ROOT, Machine, StateId, StateKind, Transition

_DOMAINS: Final = (StateKind.ROOT, StateKind.COMPOUND, StateKind.REGION)


def domain_of(
    machine: Machine, paths: Sequence[tuple[StateId, ...]], transition: Transition
) -> StateId:
    """The least common proper ancestor of source and targets that is no parallel state.

    SCXML calls it the least common compound ancestor. The history of a state counts as
    a child of it. An internal transition of a compound state stays inside it.
    """
    source = transition.source
    if not transition.targets:
        return source
    around = [
        paths[target.state][: None if target.history else -1]
        for target in transition.targets
    ]
    if is_inner(machine, transition):
        return source
    common = ROOT
    for states in zip(paths[source][:-1], *around, strict=False):
        if any(state != states[0] for state in states):
            break
        if machine.states[states[0]].kind in _DOMAINS:
            common = states[0]
    return common


def is_inner(machine: Machine, transition: Transition) -> bool:
    """Whether a transition keeps its source although it enters states."""
    source = transition.source
    if not transition.internal or machine.states[source].kind not in _DOMAINS:
        return False
    return all(
        machine.inside(target.state, source)
        or (target.history is not None and target.state == source)
        for target in transition.targets
    )

"""Machine -> Tables: the numbers that the kernel steps over.

    OPEN --fill [g]--> FILLED  ->  rows[fill][OPEN] = (t0,), transitions[t0] = ...

Guards, conditions, named actions and effects are numbered in order of appearance,
equal ones once; `Flat` keeps what each number stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pystator import kernel
from pystator.compiler.expression.constant import constant
from pystator.compiler.ir.keys import action_key, guard_key, guard_name
from pystator.compiler.ir.machine import (
    ROOT,
    Action,
    AllOf,
    AnyOf,
    Condition,
    Effect,
    Event,
    Guard,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
    StateId,
    StateKind,
    Timer,
    Transition,
)


@dataclass(frozen=True, slots=True)
class Merge:
    """The payload of `trigger` becomes part of the context."""

    trigger: str


Question: TypeAlias = NamedGuard | Condition


@dataclass(frozen=True, slots=True)
class Flat:
    """Tables, and what their numbers stand for.

    Trigger `i` is `machine.events[i]`, and after those trigger
    `len(machine.events) + j` is the end of `machine.timers[j]`.
    """

    machine: Machine
    tables: kernel.Tables
    conditions: tuple[Question, ...]
    guard_names: tuple[str, ...]
    calls: tuple[NamedAction, ...]
    effects: tuple[Effect | Merge, ...]

    def timer_of(self, trigger: int) -> Timer | None:
        index = trigger - len(self.machine.events)
        return self.machine.timers[index] if index >= 0 else None


_T = TypeVar("_T")


class _Numbering(Generic[_T]):
    """Numbers things in order of appearance, those of one key once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.things: list[_T] = []

    def number(self, key: str, thing: Callable[[], _T]) -> int:
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self.things)
            self.things.append(thing())
        return known


class _Flattener:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.conditions: _Numbering[Question] = _Numbering()
        self.guards: _Numbering[tuple[kernel.Guard, str]] = _Numbering()
        self.calls: _Numbering[NamedAction] = _Numbering()
        self.effects: _Numbering[Effect | Merge] = _Numbering()

    def guard(self, guard: Guard) -> int:
        return self.guards.number(
            guard_key(guard), lambda: (self.kernel_guard(guard), guard_name(guard))
        )

    def kernel_guard(self, guard: Guard) -> kernel.Guard:
        match guard:
            case Condition(expr) if (answer := constant(expr)) is not None:
                return kernel.AllOf(()) if answer else kernel.AnyOf(())
            case NamedGuard() | Condition():
                return self.asked(guard)
            case InState(state):
                return kernel.InState(state)
            case Not(inner):
                return kernel.Not(self.kernel_guard(inner))
            case AllOf(guards):
                return kernel.AllOf(tuple(self.kernel_guard(g) for g in guards))
            case AnyOf(guards):
                return kernel.AnyOf(tuple(self.kernel_guard(g) for g in guards))

    def asked(self, question: Question) -> kernel.Guard:
        key = guard_key(question)
        return kernel.Asked(self.conditions.number(key, lambda: question))

    def actions(self, actions: Iterable[Action]) -> tuple[kernel.Action, ...]:
        return tuple(self.action(action) for action in actions)

    def merge(self, event: Event) -> int:
        return self.effects.number(f"merge {event.name}", lambda: Merge(event.name))

    def action(self, action: Action) -> kernel.Action:
        key = action_key(action)
        if isinstance(action, NamedAction):
            return kernel.Call(self.calls.number(key, lambda: action))
        return kernel.Effect(self.effects.number(key, lambda: action))


def flatten(machine: Machine) -> Flat:
    """Number everything. The machine must have passed its checks."""
    flattener = _Flattener(machine)
    states = machine.states
    paths = tuple(machine.path_to(state.id) for state in states)
    both = [
        (flattener.actions(state.on_enter), flattener.actions(state.on_exit))
        for state in states
    ]
    transitions = [
        kernel.Transition(
            source=transition.source,
            target=kernel.NOWHERE if transition.target is None else transition.target,
            domain=_domain(machine, paths, transition),
            guards=tuple(flattener.guard(guard) for guard in transition.guards),
            actions=flattener.actions(transition.actions),
        )
        for transition in machine.transitions
    ]
    start = len(transitions)
    initial = states[ROOT].initial
    assert initial is not None, "a machine without an initial state passed the checks"
    transitions.append(kernel.Transition(ROOT, initial, ROOT, (), ()))
    merges = {
        trigger: flattener.merge(event)
        for trigger, event in enumerate(machine.events)
        if merged_fields(machine, event)
    }
    timers: dict[StateId, list[int]] = {}
    for timer in machine.timers:
        timers.setdefault(timer.state, []).append(timer.id)
    tables = kernel.Tables(
        initial=tuple(
            kernel.NOWHERE if state.initial is None else state.initial
            for state in states
        ),
        path=paths,
        enter=tuple(enter for enter, _ in both),
        exit=tuple(leave for _, leave in both),
        timers=tuple(tuple(timers.get(state.id, ())) for state in states),
        final=frozenset(
            child
            for child in states[ROOT].children
            if states[child].kind is StateKind.TERMINAL
        ),
        transitions=tuple(transitions),
        guards=tuple(guard for guard, _ in flattener.guards.things),
        rows=_rows(machine),
        merges=merges,
        start=start,
        auto=_ordered(machine, (t for t in machine.transitions if t.auto)),
        strict=machine.strict,
    )
    return Flat(
        machine=machine,
        tables=tables,
        conditions=tuple(flattener.conditions.things),
        guard_names=tuple(name for _, name in flattener.guards.things),
        calls=tuple(flattener.calls.things),
        effects=tuple(flattener.effects.things),
    )


def merged_fields(machine: Machine, event: Event) -> tuple[str, ...]:
    """The payload fields that the context keeps; `*` alone where it keeps any key."""
    if event.payload is None:
        if machine.variables is None:
            return ("*",)
        return tuple(variable.name for variable in machine.variables)
    if machine.variables is None:
        return tuple(field.name for field in event.payload)
    kept = {variable.name for variable in machine.variables}
    return tuple(field.name for field in event.payload if field.name in kept)


def _domain(
    machine: Machine, paths: tuple[tuple[StateId, ...], ...], transition: Transition
) -> StateId:
    """The least common proper ancestor of source and target (SCXML: LCCA).

    An internal transition into its own source stays inside it.
    """
    source, target = transition.source, transition.target
    if target is None:
        return source
    if transition.internal and machine.inside(target, source):
        return source
    common = ROOT
    for one, other in zip(paths[source][:-1], paths[target][:-1], strict=False):
        if one != other:
            break
        common = one
    return common


def _rows(machine: Machine) -> dict[int, dict[int, tuple[int, ...]]]:
    events = {event.name: number for number, event in enumerate(machine.events)}
    by_trigger: dict[int, list[Transition]] = {}
    for transition in machine.transitions:
        if transition.trigger is not None:
            by_trigger.setdefault(events[transition.trigger], []).append(transition)
    for timer in machine.timers:
        by_trigger[len(events) + timer.id] = [machine.transitions[timer.transition]]
    return {
        trigger: _ordered(machine, transitions)
        for trigger, transitions in by_trigger.items()
    }


def _ordered(
    machine: Machine, transitions: Iterable[Transition]
) -> dict[int, tuple[int, ...]]:
    """By source state; within one by priority, then document order."""
    by_source: dict[int, list[Transition]] = {}
    for transition in transitions:
        by_source.setdefault(transition.source, []).append(transition)
    return {
        source: tuple(t.id for t in sorted(group, key=lambda t: (t.priority, t.id)))
        for source, group in by_source.items()
    }

"""Machine -> Tables: the numbers that the kernel steps over.

    OPEN --fill [g]--> FILLED  ->  rows[fill][OPEN] = (t0,), transitions[t0] = ...

Guards, conditions, named actions and effects are numbered in order of appearance,
equal ones once; `Flat` keeps what each number stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pystator import kernel
from pystator.compiler.expression.constant import constant
from pystator.compiler.flatten.domain import domain_of
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
    History,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
    Raise,
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

    Trigger `i` is `machine.events[i]`; after those come the ends of the
    `machine.timers` and then the completions of the states in `completions`.
    """

    machine: Machine
    tables: kernel.Tables
    conditions: tuple[Question, ...]
    guard_names: tuple[str, ...]
    calls: tuple[NamedAction, ...]
    effects: tuple[Effect | Merge, ...]
    completions: tuple[StateId, ...]

    def timer_of(self, trigger: int) -> Timer | None:
        index = trigger - len(self.machine.events)
        if not 0 <= index < len(self.machine.timers):
            return None
        return self.machine.timers[index]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(state.name) for state in self.machine.states)

    @property
    def external(self) -> int:
        """How many triggers can be sent: events and timers."""
        return len(self.machine.events) + len(self.machine.timers)


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
        self.events = {str(e.name): number for number, e in enumerate(machine.events)}
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
        match action:
            case NamedAction():
                return kernel.Call(self.calls.number(key, lambda: action))
            case Raise(trigger):
                return kernel.Raise(self.events[trigger])
            case _:
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
    memories = _memories(machine)
    transitions = [
        kernel.Transition(
            source=transition.source,
            targets=tuple(t.state for t in transition.targets if not t.history),
            recalls=tuple(
                memories[t.state, t.history] for t in transition.targets if t.history
            ),
            domain=domain_of(machine, paths, transition),
            guards=tuple(flattener.guard(guard) for guard in transition.guards),
            actions=flattener.actions(transition.actions),
        )
        for transition in machine.transitions
    ]
    start = len(transitions)
    initial = states[ROOT].initial
    assert initial is not None, "a machine without an initial state passed the checks"
    transitions.append(kernel.Transition(ROOT, (initial,), (), ROOT, (), ()))
    merges = {
        trigger: flattener.merge(event)
        for trigger, event in enumerate(machine.events)
        if merged_fields(machine, event)
    }
    timers: dict[StateId, list[int]] = {}
    for timer in machine.timers:
        timers.setdefault(timer.state, []).append(timer.id)
    services: dict[StateId, list[int]] = {}
    for service in machine.services:
        services.setdefault(service.state, []).append(service.id)
    completions = tuple(sorted({t.source for t in machine.transitions if t.done}))
    first = len(machine.events) + len(machine.timers)
    tables = kernel.Tables(
        initial=tuple(
            kernel.NOWHERE if state.initial is None else state.initial
            for state in states
        ),
        last=tuple(state.last for state in states),
        path=paths,
        regions={s.id: s.children for s in states if s.kind is StateKind.PARALLEL},
        enter=tuple(enter for enter, _ in both),
        exit=tuple(leave for _, leave in both),
        timers=tuple(tuple(timers.get(state.id, ())) for state in states),
        services=tuple(tuple(services.get(state.id, ())) for state in states),
        terminal=frozenset(s.id for s in states if s.kind is StateKind.TERMINAL),
        final=frozenset(
            child
            for child in states[ROOT].children
            if states[child].kind is StateKind.TERMINAL
        ),
        transitions=tuple(transitions),
        guards=tuple(guard for guard, _ in flattener.guards.things),
        rows=_rows(machine, flattener.events, completions),
        auto=_ordered(t for t in _resting(machine) if t.auto),
        choices=_choices(machine, flattener.events),
        done={state: first + number for number, state in enumerate(completions)},
        merges=merges,
        memories=tuple(
            kernel.Memory(state, history is History.DEEP) for state, history in memories
        ),
        start=start,
        strict=machine.strict,
    )
    return Flat(
        machine=machine,
        tables=tables,
        conditions=tuple(flattener.conditions.things),
        guard_names=tuple(name for _, name in flattener.guards.things),
        calls=tuple(flattener.calls.things),
        effects=tuple(flattener.effects.things),
        completions=completions,
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


def _memories(machine: Machine) -> dict[tuple[StateId, History], int]:
    """The numbers of what is remembered, by state and depth."""
    wanted = {
        (target.state, target.history)
        for transition in machine.transitions
        for target in transition.targets
        if target.history is not None
    }
    return {memory: number for number, memory in enumerate(sorted(wanted))}


def _resting(machine: Machine) -> Iterator[Transition]:
    """The transitions of states that can be active between steps."""
    for transition in machine.transitions:
        if machine.states[transition.source].kind is not StateKind.CHOICE:
            yield transition


def _rows(
    machine: Machine, events: Mapping[str, int], completions: tuple[StateId, ...]
) -> dict[int, dict[int, tuple[int, ...]]]:
    by_trigger: dict[int, list[Transition]] = {}
    for transition in _resting(machine):
        if transition.trigger is not None:
            by_trigger.setdefault(events[transition.trigger], []).append(transition)
    for timer in machine.timers:
        by_trigger[len(events) + timer.id] = [machine.transitions[timer.transition]]
    first = len(events) + len(machine.timers)
    for number, state in enumerate(completions, first):
        by_trigger[number] = [
            t for t in machine.transitions if t.done and t.source == state
        ]
    for transition in machine.transitions:
        if transition.trigger is not None:
            by_trigger.setdefault(events[transition.trigger], [])
    return {
        trigger: _ordered(transitions) for trigger, transitions in by_trigger.items()
    }


def _choices(
    machine: Machine, events: Mapping[str, int]
) -> dict[int, tuple[tuple[int, int], ...]]:
    """For every choice its transitions in order, each with what it waits for."""
    found: dict[int, tuple[tuple[int, int], ...]] = {
        state.id: () for state in machine.states if state.kind is StateKind.CHOICE
    }
    outgoing = (t for t in machine.transitions if t.source in found)
    for state, numbers in _ordered(outgoing).items():
        triggers = [machine.transitions[number].trigger for number in numbers]
        found[state] = tuple(
            (kernel.NO_TRIGGER if trigger is None else events[trigger], number)
            for trigger, number in zip(triggers, numbers, strict=True)
        )
    return found


def _ordered(transitions: Iterable[Transition]) -> dict[int, tuple[int, ...]]:
    """By source state; within one by priority, then document order."""
    by_source: dict[int, list[Transition]] = {}
    for transition in transitions:
        by_source.setdefault(transition.source, []).append(transition)
    return {
        source: tuple(t.id for t in sorted(group, key=lambda t: (t.priority, t.id)))
        for source, group in by_source.items()
    }

"""One step of the kernel, with its questions answered by interpretation.

The generated modules hold what the kernel decides as Python text; here the same
questions are answered from the machine itself, so that a wrong text shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from pystator import kernel
from pystator.compiler.expression.tree import Compare, Name, Scope
from pystator.compiler.flatten.tables import Flat, Merge
from pystator.compiler.ir.machine import (
    Add,
    Append,
    Clear,
    Condition,
    Effect,
    NamedGuard,
    SetEffect,
    Timestamp,
)
from pystator.compiler.source.text import Value
from pystator.configuration import read_configuration, write_configuration
from tests.oracle import EvaluationError, Names, OracleEvent, OracleOutcome, evaluate
from tests.oracle.expression import truth

Ask = Callable[[str, dict[str, object], dict[str, object], OracleEvent | None], bool]


def kernel_step(
    flat: Flat,
    state: str,
    event: OracleEvent | None,
    context: dict[str, object],
    ask: Ask,
    now: datetime,
) -> OracleOutcome:
    """One step from `state`, or the start if there is no event."""
    given = Given.read(flat, state, event)
    answers = Answers(flat, given, context, ask, now)
    outcome = kernel.drive(flat.tables, given.leaves, given.trigger, answers)
    return outcome_of(outcome, answers, context)


@dataclass(frozen=True, slots=True)
class Given:
    """Where a step begins, as numbers."""

    state: str
    event: OracleEvent | None
    leaves: kernel.Configuration
    history: Mapping[int, kernel.Configuration]
    trigger: int

    @classmethod
    def read(cls, flat: Flat, state: str, event: OracleEvent | None) -> Given:
        if event is None:
            return cls(state, event, (kernel.ROOT,), {}, kernel.START)
        leaves, history = read_configuration(flat.tables, flat.names, state)
        return cls(state, event, leaves, history, _trigger(flat, event))


def outcome_of(
    outcome: kernel.Outcome, answers: Answers, context: dict[str, object]
) -> OracleOutcome:
    """What the kernel decided, in the words of the oracle."""
    flat, given, names = answers.flat, answers.start, answers.flat.names
    if outcome.reason is not None:
        asked = tuple(flat.guard_names[guard] for guard in outcome.tried)
        refused = outcome.refused
        return OracleOutcome(
            accepted=False,
            reason=outcome.reason.value,
            handled=False,
            target=given.state,
            context=context,
            guard_name=None if refused < 0 else flat.guard_names[refused],
            guards_tried=asked,
            error=outcome.error is not None,
        )
    steps = outcome.microsteps
    timers = flat.machine.timers
    places = {
        timer.id: (
            names[timer.state],
            sum(1 for other in timers[: timer.id] if other.state == timer.state),
        )
        for timer in timers
    }
    every = [part for s in steps for part in (s.exit, s.move, s.enter)]
    history = {**given.history, **dict(outcome.history)}
    return OracleOutcome(
        accepted=True,
        reason=None,
        handled=outcome.handled,
        target=write_configuration(flat.tables, names, outcome.target, history),
        context=answers.context if outcome.handled else context,
        actions=_calls(flat, every),
        exit=_calls(flat, [step.exit for step in steps]),
        transition=_calls(flat, [step.move for step in steps]),
        enter=_calls(flat, [step.enter for step in steps]),
        started=tuple((*places[t], timers[t].delay_ms) for t in outcome.started),
        cancelled=tuple(places[t] for t in outcome.cancelled),
        invoked=tuple(_service(flat, number) for number in outcome.invoked),
        stopped=tuple(_service(flat, number) for number in outcome.stopped),
    )


def _trigger(flat: Flat, event: OracleEvent) -> int:
    """The number of the trigger; one that no row has if the machine has no such."""
    events = flat.machine.events
    if event.timer is not None:
        state, index = event.timer
        timers = [
            timer.id
            for timer in flat.machine.timers
            if flat.machine.states[timer.state].name == state
        ]
        return len(events) + timers[index]
    name = event.trigger or ""
    match flat.machine.normalizer:
        case "lower":
            name = name.lower()
        case "upper":
            name = name.upper()
    numbers = {str(known.name): number for number, known in enumerate(events)}
    return numbers.get(name, flat.external + len(flat.completions))


def _service(flat: Flat, number: int) -> tuple[str, str]:
    service = flat.machine.services[number]
    return str(flat.machine.states[service.state].name), str(service.name)


def _calls(
    flat: Flat, parts: list[tuple[int, ...]]
) -> tuple[tuple[str, dict[str, object]], ...]:
    calls = (flat.calls[number] for part in parts for number in part)
    return tuple(
        (str(call.name), {key: _mutable(value) for key, value in call.params})
        for call in calls
    )


def _mutable(data: object) -> object:
    """Sequences as lists, which is what a context holds."""
    match data:
        case tuple():
            return [_mutable(item) for item in data]
        case dict():
            return {key: _mutable(value) for key, value in data.items()}
        case _:
            return data


class Answers:
    """Answers the kernel, and keeps the context of the step."""

    def __init__(
        self,
        flat: Flat,
        start: Given,
        context: dict[str, object],
        ask: Ask,
        now: datetime,
    ) -> None:
        self.flat = flat
        self.start = start
        self.given = start.event
        self.event = start.event
        self.history = start.history
        self.context = deepcopy(context)
        self.ask = ask
        self.now = now
        self.payload = self._payload()
        if self._is_open():
            self._merge()  # guards already see what an open payload brings

    def _is_open(self) -> bool:
        if self.event is None or self.event.trigger is None:
            return False
        number = _trigger(self.flat, self.event)
        events = self.flat.machine.events
        return number < len(events) and events[number].payload is None

    def __call__(self, question: kernel.Question) -> kernel.Answer:
        match question:
            case kernel.Ask(_, residue, trigger):
                self._receive(trigger)
                return self._holds(residue)
            case kernel.Change(number, trigger):
                self._receive(trigger)
                self._apply(self.flat.effects[number])
                return True
            case kernel.Recall(memory):
                return self.history.get(memory, ())

    def _receive(self, event: int) -> None:
        """The event taken last may be one that the machine has raised."""
        last = self.given
        if event <= kernel.RAISED:
            trigger = kernel.trigger_of(event)
            last = OracleEvent(str(self.flat.machine.events[trigger].name))
        if last != self.event:
            self.event = last
            self.payload = self._payload()

    def _payload(self) -> dict[str, object]:
        event = self.event
        if event is None or event.trigger is None:
            return {}
        number = _trigger(self.flat, event)
        if number >= len(self.flat.machine.events):
            return {}
        declared = self.flat.machine.events[number].payload
        if declared is None:
            return dict(event.payload)
        return {
            str(field.name): event.payload.get(field.name, _mutable(field.default))
            for field in declared
        }

    def _holds(self, guard: kernel.Guard) -> bool:
        match guard:
            case kernel.Asked(number):
                question = self.flat.conditions[number]
                match question:
                    case NamedGuard(name, params):
                        given = {key: _mutable(value) for key, value in params}
                        context = deepcopy(self.context)
                        return self.ask(str(name), given, context, self.event)
                    case Condition():
                        return truth(self._evaluate(question))
            case kernel.Not(inner):
                return not self._holds(inner)
            case kernel.AllOf(guards):
                return all(self._holds(inner) for inner in guards)
            case kernel.AnyOf(guards):
                return any(self._holds(inner) for inner in guards)
            case kernel.InState():
                raise AssertionError("the kernel answers `in_state` itself")

    def _evaluate(self, condition: Condition) -> object:
        text = condition.text
        match condition.expr:
            case Compare(
                first=Name(scope=Scope.BARE, path=(name, *_))
            ) if not name.isidentifier():
                # Only a `check` can name it bare, and its text cannot be parsed.
                scope = "event" if name in self.payload else "ctx"
                text = f'{scope}["{name}"]{text.removeprefix(name)}'
        return evaluate(text, Names(self.context, self.payload, self._is_open()))

    def _apply(self, effect: Effect | Merge) -> None:
        match effect:
            case Merge():
                self._merge()
            case SetEffect(assignments):
                for assign in assignments:
                    self.context[str(assign.field)] = self._value(assign.value)
            case Timestamp(field):
                self.context[str(field)] = self.now
            case Add(field, amount):
                number = self.context.get(field)
                if isinstance(number, bool) or not isinstance(number, int | float):
                    raise EvaluationError(f"{field} is not a number")
                self.context[str(field)] = number + amount
            case Append(field, value):
                items = self.context.get(field)
                if not isinstance(items, list):
                    raise EvaluationError(f"{field} is not a list")
                self.context[str(field)] = [*items, self._value(value)]
            case Clear(field):
                self.context[str(field)] = None

    def _value(self, value: Value | Condition) -> object:
        if isinstance(value, Condition):
            return deepcopy(self._evaluate(value))
        return _mutable(value.data)

    def _merge(self) -> None:
        machine = self.flat.machine
        kept = (
            None if machine.variables is None else {v.name for v in machine.variables}
        )
        number = _trigger(self.flat, self.event or OracleEvent())
        is_open = machine.events[number].payload is None
        for name, value in self.payload.items():
            if (kept is None or name in kept) and (is_open or value is not None):
                self.context[name] = deepcopy(value)

"""Traces: what a machine does, step by step, in three implementations that must agree.

    guards: {is_big: true}
    context: {order_qty: 5}
    start -> PENDING  do: +greet  timers: +PENDING/after 5000ms
    fill {qty: 3} -> PARTIAL  do: -leave, notify(channel="mail")  ctx: {filled: 3}
    PENDING/after => invalid_transition

A line of settings holds until the next one of its kind; a guard is answered by true,
false or an expression, which raises if it cannot be evaluated. A step is written as it
is rendered: in `do`, `-` is an exit action and `+` an entry action, `ctx` has what
changed, `services` what was started and stopped. The kernel, the generated module (by
`process`, by method, asynchronously) and the oracle run every step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import yaml

from pystator.compiler.flatten.tables import Flat
from pystator.compiler.source.nodes import Document, to_value
from tests.case_kernel import kernel_step
from tests.modules import Generated
from tests.oracle import (
    Definition,
    Names,
    Oracle,
    OracleEvent,
    OracleOutcome,
    evaluate,
)

NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
_SETTING = re.compile(r"(guards|context|state|now): (.*)")
_STEP = re.compile(r'("[^"]+"|[^\s{]+)(?: (\{.*?\}))? (?:->|=>) .*')


class TraceError(Exception):
    """A line that is no step, or implementations that disagree."""


@dataclass(slots=True)
class Run:
    """Where a trace stands between two lines."""

    machine: Generated
    oracle: Oracle
    state: str = ""
    context: dict[str, object] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    now: datetime = NOW

    def setting(self, kind: str, text: str) -> None:
        if kind == "state":
            self.state = text
            return
        value = yaml.safe_load(text)
        match kind, value:
            case "guards", dict():
                self.answers = value
            case "context", dict():
                made = self.machine.make_context(value)
                self.context = self.machine.read_context(made)
            case "now", datetime():
                self.now = value
            case _:
                raise TraceError(f"not a value of `{kind}`: {text}")

    def ask(
        self,
        name: str,
        params: dict[str, object],
        context: dict[str, object],
        event: OracleEvent | None,
    ) -> bool:
        answer = self.answers[name]
        if isinstance(answer, str):
            fields = {**self.oracle.payload_fields(event), **params}
            return evaluate(answer, Names(context, fields)) is True
        return bool(answer)

    def step(self, trigger: str, payload: dict[str, object]) -> str:
        """Take one step everywhere; how it ended, rendered."""
        unanswered = {name for name, _ in self.machine.guards.values()}
        unanswered -= self.answers.keys()
        if unanswered:
            raise TraceError(f"no answer for the guards {sorted(unanswered)}")
        event = self.event(trigger, payload)
        given = self.context
        found = kernel_step(
            self.machine.flat, self.state, event, given, self.ask, self.now
        )
        self._compare("oracle", self._oracle_step(event), self._anonymous(found))
        known = event is None or self._is_known(event)
        if known:
            for how, outcome in self._generated_steps(event):
                self._compare(how, outcome, found)
        elif found.reason != "undefined_trigger" and found.handled:
            raise TraceError(f"the module does not know `{trigger}`")
        if found.accepted:
            self.state, self.context = found.target, found.context
        return render(self.machine.flat, given, found)

    def event(self, trigger: str, payload: dict[str, object]) -> OracleEvent | None:
        """None is the start."""
        if trigger == "start":
            return None
        for (state, index), timer in self.machine.timers.items():
            if timer.value == trigger:
                return OracleEvent(timer=(state, index))
        return OracleEvent(trigger.strip('"'), payload)

    def _is_known(self, event: OracleEvent) -> bool:
        try:
            self.machine.make_event(event)
        except ValueError:
            if self.oracle.triggers & {event.trigger}:
                raise
            return False
        return True

    def _oracle_step(self, event: OracleEvent | None) -> OracleOutcome:
        if event is None:
            outcome = self.oracle.start(self.context, self.ask, self.now)
        else:
            outcome = self.oracle.step(
                self.state, event, self.context, self.ask, self.now
            )
        return self._anonymous(outcome)

    def _anonymous(self, outcome: OracleOutcome) -> OracleOutcome:
        """Without the guards that the oracle has no name for."""
        names = {name for name, _ in self.machine.guards.values()}
        if outcome.accepted or outcome.reason == "effect_error":
            return replace(outcome, guard_name=None, guards_tried=())
        return replace(
            outcome,
            target=self.state,
            guard_name=outcome.guard_name if outcome.guard_name in names else None,
            guards_tried=tuple(g for g in outcome.guards_tried if g in names),
        )

    def _generated_steps(
        self, event: OracleEvent | None
    ) -> list[tuple[str, OracleOutcome]]:
        machine, given = self.machine, (self.context, self.ask, self.now)
        if event is None:
            return [
                ("start", machine.start(*given)),
                ("astart", machine.start(*given, asynchronous=True)),
            ]
        state = self.state
        return [
            ("process", machine.step(state, event, *given)),
            ("method", machine.step(state, event, *given, by_method=True)),
            ("aprocess", machine.step(state, event, *given, asynchronous=True)),
        ]

    def _compare(self, how: str, one: OracleOutcome, other: OracleOutcome) -> None:
        one = replace(one, target=one.target if one.accepted else self.state)
        if one.reason == "effect_error":
            one = replace(one, guard_name=None, guards_tried=())
            other = replace(other, guard_name=None, guards_tried=())
        if one != other:
            raise TraceError(f"{how} disagrees\n{how}: {one}\nkernel: {other}")


def run_trace(text: str, machine: Generated, document: Document) -> str:
    """The trace as it should be written. Raises TraceError."""
    run = Run(machine, Oracle(definition_of(document)))
    if not any(variable.required for variable in machine.flat.machine.variables or ()):
        run.setting("context", "{}")
    if not any(map(_STEP.fullmatch, text.splitlines())):
        raise TraceError("the trace takes no step")
    lines: list[str] = []
    for line in text.splitlines():
        if setting := _SETTING.fullmatch(line):
            run.setting(setting[1], setting[2])
            lines.append(line)
        elif step := _STEP.fullmatch(line):
            try:
                ended = run.step(step[1], yaml.safe_load(step[2] or "{}"))
            except TraceError as error:
                raise TraceError(f"{line}: {error}") from error
            written = f"{step[1]} {step[2]}" if step[2] else step[1]
            lines.append(f"{written} {ended}")
        elif not line or line.startswith("#"):
            lines.append(line)
        else:
            raise TraceError(f"not a line of a trace: {line}")
    return "".join(f"{line}\n" for line in lines)


def render(flat: Flat, before: Mapping[str, object], outcome: OracleOutcome) -> str:
    """`-> OPEN  do: +announce`, or `=> guard_rejected  guard: g  tried: f, g`."""
    if not outcome.accepted:
        parts = [f"=> {outcome.reason}"]
        if outcome.reason in ("guard_rejected", "guard_error"):
            parts.append(f"guard: {outcome.guard_name}")
            parts.append(f"tried: {', '.join(map(str, outcome.guards_tried))}")
        return "  ".join(parts)
    parts = [f"-> {outcome.target}"]
    if outcome.actions:
        parts.append(f"do: {', '.join(_signed(outcome))}")
    changed = {
        key: value
        for key, value in outcome.context.items()
        if key not in before
        or before[key] != value
        or type(before[key]) is not type(value)
    }
    if changed:
        parts.append(f"ctx: {_flow(changed)}")
    timers = [f"+{_timer(flat, s, i)} {ms}ms" for s, i, ms in outcome.started]
    timers += [f"-{_timer(flat, s, i)}" for s, i in outcome.cancelled]
    if timers:
        parts.append(f"timers: {', '.join(timers)}")
    services = [f"+{state}/{name}" for state, name in outcome.invoked]
    services += [f"-{state}/{name}" for state, name in outcome.stopped]
    if services:
        parts.append(f"services: {', '.join(services)}")
    if not outcome.handled:
        parts.append("unhandled")
    return "  ".join(parts)


def _signed(outcome: OracleOutcome) -> list[str]:
    """The actions in order, each with the sign of its part.

    The parts are subsequences of the whole; where two of them begin alike, the sign
    does not matter, since what is left of either is the same text.
    """
    left = {
        "-": list(outcome.exit),
        "": list(outcome.transition),
        "+": list(outcome.enter),
    }
    signs = _assign([*outcome.actions], left)
    if signs is None:
        raise TraceError("the parts of the actions do not make up the whole")
    return [
        f"{sign}{name}{_arguments(params)}"
        for sign, (name, params) in zip(signs, outcome.actions, strict=True)
    ]


def _assign(
    actions: list[tuple[str, dict[str, object]]],
    left: dict[str, list[tuple[str, dict[str, object]]]],
) -> list[str] | None:
    if not actions:
        return [] if not any(left.values()) else None
    for sign, part in left.items():
        if part and part[0] == actions[0]:
            rest = _assign(actions[1:], {**left, sign: part[1:]})
            if rest is not None:
                return [sign, *rest]
    return None


def _arguments(params: Mapping[str, object]) -> str:
    if not params:
        return ""
    return "(" + ", ".join(f"{k}={_data(v)}" for k, v in params.items()) + ")"


def _flow(data: Mapping[str, object]) -> str:
    return (
        "{" + ", ".join(f"{key}: {_data(value)}" for key, value in data.items()) + "}"
    )


def _data(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case dict():
            return _flow(value)
        case list() | tuple():
            return f"[{', '.join(map(_data, value))}]"
        case _:
            return json.dumps(value)


def _timer(flat: Flat, state: str, index: int) -> str:
    names = [
        timer.name
        for timer in flat.machine.timers
        if flat.machine.states[timer.state].name == state
    ]
    return names[index]


def definition_of(document: Document) -> Definition:
    """The definition as plain lists and dictionaries, for the oracle."""
    plain = _plain(to_value(document.root).data)
    assert isinstance(plain, dict)
    return plain


def _plain(data: object) -> object:
    match data:
        case tuple():
            return [_plain(item) for item in data]
        case dict():
            return {key: _plain(value) for key, value in data.items()}
        case _:
            return data

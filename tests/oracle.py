"""A slow second opinion: what a machine does, read off the rules one by one.

It walks the tree of states with names, sets and dictionaries, and shares no code
with the package, so that an agreement of the two means something. Rule numbers are
those of the numbered list that says what a machine does. A configuration is a set
of states throughout, although without parallel states it is one leaf with its
ancestors.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

Definition: TypeAlias = dict[str, Any]
"""A definition as YAML gives it; its shape is not known to a type checker."""
Data: TypeAlias = dict[str, object]
Action: TypeAlias = tuple[str, Data]
Guards: TypeAlias = "Callable[[str, Data, Data, OracleEvent | None], bool]"

ROOT = "*"
BOUND = 100
REQUIRED = object()
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
EFFECTS = frozenset({"set", "timestamp", "increment", "decrement", "append", "clear"})


@dataclass(frozen=True, slots=True)
class OracleEvent:
    """One delivery: a trigger with its payload, or the timer (state, index) firing."""

    trigger: str | None = None
    payload: Data = field(default_factory=dict)
    timer: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OracleOutcome:
    """What one step did; rule 14. `error` says that a guard or an effect raised.

    `guards_tried` and `guard_name` hold None for a guard that has no name of its own
    (check, combinators, in_state).
    """

    accepted: bool
    reason: str | None
    handled: bool
    target: str
    context: Data
    actions: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    transition: tuple[Action, ...] = ()
    enter: tuple[Action, ...] = ()
    started: tuple[tuple[str, int, int], ...] = ()
    cancelled: tuple[tuple[str, int], ...] = ()
    guard_name: str | None = None
    guards_tried: tuple[str | None, ...] = ()
    error: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition of one source; `timer` is its place among those with a delay."""

    source: str
    number: int
    priority: int = 0
    trigger: str | None = None
    timer: int | None = None
    auto: bool = False
    internal: bool = False
    dest: str | None = None
    guards: tuple[Any, ...] = ()
    actions: tuple[Any, ...] = ()


class Refusal(Exception):
    """The step is rejected."""

    def __init__(self, reason: str, guard_name: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.guard_name = guard_name


class EvaluationError(Exception):
    """An operand is missing or has a wrong type, or a division is by zero."""


class Oracle:
    """One definition, ready to step. `timers` has the delays of each state in ms."""

    def __init__(self, definition: Definition) -> None:
        meta = definition.get("meta") or {}
        self.strict: bool = meta.get("strict_mode", True)
        self.normalizer: str | None = meta.get("event_normalizer")
        self.states: dict[str, Any] = {s["name"]: s for s in definition["states"]}
        self.children: dict[str, list[str]] = {ROOT: []}
        for name in self.states:
            self.children[name] = []
        for name, state in self.states.items():
            self.children[state.get("parent", ROOT)].append(name)
        self.order = {name: at for at, name in enumerate(self._preorder(ROOT))}
        self.variables = _variable_names(definition)
        self.payloads = self._payloads(definition)
        self.timers: dict[str, list[int]] = {name: [] for name in self.order}
        self.outgoing: dict[str, list[Transition]] = {name: [] for name in self.order}
        self._read_transitions(definition)
        self.triggers = {
            t.trigger for ts in self.outgoing.values() for t in ts if t.trigger
        }
        self.needs_now = "timestamp" in _effect_kinds(definition)

    def start(
        self, context: Data, guards: Guards, now: datetime | None
    ) -> OracleOutcome:
        # Rule 13: the first configuration, its entry actions, autos, timers.
        run = Run(self, frozenset(), None, context, guards, now)
        try:
            (initial,) = (
                name
                for name in self.children[ROOT]
                if self.states[name].get("type") == "initial"
            )
            run.microsteps = 1
            run.entered.add(ROOT)  # the timers of `"*"` run from here to the end
            run.enter([initial, *self.defaults(initial)])
            run.settle()
        except Refusal as refusal:
            return run.rejected(refusal)
        return run.accepted()

    def step(
        self,
        configuration: str,
        event: OracleEvent,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> OracleOutcome:
        # Rule 4 selects, rule 6 takes, rule 7 settles; rule 14 says what comes out.
        event = OracleEvent(
            self._normal(event.trigger), deepcopy(event.payload), event.timer
        )
        run = Run(self, self.active(configuration), event, context, guards, now)
        try:
            chosen = run.select_for_event(event)
            if not chosen:
                return run.ignored()
            run.microstep(chosen, merge=event.timer is None)
            run.settle()
        except Refusal as refusal:
            return run.rejected(refusal)
        return run.accepted()

    def is_final(self, configuration: str) -> bool:
        return self.ended(self.active(configuration))

    def active(self, leaf: str) -> frozenset[str]:
        # Rule 1: closed under parents; without parallel states it is one leaf.
        if leaf not in self.states or self.children[leaf]:
            raise ValueError(f"{leaf!r} is not a leaf of this machine")
        return frozenset({leaf, *self.ancestors(leaf)}) - {ROOT}

    def leaves(self, configuration: Iterable[str]) -> list[str]:
        leaves = [s for s in configuration if not self.children[s]]
        return sorted(leaves, key=self.order.__getitem__)

    def ended(self, configuration: frozenset[str]) -> bool:
        # Rule 11: a terminal child of the root ends the entity.
        return any(
            self.states[name].get("type") == "terminal" and name in configuration
            for name in self.children[ROOT]
        )

    def ancestors(self, name: str) -> Iterator[str]:
        """Proper ancestors, the nearest first, the root last."""
        while name != ROOT:
            name = self.states[name].get("parent", ROOT)
            yield name

    def defaults(self, name: str) -> list[str]:
        # Rule 6: default entries follow `initial_child`, or the initial child.
        path: list[str] = []
        while self.children[name]:
            named = self.states[name].get("initial_child")
            (name,) = (
                child
                for child in self.children[name]
                if child == named
                or (named is None and self.states[child].get("type") == "initial")
            )
            path.append(name)
        return path

    def domain(self, transition: Transition) -> str:
        # Rule 6: the least common ancestor, proper for external transitions.
        assert transition.dest is not None
        above_dest = list(self.ancestors(transition.dest))
        if transition.internal and transition.source in above_dest:
            return transition.source
        if transition.source == ROOT:
            return ROOT
        return next(s for s in self.ancestors(transition.source) if s in above_dest)

    def payload_fields(self, event: OracleEvent | None) -> Data:
        """What the event taken last brings: declared fields, or its open payload."""
        if event is None or event.trigger is None:
            return {}
        if self.payloads is None:
            return event.payload
        fields: Data = {}
        for name, default in self.payloads.get(event.trigger, {}).items():
            if name in event.payload:
                fields[name] = event.payload[name]
            elif default is not REQUIRED:
                fields[name] = default
        return fields

    def _normal(self, trigger: str | None) -> str | None:
        match self.normalizer:
            case "lower" if trigger is not None:
                return trigger.lower()
            case "upper" if trigger is not None:
                return trigger.upper()
        return trigger

    def _preorder(self, name: str) -> Iterator[str]:
        yield name
        for child in self.children[name]:
            yield from self._preorder(child)

    def _payloads(self, definition: Definition) -> dict[str, Data] | None:
        if definition.get("events") is None:
            return None
        return {
            str(self._normal(event["name"])): {
                name: _payload_default(spec)
                for name, spec in (event.get("payload") or {}).items()
            }
            for event in definition["events"]
        }

    def _read_transitions(self, definition: Definition) -> None:
        # A transition with several sources is one transition per source. Rule 4:
        # within one state priority, then document order. `"*"` belongs to the root.
        number = 0
        for written in definition.get("transitions") or ():
            number += 1
            for source in _listed(written["source"]):
                self._add(ROOT if source == "*" else source, number, written)
        for name, state in self.states.items():
            if "timeout" in state:
                number += 1
                timeout = state["timeout"]
                milliseconds = int(Decimal(str(timeout["seconds"])) * 1000)
                written = {"dest": timeout["destination"], "after": milliseconds}
                self._add(name, number, written)
        for transitions in self.outgoing.values():
            transitions.sort(key=lambda t: (t.priority, t.number))

    def _add(self, source: str, number: int, written: Definition) -> None:
        timer = None
        if "after" in written:
            timer = len(self.timers[source])
            self.timers[source].append(_milliseconds(written["after"]))
        self.outgoing[source].append(
            Transition(
                source,
                number,
                written.get("priority", 0),
                self._normal(written.get("trigger")),
                timer,
                written.get("auto", False),
                written.get("internal", False),
                written.get("dest"),
                tuple(_listed(written.get("guards"))),
                tuple(_listed(written.get("actions"))),
            )
        )


class Run:
    """One macrostep; rule 3: everything it needs is given, nothing outlives it."""

    def __init__(
        self,
        oracle: Oracle,
        configuration: frozenset[str],
        event: OracleEvent | None,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> None:
        if oracle.needs_now and now is None:
            raise TypeError("this machine needs the time")
        self.oracle = oracle
        self.before = configuration
        self.configuration = configuration
        self.event = event
        self.given = context
        self.context = deepcopy(context)  # rule 8: the caller's is never mutated
        self.guards = guards
        self.now = now
        self.microsteps = 0
        self.merged = False
        self.actions: list[tuple[str, Action]] = []
        self.entered: set[str] = set()
        self.left: set[str] = set()
        self.tried: list[str | None] = []
        self.remembered: set[str] = set()
        self.failed: list[str | None] = []

    def select_for_event(self, event: OracleEvent) -> list[Transition]:
        """The transitions to take; none when a machine that is not strict ignores it.

        Reasons in order: terminal_state, undefined_trigger, invalid_transition,
        guard_rejected (rule 14).
        """
        if self.oracle.ended(self.configuration):
            raise Refusal("terminal_state")  # rule 11

        def matches(t: Transition) -> bool:
            # Rule 18: a firing is an event that the timer's state handles.
            if event.timer is not None:
                return (t.source, t.timer) == event.timer
            return t.trigger is not None and t.trigger == event.trigger

        outgoing = self.oracle.outgoing
        if not any(
            matches(t) for state in {*self.configuration, ROOT} for t in outgoing[state]
        ):
            if not self.oracle.strict:
                return []
            known = event.timer is not None or event.trigger in self.oracle.triggers
            raise Refusal("invalid_transition" if known else "undefined_trigger")
        chosen = self.select(matches)
        if not chosen:
            raise Refusal("guard_rejected", self.failed[0])
        return chosen

    def select(self, matches: Callable[[Transition], bool]) -> list[Transition]:
        # Rule 4: for each leaf, from the leaf to the root, the first enabled one.
        chosen: list[Transition] = []
        for leaf in self.oracle.leaves(self.configuration):
            for state in (leaf, *self.oracle.ancestors(leaf)):
                enabled = (
                    t
                    for t in self.oracle.outgoing[state]
                    if matches(t) and self.enabled(t)
                )
                first = next(enabled, None)
                if first is not None:
                    if first not in chosen:
                        chosen.append(first)
                    break
        return chosen

    def microstep(self, chosen: list[Transition], *, merge: bool) -> None:
        # Rule 6: exit deepest and last first, act, enter outermost and first first.
        self.microsteps += 1
        if merge:
            self.merge_payload()
        moving = [t for t in chosen if t.dest is not None]
        domains = {self.oracle.domain(t) for t in moving}
        exits = [
            state
            for state in self.configuration
            if domains.intersection(self.oracle.ancestors(state))
        ]
        for state in sorted(exits, key=self.oracle.order.__getitem__, reverse=True):
            self.run_actions("exit", self.oracle.states[state].get("on_exit"))
            # Rule 17: leaving a state cancels its timers, if they ran before.
            self.entered.discard(state)
            if state in self.before:
                self.left.add(state)
        self.configuration -= frozenset(exits)
        for transition in chosen:
            self.run_actions("transition", list(transition.actions))
        entries: set[str] = set()
        for transition in moving:
            assert transition.dest is not None
            domain = self.oracle.domain(transition)
            entries.add(transition.dest)
            for state in self.oracle.ancestors(transition.dest):
                if state == domain:
                    break
                entries.add(state)
            entries.update(self.oracle.defaults(transition.dest))
        self.enter(entries)

    def enter(self, states: Iterable[str]) -> None:
        # Rule 6: outermost and first first. Rule 17: entry starts the timers.
        for state in sorted(states, key=self.oracle.order.__getitem__):
            self.configuration |= {state}
            self.entered.add(state)
            self.run_actions("enter", self.oracle.states[state].get("on_enter"))

    def settle(self) -> None:
        # Rule 7: autos until nothing is enabled. Rule 12: a bound of microsteps.
        while not self.oracle.ended(self.configuration):
            chosen = self.select(lambda t: t.auto)
            if not chosen:
                return
            if self.microsteps >= BOUND:
                raise Refusal("livelock")
            self.microstep(chosen, merge=False)

    def merge_payload(self) -> None:
        """The first effect of a path that a real event begins."""
        self.merged = True
        oracle, event = self.oracle, self.event
        assert event is not None and event.trigger is not None
        kept = oracle.variables
        fields = oracle.payload_fields(event)
        if oracle.payloads is None:
            merges = kept is None or bool(kept)
        else:
            declared = oracle.payloads.get(event.trigger, {})
            merges = any(kept is None or name in kept for name in declared)
        if merges:
            self.remembered.clear()
        for name, value in fields.items():
            if value is None and oracle.payloads is not None:
                continue  # a declared field left out or null changes nothing
            if kept is None or name in kept:
                self.context[name] = deepcopy(value)

    def enabled(self, transition: Transition) -> bool:
        # All guards must hold, asked in order, the first false stops.
        for guard in transition.guards:
            name = _guard_name(guard)
            key = _memory_key(guard)
            if key not in self.remembered:
                self.remembered.add(key)
                self.tried.append(name)
            try:
                holds = self.holds(guard)
            except EvaluationError as error:
                # Rule 15: a guard that raises is an error, never false.
                raise Refusal("guard_error", name) from error
            if not holds:
                self.failed.append(name)
                return False
        return True

    def holds(self, guard: Any) -> bool:
        match guard:
            case str():
                return self.ask(guard, {})
            case {"name": name}:
                return self.ask(name, guard.get("params") or {})
            case {"expr": text}:
                return _truth(evaluate(text, self.names()))
            case {"check": check}:
                return self.check(check)
            case {"allOf": guards}:
                return all(self.holds(g) for g in guards)
            case {"anyOf": guards}:
                return any(self.holds(g) for g in guards)
            case {"not": inner}:
                return not self.holds(inner)
            case {"in_state": state}:
                # Rule 8: the configuration before the current microstep.
                return state in self.configuration
        raise ValueError(f"not a guard: {guard!r}")

    def ask(self, name: str, params: Data) -> bool:
        # Rule 8: the context as it is at this moment of the step.
        given = deepcopy(self.visible()), self.event
        try:
            return bool(self.guards(name, deepcopy(params), *given))
        except Exception as error:
            raise EvaluationError(f"guard {name} raised") from error

    def check(self, check: Definition) -> bool:
        value = self.names().path(check["field"])
        match check["op"]:
            case "eq":
                return _equal(value, check["value"])
            case "neq":
                return not _equal(value, check["value"])
            case "gt" | "gte" | "lt" | "lte" as op:
                return _ordered(op, value, check["value"])
            case "in":
                return any(_equal(value, other) for other in check["values"])
            case "not_in":
                return not any(_equal(value, other) for other in check["values"])
            case "is_set":
                return value is not None
            case "is_null":
                return value is None
        raise ValueError(f"not an operator: {check['op']!r}")

    def names(self) -> Names:
        # Rule 7: guards and effects of autos see the event taken last.
        return Names(
            self.visible(),
            self.oracle.payload_fields(self.event),
            open=self.oracle.payloads is None,
        )

    def visible(self) -> Data:
        """The context that guards see: an open payload is merged before they do."""
        fields = self.oracle.payload_fields(self.event)
        if self.oracle.payloads is not None or self.merged:
            return self.context
        kept = self.oracle.variables
        return self.context | {
            name: value
            for name, value in fields.items()
            if kept is None or name in kept
        }

    def run_actions(self, part: str, written: Any) -> None:
        # Rule 8: effects apply as they are reached; named actions are only listed.
        for action in _listed(written):
            match action:
                case str():
                    self.actions.append((part, (action, {})))
                case {"name": name}:
                    params = deepcopy(action.get("params") or {})
                    self.actions.append((part, (name, params)))
                case _:
                    ((kind, operand),) = action.items()
                    self.remembered.clear()
                    try:
                        self.apply(kind, operand)
                    except EvaluationError as error:
                        raise Refusal("effect_error") from error

    def apply(self, kind: str, operand: Any) -> None:
        context = self.context
        match kind:
            case "set":
                for name, value in operand.items():
                    match value:
                        case {"expr": text}:
                            context[name] = deepcopy(evaluate(text, self.names()))
                        case _:
                            context[name] = deepcopy(value)
            case "timestamp":
                context[operand] = self.now
            case "increment":
                context[operand] = _number(context.get(operand)) + 1
            case "decrement":
                context[operand] = _number(context.get(operand)) - 1
            case "append":
                items = context.get(operand["field"])
                if not isinstance(items, list):
                    raise EvaluationError(f"{operand['field']} is not a list")
                item = operand["value"]
                if isinstance(item, dict) and list(item) == ["expr"]:
                    item = evaluate(item["expr"], self.names())
                context[operand["field"]] = [*items, deepcopy(item)]
            case "clear":
                context[operand] = None
            case _:
                raise ValueError(f"not an effect: {kind!r}")

    def accepted(self) -> OracleOutcome:
        (target,) = self.oracle.leaves(self.configuration)
        order, timers = self.oracle.order, self.oracle.timers
        entered = sorted(self.entered, key=order.__getitem__)
        left = sorted(self.left, key=order.__getitem__)
        return OracleOutcome(
            accepted=True,
            reason=None,
            handled=True,
            target=target,
            context=self.context,
            actions=tuple(action for _, action in self.actions),
            exit=tuple(action for part, action in self.actions if part == "exit"),
            transition=tuple(a for part, a in self.actions if part == "transition"),
            enter=tuple(action for part, action in self.actions if part == "enter"),
            started=tuple(
                (name, index, delay)
                for name in entered
                for index, delay in enumerate(timers[name])
            ),
            cancelled=tuple(
                (name, index) for name in left for index in range(len(timers[name]))
            ),
            guards_tried=tuple(self.tried),
        )

    def ignored(self) -> OracleOutcome:
        """An unmatched event of a machine that is not strict: accepted, unhandled."""
        (target,) = self.oracle.leaves(self.before)
        return OracleOutcome(True, None, False, target, deepcopy(self.given))

    def rejected(self, refusal: Refusal) -> OracleOutcome:
        # Rule 14: a rejected step changes nothing.
        return OracleOutcome(
            accepted=False,
            reason=refusal.reason,
            handled=False,
            target="".join(self.oracle.leaves(self.before)),
            context=deepcopy(self.given),
            guard_name=refusal.guard_name,
            guards_tried=tuple(self.tried),
            error=refusal.reason in {"guard_error", "effect_error"},
        )


def _listed(written: Any) -> list[Any]:
    if written is None:
        return []
    return written if isinstance(written, list) else [written]


def _variable_names(definition: Definition) -> frozenset[str] | None:
    written = definition.get("state_variables")
    if written is None:
        return None
    return frozenset(v if isinstance(v, str) else v["key"] for v in written)


def _payload_default(spec: Any) -> object:
    """The value of a field that an event leaves out, or REQUIRED."""
    if not isinstance(spec, dict) or "enum" in spec:
        return None if str(spec).endswith("?") else REQUIRED
    optional = str(spec.get("type", "")).endswith("?")
    if "default" in spec or not spec.get("required", not optional):
        return deepcopy(spec.get("default"))
    return REQUIRED


def _milliseconds(after: int | str) -> int:
    if isinstance(after, int):
        return after
    number = after.rstrip("mshd")
    return int(Decimal(number) * UNITS[after[len(number) :] or "ms"])


def _effect_kinds(data: object) -> set[str]:
    """The effects written anywhere in a definition."""
    if isinstance(data, list):
        return {kind for item in data for kind in _effect_kinds(item)}
    if not isinstance(data, dict):
        return set()
    own = {str(key) for key in data if len(data) == 1 and key in EFFECTS}
    parts = ("states", "transitions", "on_enter", "on_exit", "actions")
    return own | {kind for p in parts for kind in _effect_kinds(data.get(p))}


def _guard_name(guard: Any) -> str | None:
    match guard:
        case str():
            return guard
        case {"name": str(name)} | {"expr": str(name)}:
            return name
    return None


def _memory_key(guard: Any) -> str:
    """Equal for two ways of writing one named guard."""
    match guard:
        case str():
            guard = {"name": guard}
        case {"name": _, "params": None | {}} if not guard["params"]:
            guard = {"name": guard["name"]}
    return json.dumps(guard, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of an expression mean at one moment."""

    context: Mapping[str, object]
    payload: Mapping[str, object]
    open: bool = False

    def bare(self, name: str) -> object:
        # The payload field if the event taken last declares it, else the variable.
        declared = not self.open and name in self.payload
        return _field(self.payload if declared else self.context, name)

    def path(self, text: str) -> object:
        """What the dotted path of a `check` guard leads to."""
        first, *rest = text.split(".")
        match first:
            case "ctx":
                value: object = self.context
            case "event":
                value = self.payload
            case _:
                value = self.bare(first)
        for name in rest:
            value = _field(value, name)
        return value


def evaluate(text: str, names: Names) -> object:
    """The value of an expression of the machine language.

    Raises EvaluationError for what the language leaves to run time.
    """
    return _value(_parsed(text), names)


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def _value(node: ast.expr, names: Names) -> object:
    def value(inner: ast.expr) -> object:
        return _value(inner, names)

    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id="true" | "false" | "null" as word):
            return {"true": True, "false": False, "null": None}[word]
        case ast.Name(id=name):
            return names.bare(name)
        case ast.Attribute(value=ast.Name(id="ctx"), attr=name):
            return _field(names.context, name)
        case ast.Attribute(value=ast.Name(id="event"), attr=name):
            return _field(names.payload, name)
        case ast.Subscript(ast.Name(id="ctx"), ast.Constant(value=str(name))):
            return _field(names.context, name)
        case ast.Subscript(ast.Name(id="event"), ast.Constant(value=str(name))):
            return _field(names.payload, name)
        case ast.Attribute(value=inner, attr=name):
            return _field(value(inner), name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(value(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(value(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_truth(value(v)) for v in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_truth(value(v)) for v in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return value(body) if _truth(value(test)) else value(orelse)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            a = value(left)
            for op, comparator in zip(ops, comparators, strict=True):
                b = value(comparator)
                if not _compare(op, a, b):
                    return False
                a = b
            return True
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(operator, value(left), value(right))
        case ast.Tuple(elts=elements):
            return [value(e) for e in elements]
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, [value(a) for a in args])
    raise ValueError(f"not an expression of the language: {ast.dump(node)}")


def _field(data: object, name: str) -> object:
    if not isinstance(data, Mapping) or name not in data:
        raise EvaluationError(f"nothing is called {name}")
    return data[name]


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise EvaluationError(f"{value!r} is not a boolean")
    return value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationError(f"{value!r} is not a number")
    return value


def _equal(a: object, b: object) -> bool:
    # Booleans are not numbers; anything may be compared with anything.
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _ordered(op: str, a: object, b: object) -> bool:
    match a, b:
        case str(), str():
            less, equal = a < b, a == b
        case datetime(), datetime():
            less, equal = a < b, a == b
        case _:
            less, equal = _number(a) < _number(b), _number(a) == _number(b)
    return {
        "lt": less,
        "lte": less or equal,
        "gt": not less and not equal,
        "gte": not less,
    }[op]


def _compare(op: ast.cmpop, a: object, b: object) -> bool:
    match op:
        case ast.Eq():
            return _equal(a, b)
        case ast.NotEq():
            return not _equal(a, b)
        case ast.Is():
            return a is b
        case ast.IsNot():
            return a is not b
        case ast.In() | ast.NotIn():
            if not isinstance(b, list):
                raise EvaluationError(f"{b!r} is not a list")
            return any(_equal(a, x) for x in b) == isinstance(op, ast.In)
        case ast.Lt():
            return _ordered("lt", a, b)
        case ast.LtE():
            return _ordered("lte", a, b)
        case ast.Gt():
            return _ordered("gt", a, b)
        case ast.GtE():
            return _ordered("gte", a, b)
    raise ValueError(f"not a comparison of the language: {op}")


def _arithmetic(op: ast.operator, a: object, b: object) -> object:
    if isinstance(op, ast.Add) and isinstance(a, str) and isinstance(b, str):
        return a + b
    x, y = _number(a), _number(b)
    try:
        match op:
            case ast.Add():
                return x + y
            case ast.Sub():
                return x - y
            case ast.Mult():
                return x * y
            case ast.Div():
                return x / y
            case ast.FloorDiv():
                return x // y
            case ast.Mod():
                return x % y
    except ArithmeticError as error:
        raise EvaluationError(str(error)) from error
    raise ValueError(f"not an operator of the language: {op}")


def _call(function: str, args: list[object]) -> object:
    match function, args:
        case "len", [str() | list() as a]:
            return len(a)
        case "abs", [a]:
            return abs(_number(a))
        case "round", [a]:
            return round(_number(a))
        case "round", [a, int(digits)]:
            return round(_number(a), digits)
        case "any", [list(items)]:
            return any(_truth(item) for item in items)
        case "all", [list(items)]:
            return all(_truth(item) for item in items)
        case "min" | "max", [list(items)] if items:
            return _extreme(function, items)
        case "min" | "max", [_, _, *_]:
            return _extreme(function, args)
        case "lower", [str(text)]:
            return text.lower()
        case "upper", [str(text)]:
            return text.upper()
        case "startswith", [str(text), str(part)]:
            return text.startswith(part)
        case "endswith", [str(text), str(part)]:
            return text.endswith(part)
        case "contains", [str(text), str(part)]:
            return part in text
        case "contains", [list(items), a]:
            return any(_equal(a, item) for item in items)
    raise EvaluationError(f"{function} does not take {args!r}")


def _extreme(function: str, items: list[object]) -> object:
    best = items[0]
    for item in items[1:]:
        if _ordered("lt" if function == "min" else "gt", item, best):
            best = item
    return best

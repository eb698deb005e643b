"""Random machines that a compiler must accept, and events to send them.

Every machine keeps a spine: unguarded transitions, none of them shadowed, that lead
to each of its leaves through leaves where the machine can rest. Whatever is added
later is guarded where it could cut the spine, and its guards can all be false at
once, so no state is unreachable under any guard answers that an analysis may try.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta

import yaml

from tests.oracle import (
    ROOT,
    Data,
    Definition,
    Guards,
    Oracle,
    OracleEvent,
)

STATES = (
    *("IDLE", "OPEN", "CLOSED", "PENDING", "ACTIVE", "FAILED", "REVIEW", "SHIPPED"),
    *("LOADING", "PAUSED", "BILLED", "DRAFT", "LISTEN", "APPROVED", "RETIRED"),
)
ODD_STATES = ("openOrder", "work.Item", "x:y", "a-b-c", "ON", "No", "class", "None")
TRIGGERS = ("go", "fill", "ack", "cancel", "retry", "submit", "tick", "reject")
ODD_TRIGGERS = ("cancelOrder", "order.sent", "step:two", "re-open", "import", "OFF")
ACTIONS: dict[str, Data] = {
    "notify": {},
    "audit": {"code": 7, "ok": True},
    "log": {"level": "info"},
    "Send.Mail": {},
}
POSITIVE_GUARDS: dict[str, Data] = {"g0": {}, "g1": {"limit": 1}, "g4": {}}
NEGATED_GUARDS: dict[str, Data] = {"g2": {}, "g3": {"tag": "x", "deep": True}}

COLOURS = ("red", "green", "blue")
VARIABLES: dict[str, object] = {
    "count": {"type": "integer", "default": 0},
    "qty": {"type": "integer", "required": True},
    "price": {"type": "number", "default": 1.5},
    "label": {"type": "string", "default": ""},
    "flag": {"type": "boolean", "default": False},
    "mode": {"type": {"enum": list(COLOURS)}, "default": "red"},
    "note": {"type": "string?"},
    "limit": {"type": "integer"},
    "seen": {"type": "datetime?"},
    "items": {"type": "list[integer]", "default": []},
}
PAYLOAD: dict[str, object] = {
    "amount": "integer",
    "reason": "string?",
    "urgent": {"type": "boolean", "required": True},
    "qty": "integer",
    "price": {"type": "number", "default": 2.5},
    "note": "string?",
    "label": "string",
    "mode": {"type": {"enum": list(COLOURS)}},
}
CONDITIONS = (
    *("qty >= 3", "count < 2", "price > 1.5", 'label == "ab"', "flag", "not flag"),
    *('mode == "red"', 'mode in ("red", "green")', "limit == 2", "1 < qty <= 4"),
    *("note is not None and len(note) > 1", "limit is None or limit > 2"),
    *("len(items) < 3", "3 in items", "contains(items, 4)", "qty + count * 2 >= 4"),
    *("min(qty, count) > 0", "max(qty, 2) == qty", "abs(qty - 3) <= 1"),
    *("qty > 1 if flag else count > 1", 'startswith(label, "a")', "seen is None"),
    *('lower(label) == "ab"', 'contains(label, "b")', "10 // qty > 2"),
    *("count % 2 == 0", "round(price) == 2", "ctx.qty > 2 or ctx.flag", "-qty < 1"),
    *("price / 2 < 1.5 and not (qty == 2)", 'label + "b" != "ab"'),
)
PAYLOAD_CONDITIONS = {
    "amount": ("amount > 2", "event.amount >= qty", "amount + count == 3"),
    "reason": ('reason is None or startswith(reason, "x")', "event.reason == label"),
    "urgent": ("urgent", "event.urgent or flag"),
    "qty": ("event.qty > 2", "event.qty != ctx.qty"),
}
CHECKS: tuple[Data, ...] = (
    {"field": "qty", "op": "gte", "value": 3},
    {"field": "qty", "op": "lt", "value": 4},
    {"field": "ctx.count", "op": "lte", "value": 2},
    {"field": "price", "op": "gt", "value": 1.5},
    {"field": "label", "op": "neq", "value": "ab"},
    {"field": "flag", "op": "eq", "value": True},
    {"field": "mode", "op": "in", "values": ["red", "blue"]},
    {"field": "mode", "op": "not_in", "values": ["green"]},
    {"field": "note", "op": "is_set"},
    {"field": "limit", "op": "is_null"},
)
EFFECTS: tuple[Data, ...] = (
    {"set": {"label": "ab"}},
    {"set": {"qty": 3, "flag": True}},
    {"set": {"qty": {"expr": "qty + 1"}}},
    {"set": {"flag": {"expr": "not flag"}}},
    {"set": {"limit": {"expr": "count + 1"}, "mode": "green"}},
    {"set": {"price": {"expr": "price - 0.5"}}},
    {"set": {"note": {"expr": "label"}}},
    {"set": {"count": {"expr": "0 if count > 20 else count"}}},
    {"timestamp": "seen"},
    {"increment": "count"},
    {"increment": "price"},
    {"decrement": "qty"},
    {"append": {"field": "items", "value": 3}},
    {"clear": "note"},
    {"clear": "limit"},
)
DELAYS = (1, 250, "500ms", "1.5s", "10m", "1h", "2d")


@dataclass(frozen=True, slots=True)
class Features:
    """What a machine may use."""

    typed: bool = True
    hierarchy: bool = True
    terminals: bool = True
    odd_names: bool = True
    shuffled_states: bool = True
    wildcards: bool = True
    source_lists: bool = True
    priorities: bool = True
    named_guards: bool = True
    expressions: bool = True
    checks: bool = True
    combinators: bool = True
    in_state: bool = True
    actions: bool = True
    effects: bool = True
    autos: bool = True
    delays: bool = True
    timeouts: bool = True
    internals: bool = True
    lenient: bool = True
    normalizer: bool = True
    metadata: bool = True


def random_features(rng: random.Random) -> Features:
    """Half of the machines are typed; each drops some of the other features."""
    kept = rng.choice((0.5, 0.75, 0.95))
    drawn = {f.name: rng.random() < kept for f in fields(Features)}
    drawn["typed"] = rng.random() < 0.5
    features = replace(Features(), **drawn)
    if not (features.named_guards or features.expressions or features.checks):
        return replace(features, named_guards=True)
    return features


def random_machine(rng: random.Random, features: Features) -> Definition:
    """A definition without a fault, of 1 to 12 states at most four deep."""
    return _Builder(rng, features).definition()


def random_events(
    rng: random.Random, definition: Definition, n: int
) -> Iterator[OracleEvent]:
    """Events for any configuration, so that many find no transition."""
    oracle = Oracle(definition)
    for _ in range(n):
        yield random_event(rng, definition, oracle)


def random_event(
    rng: random.Random,
    definition: Definition,
    oracle: Oracle,
    configuration: str | None = None,
) -> OracleEvent:
    """One event, mostly one that some transition of the configuration has."""
    active = set(oracle.order)
    if configuration is not None and rng.random() < 0.8:
        active = {*oracle.active(configuration), ROOT}
    events = _events_of(oracle, active) or _events_of(oracle, set(oracle.order))
    if not events or rng.random() < 0.04:
        return OracleEvent("unheard_of")
    event = rng.choice(events)
    if event.trigger is None:
        return event
    trigger = event.trigger
    if oracle.normalizer is not None:
        trigger = rng.choice((trigger, trigger.upper(), trigger.lower()))
    names: Iterable[str]
    if oracle.payloads is not None:
        names = oracle.payloads.get(event.trigger, {})
        return OracleEvent(trigger, {n: random_value(rng, n) for n in names})
    names = rng.sample(sorted(PAYLOAD), rng.choice((0, 0, 1, 2, 3)))
    return OracleEvent(trigger, {n: random_value(rng, n) for n in names})


def _events_of(oracle: Oracle, states: set[str]) -> list[OracleEvent]:
    events: list[OracleEvent] = []
    for state in sorted(states, key=oracle.order.__getitem__):
        for transition in oracle.outgoing[state]:
            if transition.trigger is not None:
                events.append(OracleEvent(transition.trigger))
            if transition.timer is not None:
                events.append(OracleEvent(timer=(state, transition.timer)))
    return events


def random_context(rng: random.Random, definition: Definition) -> Data:
    """All variables of a typed machine; a dynamic one may lack some or hold null."""
    if definition.get("state_variables") is not None:
        return {v["key"]: random_value(rng, v["key"]) for v in _variables(definition)}
    context = {name: random_value(rng, name) for name in VARIABLES}
    for name in list(context):
        fate = rng.random()
        if fate < 0.03:
            del context[name]
        elif fate < 0.06:
            context[name] = None
    return context


def random_value(rng: random.Random, name: str) -> object:
    """A value of the type that a variable or a payload field of this name has."""
    match name:
        case "count" | "qty" | "amount":
            return rng.randint(0, 5)
        case "price":
            return rng.randint(0, 8) / 2
        case "label":
            return rng.choice(("", "ab", "b", "AB"))
        case "flag" | "urgent":
            return rng.random() < 0.5
        case "mode":
            return rng.choice(COLOURS)
        case "note" | "reason":
            return rng.choice((None, "x", "xyz"))
        case "limit":
            return rng.choice((None, 2, 3))
        case "seen":
            return rng.choice((None, moment(rng.randint(0, 9))))
        case "items":
            return [rng.randint(1, 5) for _ in range(rng.randint(0, 3))]
    raise ValueError(f"no values for {name!r}")


def moment(seconds: int) -> datetime:
    """A time to pass as `now`."""
    return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def guard_answers(salt: int) -> Guards:
    """Answers for g0 to g4 in one step: a pure function of salt, name and params.

    g4 also looks at the variable `count`, which no payload brings; g3 and g1 raise
    for some salts.
    """

    def answer(
        name: str, params: Data, context: Data, event: OracleEvent | None
    ) -> bool:
        if name == "g4":
            count = context.get("count")
            return ((count if isinstance(count, int) else 0) + salt) % 3 == 0
        text = json.dumps([salt, name, params], sort_keys=True)
        bits = zlib.crc32(text.encode())
        if name in {"g1", "g3"} and bits % 16 == 0:
            raise RuntimeError(f"{name} raises")
        return bits % 5 < 3

    return answer


def dump_yaml(definition: Definition) -> str:
    """YAML text without aliases, that YAML 1.1 and 1.2 read alike."""
    plain = json.loads(json.dumps(definition))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=False, width=100_000)


def _variables(definition: Definition) -> list[Definition]:
    variables: list[Definition] = definition["state_variables"]
    return variables


@dataclass(slots=True)
class _State:
    name: str
    parent: str
    terminal: bool = False
    timeout: Data | None = None


@dataclass(slots=True)
class _Written:
    """A transition before it is text. Without guards it closes its groups."""

    sources: list[str]
    dest: str | None
    trigger: str | None = None
    after: int | str | None = None
    auto: bool = False
    internal: bool = False
    guards: list[object] = field(default_factory=list)


class _Builder:
    """Builds one machine: states, then the spine, then whatever else fits."""

    def __init__(self, rng: random.Random, features: Features) -> None:
        self.rng = rng
        self.has = features
        self.states: dict[str, _State] = {}
        self.children: dict[str, list[str]] = {ROOT: []}
        self.initial: dict[str, str] = {}
        self.written: list[_Written] = []
        self.naming: set[str] = set()
        # Groups (state, trigger) that end with an unguarded transition, and those
        # that must not because a part of the spine passes above them.
        self.closed: set[tuple[str, str]] = set()
        self.kept_open: set[tuple[str, str]] = set()
        self.triggers = self.names(TRIGGERS, ODD_TRIGGERS, rng.randint(1, 8))
        self.payloads: dict[str, list[str]] = {}
        self.asked: dict[str | None, list[str]] = {}
        for trigger in self.triggers:
            if rng.random() < 0.7:
                some = rng.sample(sorted(PAYLOAD), rng.randint(0, 4))
                self.payloads[trigger] = some
        self.build_states(rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 10, 12)))
        self.order = {name: at for at, name in enumerate(self.preorder(ROOT))}

    def names(self, plain: tuple[str, ...], odd: tuple[str, ...], n: int) -> list[str]:
        pool = [*plain, *odd] if self.has.odd_names else list(plain)
        return self.rng.sample(pool, n)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def build_states(self, n: int) -> None:
        names = self.names(STATES, ODD_STATES, n)
        for name in names:
            parent = ROOT
            if self.has.hierarchy and self.chance(0.6):
                shallow = [s for s in self.states if len(self.chain(s)) < 4]
                parent = self.rng.choice([ROOT, *shallow])
            self.states[name] = _State(name, parent)
            self.children[name] = []
            self.children[parent].append(name)
        for parent, children in self.children.items():
            if children:
                self.initial[parent] = self.rng.choice(children)
        # Compounds that name their initial child; else the child says it.
        self.naming = {s for s in self.states if self.children[s] and self.chance(0.6)}
        for state in self.states.values():
            default = self.initial[state.parent] == state.name
            if self.has.terminals and not self.children[state.name] and not default:
                state.terminal = self.chance(0.3)

    def chain(self, name: str) -> list[str]:
        """The state and its ancestors below the root, innermost first."""
        chain = []
        while name != ROOT:
            chain.append(name)
            name = self.states[name].parent
        return chain

    def preorder(self, name: str) -> Iterator[str]:
        yield name
        for child in self.children[name]:
            yield from self.preorder(child)

    def default_leaf(self, name: str) -> str:
        while self.children[name]:
            name = self.initial[name]
        return name

    def build_spine(self) -> None:
        leaves = [s for s in self.states if not self.children[s]]
        first = self.default_leaf(ROOT)
        resting, busy, passing = [first], set[str](), set[str]()
        unreached = [s for s in leaves if s != first]
        self.rng.shuffle(unreached)
        for leaf in unreached:
            above = [s for s in self.chain(leaf) if self.default_leaf(s) == leaf]
            dest = self.rng.choice(above)
            stays = not self.states[leaf].terminal
            # An unguarded auto makes its leaf one where the machine never rests.
            # It leads to a higher place in the document, so no cycle of them exists.
            through = [
                s for s in resting if s not in busy and self.order[s] < self.order[dest]
            ]
            if self.has.autos and stays and through and self.chance(0.15):
                source = self.rng.choice(through)
                resting.remove(source)
                passing.add(source)
                self.written.append(_Written([source], dest, auto=True))
            else:
                source = self.rng.choice(resting)
                busy.add(source)
                self.lead(source, dest)
            if stays:
                resting.append(leaf)

    def lead(self, leaf: str, dest: str) -> None:
        """An unguarded transition to `dest` that is enabled where `leaf` rests."""
        chain = [*self.chain(leaf), *([ROOT] if self.has.wildcards else [])]
        at = 0 if self.chance(0.7) else self.rng.randrange(len(chain))
        source, below = chain[at], chain[:at]
        timed = source != ROOT and self.states[source].timeout is None
        if self.has.timeouts and timed and self.chance(0.1):
            seconds = self.rng.choice((0.5, 2, 30))
            self.states[source].timeout = {"seconds": seconds, "destination": dest}
            return
        trigger = self.rng.choice(self.triggers)
        groups = {(s, trigger) for s in below}
        closed = (source, trigger) in self.closed | self.kept_open
        if closed or groups & self.closed:
            trigger = next(
                (t for t in self.triggers if not self.used(chain[: at + 1], t)), ""
            )
            if not trigger:
                trigger = f"spare{len(self.triggers)}"
                self.triggers.append(trigger)
            groups = {(s, trigger) for s in below}
        self.closed.add((source, trigger))
        self.kept_open |= groups
        inside = source != ROOT and source in self.chain(dest)[1:]
        internal = self.has.internals and inside and self.chance(0.5)
        self.written.append(_Written([source], dest, trigger, internal=internal))

    def used(self, states: list[str], trigger: str) -> bool:
        return any((s, trigger) in self.closed | self.kept_open for s in states)

    def build_extras(self) -> None:
        ways: list[Callable[[list[str]], _Written]] = [self.by_event, self.by_event]
        if self.has.autos:
            ways.append(self.by_auto)
        if self.has.delays:
            ways.append(self.by_delay)
        sources = [s.name for s in self.states.values() if not s.terminal]
        for _ in range(self.rng.randint(0, 2 * len(self.states))):
            some = [self.rng.choice(sources)]
            if self.has.source_lists and self.chance(0.2):
                some = self.rng.sample(sources, min(len(sources), 3))
            self.written.append(self.rng.choice(ways)(some))
        for name in sources:
            state = self.states[name]
            if self.has.timeouts and state.timeout is None and self.chance(0.08):
                dest = self.rng.choice(list(self.states))
                state.timeout = {"seconds": 1.25, "destination": dest}

    def by_event(self, sources: list[str]) -> _Written:
        if self.has.wildcards and self.chance(0.15):
            sources = [ROOT]
        trigger = self.rng.choice(self.triggers)
        written = self.moving(_Written(sources, None, trigger))
        groups = {(s, trigger) for s in sources}
        if groups & (self.closed | self.kept_open) or self.chance(0.6):
            spine = bool(groups & (self.closed | self.kept_open))
            written.guards = self.guards(trigger, lone_in_state=not spine)
        else:
            self.closed |= groups
        return written

    def by_auto(self, sources: list[str]) -> _Written:
        written = self.moving(_Written(sources, None, auto=True))
        written.guards = self.guards(None)
        return written

    def by_delay(self, sources: list[str]) -> _Written:
        written = self.moving(_Written(sources, None, after=self.rng.choice(DELAYS)))
        if self.chance(0.3):
            written.trigger = self.rng.choice(self.triggers)
        if written.trigger is not None or self.chance(0.5):
            written.guards = self.guards(None)
        return written

    def moving(self, written: _Written) -> _Written:
        if self.has.internals and self.chance(0.25):
            written.internal = True
            inner = [s for s in self.preorder(written.sources[0])][1:]
            if written.sources != [ROOT] and inner and self.chance(0.7):
                written.dest = self.rng.choice(inner)
            elif self.chance(0.2):
                written.dest = self.rng.choice(list(self.states))
            return written
        written.dest = self.rng.choice(list(self.states))
        return written

    def guards(
        self, trigger: str | None, *, lone_in_state: bool = False
    ) -> list[object]:
        """At least one guard; all such lists of a machine can be false together."""
        if lone_in_state and self.has.in_state and self.chance(0.1):
            return [{"in_state": self.rng.choice(list(self.states))}]
        guards = [self.guard(trigger, 2) for _ in range(self.rng.choice((1, 1, 1, 2)))]
        if self.has.in_state and self.chance(0.15):
            where: object = {"in_state": self.rng.choice(list(self.states))}
            if self.has.combinators and self.chance(0.3):
                where = {"not": where}
            guards.insert(self.rng.randint(0, len(guards)), where)
        return guards

    def guard(self, trigger: str | None, depth: int) -> object:
        if self.has.combinators and depth and self.chance(0.25):
            parts = [self.guard(trigger, depth - 1) for _ in range(2)]
            if self.chance(0.5):
                return {"anyOf": parts}
            if self.has.in_state and self.chance(0.3):
                parts.append({"in_state": self.rng.choice(list(self.states))})
            return {"allOf": parts}
        kinds = [
            *(["named"] * 2 if self.has.named_guards else []),
            *(["expr"] * 2 if self.has.expressions else []),
            *(["check"] if self.has.checks else []),
        ]
        match self.rng.choice(kinds or ["named"]):
            case "named" if self.has.combinators and self.chance(0.3):
                return {"not": self.named(NEGATED_GUARDS)}
            case "named":
                return self.named(POSITIVE_GUARDS)
            case "expr" if (
                self.has.combinators and self.has.named_guards and (self.chance(0.3))
            ):
                return self.otherwise(trigger)
            case "expr":
                condition = self.condition(trigger)
                self.asked.setdefault(trigger, []).append(condition)
                return {"expr": condition}
        return {"check": self.rng.choice(CHECKS)}

    def otherwise(self, trigger: str | None) -> object:
        """Where a condition that another transition may ask does not hold."""
        asked = self.asked.get(trigger) or [self.condition(trigger)]
        negated = {"not": {"expr": self.rng.choice(asked)}}
        # both could not be false together; a name beside them can
        return {"allOf": [negated, self.named(POSITIVE_GUARDS)]}

    def named(self, pool: dict[str, Data]) -> object:
        name = self.rng.choice(sorted(pool))
        params = dict(pool[name])
        if not params:
            return name if self.chance(0.8) else {"name": name}
        if "limit" in params:
            params["limit"] = self.rng.randint(1, 2)
        return {"name": name, "params": params}

    def condition(self, trigger: str | None) -> str:
        declared = self.payloads.get(trigger or "", [])
        if not self.has.typed:
            declared = sorted(PAYLOAD) if trigger else []
        about = [n for n in declared if n in PAYLOAD_CONDITIONS]
        if about and self.chance(0.4):
            return self.rng.choice(PAYLOAD_CONDITIONS[self.rng.choice(about)])
        return self.rng.choice(CONDITIONS)

    def acts(self, trigger: str | None = None, chance: float = 0.35) -> list[object]:
        actions: list[object] = []
        while self.chance(chance):
            if self.has.effects and self.chance(0.5):
                actions.append(self.effect(trigger))
            elif self.has.actions:
                name = self.rng.choice(sorted(ACTIONS))
                params = ACTIONS[name]
                actions.append({"name": name, "params": params} if params else name)
        return actions

    def effect(self, trigger: str | None) -> object:
        if self.has.typed and "amount" in self.payloads.get(trigger or "", []):
            more = ("amount", "event.amount + qty")
            return {"set": {"qty": {"expr": self.rng.choice(more)}}}
        if not self.has.typed and trigger is not None and self.chance(0.1):
            return {"set": {"qty": {"expr": "amount"}}}
        return self.rng.choice(EFFECTS)

    def definition(self) -> Definition:
        self.build_spine()
        self.build_extras()
        definition: Definition = {"meta": self.meta(), "states": self.state_list()}
        definition["transitions"] = self.transition_list()
        if not definition["transitions"]:
            del definition["transitions"]
        if self.has.typed:
            definition["state_variables"] = [
                {"key": key, **spec}
                for key, spec in VARIABLES.items()
                if isinstance(spec, dict)
            ]
            used = {w.trigger for w in self.written}
            definition["events"] = [
                self.event(t) for t in self.triggers if t in used and t in self.payloads
            ]
            if not definition["events"]:
                definition["events"] = [{"name": t} for t in self.triggers if t in used]
        return definition

    def meta(self) -> Data:
        meta: Data = {"machine_name": "random_machine", "version": "1.0.0"}
        if self.has.lenient and self.chance(0.3):
            meta["strict_mode"] = False
        if self.has.normalizer and self.chance(0.3):
            meta["event_normalizer"] = self.rng.choice(("lower", "upper"))
        return meta

    def event(self, trigger: str) -> Data:
        payload = {name: PAYLOAD[name] for name in self.payloads[trigger]}
        return {"name": trigger, "payload": payload} if payload else {"name": trigger}

    def state_list(self) -> list[Data]:
        listed = list(self.states)
        if self.has.shuffled_states:
            # Parents may stand after children; siblings keep their order.
            listed = self.interleaved(ROOT)
        return [self.state(self.states[name]) for name in listed]

    def interleaved(self, parent: str) -> list[str]:
        merged: list[str] = []
        waiting = [self.children[parent][:]]
        waiting += [self.interleaved(c) for c in self.children[parent]]
        while any(waiting):
            queue = self.rng.choice([q for q in waiting if q])
            merged.append(queue.pop(0))
        return merged

    def state(self, state: _State) -> Data:
        written: Data = {"name": state.name}
        if self.initial[state.parent] == state.name and state.parent not in self.naming:
            written["type"] = "initial"
        elif state.terminal:
            written["type"] = "terminal"
        elif self.chance(0.3):
            written["type"] = self.rng.choice(("stable", "error"))
        if state.parent != ROOT:
            written["parent"] = state.parent
        if state.name in self.naming:
            written["initial_child"] = self.initial[state.name]
        for key in ("on_enter", "on_exit"):
            actions = self.acts()
            if actions:
                written[key] = self.one_or_list(actions)
        if state.timeout is not None:
            written["timeout"] = state.timeout
        if self.has.metadata and self.chance(0.2):
            written["description"] = f"the state that is called {state.name}"
        return written

    def transition_list(self) -> list[Data]:
        """In any order, but what has no guard is tried last in its group."""
        self.rng.shuffle(self.written)
        ranked: list[tuple[_Written, int | None]] = []
        for w in self.written:
            priority = None
            if self.has.priorities and (not w.guards or self.chance(0.4)):
                priority = self.rng.choice((-3, -1, 0, 1, 5)) if w.guards else 9
            ranked.append((w, priority))
        if not self.has.priorities:
            ranked.sort(key=lambda pair: not pair[0].guards)
        return [self.transition(w, priority) for w, priority in ranked]

    def transition(self, w: _Written, priority: int | None) -> Data:
        written: Data = {}
        if w.trigger is not None:
            written["trigger"] = w.trigger
        if w.after is not None:
            written["after"] = w.after
        if w.auto:
            written["auto"] = True
        sources = ["*" if s == ROOT else s for s in w.sources]
        written["source"] = sources if len(sources) > 1 else sources[0]
        if w.dest is not None:
            written["dest"] = w.dest
        if w.internal:
            written["internal"] = True
        if w.guards:
            written["guards"] = self.one_or_list(w.guards)
        actions = self.acts(w.trigger if w.after is None else None, 0.5)
        if not actions and w.dest is None:
            actions = ["notify"]
        if actions:
            written["actions"] = self.one_or_list(actions)
        if priority is not None:
            written["priority"] = priority
        if self.has.metadata and self.chance(0.2):
            written["ref"] = "chapter 3: what follows"
            written["metadata"] = {"set": "ignored", "level": 3}
        return written

    def one_or_list(self, items: list[object]) -> object:
        return items[0] if len(items) == 1 and self.chance(0.5) else items

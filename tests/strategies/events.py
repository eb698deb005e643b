"""Random events, contexts and guard answers for a machine."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tests.oracle import ROOT, Data, Definition, Guards, Oracle, OracleEvent
from tests.strategies.vocabulary import COLOURS, PAYLOAD, VARIABLES


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
        variables: list[Definition] = definition["state_variables"]
        return {v["key"]: random_value(rng, v["key"]) for v in variables}
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

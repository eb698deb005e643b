"""What the compiler says always holds is never broken by a random walk of the oracle.

The machines have typed variables, payloads, expressions and effects of every kind. The
walks start with the defaults of the variables, and anything for those without.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from pystator.compiler.pipeline import check
from tests.oracle import Data, Definition, Oracle
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
    guard_answers,
    moment,
    random_event,
    random_features,
    random_machine,
)
from tests.strategies.events import random_value

MACHINES = int(os.environ.get("PYSTATOR_MACHINES", "40"))
FIRST = int(os.environ.get("PYSTATOR_SEED", "0"))
BATCH = 20
WALKS, STEPS = 4, 40

CONDITIONS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "count > 3": lambda c: c["count"] > 3,
    "count < 0": lambda c: c["count"] < 0,
    "count == qty": lambda c: c["count"] == c["qty"],
    "qty >= 3": lambda c: c["qty"] >= 3,
    "price > 2": lambda c: c["price"] > 2,
    'label == "ab"': lambda c: c["label"] == "ab",
    "flag": lambda c: c["flag"] is True,
    'mode == "red"': lambda c: c["mode"] == "red",
    "note is null": lambda c: c["note"] is None,
    "limit is null": lambda c: c["limit"] is None,
    "seen is null": lambda c: c["seen"] is None,
    "len(items) > 1": lambda c: len(c["items"]) > 1,
}


def properties(rng: random.Random, names: list[str]) -> Iterator[tuple[Data, str, str]]:
    """Each with the condition and the state in which it must not hold."""
    for number in range(20):
        condition, state = rng.choice(list(CONDITIONS)), rng.choice(["", *names])
        text = f'state["{state}"] and ({condition})' if state else condition
        yield {"name": f"p{number}", "never": text}, condition, state


def holding(definition: Definition, names: list[str]) -> set[str]:
    """The properties of which the compiler says nothing."""
    report = check(dump_yaml(definition), "m.yaml").report
    codes = {d.code for d in report if d.severity.value == "error"}
    assert codes <= {"PS0701"}, codes
    told = {d.message.split("`")[1] for d in report if d.code.startswith("PS07")}
    return set(names) - told


def walk(
    rng: random.Random, definition: Definition, oracle: Oracle, seed: int
) -> Iterator[tuple[frozenset[str], Data]]:
    """The active states and the context wherever the machine rests."""
    context = {
        v["key"]: (
            v["default"]
            if "default" in v
            else random_value(rng, v["key"]) if v.get("required") else None
        )
        for v in definition["state_variables"]
    }
    outcome = oracle.start(context, guard_answers(seed), moment(0))
    if not outcome.accepted:
        return
    for step in range(STEPS):
        yield oracle.active(outcome.target), outcome.context
        event = random_event(rng, definition, oracle, outcome.target)
        ask, now = guard_answers(seed * 1000 + step), moment(step)
        after = oracle.step(outcome.target, event, outcome.context, ask, now)
        if after.accepted and after.handled:
            outcome = after


def broken(seed: int) -> tuple[int, list[str]]:
    """How many properties are said to hold, and which of them do not."""
    rng = random.Random(seed)
    features = replace(random_features(rng, EVERYTHING), typed=True, effects=True)
    definition = random_machine(rng, features)
    oracle = Oracle(definition)
    listed = list(properties(rng, sorted(set(oracle.states) - choices(definition))))
    definition["properties"] = [written for written, _, _ in listed]
    holds = holding(definition, [str(written["name"]) for written, _, _ in listed])
    found: list[str] = []
    for number in range(WALKS):
        for active, context in walk(rng, definition, oracle, seed * WALKS + number):
            for written, condition, state in listed:
                if written["name"] not in holds or (state and state not in active):
                    continue
                if CONDITIONS[condition](context):
                    found.append(f"{seed}: {written} in {sorted(active)}, {context}")
    return len(holds), found


def choices(definition: Definition) -> set[str]:
    return {s["name"] for s in definition["states"] if s.get("type") == "choice"}


@pytest.mark.parametrize("first", range(FIRST, FIRST + MACHINES, BATCH))
def test_what_holds_is_never_broken(first: int) -> None:
    found = [broken(seed) for seed in range(first, first + BATCH)]
    assert [text for _, texts in found for text in texts[:1]] == []
    assert sum(count for count, _ in found) > 2 * BATCH

"""Oracle = generated module, on random machines and random events.

By `process`, by the methods of the triggers, and asynchronously. Environment:
PYSTATOR_MACHINES and PYSTATOR_SEED choose how many machines, and which.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from tests.modules import Generated
from tests.oracle import Oracle, OracleOutcome
from tests.strategies import (
    dump_yaml,
    guard_answers,
    moment,
    random_context,
    random_event,
    random_features,
    random_machine,
)

MACHINES = int(os.environ.get("PYSTATOR_MACHINES", "1000"))
FIRST = int(os.environ.get("PYSTATOR_SEED", "0"))
EVENTS = 50
BATCH = 50
NAMED = frozenset(f"g{number}" for number in range(5))


def comparable(outcome: OracleOutcome) -> OracleOutcome:
    """What both sides name alike: of guards, those that have a name of their own."""
    name = outcome.guard_name if outcome.guard_name in NAMED else None
    tried = tuple(guard for guard in outcome.guards_tried if guard in NAMED)
    if outcome.accepted or outcome.reason in ("effect_error", "livelock"):
        name, tried = None, ()
    return replace(outcome, guard_name=name, guards_tried=tried)


def run(seed: int) -> int:
    """Compare one machine; the number of steps that were accepted."""
    rng = random.Random(seed)
    definition = random_machine(rng, random_features(rng))
    text = dump_yaml(definition)
    oracle = Oracle(definition)
    machine = Generated(text)
    now = moment(0)
    context = random_context(rng, definition)
    ask = guard_answers(seed)
    first = oracle.start(context, ask, now)
    for asynchronous in (False, True):
        found = machine.start(context, ask, now, asynchronous=asynchronous)
        assert comparable(found) == comparable(replace(first, target=found.target))
    state = first.target
    if first.accepted:
        assert found.target == first.target
        context = first.context
    else:
        leaves = [
            s["name"] for s in definition["states"] if not oracle.children[s["name"]]
        ]
        state = rng.choice(leaves)
    accepted = 0
    for step in range(EVENTS):
        now = moment(step)
        ask = guard_answers(seed * 1000 + step)
        event = random_event(rng, definition, oracle, state)
        try:
            machine.make_event(event)
        except ValueError:
            assert event.trigger not in oracle.triggers
            continue
        expected = oracle.step(state, event, context, ask, now)
        for how in ({}, {"by_method": True}, {"asynchronous": True}):
            found = machine.step(state, event, context, ask, now, **how)
            assert comparable(found) == comparable(expected), (how, state, event, text)
        if expected.accepted:
            accepted += 1
            state, context = expected.target, expected.context
    return accepted


@pytest.mark.parametrize("first", range(FIRST, FIRST + MACHINES, BATCH))
def test_generated_module_agrees_with_the_oracle(first: int) -> None:
    accepted = sum(run(seed) for seed in range(first, first + BATCH))
    assert accepted > BATCH * 5, "the walks take too few steps to show anything"

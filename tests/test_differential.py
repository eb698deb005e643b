"""Random machines: kernel and generated modules = the oracle, in every field."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from itertools import islice

import pytest

from pystator.compiler.flatten import configurations
from tests.case_kernel import kernel_step
from tests.modules import Generated
from tests.oracle import Oracle, OracleOutcome
from tests.strategies import (
    EVERYTHING,
    PLAIN,
    Features,
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
BATCH = 50
EVENTS = 50
NAMED = {"g0", "g1", "g2", "g3", "g4"}
SHARES = {
    "one leaf": (PLAIN, None, 1.0),
    "rows": (EVERYTHING, None, 0.3),
    "regions and kernel": (EVERYTHING, 0, 0.3),
}
"""What machines may use, the limit of rows that are written out, and how many."""


def comparable(outcome: OracleOutcome) -> OracleOutcome:
    """What both sides name alike: of guards, those that have a name of their own."""
    name = outcome.guard_name if outcome.guard_name in NAMED else None
    tried = tuple(guard for guard in outcome.guards_tried if guard in NAMED)
    if outcome.accepted or outcome.reason in ("effect_error", "livelock"):
        name, tried = None, ()
    return replace(outcome, guard_name=name, guards_tried=tried)


def run(seed: int, among: Features) -> int:
    """Compare one machine; the number of steps that were accepted."""
    rng = random.Random(seed)
    definition = random_machine(rng, random_features(rng, among))
    text = dump_yaml(definition)
    oracle = Oracle(definition)
    machine = Generated(text)
    now = moment(0)
    context = random_context(rng, definition)
    ask = guard_answers(seed)
    first = oracle.start(context, ask, now)
    started = [
        kernel_step(machine.flat, "", None, context, ask, now),
        machine.start(context, ask, now),
        machine.start(context, ask, now, asynchronous=True),
    ]
    for found in started:
        assert comparable(found) == comparable(replace(first, target=found.target))
    state = first.target
    if first.accepted:
        assert {found.target for found in started} == {first.target}
        context = first.context
    else:
        state = rng.choice(resting(machine))
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
        assert comparable(
            kernel_step(machine.flat, state, event, context, ask, now)
        ) == comparable(expected), ("kernel", state, event, text)
        for how in ({}, {"by_method": True}, {"asynchronous": True}):
            found = machine.step(state, event, context, ask, now, **how)
            assert comparable(found) == comparable(expected), (how, state, event, text)
        if expected.accepted:
            accepted += 1
            state, context = expected.target, expected.context
    return accepted


def resting(machine: Generated) -> list[str]:
    """Some configurations of a machine, as texts."""
    found = islice(configurations.configurations(machine.flat.machine), 50)
    return [machine.text_of(place) for place in found]


def batches() -> list[tuple[str, int]]:
    return [
        (kind, FIRST + first)
        for kind, (_, _, share) in SHARES.items()
        for first in range(0, int(MACHINES * share), BATCH)
    ]


@pytest.mark.parametrize(("kind", "first"), batches())
def test_kernel_and_generated_module_agree_with_the_oracle(
    kind: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    among, limit, _ = SHARES[kind]
    if limit is not None:
        monkeypatch.setattr(configurations, "WRITTEN_LIMIT", limit)
    accepted = sum(run(seed, among) for seed in range(first, first + BATCH))
    assert accepted > BATCH * 5, "the walks take too few steps to show anything"

"""Machines and their variations: both do the same, step by step.

The kernel takes the steps of all of them, the generated module those of some.
"""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import replace
from functools import cache

import pytest

from pystator.compiler.flatten.pprint import print_tables
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.pprint import print_machine
from pystator.compiler.pipeline import check
from pystator.configuration import read_configuration, write_configuration
from tests.case_kernel import kernel_step
from tests.differential import Step
from tests.metamorphic import VARIATIONS, Twins, Variation, reguarded
from tests.modules import Generated
from tests.oracle import Definition, Oracle, OracleEvent, OracleOutcome
from tests.strategies import (
    EVERYTHING,
    PLAIN,
    dump_yaml,
    guard_answers,
    moment,
    random_context,
    random_event,
    random_features,
    random_machine,
)

DEEP = os.environ.get("PYSTATOR_DEEP") == "1"
FIRST = time.time_ns() // 10**9 * 1_000_000 if DEEP else 0
BATCHES = 100 if DEEP else 3
MACHINES = 20
"""Machines to which a variation applies, of each batch."""
APART = 10_000
"""Seeds between the first ones of two batches."""
GENERATED = 7
"""The module is generated for one machine of so many."""
STEPS = 25
SAME_DUMP = {
    "keys in another order",
    "JSON",
    "YAML in one flow",
    "defaults written",
    "one transition for each source",
}


def definition_of(seed: int) -> Definition:
    rng = random.Random(seed)
    among = PLAIN if seed % 3 == 0 else EVERYTHING
    return random_machine(rng, random_features(rng, among))


class Machine:
    """A definition that must be accepted, ready to step."""

    def __init__(self, text: str, path: str, generated: bool) -> None:
        checked = check(text, path)
        problems = [f"{d.code} {d.message}" for d in checked.report]
        assert checked.flat is not None, problems
        self.flat: Flat = checked.flat
        self.module = Generated(text, path) if generated else None

    def take(self, step: Step) -> OracleOutcome:
        ask, now = guard_answers(step.salt), moment(step.seconds)
        given = (step.context, ask, now)
        outcome = kernel_step(self.flat, step.state, step.event, *given)
        if self.module is not None:
            if step.event is None:
                found = self.module.start(*given)
            else:
                found = self.module.step(step.state, step.event, *given)
            assert replace(found, target=outcome.target) == _named_alike(outcome, found)
            assert found.target in (outcome.target, step.state)
        return outcome

    def dump(self) -> str:
        return print_machine(self.flat.machine) + print_tables(self.flat)


def _named_alike(outcome: OracleOutcome, found: OracleOutcome) -> OracleOutcome:
    """Some reasons name no guards in the module."""
    if outcome.reason in ("guard_rejected", "guard_error"):
        return outcome
    return replace(
        outcome, guard_name=found.guard_name, guards_tried=found.guards_tried
    )


@cache
def original(seed: int) -> tuple[Machine, list[tuple[Step, OracleOutcome]]]:
    """The machine of a seed, and a walk through it."""
    rng, definition = random.Random(seed), definition_of(seed)
    machine = Machine(dump_yaml(definition), "machine.yaml", seed % GENERATED == 0)
    oracle = Oracle(definition)
    step = Step("", None, random_context(rng, definition), seed, 0)
    walked: list[tuple[Step, OracleOutcome]] = []
    while len(walked) <= STEPS:
        outcome = machine.take(step)
        walked.append((step, outcome))
        if step.event is None and not outcome.accepted:
            break  # with these answers it cannot even start
        event = OracleEvent("unheard_of")
        while event.trigger == "unheard_of" and oracle.triggers:
            event = random_event(rng, definition, oracle, outcome.target)
        if event.trigger == "unheard_of":
            break
        number = len(walked)
        step = Step(
            outcome.target, event, outcome.context, seed * 1000 + number, number
        )
    return machine, walked


def compare(seed: int, definition: Definition, variation: Variation) -> int:
    """The number of steps that were accepted."""
    text = variation.text or dump_yaml(variation.definition)
    other = Machine(text, variation.path, seed % GENERATED == 0)
    twins = Twins(definition, variation)
    accepted = 0
    for step, outcome in original(seed)[1]:
        event = twins.event(step.event)
        moved = replace(step, state=twins.state(step.state), event=event)
        found = twins.seen(other.take(moved))
        expected = twins.outcome(step.state, step.event, outcome)
        assert found == expected, (seed, step, text)
        accepted += outcome.accepted
    return accepted


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("name", VARIATIONS)
def test_a_variation_does_the_same(name: str, batch: int) -> None:
    compared = accepted = 0
    first = FIRST + batch * APART
    for seed in range(first, first + APART):
        definition = definition_of(seed)
        variation = VARIATIONS[name](random.Random(seed), definition)
        if variation is None:
            continue
        accepted += compare(seed, definition, variation)
        if name in SAME_DUMP:
            text = variation.text or dump_yaml(variation.definition)
            other = Machine(text, variation.path, generated=False)
            assert other.dump() == original(seed)[0].dump(), seed
        compared += 1
        if compared == MACHINES:
            break
    assert compared == MACHINES
    assert accepted > MACHINES * 4, "the walks take too few steps to show anything"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_an_entity_goes_on_from_its_text(batch: int) -> None:
    """At each point: what one module holds, its text in another module, and what the
    text is for the kernel."""
    remembered = 0
    first = FIRST + batch * APART
    for seed in range(first, first + MACHINES):
        text = dump_yaml(definition_of(seed))
        one, other = Generated(text), Generated(text)
        place = None
        for step, outcome in original(seed)[1]:
            if step.event is None:
                if outcome.accepted:
                    place = one.module.parse_state(outcome.target)
                continue
            stored = json.loads(json.dumps(str(place)))
            assert stored == step.state
            restored = other.module.parse_state(stored)
            assert str(restored) == stored
            assert one.module.parse_state(stored) == place
            assert hash(one.module.parse_state(stored)) == hash(place)
            ask, now = guard_answers(step.salt), moment(step.seconds)
            given = (step.event, step.context, ask, now)
            found, place = one.step_from(place, *given)
            assert other.step_from(restored, *given)[0] == found
            assert found.target == outcome.target
            flat = one.flat
            numbers = read_configuration(flat.tables, flat.names, found.target)
            assert write_configuration(flat.tables, flat.names, *numbers) == str(place)
            remembered += ";" in found.target
    assert remembered > MACHINES


def test_a_machine_that_does_something_else_is_noticed() -> None:
    noticed = 0
    for seed in range(MACHINES):
        definition = definition_of(seed)
        asked = reguarded.conjunctions_made(random.Random(seed), definition)
        if asked is None:
            continue
        transitions = [dict(t) for t in asked.definition["transitions"]]
        for written in transitions:
            if "guards" in written:
                written["guards"] = {"not": written["guards"]}
        changed = {**asked.definition, "transitions": transitions}
        try:
            compare(seed, definition, replace(asked, definition=changed))
        except AssertionError:
            noticed += 1
    assert noticed > MACHINES // 3

"""A processor that knows only the recommendation does the same, before and after.

It runs the documents as they were written, which shows that what the scripts expect is
right; and those that we export, without a look at our namespace, which shows that other
programs can run them.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pystator.compiler.interchange.importer import Format
from tests.interchange.documents import Document, documents
from tests.interchange.processor import Processor
from tests.interchange.round_trips import codes, exported, imported
from tests.oracle import Oracle
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
    guard_answers,
    moment,
    random_event,
    random_features,
    random_machine,
)

DOCUMENTS = documents()
NATIVE = [
    document
    for document in DOCUMENTS
    if document.format is Format.SCXML
    and all("<script>" in note for note in document.notes)
]
"""Those that do what they do without a word about it but for actions by name."""
BATCH = 50


def run(processor: Processor, document: Document) -> None:
    for step in document.steps:
        name = step.event
        if name == "start":
            processor.start()
        elif "/" in name:
            source, _, number = name.partition("/")
            processor.send(processor.timer(source, int(number)), {})
        else:
            processor.send(name, step.data)
        here = (document.name, step.event)
        assert processor.leaves() == step.states, here
        assert tuple(processor.done) == step.actions, here
        assert processor.data.items() >= step.variables.items(), here


@pytest.mark.parametrize("document", NATIVE, ids=[d.name for d in NATIVE])
def test_the_scripts_are_what_the_recommendation_says(document: Document) -> None:
    run(Processor(document.text, lambda name: True), document)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[d.name for d in DOCUMENTS])
def test_other_programs_can_run_what_we_export(document: Document) -> None:
    scxml, told = exported(imported(document.text, document.format)[0])
    # of services that fail, and of names that only the machine itself uses
    assert "PS0807" not in codes(told)
    run(Processor(scxml, lambda name: True), document)


def test_most_documents_need_nothing_else() -> None:
    assert len(NATIVE) >= 40


@pytest.mark.parametrize("first", range(0, 200, BATCH))
def test_random_machines_in_other_programs(first: int) -> None:
    """Where the export has nothing to tell: the same leaves, the same actions."""
    compared = 0
    for seed in range(first, first + BATCH):
        rng = random.Random(seed)
        features = random_features(rng, EVERYTHING)
        features = replace(
            features, expressions=False, checks=False, effects=False, invoke=False
        )
        definition = random_machine(rng, replace(features, odd_names=False))
        scxml, told = exported(dump_yaml(definition))
        if codes(told):
            continue
        compared += walk(rng, Oracle(definition), definition, scxml, seed)
    assert compared > BATCH


def walk(
    rng: random.Random, oracle: Oracle, definition: object, scxml: str, seed: int
) -> int:
    assert isinstance(definition, dict)
    salted = guard_answers(seed)

    def ask(name: str) -> bool:
        # by name alone: the processor hands on no parameters
        return salted(name, {}, {}, None) if name not in ("g1", "g3") else seed % 2 == 0

    processor = Processor(scxml, ask)
    outcome = oracle.start({}, lambda name, *_: ask(name), moment(0))
    if not outcome.accepted:
        return 0
    processor.start()
    state, steps = outcome.target, 0
    for _ in range(30):
        leaves = oracle.tree.leaves(oracle.active(state))
        assert processor.leaves() == frozenset(leaves), (seed, state)
        assert processor.done == [name for name, _ in outcome.actions], (seed, state)
        if oracle.is_final(state):
            break
        event = random_event(rng, definition, oracle, state)
        if event.timer is not None and event.timer[0] not in oracle.active(state):
            continue  # it does not run
        outcome = oracle.step(state, event, {}, lambda name, *_: ask(name), moment(0))
        if outcome.reason == "livelock":
            break  # the processor would go on
        name = oracle.normal(event.trigger) or ""
        if event.timer is not None:
            name = processor.timer(*event.timer)
        processor.send(name, {})
        state = outcome.target
        steps += 1
    return steps

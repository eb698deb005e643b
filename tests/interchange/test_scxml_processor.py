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
from tests.interchange.following import EVENTS, follow
from tests.interchange.processor import Processor
from tests.interchange.round_trips import codes, exported, imported
from tests.oracle import Definition, Oracle, OracleEvent
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
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
        compared += compare(rng, definition, scxml, seed)
    assert compared > BATCH


def compare(rng: random.Random, definition: Definition, scxml: str, seed: int) -> int:
    oracle = Oracle(definition)

    def choose(state: str) -> OracleEvent | None:
        for _ in range(EVENTS):
            event = random_event(rng, definition, oracle, state)
            if event.timer is None or event.timer[0] in oracle.active(state):
                return event
        return None  # none of the timers that were drawn runs

    def called(processor: Processor, event: OracleEvent) -> str:
        if event.timer is not None:
            return processor.timer(*event.timer)
        return oracle.normal(event.trigger) or ""

    return follow(scxml, oracle, seed, choose, called)

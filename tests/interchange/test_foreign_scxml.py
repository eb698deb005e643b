"""Random documents as other programs would write them: processor = what is imported.

They are ours with our namespace taken out: regions have become states, choices states
that are left at once, and what is called by name stands in scripts.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from tests.interchange.following import follow
from tests.interchange.processor import Processor
from tests.interchange.round_trips import exported, imported, read, said
from tests.oracle import Oracle, OracleEvent
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
    random_features,
    random_machine,
)

BATCH = 50
_ACTION = re.compile(r"<pystator:action name=\"([^\"]*)\"[^>]*/>")
_OURS = re.compile(r" (?:xmlns:)?pystator(?::[a-z-]+)?=(?:\"[^\"]*\"|'[^']*')")
_EVENTS = re.compile(r"<pystator:\w+>.*?</pystator:\w+>")


def foreign(scxml: str) -> str:
    scxml = _ACTION.sub(
        lambda match: f"<script>{match[1].replace('.', '_')}()</script>", scxml
    )
    return _OURS.sub("", _EVENTS.sub("", scxml))


@pytest.mark.parametrize("first", range(5_000, 5_200, BATCH))
def test_what_is_imported_does_what_a_processor_does(first: int) -> None:
    compared = steps = 0
    for seed in range(first, first + BATCH):
        rng = random.Random(seed)
        features = random_features(rng, EVERYTHING)
        features = replace(
            features,
            expressions=False,
            checks=False,
            effects=False,
            invoke=False,
            odd_names=False,
            normalizer=False,
        )
        text, _ = exported(dump_yaml(random_machine(rng, features)))
        text = foreign(text)
        assert "pystator:" not in text
        back, report = imported(text)
        if any("<script>" not in note for note in said(report)):
            continue  # what differs is told
        compared += 1
        steps += compare(rng, text, Oracle(read(back)), seed)
    assert compared > BATCH / 3 and steps > compared * 5


def compare(rng: random.Random, text: str, oracle: Oracle, seed: int) -> int:
    def choose(state: str) -> OracleEvent | None:
        events = [OracleEvent(trigger) for trigger in sorted(oracle.triggers)]
        for active in sorted(oracle.active(state)):
            delays = oracle.timers.get(active, [])
            events += [OracleEvent(timer=(active, n)) for n in range(len(delays))]
        return rng.choice(events) if events else None

    def called(processor: Processor, event: OracleEvent) -> str:
        if event.timer is not None:
            return delayed(processor, *event.timer)
        return event.trigger or ""

    return follow(text, oracle, seed, choose, called)


def delayed(processor: Processor, state: str, number: int) -> str:
    """Timers are numbered by the transitions here, and not by what starts them."""
    element = processor.ids[state]
    started = {
        send.get("event", "") for e in element for send in e if send.get("delay")
    }
    order = [
        event
        for transition in element
        for event in transition.get("event", "").split()
        if event in started
    ]
    return order[number]

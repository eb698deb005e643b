"""Steps that the kernel left to what it has met: they are what it would do again.

Each step is sent often, with every answer and in several contexts, so that it is met,
kept, taken from what is kept, and met anew with answers that were not there before.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from pystator.compiler.flatten import configurations
from tests.differential import comparable, resting
from tests.modules import Generated
from tests.oracle import Oracle, OracleEvent
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
    guard_answers,
    moment,
    random_context,
    random_event,
    random_features,
    random_machine,
)

MACHINES = 60
PLACES = 6
EVENTS = 3
TIMES = 12


@pytest.fixture(autouse=True)
def _nothing_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configurations, "WRITTEN_LIMIT", 0)


def kept_in(machine: Generated, state: str) -> int:
    """How many triggers have steps that are kept in a configuration."""
    place = machine.module.parse_state(state)
    return len(getattr(place, "asked", ())) + len(getattr(place, "made", ()))


@pytest.mark.parametrize("first", range(0, MACHINES, 20))
def test_steps_met_before_agree_with_the_oracle(first: int) -> None:
    kept = sum(met_before(seed) for seed in range(first, first + 20))
    assert kept > 20, "hardly anything is kept"


def met_before(seed: int) -> int:
    rng = random.Random(seed)
    definition = random_machine(rng, random_features(rng, EVERYTHING))
    text = dump_yaml(definition)
    oracle, machine = Oracle(definition), Generated(text)
    kept = 0
    for state in rng.sample(places := resting(machine), min(PLACES, len(places))):
        for _ in range(EVENTS):
            event = random_event(rng, definition, oracle, state)
            try:
                machine.make_event(event)
            except ValueError:
                continue
            contexts = [random_context(rng, definition) for _ in range(3)]
            for time in range(TIMES):
                ask = guard_answers(rng.randrange(8))
                context = rng.choice(contexts)
                now = moment(time)
                expected = oracle.step(state, event, context, ask, now)
                for how in ({}, {"asynchronous": True}):
                    found = machine.step(state, event, context, ask, now, **how)
                    assert comparable(found) == comparable(expected), (
                        how,
                        state,
                        event,
                        text,
                    )
        kept += kept_in(machine, state)
    return kept


TWO: dict[str, Any] = {
    "states": [
        {
            "name": "P",
            "type": "parallel",
            "regions": [
                {"name": "a", "initial": "A", "states": ["A", "B"]},
                {"name": "b", "initial": "C", "states": ["C", "D"]},
            ],
        },
        {"name": "S", "type": "initial"},
    ],
    "transitions": [{"trigger": "enter", "source": "S", "dest": "P"}],
}


def two(transitions: list[dict[str, object]], **more: object) -> Generated:
    """A machine of two regions, {A, B} and {C, D}, that see each other."""
    written: dict[str, Any] = {**TWO, **more}
    written["transitions"] = [*TWO["transitions"], *transitions]
    return Generated(json.dumps(written), "m.json")


def test_each_guard_is_asked_once_and_in_the_same_order_however_often() -> None:
    machine = two(
        [
            {
                "trigger": "go",
                "source": "A",
                "dest": "B",
                "guards": ["g0", {"in_state": "C"}, "g1"],
            },
            {"trigger": "go", "source": "C", "dest": "D", "guards": ["g1", "g2"]},
        ]
    )
    for time in range(16):
        g0, g1, g2 = (bool(time & bit) for bit in (1, 2, 4))
        answers = {"g0": g0, "g1": g1, "g2": g2}
        asked: list[str] = []

        def ask(
            name: str, *_: object, asked: list[str] = asked, answers: Any = answers
        ) -> bool:
            asked.append(name)
            return bool(answers[name])

        found = machine.step("P:a=A,b=C", OracleEvent("go", {}), {}, ask, None)
        assert asked == (["g0", "g1", "g2"] if g1 else ["g0", "g1"])
        assert found.accepted is (g1 and (g0 or g2))


def test_a_guard_that_raises_is_asked_once_and_another_time_again() -> None:
    machine = two(
        [
            {
                "trigger": "go",
                "source": "A",
                "dest": "B",
                "guards": ["g0", {"in_state": "C"}, "g1"],
            }
        ]
    )
    event = OracleEvent("go", {})
    for broken in (False, True, False, True):
        asked: list[str] = []

        def ask(
            name: str, *_: object, asked: list[str] = asked, broken: bool = broken
        ) -> bool:
            asked.append(name)
            if broken and name == "g1":
                raise OSError("the line is down")
            return True

        found = machine.step("P:a=A,b=C", event, {}, ask, None)
        assert asked == ["g0", "g1"]
        assert found.reason == ("guard_error" if broken else None)


def test_effects_that_succeeded_may_fail_another_time() -> None:
    machine = two(
        [
            {
                "trigger": "go",
                "source": "A",
                "dest": "B",
                "guards": [{"in_state": "C"}],
                "actions": [{"increment": "n"}],
            },
            {
                "trigger": "to",
                "source": "A",
                "dest": "B",
                "guards": [{"in_state": "C"}, "g0"],
                "actions": [{"increment": "n"}],
            },
        ]
    )
    for trigger in ("go", "to"):
        event = OracleEvent(trigger, {})
        for value, reason in ((1, None), ("one", "effect_error"), (2, None)):
            found = machine.step(
                "P:a=A,b=C", event, {"n": value}, lambda *_: True, None
            )
            assert found.reason == reason, (trigger, value)


def test_what_is_kept_has_an_end() -> None:
    """With a limit of 8 instead of 65 536: it is met, and steps stay what they are."""
    asking = {"guards": ["g0", {"in_state": "C"}, "g1"]}
    transitions: list[dict[str, object]] = [
        {"trigger": "go", "source": "A", "dest": "B", **asking},
        {"trigger": "go", "source": "B", "dest": "A", **asking},
        {"trigger": "to", "source": ["A", "B"], "dest": "S", "guards": "g0"},
        {"trigger": "to", "source": "C", "dest": "D", "guards": "g1"},
    ]
    machine, forgetful = two(transitions), two(transitions)
    limit = "_SEEN_LIMIT: Final = 65_536"
    assert machine.text.count(limit) == 1
    machine.load(machine.text.replace(limit, "_SEEN_LIMIT: Final = 8"))
    forgetful.load(forgetful.text.replace(limit, "_SEEN_LIMIT: Final = 0"))
    most = 0
    for time in range(200):
        event = OracleEvent(("go", "to")[time % 2], {})
        state = f"P:a={'AB'[time // 2 % 2]},b={'CD'[time // 4 % 2]}"
        ask = guard_answers(time // 8)
        found = machine.step(state, event, {}, ask, None)
        assert found == forgetful.step(state, event, {}, ask, None)
        most = max(most, len(machine.module._SEEN))
    # the last step may have three guards
    assert 8 <= most <= 8 + 3

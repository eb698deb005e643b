"""Regions that take an event by themselves: what is joined of them = the oracle.

The machines of `strategies` seldom have several regions that react independently, so
these are made for it: each region keeps to itself, and all of them know some events.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from pystator.compiler.flatten import configurations
from tests.differential import comparable
from tests.modules import Generated
from tests.oracle import Oracle, OracleEvent
from tests.strategies import guard_answers

MACHINES = 60
EVENTS = 60
SHARED = ("tick", "fill", "drop")
GUARDS: tuple[object, ...] = (
    "g0",
    {"not": "g4"},
    {"expr": "count < 4"},
    {"expr": "qty % 2 == 0"},
    {"anyOf": ["g0", {"expr": "count % 3 == 0"}]},
)
EFFECTS: tuple[object, ...] = (
    {"increment": "count"},
    {"set": {"qty": {"expr": "qty * 2 - count"}}},
    {"set": {"qty": {"expr": "count + 1"}}},
    {"decrement": "count"},
)


def acts(rng: random.Random, name: str) -> list[object]:
    named: list[object] = [name] if rng.random() < 0.5 else []
    effects = [rng.choice(EFFECTS)] if rng.random() < 0.4 else []
    return rng.sample(named + effects, len(named) + len(effects))


def machine(rng: random.Random) -> dict[str, Any]:
    regions: list[object] = []
    states: list[dict[str, object]] = [{"name": "OUT", "type": "initial"}]
    transitions: list[dict[str, object]] = [
        {"trigger": "begin", "source": "OUT", "dest": "P"},
        {"trigger": "end", "source": "P", "dest": "OUT"},
    ]
    for r in range(rng.randint(2, 4)):
        names = [f"R{r}{letter}" for letter in "ABC"[: rng.randint(2, 3)]]
        regions.append({"name": f"r{r}", "initial": names[0], "states": names})
        for state in names:
            written: dict[str, object] = {
                "name": state,
                "parent": "P",
                "on_enter": acts(rng, f"in_{state}"),
                "on_exit": acts(rng, f"out_{state}"),
            }
            if rng.random() < 0.3:
                written["timeout"] = {"seconds": 1, "destination": names[0]}
            states.append(written)
            if state == names[0] and rng.random() < 0.4:
                inner = [f"{state}{n}" for n in (1, 2)]
                written["initial_child"] = inner[0]
                states += [
                    {"name": i, "parent": state, "on_enter": acts(rng, f"in_{i}")}
                    for i in inner
                ]
                # taken at once, and the same whatever is answered
                auto = {"auto": True, "source": inner[0], "dest": inner[1]}
                transitions.append({**auto, "actions": acts(rng, f"auto_{state}")})
        for trigger in SHARED:
            for state in names:
                for _ in range(rng.randint(0, 2)):
                    move: dict[str, object] = {"trigger": trigger, "source": state}
                    if rng.random() < 0.2:
                        move["internal"] = True
                    else:
                        move["dest"] = rng.choice(names)
                    move["guards"] = rng.sample(GUARDS, rng.choice((0, 1, 1, 2)))
                    move["actions"] = acts(rng, f"{trigger}_{state}")
                    transitions.append(move)
    return {
        "states": [*states, {"name": "P", "type": "parallel", "regions": regions}],
        "state_variables": [
            {"key": "count", "type": "integer", "default": 0},
            {"key": "qty", "type": "integer", "default": 3},
        ],
        "events": [
            *({"name": name} for name in ("begin", "end", "tick", "drop")),
            {"name": "fill", "payload": {"qty": "integer"}},
        ],
        "transitions": transitions,
    }


@pytest.mark.parametrize("seed", range(MACHINES))
def test_joined_regions_agree_with_the_oracle(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configurations, "WRITTEN_LIMIT", 0)
    rng = random.Random(seed)
    definition = machine(rng)
    oracle, module = Oracle(definition), Generated(json.dumps(definition), "m.json")
    assert module.checked.cells is not None
    routed = [item.route for item in module.checked.cells.routed]
    assert any(len(route.regions) > 1 for route in routed), "nothing is joined here"

    state = "OUT"
    context: dict[str, object] = {"count": 0, "qty": 3}
    for step in range(EVENTS):
        ask = guard_answers(seed * 1000 + step)
        trigger = "begin" if state == "OUT" else rng.choice((*SHARED, *SHARED, "end"))
        payload: dict[str, object] = {}
        if trigger == "fill":
            payload["qty"] = rng.randint(0, 5)
        event = OracleEvent(trigger, payload)
        expected = oracle.step(state, event, context, ask, None)
        for how in ({}, {"by_method": True}, {"asynchronous": True}):
            found = module.step(state, event, context, ask, None, **how)
            assert comparable(found) == comparable(expected), (how, state, event)
        if expected.accepted:
            state, context = expected.target, expected.context

"""Parallel states inside parallel states, as deep as they may be, and one deeper."""

from __future__ import annotations

import json

from pystator.compiler.pipeline import check
from tests.modules import Generated
from tests.oracle import Oracle, OracleEvent

LIMIT = 64


def nested(depth: int) -> str:
    """Each parallel state is all that a region of the one around it holds."""
    states: list[dict[str, object]] = [{"name": "A", "type": "initial"}]
    for number in range(depth):
        inner = f"S{number + 1}"
        region = {"name": "r", "initial": inner, "states": [inner]}
        states.append({"name": f"S{number}", "type": "parallel", "regions": [region]})
    move = {"trigger": "go", "source": "A", "dest": "S0"}
    back = {"trigger": "back", "source": f"S{depth}", "dest": "A"}
    return json.dumps({"states": states, "transitions": [move, back]})


def test_the_deepest_machine_runs() -> None:
    text = nested(LIMIT)
    machine, oracle = Generated(text, "m.json"), Oracle(json.loads(text))
    state = "A"
    for trigger in ("go", "back", "go"):
        event = OracleEvent(trigger)
        expected = oracle.step(state, event, {}, lambda *_: True, None)
        found = machine.step(state, event, {}, lambda *_: True, None)
        assert expected.accepted and found == expected
        state = expected.target
    assert state.count("r=") == LIMIT


def test_one_deeper_is_refused_where_it_stands() -> None:
    (found,) = check(nested(LIMIT + 1), "m.json").report
    assert (found.code, found.message) == (
        "PS0112",
        f"parallel states are nested deeper than {LIMIT} levels",
    )

"""When regions may take an event by themselves: for each rule a machine that needs it.

In each of them the regions together do something else than each would alone, which the
oracle shows; so `e` must not be routed.
"""

from __future__ import annotations

import pytest
import yaml

from pystator.compiler.flatten import configurations
from pystator.compiler.pipeline import check
from tests.differential import comparable
from tests.modules import Generated
from tests.oracle import Oracle, OracleEvent, OracleOutcome

HEAD = """
states:
  - {name: OUT, type: initial}
  - name: P
    type: parallel
    regions:
      - {name: r, initial: A, states: [A, B, D, T]}
      - {name: s, initial: C, states: [C, E, U]}
  - {name: T, type: terminal}
  - {name: U, type: terminal}
"""
TYPED = HEAD + "state_variables: [{key: n, type: integer, default: 0}]\nevents: []\n"
WAY = """
transitions:
  - {trigger: begin, source: OUT, dest: P}
  - {trigger: f0, source: C, dest: E}
  - {trigger: end, source: C, dest: U}
"""
ALONE = "  - {trigger: e, source: A, dest: B, actions: {increment: n}}\n"

NEEDED = {
    "1, a row on the parallel state": TYPED
    + WAY
    + ALONE
    + "  - {trigger: e, source: P, dest: OUT}\n",
    "1, eventless on the parallel state": TYPED
    + WAY
    + ALONE
    + "  - {auto: true, source: P, dest: OUT, guards: {expr: n > 0}}\n",
    "2, a region that rests is asked again": TYPED
    + WAY
    + ALONE
    + "  - {auto: true, source: C, dest: E, guards: {expr: n > 0}}\n",
    "2, eventless and guarded in one of several": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B}\n"
    + "  - {trigger: e, source: C, dest: E, actions: {increment: n}}\n"
    + "  - {auto: true, source: B, dest: D, guards: {expr: n > 0}}\n",
    "3, an event raised for the other region": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B, actions: {raise: f0}}\n",
    "3, actions of the other region": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B, actions: {raise: f}}\n"
    + "  - {trigger: f, source: C, internal: true, actions: {increment: n}}\n",
    "3, a transition out of the region": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: OUT}\n",
    "3, the completion of the parallel state": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: T}\n"
    + "  - {done: true, source: P, dest: OUT}\n",
    "4, an event raised by one of several": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B, actions: {raise: f}}\n"
    + "  - {trigger: f, source: B, dest: D, guards: {expr: n > 0}}\n"
    + "  - {trigger: e, source: C, dest: E, actions: {increment: n}}\n",
    "4, effects that may fail": HEAD
    + "events: []\n"
    + WAY
    + "  - {trigger: e, source: A, dest: B, actions: {set: {n: text}}}\n"
    + "  - {trigger: e, source: C, dest: E, actions: {increment: n}}\n",
    "4, two guards of one name": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B, guards: {name: g, params: {k: 1}}}\n"
    + "  - {trigger: e, source: C, dest: E, guards: {name: g, params: {k: 2}}}\n",
    "5, `in_state` of the other region": TYPED
    + WAY
    + "  - {trigger: e, source: A, dest: B, guards: {in_state: E}}\n",
}
WALKS = (
    ("begin", "e", "e"),
    ("begin", "f0", "e"),
    ("begin", "end", "e"),
)


def routed(text: str) -> set[str]:
    cells = check(text, "m.yaml").cells
    assert cells is not None
    machine = Generated(text).flat.machine
    return {str(machine.events[item.route.trigger].name) for item in cells.routed}


@pytest.fixture(autouse=True)
def nothing_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configurations, "WRITTEN_LIMIT", 0)


@pytest.mark.parametrize("rule", NEEDED)
def test_what_regions_cannot_do_alone(rule: str) -> None:
    text = NEEDED[rule]
    assert "e" not in routed(text)
    assert walk(text) > 0


def test_what_they_can() -> None:
    assert "e" in routed(TYPED + WAY + ALONE)
    both = "  - {trigger: e, source: C, dest: E, actions: {increment: n}}\n"
    assert "e" in routed(TYPED + WAY + ALONE + both)
    assert walk(TYPED + WAY + ALONE + both) > 0


def always(*_: object) -> bool:
    return True


def never(*_: object) -> bool:
    return False


def walk(text: str) -> int:
    """Compare with the oracle along the walks; how many steps were taken."""
    oracle, module = Oracle(yaml.safe_load(text)), Generated(text)
    given: dict[str, object] = {"n": 0}
    steps = 0
    for ask in (always, never):
        for triggers in WALKS:
            state, context = "OUT", given
            for trigger in triggers:
                event = OracleEvent(trigger)
                expected = oracle.step(state, event, context, ask, None)
                found = module.step(state, event, context, ask, None)
                assert named(found) == named(expected), (state, trigger)
                if not expected.accepted:
                    break
                state, context = expected.target, expected.context
                steps += 1
    return steps


def named(outcome: OracleOutcome) -> tuple[OracleOutcome, int]:
    """What both sides name alike, and how often a rejected step has asked `g`."""
    asked = 0 if outcome.accepted else outcome.guards_tried.count("g")
    return comparable(outcome), asked

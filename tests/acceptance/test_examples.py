"""The examples with regions, history and choices do what the oracle says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pystator.compiler.flatten.configurations import configurations
from tests.acceptance.walk import NOON, Walk, read_definition
from tests.modules import Generated
from tests.oracle import OracleOutcome

EXAMPLES = Path(__file__).parents[2] / "generated_examples"
EVENTS = 5_000
PASSED_THROUGH: dict[str, set[str]] = {
    "trading_day": set(),
    "media_player": set(),
    # Choices, what raises an event that leads away at once, and what completes.
    "claims_process": {"triage", "decision", "NOT_COVERED", "SUSPICIOUS", "PAID"},
    "portfolio_system": {
        "FUNDED",
        "SIGNALS_READY",
        "PROBLEM_STATED",
        "PROPOSAL_CHOSEN",
        "RULES_BREACH",
        "CLEARED",
        "EXECUTED",
        "RECONCILED",
        "PUBLISHED",
        "PAID_OUT",
    },
}
"""The states that no step ends in, of each example."""


def comparable(outcome: OracleOutcome, named: set[str]) -> OracleOutcome:
    """What both sides name alike: of guards, those that have a name of their own."""
    if outcome.accepted:
        return replace(outcome, guard_name=None, guards_tried=())
    name = outcome.guard_name if outcome.guard_name in named else None
    tried = tuple(guard for guard in outcome.guards_tried if guard in named)
    return replace(outcome, guard_name=name, guards_tried=tried)


@pytest.mark.parametrize("name", PASSED_THROUGH)
def test_random_events_as_the_oracle_says(name: str) -> None:
    text = (EXAMPLES / name / f"{name}.yaml").read_text(encoding="utf-8")
    machine = Generated(text, f"{name}.yaml")
    named = {guard for guard, _ in machine.guards.values()}
    walk = Walk(read_definition(text), seed=2026)
    oracle = walk.oracle
    everywhere = map(machine.text_of, configurations(machine.flat.machine))
    passed = PASSED_THROUGH[name]
    places = {text: 0 for text in everywhere if not oracle.active(text) & passed}
    seen: set[str] = set()
    state, context, accepted = "", walk.context(), 0
    reasons: set[str] = set()
    for step in range(EVENTS):
        now = NOON + timedelta(minutes=step)
        ask = walk.guards()
        if state and (oracle.is_final(state) or step % 20 == 0):
            # Another entity, found in the store in any state that one can rest in.
            state, context = min(places, key=places.__getitem__), walk.context()
        if not state or step % 100 == 50:
            context = walk.context()
            expected = oracle.start(context, ask, now)
            found = machine.start(context, ask, now, asynchronous=step % 2 == 0)
        else:
            event = walk.event(state)
            places[state] += 1
            expected = oracle.step(state, event, context, ask, now)
            how = ({}, {"by_method": True}, {"asynchronous": True})[step % 3]
            found = machine.step(state, event, context, ask, now, **how)
        assert comparable(found, named) == comparable(expected, named), (step, state)
        if not expected.accepted:
            reasons.add(str(expected.reason))
            continue
        accepted += expected.handled
        state, context = expected.target, expected.context
        places.setdefault(state, 0)
        seen |= oracle.active(state)
    assert accepted > EVENTS / 3
    assert {"guard_rejected", "invalid_transition"} <= reasons
    written = {str(found.name) for found in machine.flat.machine.states[1:]}
    regions = written - set(oracle.states)
    assert written - regions - seen == passed


def test_the_portfolio_is_large() -> None:
    name = "portfolio_system"
    text = (EXAMPLES / name / f"{name}.yaml").read_text(encoding="utf-8")
    machine = Generated(text, f"{name}.yaml")
    assert len(machine.module.State) + len(machine.module.Node) >= 50

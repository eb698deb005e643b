"""Every step of the flat and hierarchical modules is what the oracle says."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.flat import flat_fsm as flat
from tests.contract.hierarchical import hierarchical_fsm as hierarchical
from tests.contract.steps import (
    ANSWERS,
    NOON,
    Guards,
    answer,
    flat_steps,
    hierarchical_steps,
)
from tests.oracle import Oracle, OracleEvent, OracleOutcome

HERE = Path(__file__).parent


class TestAgainstTheOracle:
    """Every step of the modules is what the rules say, by an independent reading."""

    def test_flat(self) -> None:
        oracle = Oracle(definition("flat/flat.yaml"))
        for given in ANSWERS:
            machine = flat.OrderManagement(Guards(given))
            for state, event, context in flat_steps():
                outcome = machine.process(state, event, context)
                expected = oracle.step(
                    state,
                    OracleEvent(event.trigger, event.payload()),
                    asdict(context),
                    lambda *asked, given=given: answer(given),
                    NOON,
                )
                place = f"{given} {state} {event}"
                assert_same(place, outcome, expected)
                if outcome:
                    after = outcome.apply(context, event)
                    assert asdict(after) == expected.context, place

    def test_hierarchical(self) -> None:
        oracle = Oracle(definition("hierarchical/hierarchical.yaml"))
        for given in ANSWERS:
            machine = hierarchical.OrderDesk(Guards(given))
            for state, event, context in hierarchical_steps():
                outcome = machine.process(state, event, context, now=NOON)
                expected = oracle.step(
                    state,
                    (
                        OracleEvent(timer=numbered(event.timer))
                        if isinstance(event, hierarchical.Elapsed)
                        else OracleEvent(event.trigger, event.payload())
                    ),
                    asdict(context),
                    lambda *asked, given=given: answer(given),
                    NOON,
                )
                place = f"{given} {context.filled_qty} {state} {event}"
                assert_same(place, outcome, expected)
                if outcome:
                    assert_same_timers(place, outcome, expected)
                    after = outcome.apply(context, event, NOON)
                    assert asdict(after) == expected.context, place

    @pytest.mark.parametrize("filled", [0, 5])
    @pytest.mark.parametrize("given", ANSWERS)
    def test_hierarchical_start(self, given: bool | None, filled: float) -> None:
        oracle = Oracle(definition("hierarchical/hierarchical.yaml"))
        machine = hierarchical.OrderDesk(Guards(given))
        context = hierarchical.Context(order_qty=5, filled_qty=filled)
        outcome = machine.start(context, now=NOON)
        expected = oracle.start(asdict(context), lambda *asked: answer(given), NOON)
        assert_same("start", outcome, expected)
        if outcome:
            assert_same_timers("start", outcome, expected)
            assert asdict(outcome.apply(context, None, NOON)) == expected.context


def definition(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / path).read_text(encoding="utf-8"))
    return loaded


def numbered(timer: hierarchical.Timer) -> tuple[str, int]:
    """The oracle counts the delays of a state, and puts the timeout last."""
    state, _, kind = timer.partition("/")
    return state, 1 if kind == "timeout" else 0


def called(actions: tuple[Any, ...]) -> tuple[tuple[str, dict[str, object]], ...]:
    return tuple((action.name, dict(action.params)) for action in actions)


def assert_same(place: str, outcome: Any, expected: OracleOutcome) -> None:
    assert bool(outcome) is expected.accepted, place
    if not outcome:
        assert outcome.reason == expected.reason, place
        assert outcome.guard == expected.guard_name, place
        assert outcome.guards == expected.guards_tried, place
        assert (outcome.error is not None) is expected.error, place
        return
    assert outcome.target == expected.target, place
    assert outcome.handled is expected.handled, place
    assert called(outcome.actions) == expected.actions, place
    assert called(outcome.exit_actions) == expected.exit, place
    assert called(outcome.transition_actions) == expected.transition, place
    assert called(outcome.enter_actions) == expected.enter, place


def assert_same_timers(
    place: str,
    outcome: hierarchical.Accepted[hierarchical.State],
    expected: OracleOutcome,
) -> None:
    started = tuple(
        (*numbered(timer), hierarchical.DELAY_MS[timer]) for timer in outcome.started
    )
    assert started == expected.started, place
    assert tuple(map(numbered, outcome.cancelled)) == expected.cancelled, place

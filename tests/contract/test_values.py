"""Guards, events and payloads at their edges."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

import pytest

from tests.contract.flat import flat_fsm as flat
from tests.contract.flat import good_caller as flat_caller
from tests.contract.hierarchical import good_caller as hierarchical_caller
from tests.contract.hierarchical import hierarchical_fsm as hierarchical
from tests.contract.parallel import parallel_fsm as parallel
from tests.contract.steps import NOON, AsyncGuards, Guards


class TestGuards:
    def test_a_coroutine_in_a_synchronous_step_is_an_error(self) -> None:
        machine: Any = flat.OrderManagement(AsyncGuards(True))
        outcome = machine.process(
            flat.State.OPEN, flat.Cancel(), flat.Context(order_qty=5)
        )
        assert outcome.reason == "guard_error"
        assert isinstance(outcome.error, TypeError)

    @pytest.mark.parametrize(("given", "accepted"), [(1, True), ("", False)])
    def test_an_answer_that_is_no_bool_counts_by_its_truth(
        self, given: Any, accepted: bool
    ) -> None:
        machine = flat.OrderManagement(Guards(given))
        step = (flat.State.OPEN, flat.Cancel(), flat.Context(order_qty=5))
        assert bool(machine.process(*step)) is accepted
        assert machine.process(*step) is asyncio.run(machine.aprocess(*step))

    def test_a_guard_after_an_effect_sees_the_changed_context(self) -> None:
        desk = hierarchical_caller.Desk()
        machine = hierarchical.OrderDesk(desk)
        context = hierarchical.Context(order_qty=5)
        elapsed = hierarchical.Elapsed(hierarchical.Timer.CHECK_AFTER)
        machine.start(context, now=NOON)
        machine.process(hierarchical.State.CHECK, elapsed, context, now=NOON)
        assert desk.asked == [(None, NOON), (elapsed, NOON)]
        assert context == hierarchical.Context(order_qty=5)


class TestEvents:
    @pytest.mark.parametrize(
        "event",
        [
            flat.Ack(),
            flat.Fill(fill_qty=2),
            flat.Cancel(reason="late"),
            hierarchical.Halt(until=NOON),
            hierarchical.Elapsed(hierarchical.Timer.CHECK_AFTER),
        ],
    )
    def test_they_are_values(self, event: Any) -> None:
        same = loads(event)
        assert same == event
        assert hash(same) == hash(event)
        assert same.payload() == event.payload()

    def test_they_differ_by_class_and_payload(self) -> None:
        assert flat.Fill(fill_qty=2) != flat.Fill(fill_qty=3)
        assert hierarchical.Halt() != hierarchical.Resume()
        assert flat.Cancel() != hierarchical.Cancel(by="desk")
        assert repr(flat.Fill(fill_qty=2)) == "Fill(fill_qty=2)"

    def test_an_action_wants_the_event_of_its_step(self) -> None:
        desk = flat_caller.Desk()
        machine = flat.OrderManagement(desk)
        context = flat.Context(order_qty=5)
        outcome = machine.ack(flat.State.PENDING, flat.Ack(), context)
        with pytest.raises(TypeError, match="not the event of this step"):
            machine.perform(outcome, flat.Cancel(), context, desk)
        assert desk.done == []

    def test_an_asynchronous_action_needs_aperform(self) -> None:
        machine: Any = flat.OrderManagement(Guards(True))
        context = flat.Context(order_qty=1)
        fill = flat.Fill(fill_qty=2)
        outcome = machine.process(flat.State.OPEN, fill, context)
        with pytest.raises(TypeError, match="aperform"):
            machine.perform(outcome, fill, context, Later())


class Later:
    """An action whose result can be awaited, and need not be."""

    def notify(self, context: object, event: object, /, *, channel: str) -> Later:
        return self


def loads(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


class TestParsing:
    @pytest.mark.parametrize(
        ("trigger", "payload", "event"),
        [
            ("fill", {"fill_qty": 2}, hierarchical.Fill(fill_qty=2)),
            (
                "fill",
                {"fill_qty": 0.5, "venue": 7},
                hierarchical.Fill(fill_qty=0.5, venue=7),
            ),
            ("note", {"text": ""}, hierarchical.Note(text="")),
            ("halt", {}, hierarchical.Halt()),
            ("halt", {"until": None}, hierarchical.Halt()),
            ("halt", {"until": NOON}, hierarchical.Halt(until=NOON)),
            (
                "halt",
                {"until": "2030-01-01T14:00:00+02:00"},
                hierarchical.Halt(until=NOON),
            ),
            ("resume", {}, hierarchical.Resume()),
            ("cancel", {"by": "client"}, hierarchical.Cancel(by="client")),
        ],
    )
    def test_payloads(
        self, trigger: str, payload: dict[str, object], event: hierarchical.Event
    ) -> None:
        assert hierarchical.parse_event(trigger, payload) == event

    @pytest.mark.parametrize(
        ("trigger", "payload", "message"),
        [
            ("fil", {}, "not a trigger of `order_desk`: 'fil'"),
            ("CHECK/after", {}, "not a trigger"),
            ("fill", {}, "missing field: `fill_qty`"),
            ("fill", {"fill_qty": 1, "qty": 1}, "unknown field: 'qty'"),
            ("fill", {"fill_qty": "1"}, "must be a number, not str"),
            ("fill", {"fill_qty": True}, "must be a number, not bool"),
            ("fill", {"fill_qty": float("nan")}, "must be a finite number"),
            ("fill", {"fill_qty": 10**400}, "must be a finite number"),
            ("fill", {"fill_qty": 1, "venue": 1.5}, "must be an integer, not float"),
            ("fill", {"fill_qty": 1, "venue": False}, "must be an integer, not bool"),
            ("fill", {"fill_qty": 1, "venue": None}, "must be an integer"),
            ("fill", {"fill_qty": 1, "venue": 2**63}, "must fit in 64 bits"),
            ("note", {"text": None}, "must be a string, not NoneType"),
            ("halt", {"until": "soon"}, "must be an ISO 8601 date and time"),
            ("halt", {"until": 5}, "must be a datetime, not int"),
            ("halt", {"until": "2030-01-01T14:00:00"}, "must have a time zone"),
            ("halt", {"until": "0001-01-01T00:00:00+14:00"}, "years 1 to 9999"),
            ("resume", {"at": 1}, "unknown field: 'at'"),
            ("cancel", {"by": "bank"}, "must be one of: client, desk"),
            ("cancel", {"by": ["desk"]}, "must be one of: client, desk"),
        ],
    )
    def test_what_is_refused(
        self, trigger: str, payload: dict[str, object], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            hierarchical.parse_event(trigger, payload)

    def test_states(self) -> None:
        for state in flat.State:
            assert flat.parse_state(state.value) is state
        with pytest.raises(ValueError, match="not a state of `order_desk`: 'LIVE'"):
            hierarchical.parse_state("LIVE")
        with pytest.raises(ValueError, match="not a state of `purchase`: 'DUE'"):
            parallel.parse_state("DUE")

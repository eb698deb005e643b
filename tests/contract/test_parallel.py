"""Every step of the parallel module is what its regions do."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

import pytest

from tests.contract.parallel import parallel_fsm as parallel
from tests.contract.steps import ANSWERS, Guards, every_active, parallel_steps

Told: TypeAlias = tuple[str | None, ...]


def told(outcome: parallel.Outcome) -> Told:
    """The target and the actions, or the reason and the guards."""
    if outcome:
        return (str(outcome.target), *(action.name for action in outcome.actions))
    return (outcome.reason, outcome.guard, *outcome.guards)


def expected_of(
    state: parallel.Configuration,
    event: parallel.Event,
    context: parallel.Context,
    given: bool | None,
) -> Told:
    """What `parallel.yaml` says, written down once more by hand."""
    invalid: Told = ("invalid_transition", None)
    if state in ("CLOSED", "CANCELLED"):
        return ("terminal_state", None)
    if not isinstance(state, parallel.Active):
        match event:
            case parallel.Submit():
                return (
                    "ACTIVE:payment=DUE,shipping=PACKING,support=QUIET",
                    "reserve",
                )
            case parallel.Cancel():
                return ("CANCELLED",)
            case _:
                return invalid

    def moved(*actions: str, **leaves: str) -> Told:
        inside = {
            "payment": str(state.payment),
            "shipping": str(state.shipping),
            "support": str(state.support),
            **leaves,
        }
        text = ",".join(f"{region}={leaf}" for region, leaf in inside.items())
        return (f"ACTIVE:{text}", *actions)

    match event:
        case parallel.Pay(amount=amount) if state.payment != "PAID":
            if context.paid + amount >= context.total:
                return moved(payment="PAID")
            if amount > 0:
                return moved(payment="PARTLY")
            first = "paid + amount >= total"
            return ("guard_rejected", first, first, "amount > 0")
        case parallel.Ship() if state.shipping == "PACKING":
            if given is None:
                return ("guard_error", "may_ship", "may_ship")
            if given:
                return moved("unreserve", shipping="SHIPPED")
            return ("guard_rejected", "may_ship", "may_ship")
        case parallel.Deliver() if state.shipping == "SHIPPED":
            return moved(shipping="DELIVERED")
        case parallel.Complain() if state.support != "CASE":
            return moved("answer", support="CASE")
        case parallel.DayEnd():
            asked: dict[str, bool | None] = {}
            if state.payment != "PAID":
                asked["paid < total"] = context.paid < context.total
            if state.shipping == "PACKING":
                asked["paid > 0"] = context.paid > 0
            if state.support == "CASE":
                asked["is_solved"] = given
            if not asked:
                return invalid
            if None in asked.values():
                return ("guard_error", "is_solved", *asked)
            if not any(asked.values()):
                return ("guard_rejected", next(iter(asked)), *asked)
            actions = [
                *(["unreserve"] if asked.get("paid > 0") else []),
                *(["remind"] if asked.get("paid < total") else []),
                *(["reserve"] if asked.get("paid > 0") else []),
            ]
            leaves = {
                **({"payment": "DUE"} if asked.get("paid < total") else {}),
                **({"support": "SOLVED"} if asked.get("is_solved") else {}),
            }
            return moved(*actions, **leaves)
        case parallel.Close():
            if state.payment != "PAID":
                return ("guard_rejected", "in_state(PAID)", "in_state(PAID)")
            if state.shipping != "DELIVERED":
                last = "in_state(DELIVERED)"
                return ("guard_rejected", last, "in_state(PAID)", last)
            return ("CLOSED", "archive")
        case parallel.Cancel():
            unreserve = ["unreserve"] if state.shipping == "PACKING" else []
            return ("CANCELLED", *unreserve, "archive")
        case _:
            return invalid


class TestParallel:
    @pytest.mark.parametrize("given", ANSWERS)
    def test_every_step_is_what_its_regions_do(self, given: bool | None) -> None:
        machine = parallel.Purchase(Guards(given))
        for state, event, context in parallel_steps():
            outcome = machine.process(state, event, context)
            expected = expected_of(state, event, context, given)
            assert told(outcome) == expected, f"{context.paid} {state} {event}"

    def test_effects_of_all_regions_meet(self) -> None:
        state = parallel.State
        active = parallel.Active.of(state.PARTLY, state.PACKING, state.QUIET)
        context = parallel.Context(total=10, paid=5)
        machine = parallel.Purchase(Guards(True))
        for event, changed in (
            (parallel.Pay(amount=3), parallel.Context(total=10, paid=8)),
            (parallel.Complain(text=""), parallel.Context(total=10, paid=5, cases=1)),
            (parallel.DayEnd(), parallel.Context(total=10, paid=5, reminders=1)),
        ):
            outcome = machine.process(active, event, context)
            assert outcome
            assert outcome.apply(context, event) == changed
        assert context == parallel.Context(total=10, paid=5)

    def test_the_start(self) -> None:
        outcome = parallel.Purchase(Guards(True)).start(parallel.Context(total=10))
        assert told(outcome) == ("DRAFT",)

    @pytest.mark.parametrize("copied", [deepcopy, lambda it: loads(it)])
    def test_configurations_stay_one_object(
        self, copied: Callable[[parallel.Active], parallel.Active]
    ) -> None:
        for active in every_active():
            assert copied(active) is active
            assert parallel.parse_state(str(active)) is active


def loads(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))

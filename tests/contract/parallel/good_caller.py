"""What callers of the parallel machine may rely on."""

from __future__ import annotations

from typing import Literal, assert_never, assert_type

from .parallel_fsm import (
    Accepted,
    Active,
    ActivePayment,
    Cancel,
    Close,
    Complain,
    Configuration,
    Context,
    DayEnd,
    Deliver,
    Node,
    Pay,
    Purchase,
    Reason,
    Rejected,
    Ship,
    State,
    Submit,
    is_in,
    parse_state,
)


class Shop:
    def __init__(self) -> None:
        self.done: list[str] = []

    def may_ship(self, context: Context, event: Ship, /, *, carrier: str) -> bool:
        return context.paid > 0 and carrier == "post"

    def is_solved(self, context: Context, event: DayEnd, /) -> bool:
        return context.cases < 2

    def archive(self, context: Context, event: Close | Cancel, /) -> None:
        self.done.append("archive")

    def reserve(self, context: Context, event: Submit | DayEnd, /) -> None:
        self.done.append("reserve")

    def unreserve(self, context: Context, event: object, /) -> None:
        self.done.append("unreserve")

    def answer(self, context: Context, event: Complain, /) -> None:
        self.done.append(f"answer {event.text}")

    def remind(self, context: Context, event: DayEnd, /) -> None:
        self.done.append(f"remind {context.reminders}")


class RemoteGuards:
    async def may_ship(self, context: Context, event: Ship, /, *, carrier: str) -> bool:
        return context.paid > 0 and carrier == "post"

    async def is_solved(self, context: Context, event: DayEnd, /) -> bool:
        return context.cases < 2


def regions_are_attributes() -> ActivePayment:
    machine, context = Purchase(Shop()), Context(total=10)
    submitted = machine.submit(State.DRAFT, Submit(), context)
    assert_type(submitted, Accepted[Active])
    assert_type(
        submitted.target.shipping,
        Literal[State.PACKING, State.SHIPPED, State.DELIVERED],
    )
    return submitted.target.payment


def steps_inside_keep_the_other_regions() -> Configuration:
    machine, context = Purchase(Shop()), Context(total=10)
    active = Active.of(State.DUE, State.PACKING, State.CASE)
    outcome = machine.pay(active, Pay(amount=3), context)
    if not outcome:
        assert_type(
            outcome.reason, Literal[Reason.INVALID_TRANSITION, Reason.GUARD_REJECTED]
        )
        return active
    assert_type(outcome.target, Active)
    return outcome.target


def leaving_the_parallel_state_is_typed() -> State | None:
    machine, context = Purchase(Shop()), Context(total=10)
    active = Active.of(State.PAID, State.DELIVERED, State.QUIET)
    assert_type(
        machine.cancel(active, Cancel(), context),
        Accepted[Literal[State.CANCELLED]],
    )
    assert_type(
        machine.cancel(State.CLOSED, Cancel(), context),
        Rejected[Literal[Reason.TERMINAL_STATE]],
    )
    closed = machine.close(active, Close(), context)
    return closed.target if closed else None


def configurations_are_exhaustive(state: Configuration) -> str:
    match state:
        case Active(payment=payment):
            return payment
        case State.DRAFT | State.CLOSED | State.CANCELLED:
            return state
        case _:
            assert_never(state)


def text_goes_both_ways(text: str) -> tuple[str, bool, bool]:
    state = parse_state(text)
    return str(state), is_in(state, Node.ACTIVE), is_in(state, State.CASE)


def whole_life() -> tuple[str, Context, list[str]]:
    shop = Shop()
    machine, context = Purchase(shop), Context(total=10)
    state: Configuration = machine.start(context).target
    for event in (
        Submit(),
        Pay(amount=4),
        Complain(text="late"),
        DayEnd(),
        Ship(),
        Pay(amount=6),
        Deliver(),
        Close(),
    ):
        outcome = machine.process(state, event, context)
        if not outcome:
            raise RuntimeError(f"{event}: {outcome.reason}")
        state, context = outcome.target, outcome.apply(context, event)
        machine.perform(outcome, event, context, shop)
    return str(state), context, shop.done

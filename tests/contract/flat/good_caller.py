"""What callers of the flat machine may rely on: every line passes both checkers."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Literal, assert_never, assert_type

from .flat_fsm import (
    Accepted,
    Ack,
    Cancel,
    Context,
    Event,
    Fill,
    OrderManagement,
    Outcome,
    Reason,
    Rejected,
    State,
    Trigger,
    parse_event,
    parse_state,
)


class Desk:
    """Guards and actions in one object. It names no protocol: the shape is enough."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def may_cancel(self, context: Context, event: Cancel, /, *, limit: int) -> bool:
        return context.order_qty <= limit

    def announce(self, context: Context, event: Ack, /) -> None:
        self.done.append("announce")

    def notify(self, context: Context, event: Fill, /, *, channel: str) -> None:
        self.done.append(f"notify {context.filled_qty} by {channel}")

    def release(self, context: Context, event: Cancel, /) -> None:
        self.done.append(f"release for {event.reason}")


class RemoteDesk:
    """The same, where one guard and one action are asynchronous."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def may_cancel(
        self, context: Context, event: Cancel, /, *, limit: int
    ) -> bool:
        return context.order_qty <= limit

    def announce(self, context: Context, event: Ack, /) -> None:
        self.done.append("announce")

    async def notify(self, context: Context, event: Fill, /, *, channel: str) -> None:
        self.done.append(f"notify {context.filled_qty} by {channel}")

    def release(self, context: Context, event: Cancel, /) -> Awaitable[None] | None:
        self.done.append(f"release for {event.reason}")
        return None


def legal_steps_need_no_test() -> State:
    """An unguarded legal pair has a target without narrowing."""
    machine = OrderManagement(Desk())
    context = Context(order_qty=5)
    started = machine.start(context)
    assert_type(started.target, Literal[State.PENDING])
    accepted = machine.ack(started.target, Ack(), context)
    assert_type(accepted, Accepted[Literal[State.OPEN]])
    return accepted.target


def guarded_steps_are_narrowed() -> State:
    machine = OrderManagement(Desk())
    outcome = machine.fill(State.OPEN, Fill(fill_qty=1), Context(order_qty=5))
    if outcome:
        assert_type(outcome.target, Literal[State.FILLED, State.PARTIALLY_FILLED])
        return outcome.target
    assert_type(outcome.reason, Literal[Reason.GUARD_REJECTED])
    return State.OPEN


def illegal_steps_are_known() -> Reason:
    machine = OrderManagement(Desk())
    outcome = machine.ack(State.FILLED, Ack(), Context(order_qty=5))
    assert_type(
        outcome,
        Rejected[Literal[Reason.INVALID_TRANSITION, Reason.TERMINAL_STATE]],
    )
    return outcome.reason


def unknown_states_are_total(text: str) -> Reason | None:
    machine = OrderManagement(Desk())
    state = parse_state(text)
    outcome = machine.cancel(state, Cancel(), Context(order_qty=5))
    return None if outcome else outcome.reason


def events_are_exhaustive(event: Event) -> str:
    match event:
        case Ack():
            return event.trigger
        case Fill():
            assert_type(event.fill_qty, float)
            return event.trigger
        case Cancel(reason=reason):
            return reason or event.trigger
        case _:
            assert_never(event)


def triggers_compare_with_text(event: Event) -> bool:
    assert_type(Fill.trigger, Literal[Trigger.FILL])
    return event.trigger == "fill"


def whole_life() -> tuple[State, Context, list[str]]:
    """Process, apply, (store,) perform: with text, as from a database and a queue."""
    desk = Desk()
    machine = OrderManagement(desk)
    context = Context(order_qty=5)
    state: State = machine.start(context).target
    for trigger, payload in (
        ("ack", {}),
        ("fill", {"fill_qty": 2}),
        ("fill", {"fill_qty": 3}),
    ):
        event = parse_event(trigger, payload)
        outcome = machine.process(parse_state(str(state)), event, context)
        assert_type(outcome, Outcome)
        if not outcome:
            raise RuntimeError(outcome.reason)
        state, context = outcome.target, outcome.apply(context, event)
        machine.perform(outcome, event, context, desk)
    return state, context, desk.done


async def whole_life_async() -> tuple[State, Context, list[str]]:
    desk = RemoteDesk()
    machine = OrderManagement(desk)
    context = Context(order_qty=5)
    state: State = machine.start(context).target
    for event in (Ack(), Fill(fill_qty=2), Fill(fill_qty=3)):
        outcome = await machine.aprocess(state, event, context)
        if not outcome:
            raise RuntimeError(outcome.reason)
        state, context = outcome.target, outcome.apply(context, event)
        await machine.aperform(outcome, event, context, desk)
    return state, context, desk.done


async def sync_parts_serve_async_machines() -> Outcome:
    """An object that is synchronous throughout fits both kinds of step."""
    machine = OrderManagement(Desk())
    return await machine.aprocess(State.OPEN, Cancel(), Context(order_qty=5))

"""What callers of the hierarchical machine may rely on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, assert_type

from .hierarchical_fsm import (
    DELAY_MS,
    Accepted,
    Cancel,
    Context,
    Elapsed,
    Fill,
    Halt,
    Node,
    Note,
    OrderDesk,
    Reason,
    Rejected,
    Resume,
    State,
    Timer,
    is_in,
    parse_event,
    parse_state,
)

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Desk:
    """A guard that the start reaches must take None; wider parameters are fine too."""

    def __init__(self, *, trading: bool = True) -> None:
        self.trading = trading
        self.asked: list[tuple[object, datetime | None]] = []
        self.done: list[str] = []

    def may_trade(
        self, context: Context, event: Fill | Note | Elapsed | None, /
    ) -> bool:
        self.asked.append((event, context.checked_at))
        return self.trading

    def subscribe(self, context: Context, event: object, /) -> None:
        self.done.append("subscribe")

    def unsubscribe(self, context: Context, event: object, /) -> None:
        self.done.append("unsubscribe")

    def release(self, context: Context, event: object, /) -> None:
        self.done.append("release")

    def settle(self, context: Context, event: object, /) -> None:
        self.done.append(f"settle {context.filled_qty}")

    def log(self, context: Context, event: Note, /) -> None:
        self.done.append(f"log {event.text}")

    def notify(
        self, context: Context, event: Cancel | Elapsed, /, *, subject: str
    ) -> None:
        who = event.timer if isinstance(event, Elapsed) else event.by
        self.done.append(f"notify {subject} {who}")


class RemoteGuards:
    async def may_trade(
        self, context: Context, event: Fill | Note | Elapsed | None, /
    ) -> bool:
        return context.order_qty < 100


def the_start_may_be_refused() -> State:
    """A start that asks a named guard may fail, and says where it can lead."""
    outcome = OrderDesk(Desk()).start(Context(order_qty=5), now=NOON)
    if not outcome:
        assert_type(outcome.reason, Literal[Reason.GUARD_ERROR])
        raise RuntimeError(outcome.reason)
    assert_type(outcome.target, Literal[State.CHECK, State.OPEN, State.FILLED])
    return outcome.target


def inherited_steps_are_typed_for_every_leaf() -> tuple[State, ...]:
    machine, context = OrderDesk(Desk()), Context(order_qty=5)
    halted = machine.halt(State.PARTIAL, Halt(), context, now=NOON)
    assert_type(halted, Accepted[Literal[State.HALTED]])
    cancel = Cancel(by="client")
    cancelled = machine.cancel(State.EXPIRED, cancel, context, now=NOON)
    assert_type(cancelled, Accepted[Literal[State.CANCELLED]])
    resumed = machine.resume(halted.target, Resume(), context, now=NOON)
    assert_type(resumed, Accepted[Literal[State.OPEN, State.FILLED]])
    ended = machine.cancel(State.FILLED, cancel, context, now=NOON)
    assert_type(ended, Rejected[Literal[Reason.TERMINAL_STATE]])
    return halted.target, cancelled.target, resumed.target


def unguarded_from_everywhere_but_the_end(text: str) -> Reason | None:
    machine = OrderDesk(Desk())
    outcome = machine.cancel(
        parse_state(text), Cancel(by="desk"), Context(order_qty=5), now=NOON
    )
    return None if outcome else outcome.reason


def compounds_are_asked_for_by_node(state: State) -> tuple[bool, bool]:
    return is_in(state, Node.LIVE), is_in(state, State.OPEN)


def whole_life() -> tuple[list[str], Context, dict[Timer, datetime]]:
    """One that keeps time: it adds what starts and drops what is cancelled."""
    desk = Desk()
    machine = OrderDesk(desk)
    now, context = NOON, Context(order_qty=5)
    due: dict[Timer, datetime] = {}
    outcome = machine.start(context, now=now)
    if not outcome:
        raise RuntimeError(outcome.reason)
    state: State = outcome.target
    context = outcome.apply(context, None, now)
    machine.perform(outcome, None, context, desk)
    due |= {
        timer: now + timedelta(milliseconds=DELAY_MS[timer])
        for timer in outcome.started
    }
    for event in (
        parse_event("note", {"text": "by phone"}),
        parse_event("fill", {"fill_qty": 2}),
        parse_event("halt", {"until": "2030-01-01T13:00:00+01:00"}),
        Elapsed(Timer.HALTED_AFTER),
        parse_event("resume", {}),
        parse_event("fill", {"fill_qty": 3, "venue": 2}),
    ):
        now += timedelta(seconds=1)
        step = machine.process(state, event, context, now=now)
        if not step:
            raise RuntimeError(step.reason)
        state, context = step.target, step.apply(context, event, now)
        machine.perform(step, event, context, desk)
        for timer in step.cancelled:
            due.pop(timer, None)
        due |= {
            timer: now + timedelta(milliseconds=DELAY_MS[timer])
            for timer in step.started
        }
    return desk.done, context, due


async def an_asynchronous_start() -> State:
    machine = OrderDesk(RemoteGuards())
    outcome = await machine.astart(Context(order_qty=5), now=NOON)
    if not outcome:
        raise RuntimeError(outcome.reason)
    assert_type(outcome.target, Literal[State.CHECK, State.OPEN, State.FILLED])
    return outcome.target

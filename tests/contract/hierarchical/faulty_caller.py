"""Every marked line is a mistake that the named checkers must report."""

from __future__ import annotations

from .good_caller import NOON, Desk, RemoteGuards
from .hierarchical_fsm import (
    DELAY_MS,
    Archive,
    Cancel,
    Context,
    Elapsed,
    Event,
    Fill,
    Halt,
    Node,
    Note,
    OrderDesk,
    Outcome,
    Resume,
    State,
    Timer,
    is_in,
)

machine = OrderDesk(Desk())
context = Context(order_qty=5)


def time_is_needed(outcome: Outcome) -> None:
    machine.start(context)  # E: mypy,pyright
    machine.process(State.OPEN, Halt(), context)  # E: mypy,pyright
    machine.halt(State.OPEN, Halt(), context)  # E: mypy,pyright
    machine.process(State.OPEN, Halt(), context, now=1.5)  # E: mypy,pyright
    if outcome:
        outcome.apply(context, Halt())  # E: mypy,pyright


def the_start_must_be_tested() -> None:
    print(machine.start(context, now=NOON).target)  # E: mypy,pyright


def an_inherited_step_is_illegal_outside() -> None:
    halted = machine.halt(State.HALTED, Halt(), context, now=NOON)
    print(halted.target)  # E: mypy,pyright
    resumed = machine.resume(State.EXPIRED, Resume(), context, now=NOON)
    print(resumed.target)  # E: mypy,pyright
    archived = machine.archive(State.FILLED, Archive(box="7"), context, now=NOON)
    print(archived.target)  # E: mypy,pyright


def a_compound_is_no_leaf() -> None:
    machine.process(Node.WORKING, Halt(), context, now=NOON)  # E: mypy,pyright
    print(State.WORKING)  # E: mypy,pyright
    print(is_in(Node.WORKING, State.OPEN))  # E: mypy,pyright
    print(is_in(State.OPEN, "WORKING"))  # E: mypy,pyright


def a_timer_is_no_text() -> None:
    Elapsed("CHECK/after")  # E: mypy,pyright
    Elapsed(State.CHECK)  # E: mypy,pyright
    print(DELAY_MS["CHECK/after"])  # E: mypy,pyright
    DELAY_MS[Timer.CHECK_AFTER] = 5  # E: mypy,pyright


def a_timer_has_no_method() -> None:
    elapsed = Elapsed(Timer.CHECK_AFTER)
    machine.fill(State.CHECK, elapsed, context, now=NOON)  # E: mypy,pyright


def enumerations_are_closed() -> None:
    Cancel(by="nobody")  # E: mypy,pyright


def elapsed_has_no_trigger(event: Event) -> None:
    print(event.trigger)  # E: mypy,pyright


class OnlyFills:
    def may_trade(self, context: Context, event: Fill, /) -> bool:
        return True


class NotAtTheStart:
    def may_trade(self, context: Context, event: Fill | Note | Elapsed, /) -> bool:
        return True


def a_guard_takes_all_that_reaches_it() -> None:
    OrderDesk(OnlyFills())  # E: mypy,pyright
    OrderDesk(NotAtTheStart())  # E: mypy,pyright


async def an_asynchronous_guard_needs_asynchronous_steps() -> None:
    remote = OrderDesk(RemoteGuards())
    remote.start(context, now=NOON)  # E: mypy,pyright
    remote.process(State.OPEN, Halt(), context, now=NOON)  # E: mypy,pyright
    remote.note(State.CHECK, Note(text=""), context, now=NOON)  # E: mypy,pyright
    print((await remote.astart(context, now=NOON)).target)  # E: mypy,pyright

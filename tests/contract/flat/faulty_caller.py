"""Every marked line is a mistake that the named checkers must report."""

from __future__ import annotations

from typing import Literal, assert_never

from .flat_fsm import (
    Accepted,
    Ack,
    Action,
    Cancel,
    Context,
    Event,
    Fill,
    OrderManagement,
    Outcome,
    State,
    parse_state,
)
from .good_caller import Desk, RemoteDesk

machine = OrderManagement(Desk())
context = Context(order_qty=5)


def an_illegal_step_has_no_target() -> None:
    fill = Fill(fill_qty=1)
    print(machine.ack(State.OPEN, Ack(), context).target)  # E: mypy,pyright
    print(machine.ack(State.FILLED, Ack(), context).target)  # E: mypy,pyright
    print(machine.fill(State.PENDING, fill, context).target)  # E: mypy,pyright


def a_guarded_step_must_be_tested() -> None:
    fill = Fill(fill_qty=1)
    outcome = machine.cancel(State.OPEN, Cancel(), context)
    print(machine.fill(State.OPEN, fill, context).target)  # E: mypy,pyright
    print(outcome.apply(context, Cancel()))  # E: mypy,pyright


def a_step_from_an_unknown_state_must_be_tested(text: str) -> None:
    print(machine.ack(parse_state(text), Ack(), context).target)  # E: mypy,pyright
    outcome = machine.process(State.PENDING, Ack(), context)
    print(outcome.target)  # E: mypy,pyright


def an_outcome_is_one_or_the_other(outcome: Outcome) -> None:
    if outcome:
        print(outcome.reason)  # E: mypy,pyright
    else:
        print(outcome.target)  # E: mypy,pyright


def a_target_is_one_of_few() -> None:
    outcome = machine.fill(State.OPEN, Fill(fill_qty=1), context)
    if outcome:
        final: Literal[State.FILLED] = outcome.target  # E: mypy,pyright
        print(final)


def a_method_takes_its_own_event() -> None:
    machine.ack(State.PENDING, Fill(fill_qty=1), context)  # E: mypy,pyright


def a_state_is_not_text() -> None:
    machine.process("PENDING", Ack(), context)  # E: mypy,pyright
    machine.ack("PENDING", Ack(), context)  # E: mypy,pyright


def an_event_is_not_a_trigger() -> None:
    machine.process(State.PENDING, "ack", context)  # E: mypy,pyright
    machine.process(State.PENDING, Ack.trigger, context)  # E: mypy,pyright
    machine.process(State.PENDING, Ack, context)  # E: mypy,pyright


def payloads_are_typed() -> None:
    Fill()  # E: mypy,pyright
    Fill(1.5)  # E: mypy,pyright
    Fill(fill_qty="2")  # E: mypy,pyright
    Fill(fill_qty=2, price=3)  # E: mypy,pyright
    Cancel(reason=7)  # E: mypy,pyright


def events_and_outcomes_are_immutable(outcome: Accepted[State]) -> None:
    event = Fill(fill_qty=2)
    event.fill_qty = 3  # E: mypy,pyright
    outcome.target = State.OPEN  # E: mypy,pyright
    outcome.actions[0] = Action("x", lambda a, c, e: None, {})  # E: mypy,pyright


def contexts_are_typed() -> None:
    Context()  # E: mypy,pyright
    Context(order_qty="5")  # E: mypy,pyright
    Context(order_qty=5, filed_qty=1)  # E: mypy,pyright


def a_match_must_be_exhaustive(event: Event) -> str:
    match event:
        case Ack() | Fill():
            return event.trigger
        case _:
            assert_never(event)  # E: mypy,pyright


class NoGuards:
    pass


class WrongParameter:
    def may_cancel(self, context: Context, event: Cancel, /, *, limit: str) -> bool:
        return True


class MissingParameter:
    def may_cancel(self, context: Context, event: Cancel, /) -> bool:
        return True


class NarrowEvent:
    def may_cancel(self, context: Context, event: Fill, /, *, limit: int) -> bool:
        return True


class NotTrue:
    def may_cancel(self, context: Context, event: Cancel, /, *, limit: int) -> str:
        return "yes"


def guards_have_the_declared_shape() -> None:
    OrderManagement()  # E: mypy,pyright
    OrderManagement(NoGuards())  # E: mypy,pyright
    OrderManagement(WrongParameter())  # E: mypy,pyright
    OrderManagement(MissingParameter())  # E: mypy,pyright
    OrderManagement(NarrowEvent())  # E: mypy,pyright
    OrderManagement(NotTrue())  # E: mypy,pyright


def an_asynchronous_guard_needs_an_asynchronous_step() -> None:
    remote = OrderManagement(RemoteDesk())
    remote.process(State.OPEN, Cancel(), context)  # E: mypy,pyright
    remote.cancel(State.OPEN, Cancel(), context)  # E: mypy,pyright


async def an_asynchronous_step_is_awaited() -> None:
    outcome = machine.aprocess(State.OPEN, Cancel(), context)
    print(outcome.target)  # E: mypy,pyright


class NoRelease:
    def announce(self, context: Context, event: Ack, /) -> None: ...

    def notify(self, context: Context, event: Fill, /, *, channel: str) -> None: ...


def actions_have_the_declared_shape(outcome: Accepted[State]) -> None:
    machine.perform(outcome, Ack(), context, NoRelease())  # E: mypy,pyright
    machine.perform(outcome, Ack(), context, RemoteDesk())  # E: mypy,pyright


def a_rejection_has_no_actions(outcome: Outcome) -> None:
    machine.perform(outcome, Ack(), context, Desk())  # E: mypy,pyright

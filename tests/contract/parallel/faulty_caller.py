"""Every marked line is a mistake that the named checkers must report."""

from __future__ import annotations

from .good_caller import RemoteGuards, Shop
from .parallel_fsm import (
    Active,
    Context,
    DayEnd,
    Node,
    Pay,
    Purchase,
    Ship,
    State,
    Submit,
    is_in,
    parse_state,
)

machine = Purchase(Shop())
context = Context(total=10)
active = Active.of(State.DUE, State.PACKING, State.QUIET)


def every_region_has_its_own_states() -> None:
    Active.of(State.PAID, State.PAID, State.QUIET)  # E: mypy,pyright
    Active.of(State.PAID, State.SHIPPED)  # E: mypy,pyright
    Active.of(State.PAID, State.SHIPPED, "QUIET")  # E: mypy,pyright


def a_leaf_of_a_region_is_no_configuration() -> None:
    machine.process(State.DUE, Pay(amount=1), context)  # E: mypy,pyright
    machine.pay(State.DUE, Pay(amount=1), context)  # E: mypy,pyright
    machine.process(Node.ACTIVE, Pay(amount=1), context)  # E: mypy,pyright
    machine.process("DRAFT", Submit(), context)  # E: mypy,pyright


def configurations_are_immutable() -> None:
    active.payment = State.PAID  # E: mypy,pyright


def an_event_that_no_region_knows_is_illegal() -> None:
    print(machine.submit(active, Submit(), context).target)  # E: mypy,pyright
    print(machine.pay(State.DRAFT, Pay(amount=1), context).target)  # E: mypy,pyright


def a_step_inside_must_be_tested() -> None:
    print(machine.pay(active, Pay(amount=1), context).target)  # E: mypy,pyright
    print(machine.day_end(active, DayEnd(), context).target)  # E: mypy,pyright


def only_active_has_regions(text: str) -> None:
    state = parse_state(text)
    print(state.payment)  # E: mypy,pyright
    print(is_in(state, "CASE"))  # E: mypy,pyright


def an_asynchronous_guard_needs_an_asynchronous_step() -> None:
    remote = Purchase(RemoteGuards())
    remote.process(active, Ship(), context)  # E: mypy,pyright
    remote.day_end(active, DayEnd(), context)  # E: mypy,pyright

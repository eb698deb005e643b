"""Steps that meet every cell of the target modules, under every answer of a guard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias

from tests.contract.flat import flat_fsm as flat
from tests.contract.hierarchical import hierarchical_fsm as hierarchical
from tests.contract.parallel import parallel_fsm as parallel


class Broken(Exception):
    """What a guard raises."""


def answer(given: bool | None) -> bool:
    if given is None:
        raise Broken
    return given


class Guards:
    """All guards of the three machines. They say `given`; None stands for raising."""

    def __init__(self, given: bool | None) -> None:
        self.given = given

    def may_cancel(self, context: object, event: object, /, *, limit: int) -> bool:
        return answer(self.given)

    def may_trade(self, context: object, event: object, /) -> bool:
        return answer(self.given)

    def may_ship(self, context: object, event: object, /, *, carrier: str) -> bool:
        return answer(self.given)

    def is_solved(self, context: object, event: object, /) -> bool:
        return answer(self.given)


class AsyncGuards:
    """The same, after a turn of the event loop."""

    def __init__(self, given: bool | None) -> None:
        self.given = given

    async def _answer(self) -> bool:
        await asyncio.sleep(0)
        return answer(self.given)

    def may_cancel(
        self, context: object, event: object, /, *, limit: int
    ) -> Awaitable[bool]:
        return self._answer()

    def may_trade(self, context: object, event: object, /) -> Awaitable[bool]:
        return self._answer()

    def may_ship(
        self, context: object, event: object, /, *, carrier: str
    ) -> Awaitable[bool]:
        return self._answer()

    def is_solved(self, context: object, event: object, /) -> Awaitable[bool]:
        return self._answer()


NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
ANSWERS = (True, False, None)

FlatStep: TypeAlias = tuple[flat.State, flat.Event, flat.Context]
HierarchicalStep: TypeAlias = tuple[
    hierarchical.State, hierarchical.Event, hierarchical.Context
]
ParallelStep: TypeAlias = tuple[
    parallel.Configuration, parallel.Event, parallel.Context
]


def flat_steps() -> Iterator[FlatStep]:
    events: list[flat.Event] = [flat.Ack(), flat.Cancel(reason="late")]
    events += [flat.Fill(fill_qty=quantity) for quantity in (0, 2, 9)]
    for state in flat.State:
        for event in events:
            yield state, event, flat.Context(order_qty=5, filled_qty=1)


def hierarchical_steps() -> Iterator[HierarchicalStep]:
    events: list[hierarchical.Event] = [
        hierarchical.Note(text="by phone"),
        hierarchical.Halt(),
        hierarchical.Resume(),
        hierarchical.Archive(box="7"),
        hierarchical.Cancel(by="desk"),
    ]
    events += [hierarchical.Fill(fill_qty=quantity) for quantity in (0, 1, 9)]
    events += [hierarchical.Elapsed(timer) for timer in hierarchical.Timer]
    for filled in (0.0, 4.0, 5.0):
        for state in hierarchical.State:
            for event in events:
                yield state, event, hierarchical.Context(order_qty=5, filled_qty=filled)


def parallel_steps() -> Iterator[ParallelStep]:
    state = parallel.State
    states: list[parallel.Configuration] = [state.DRAFT, state.CLOSED, state.CANCELLED]
    states += every_active()
    events: list[parallel.Event] = [
        parallel.Submit(),
        parallel.Ship(),
        parallel.Deliver(),
        parallel.Complain(text="late"),
        parallel.DayEnd(),
        parallel.Close(),
        parallel.Cancel(),
    ]
    events += [parallel.Pay(amount=amount) for amount in (0, 3, 9)]
    for paid in (0, 6, 10):
        for configuration in states:
            for event in events:
                yield configuration, event, parallel.Context(total=10, paid=paid)


def every_active() -> Iterator[parallel.Active]:
    state = parallel.State
    payments: tuple[parallel.ActivePayment, ...] = (
        state.DUE,
        state.PARTLY,
        state.PAID,
    )
    shippings: tuple[parallel.ActiveShipping, ...] = (
        state.PACKING,
        state.SHIPPED,
        state.DELIVERED,
    )
    supports: tuple[parallel.ActiveSupport, ...] = (
        state.QUIET,
        state.CASE,
        state.SOLVED,
    )
    for payment in payments:
        for shipping in shippings:
            for support in supports:
                yield parallel.Active.of(payment, shipping, support)

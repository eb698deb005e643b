"""What the target modules cost, as ratios to a Python function that returns a constant.

Run `python -m tests.contract.measure`. Times are medians of interleaved rounds of one
run, so that a slow moment of the machine meets every line alike; compare ratios, never
times of two runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from timeit import Timer

from tests.contract.flat import flat_fsm as flat
from tests.contract.hierarchical import hierarchical_fsm as hierarchical
from tests.contract.parallel import parallel_fsm as parallel

ROUNDS = 15
CALLS = 50_000
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
CONSTANT = object()


class Guards:
    def may_cancel(self, context: object, event: object, /, *, limit: int) -> bool:
        return True

    def may_trade(self, context: object, event: object, /) -> bool:
        return True

    def may_ship(self, context: object, event: object, /, *, carrier: str) -> bool:
        return True

    def is_solved(self, context: object, event: object, /) -> bool:
        return True


def floor(state: object, event: object, context: object) -> object:
    return CONSTANT


def lines() -> dict[str, tuple[str, dict[str, object]]]:
    """A statement and its names for every line of the table."""
    return {**flat_lines(), **hierarchical_lines(), **parallel_lines()}


def flat_lines() -> dict[str, tuple[str, dict[str, object]]]:
    state = flat.State
    machine = flat.OrderManagement(Guards())
    context = flat.Context(order_qty=5.0)
    names: dict[str, object] = {
        "process": machine.process,
        "ack": machine.ack,
        "fill": machine.fill,
        "parse": flat.parse_state,
        "parse_event": flat.parse_event,
        "State": flat.State,
        "Fill": flat.Fill,
        "pending": state.PENDING,
        "open": state.OPEN,
        "c": context,
        "a": flat.Ack(),
        "all": flat.Fill(fill_qty=7.0),
        "some": flat.Fill(fill_qty=1.0),
        "cancel": flat.Cancel(),
        "payload": {"fill_qty": 1},
    }
    return {
        "flat: process, no guard, accepted": ("process(pending, a, c)", names),
        "flat: process, no guard, rejected": ("process(open, a, c)", names),
        "flat: process, inline guard, first": ("process(open, all, c)", names),
        "flat: process, inline guard, second": ("process(open, some, c)", names),
        "flat: process, named guard": ("process(open, cancel, c)", names),
        "flat: method, no guard": ("ack(pending, a, c)", names),
        "flat: method, inline guard": ("fill(open, all, c)", names),
        "flat: build the event and process": (
            "process(open, Fill(fill_qty=1.0), c)",
            names,
        ),
        "flat: parse_state": ("parse('OPEN')", names),
        "flat: State(text), for comparison": ("State('OPEN')", names),
        "flat: parse_event": ("parse_event('fill', payload)", names),
    }


def hierarchical_lines() -> dict[str, tuple[str, dict[str, object]]]:
    state = hierarchical.State
    machine = hierarchical.OrderDesk(Guards())
    names: dict[str, object] = {
        "process": machine.process,
        "halt_": machine.halt,
        "fill_": machine.fill,
        "parse": hierarchical.parse_state,
        "is_in": hierarchical.is_in,
        "live": hierarchical.Node.LIVE,
        "check": state.CHECK,
        "open": state.OPEN,
        "halted": state.HALTED,
        "c": hierarchical.Context(order_qty=5.0),
        "now": NOON,
        "halt": hierarchical.Halt(),
        "some": hierarchical.Fill(fill_qty=1.0),
        "limit": hierarchical.Elapsed(hierarchical.Timer.LIVE_AFTER),
        "again": hierarchical.Elapsed(hierarchical.Timer.CHECK_AFTER),
    }
    return {
        "hierarchical: process, no guard, accepted": (
            "process(open, halt, c, now)",
            names,
        ),
        "hierarchical: process, no guard, rejected": (
            "process(check, halt, c, now)",
            names,
        ),
        "hierarchical: process, two inline guards": (
            "process(open, some, c, now)",
            names,
        ),
        "hierarchical: process, timer, no guard": (
            "process(open, limit, c, now)",
            names,
        ),
        "hierarchical: process, timer, effect, named guard": (
            "process(check, again, c, now)",
            names,
        ),
        "hierarchical: method, no guard": ("halt_(open, halt, c, now)", names),
        "hierarchical: method, two inline guards": (
            "fill_(open, some, c, now)",
            names,
        ),
        "hierarchical: is_in": ("is_in(open, live)", names),
        "hierarchical: parse_state": ("parse('PARTIAL')", names),
    }


def parallel_lines() -> dict[str, tuple[str, dict[str, object]]]:
    state = parallel.State
    machine = parallel.Purchase(Guards())
    names: dict[str, object] = {
        "process": machine.process,
        "pay": machine.pay,
        "parse": parallel.parse_state,
        "active": parallel.Active.of(state.DUE, state.PACKING, state.CASE),
        "shipped": parallel.Active.of(state.DUE, state.SHIPPED, state.CASE),
        "c": parallel.Context(total=10.0, paid=5.0),
        "some": parallel.Pay(amount=1.0),
        "ship": parallel.Ship(),
        "deliver": parallel.Deliver(),
        "day_end": parallel.DayEnd(),
        "cancel": parallel.Cancel(),
        "text": "ACTIVE:payment=DUE,shipping=PACKING,support=CASE",
    }
    return {
        "parallel: process, leaves the state": ("process(active, cancel, c)", names),
        "parallel: process, one region, no guard": (
            "process(shipped, deliver, c)",
            names,
        ),
        "parallel: process, one region, inline guards": (
            "process(active, some, c)",
            names,
        ),
        "parallel: process, one region, named guard": (
            "process(active, ship, c)",
            names,
        ),
        "parallel: process, three regions, all guarded": (
            "process(active, day_end, c)",
            names,
        ),
        "parallel: method, one region, inline guards": (
            "pay(active, some, c)",
            names,
        ),
        "parallel: parse_state": ("parse(text)", names),
    }


def timed(statement: str, names: dict[str, object]) -> Callable[[], float]:
    timer = Timer(statement, globals=names)
    return lambda: timer.timeit(CALLS) / CALLS * 1e9


def main() -> None:
    base = timed("floor(s, e, c)", {"floor": floor, "s": 1, "e": 2, "c": 3})
    measured = {line: timed(*made) for line, made in lines().items()}
    floors: list[float] = []
    times: dict[str, list[float]] = {line: [] for line in measured}
    for _ in range(ROUNDS):
        floors.append(base())
        for line, measure in measured.items():
            times[line].append(measure())
    unit = median(floors)
    print(f"{'floor':52} {unit:7.0f} ns {1:7.1f} x")
    for line, found in times.items():
        print(f"{line:52} {median(found):7.0f} ns {median(found) / unit:7.1f} x")


if __name__ == "__main__":
    main()

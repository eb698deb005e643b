"""A trading day: four regions that move on their own and look at each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import assert_never

from trading_day_fsm import (
    DELAY_MS,
    Accepted,
    Acknowledge,
    CallAuction,
    CloseMarket,
    Configuration,
    Context,
    Elapsed,
    Event,
    Explain,
    Fill,
    Halt,
    Interrupt,
    NewOrder,
    Node,
    RaiseLimit,
    Ready,
    Reason,
    Release,
    Snapshot,
    State,
    Statement,
    Tick,
    Timer,
    Trading,
    TradingDay,
    Uncross,
    is_in,
    parse_state,
)

MORNING = datetime(2030, 7, 1, 8, tzinfo=UTC)


class Officers:
    """Who may do what."""

    def may_raise_limit(
        self, context: Context, event: RaiseLimit, /, *, desk: str
    ) -> bool:
        return (event.officer, desk) == ("ada", "equities")

    def may_release(self, context: Context, event: Release, /) -> bool:
        return event.officer == "ada"


@dataclass
class Gateway:
    """The actions: what leaves the house."""

    sent: list[str] = field(default_factory=list[str])

    def load_reference_data(self, context: Context, event: Event | None, /) -> None:
        self.sent.append(f"load data for {context.strategy}")

    def start_strategy(self, context: Context, event: Event, /) -> None:
        self.sent.append("start")

    def stop_strategy(self, context: Context, event: Event, /) -> None:
        self.sent.append("stop")

    def mass_cancel(self, context: Context, event: Event, /) -> None:
        self.sent.append("mass cancel")

    def tell_desk(self, context: Context, event: Event, /, *, text: str) -> None:
        self.sent.append(f"desk: {text}")

    def page(self, context: Context, event: Event, /, *, who: str) -> None:
        self.sent.append(f"page {who}")

    def ask_for_snapshot(self, context: Context, event: Event, /) -> None:
        self.sent.append("snapshot?")

    def send_order(self, context: Context, event: Event, /) -> None:
        self.sent.append(f"{context.side} {context.open_quantity}")

    def send_cancel(self, context: Context, event: Event, /) -> None:
        self.sent.append("cancel")

    def book_trade(self, context: Context, event: Fill, /) -> None:
        self.sent.append(f"traded {event.quantity} at {event.price:.2f}")

    def file_report(self, context: Context, event: Event, /) -> None:
        self.sent.append(f"report {context.position}")


class Day:
    """One day in memory. Its state is kept as text, as a database would."""

    def __init__(self, context: Context) -> None:
        self.machine = TradingDay(Officers())
        self.gateway = Gateway()
        self.now = MORNING
        self.due: dict[Timer, datetime] = {}
        self.context = context
        self.stored = ""
        self.follow(self.machine.start(context, self.now), None)

    @property
    def state(self) -> Configuration:
        return parse_state(self.stored)

    def follow(self, outcome: Accepted[Configuration], event: Event | None) -> None:
        self.stored = str(outcome.target)
        self.context = outcome.apply(self.context, event, self.now)
        for timer in outcome.cancelled:
            self.due.pop(timer, None)
        for timer in outcome.started:
            self.due[timer] = self.now + timedelta(milliseconds=DELAY_MS[timer])
        self.machine.perform(outcome, event, self.context, self.gateway)

    def send(self, *events: Event) -> Trading | None:
        """Where the day is while it is TRADING; None before and after."""
        for event in events:
            step = self.machine.process(self.state, event, self.context, self.now)
            if not step:
                raise ValueError(f"{event} in {self.stored}: {step.reason}")
            self.follow(step, event)
        state = self.state
        return state if isinstance(state, Trading) else None

    def refused(self, event: Event) -> Reason:
        outcome = self.machine.process(self.state, event, self.context, self.now)
        if outcome:
            raise ValueError(f"{event} was taken in {self.stored}")
        return outcome.reason

    def wait(self) -> Timer:
        """Until the next timer."""
        timer = min(self.due, key=self.due.__getitem__)
        self.now = self.due.pop(timer)
        self.send(Elapsed(timer))
        return timer


def light(state: Configuration) -> str:
    """One lamp for the whole desk; regions are attributes with types of their own."""
    match state:
        case Trading(risk=State.BREACHED) | Trading(feed=State.STALE):
            return "red"
        case Trading(market=State.CONTINUOUS, feed=State.LIVE, risk=risk):
            return "yellow" if risk == State.WARNED else "green"
        case Trading():
            return "white"
        case State.HALTED | State.BREAK:
            return "red"
        case State.PREPARING | State.AWAITING_STATEMENT | State.DONE:
            return "off"
        case _:
            assert_never(state)


def ordinary_day() -> None:
    day = Day(Context(strategy="vwap", exposure_limit=12_000, order_limit=15_000))
    order = NewOrder(side="buy", quantity=100, price=100)
    day.send(Ready(), CallAuction())
    # An order needs the feed, and the region of the feed says that there is none yet.
    assert day.refused(order) is Reason.GUARD_REJECTED
    day.send(Snapshot(last_price=99), Uncross(price=100), order, Acknowledge())
    assert light(day.state) == "green" and is_in(day.state, Node.WORKING)
    day.send(Fill(quantity=40, price=100))
    # The rest fills: the order is done, and in the same step risk sees the position.
    desk = day.send(Fill(quantity=60, price=100))
    assert desk and (desk.orders, desk.risk) == (State.IDLE, State.WARNED)
    assert day.context.position == 100 and light(day.state) == "yellow"
    # A tick belongs to the feed, and it is what breaks the limit.
    desk = day.send(Tick(last_price=125))
    assert desk and desk.risk == State.BREACHED and light(day.state) == "red"
    # Now the only way is out.
    assert day.refused(order) is Reason.GUARD_REJECTED
    day.send(NewOrder(side="sell", quantity=50, price=125), Acknowledge())
    cheap = RaiseLimit(exposure_limit=20_000, officer="bob")
    assert day.refused(cheap) is Reason.GUARD_REJECTED
    desk = day.send(RaiseLimit(exposure_limit=20_000, officer="ada"))
    # By way of WARNED: a path of two transitions, one step.
    assert desk and desk.risk == State.WITHIN_LIMITS
    print(day.stored)

    # The close: a transition of one region ends all four, and the order that still
    # rests is taken back.
    assert desk.orders == State.RESTING
    day.send(CallAuction())
    closing = day.machine.uncross(
        parse_state(day.stored), Uncross(price=124.5), day.context, day.now
    )
    assert closing and closing.target == State.AWAITING_STATEMENT
    assert [str(call) for call in closing.exit_actions] == [
        "stop_strategy",
        "mass_cancel",
    ]
    day.follow(closing, Uncross(price=124.5))
    assert day.due == {} and day.context.open_quantity == 0

    day.send(Statement(cleared=90))
    assert day.state == State.BREAK
    day.send(Explain(officer="eve", correction=-10), Statement(cleared=90))
    assert day.refused(Halt(reason="too late")) is Reason.TERMINAL_STATE
    print(*day.gateway.sent, sep="; ")


def feed_dies() -> None:
    """Silence is an event too, and what follows from it follows in the same step."""
    day = Day(Context(strategy="pairs", exposure_limit=50_000, order_limit=9_000))
    day.send(Ready(), Snapshot(last_price=20), CallAuction(), Uncross(price=20))
    day.send(NewOrder(side="sell", quantity=10, price=20), Acknowledge())
    # Each tick starts the three seconds anew.
    day.now += timedelta(seconds=2)
    day.send(Tick(last_price=20.5))
    assert day.due[Timer.LIVE_AFTER] == day.now + timedelta(seconds=3)
    assert day.wait() == Timer.LIVE_AFTER
    assert is_in(day.state, State.STALE) and is_in(day.state, State.PENDING_CANCEL)
    # The venue does not answer either. Five seconds, and everything stops.
    assert day.wait() == Timer.PENDING_CANCEL_AFTER
    assert day.state == State.HALTED and day.due == {}
    print(f"{day.stored}: {day.context.halt_reason}; {day.gateway.sent[-1]}")
    assert day.refused(Halt(reason="again")) is Reason.GUARD_REJECTED
    assert day.refused(Release(officer="bob")) is Reason.GUARD_REJECTED
    day.send(Release(officer="ada"), Statement(cleared=0))
    assert is_in(day.state, State.DONE)


def typed() -> None:
    """What a checker knows of configurations."""
    machine = TradingDay(Officers())
    context = Context(strategy="twap", exposure_limit=1, order_limit=1)
    quiet = Trading.of(
        market=State.CONTINUOUS,
        risk=State.WITHIN_LIMITS,
        feed=State.LIVE,
        orders=State.IDLE,
    )
    # There is one object for each configuration, and its text finds it again.
    assert parse_state(str(quiet)) is quiet
    auction = machine.interrupt(quiet, Interrupt(), context, MORNING)
    assert auction and isinstance(auction.target, Trading)
    assert (auction.target.market, auction.target.feed) == (
        State.VOLATILITY_AUCTION,
        State.LIVE,
    )
    # The red button, from a configuration and from a plain state.
    reason = Halt(reason="fat finger")
    for state in (quiet, State.PREPARING):
        halted = machine.process(state, reason, context, MORNING)
        assert halted and halted.target == State.HALTED
        assert halted.apply(context, reason, MORNING).halt_reason == "fat finger"
    # No `if` is needed here: in HALTED the market cannot close.
    late = machine.close_market(State.HALTED, CloseMarket(), context, MORNING)
    assert late.reason is Reason.INVALID_TRANSITION


if __name__ == "__main__":
    ordinary_day()
    feed_dies()
    typed()

"""An order from cart to refund: guards and actions in Python, outcomes in a `match`.

The loop is the usual one: read state and context, `process`, store what came of it,
and only then `perform` the actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from order_lifecycle_fsm import (
    DELAY_MS,
    Accepted,
    Cancel,
    Clear,
    Comment,
    Context,
    Elapsed,
    Event,
    Inspect,
    Miss,
    OrderLifecycle,
    Outcome,
    Pack,
    Pay,
    Pick,
    Place,
    Reason,
    Rejected,
    Retry,
    State,
    Timer,
    parse_event,
    parse_state,
)


class Policy:
    """The guards: pure questions. Parameters of the definition are keyword-only."""

    def __init__(self, *, usual: float, in_stock: bool) -> None:
        self._usual = usual
        self._in_stock = in_stock

    def is_unusual(self, context: Context, event: Pay, /, *, factor: int) -> bool:
        return event.amount > factor * self._usual

    def in_stock(self, context: Context, event: Pick, /) -> bool:
        return self._in_stock


@dataclass
class Office:
    """The actions. An event's type is the union of what can lead to the call."""

    sent: list[str] = field(default_factory=list[str])

    def reserve_stock(
        self, context: Context, event: Place | Retry, /, *, minutes: int
    ) -> None:
        self.sent.append(f"hold {len(context.skus)} lines for {minutes} minutes")

    def alert(
        self,
        context: Context,
        event: Pay | Miss | Cancel,
        /,
        *,
        team: str,
        urgent: bool,
    ) -> None:
        self.sent.append(f"{team}: {event.trigger}{'!' if urgent else ''}")

    def send_receipt(self, context: Context, event: Pay | Clear, /) -> None:
        self.sent.append(f"receipt over {context.total:.2f}")

    def notify_customer(
        self, context: Context, event: Event, /, *, template: str
    ) -> None:
        self.sent.append(f"mail {template} to {context.customer_id}")

    def refund(self, context: Context, event: Inspect | Elapsed, /) -> None:
        self.sent.append(f"pay back {context.total:.2f}")

    def release_stock(self, context: Context, event: Cancel | Elapsed, /) -> None:
        by = event.by if isinstance(event, Cancel) else "the clock"
        self.sent.append(f"release stock, cancelled by {by}")

    def print_label(self, context: Context, event: Pack, /) -> None:
        self.sent.append(f"label for {event.weight_kg} kg {context.marks}")

    def log(self, context: Context, event: Comment, /) -> None:
        self.sent.append(f"comment: {event.text}")


@dataclass
class Row:
    """What a database would hold: the state as text."""

    state: str
    context: Context


def advance(
    machine: OrderLifecycle[Policy], row: Row, event: Event, office: Office
) -> Outcome:
    outcome = machine.process(parse_state(row.state), event, row.context)
    if outcome:
        row.state = outcome.target
        row.context = outcome.apply(row.context, event)
        machine.perform(outcome, event, row.context, office)
    return outcome


def explain(outcome: Outcome) -> str:
    """What to tell the customer. A new kind of outcome would not type-check here."""
    match outcome:
        case Accepted(target=target):
            return f"done: your order is now {target.lower().replace('_', ' ')}"
        case Rejected(reason=reason, guard=guard):
            match reason:
                case Reason.GUARD_REJECTED:
                    return f"not possible: {guard}"
                case Reason.TERMINAL_STATE:
                    return "this order is finished"
                case Reason.INVALID_TRANSITION | Reason.UNDEFINED_TRIGGER:
                    return "not now"
                case Reason.GUARD_ERROR | Reason.LIVELOCK:
                    return f"please try again later ({outcome.error})"
                case _:
                    assert_never(reason)
        case _:
            assert_never(outcome)


def happy_path() -> None:
    """Events as they come from a queue: names and mappings, checked on the way in."""
    machine, office = OrderLifecycle(Policy(usual=50, in_stock=True)), Office()
    context = Context(customer_id="ann")
    row = Row(machine.start(context).target, context)
    messages: tuple[tuple[str, dict[str, object]], ...] = (
        ("add_item", {"sku": "mug", "quantity": 2, "unit_price": 9.5}),
        ("add_item", {"sku": "tea", "quantity": 1, "unit_price": 6}),
        ("place", {"express": True}),
        ("pay", {"amount": 25, "method": "card", "risk": 5}),
        ("pick", {}),
        ("pack", {"weight_kg": 1.2}),
        ("dispatch", {"carrier": "post", "tracking_number": "P1"}),
        ("dispatch", {"carrier": "courier", "tracking_number": "C7"}),
        ("cancel", {"by": "customer"}),
        ("deliver", {}),
    )
    for trigger, payload in messages:
        outcome = advance(machine, row, parse_event(trigger, payload), office)
        print(f"{trigger:9} {explain(outcome)}")
    assert row.state == "DELIVERED"
    assert row.context.total == 25 and row.context.tracking_number == "C7"
    assert office.sent[-2:] == ["logistics: cancel!", "mail delivered to ann"]

    try:
        parse_event("pay", {"amount": "25", "method": "card", "risk": 5})
    except ValueError as error:
        print(f"refused at the door: {error}")
    else:
        raise AssertionError("a text was taken for an amount")


def money() -> None:
    """One event, three answers: the types list them, the guards choose."""
    machine = OrderLifecycle(Policy(usual=50, in_stock=True))
    context = Context(customer_id="bob", skus=["lamp"], total=300)
    for event, expected in (
        (Pay(amount=300, method="card", risk=3), State.FRAUD_REVIEW),
        (Pay(amount=300, method="transfer", risk=3), State.PAID),
        (Pay(amount=300, method="transfer", risk=95), State.FRAUD_REVIEW),
        (Pay(amount=200, method="card", risk=99), State.PAYMENT_FAILED),
    ):
        outcome = machine.pay(State.AWAITING_PAYMENT, event, context)
        # `pay` asks a named guard, which may raise; nothing else can go wrong.
        if not outcome:
            raise RuntimeError(outcome.error)
        match outcome.target:
            case State.PAID | State.FRAUD_REVIEW:
                assert outcome.apply(context, event).payments_failed == 0
            case State.PAYMENT_FAILED:
                assert outcome.apply(context, event).payments_failed == 1
            case _:
                assert_never(outcome.target)
        assert outcome.target is expected

    # After three failures the card is not asked again.
    tired = Context(customer_id="bob", payments_failed=3)
    refused = machine.retry(State.PAYMENT_FAILED, Retry(), tired)
    assert not refused and refused.guard == "payments_failed < 3"
    # A failed delivery is another matter: no guard there, so `target` is just there.
    again = machine.retry(State.DELIVERY_FAILED, Retry(), tired)
    print(f"retry: {refused.guard} refused; {again.target} again")


def time_passes() -> None:
    """Whoever keeps time starts and drops timers as outcomes say."""
    machine, office = OrderLifecycle(Policy(usual=50, in_stock=False)), Office()
    context = Context(customer_id="cas", skus=["mug"], total=40)
    placed = machine.place(State.CART, Place(), context)
    assert placed
    assert placed.cancelled == (Timer.CART_TIMEOUT,)
    (timer,) = placed.started
    print(f"waiting {DELAY_MS[timer] // 60_000} minutes for the money ({timer})")

    row = Row(placed.target, context)
    outcome = advance(machine, row, Elapsed(timer), office)
    assert outcome and row.state == "CANCELLED"
    # A timer whose state has been left is refused, like any event that comes too late.
    late = machine.process(State.PAID, Elapsed(timer), context)
    assert not late and late.reason is Reason.INVALID_TRANSITION
    print(f"{office.sent[-1]}; {explain(advance(machine, row, Retry(), office))}")

    # The warehouse is empty: the fallback without a guard.
    picked = machine.pick(State.PAID, Pick(), context)
    assert picked and picked.target is State.BACKORDERED


if __name__ == "__main__":
    happy_path()
    money()
    time_passes()

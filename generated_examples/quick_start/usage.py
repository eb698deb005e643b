"""The smallest machine: two steps, one refusal, and a state that lives as text."""

from __future__ import annotations

import json
from typing import TypedDict

from quick_start_fsm import (
    Context,
    ExchangeAck,
    Fill,
    OrderManagement,
    Reason,
    State,
    parse_event,
    parse_state,
)

MACHINE = OrderManagement()


class Row(TypedDict):
    """What is stored of one order, as JSON."""

    state: str
    context: dict[str, object]


def typed() -> None:
    """A method for each trigger: what a literal state can do is known in advance."""
    context: Context = {"order_id": "123"}
    opened = MACHINE.exchange_ack(State.PENDING, ExchangeAck(), context)
    filled = MACHINE.fill(opened.target, Fill(fill_qty=100), context)
    # Neither needed an `if`: both steps are legal and have no guard. An illegal one is
    # known as well, and its outcome has no `target` that could be used by mistake.
    refused = MACHINE.exchange_ack(filled.target, ExchangeAck(), context)
    print(f"{opened.target} -> {filled.target} -> {refused.reason}")
    assert refused.reason is Reason.TERMINAL_STATE

    # A payload that is not declared merges into the context, which is never changed
    # in place.
    after = filled.apply(context, Fill(fill_qty=100))
    assert after == {"order_id": "123", "fill_qty": 100}
    assert context == {"order_id": "123"}


def step(stored: str, trigger: str, payload: Context) -> str:
    """One step of an order that is text before and after. Raises ValueError."""
    row: Row = json.loads(stored)
    state, event = parse_state(row["state"]), parse_event(trigger, payload)
    outcome = MACHINE.process(state, event, row["context"])
    if not outcome:
        raise ValueError(f"{event.trigger} in {state}: {outcome.reason}")
    after = outcome.apply(row["context"], event)
    return json.dumps(Row(state=outcome.target, context=dict(after)))


def stored() -> None:
    """The same life, where state and events are text that came from elsewhere."""
    order = json.dumps(Row(state=MACHINE.start({}).target, context={}))
    order = step(order, "exchange_ack", {"venue": "XETRA"})
    print(order)
    order = step(order, "fill", {"price": "10.50"})
    print(order)
    assert order == (
        '{"state": "FILLED", "context": {"venue": "XETRA", "price": "10.50"}}'
    )
    try:
        step(order, "fill", {})
    except ValueError as error:
        assert str(error) == "fill in FILLED: terminal_state", error
    else:
        raise AssertionError("a filled order was filled again")


if __name__ == "__main__":
    typed()
    stored()

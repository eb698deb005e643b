"""Both machines as nested dictionaries, `TABLE[state][trigger]`.

The rows are dense, so that a rejection is a cell as well and costs no default; what a
compound state does stands in the row of every leaf inside. A deciding function takes
the event class that its trigger implies: testing for it would cost a tenth of a step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from benchmarks.peers import flat, nested
from benchmarks.peers.outcomes import (
    INVALID,
    REFUSED,
    REFUSED_CANCEL,
    REFUSED_PART,
    TERMINAL,
    Context,
    Guards,
    Outcome,
    Rejected,
)

_Decide: TypeAlias = Callable[..., Outcome]


def _fill(guards: Guards, context: Context, event: flat.Fill) -> Outcome:
    if event.amount >= context.qty:
        return flat.FILLED_ALL
    if event.amount > 0:
        return flat.FILLED_PART
    return REFUSED


def _fill_rest(guards: Guards, context: Context, event: flat.Fill) -> Outcome:
    return flat.FILLED_ALL if event.amount >= context.qty else REFUSED


def _cancel(guards: Guards, context: Context, event: flat.Cancel) -> Outcome:
    try:
        if guards.may_cancel(context, event, limit=3):
            return flat.CANCELLED_NOW
        return REFUSED_CANCEL
    except Exception as error:
        return Rejected("guard_error", guard="may_cancel", error=error)


_FLAT: dict[flat.State, dict[flat.Trigger, tuple[Outcome, _Decide | None]]] = {
    state: {trigger: (INVALID, None) for trigger in flat.Trigger}
    for state in flat.State
}
for _state in flat.TERMINALS:
    _FLAT[_state] = {trigger: (TERMINAL, None) for trigger in flat.Trigger}
_FLAT[flat.DRAFT][flat.Trigger.SUBMIT] = (flat.SENT, None)
_FLAT[flat.DRAFT][flat.Trigger.CANCEL] = (flat.CANCELLED_NOW, None)
_FLAT[flat.SUBMITTED][flat.Trigger.ACK] = (flat.ACKNOWLEDGED, None)
_FLAT[flat.SUBMITTED][flat.Trigger.HALT] = (flat.REFUSED_NOW, None)
_FLAT[flat.PENDING][flat.Trigger.ACK] = (flat.OPENED, None)
_FLAT[flat.OPEN][flat.Trigger.FILL] = (REFUSED, _fill)
_FLAT[flat.OPEN][flat.Trigger.CANCEL] = (REFUSED_CANCEL, _cancel)
_FLAT[flat.OPEN][flat.Trigger.HALT] = (flat.HALTED_NOW, None)
_FLAT[flat.PARTIAL][flat.Trigger.FILL] = (REFUSED, _fill_rest)
_FLAT[flat.PARTIAL][flat.Trigger.HALT] = (flat.HALTED_NOW, None)
_FLAT[flat.HALTED][flat.Trigger.RESUME] = (flat.AMENDED, None)
_FLAT[flat.AMENDING][flat.Trigger.ACK] = (flat.OPENED, None)


class Flat:
    __slots__ = ("_guards",)

    def __init__(self, guards: Guards) -> None:
        self._guards = guards

    def process(
        self, state: flat.State, event: flat.Event, context: Context
    ) -> Outcome:
        outcome, decide = _FLAT[state][event.trigger]
        if decide is None:
            return outcome
        return decide(self._guards, context, event)


_FLAT_STATES = {state.value: state for state in flat.State}


def parse_state(text: str) -> flat.State:
    try:
        return _FLAT_STATES[text]
    except KeyError:
        raise ValueError(f"not a state: {text!r}") from None


def _fill_working(context: Context, event: nested.Fill) -> Outcome:
    if event.amount < context.qty:
        return nested.FILLED_PART
    if event.amount >= context.qty:
        return nested.FILLED_ALL
    return REFUSED_PART


def _fill_trading(context: Context, event: nested.Fill) -> Outcome:
    return nested.FILLED_ALL if event.amount >= context.qty else REFUSED


_NESTED: dict[nested.State, dict[nested.Trigger, tuple[Outcome, _Decide | None]]] = {
    state: {trigger: (INVALID, None) for trigger in nested.Trigger}
    for state in nested.State
}
for _ended in nested.TERMINALS:
    _NESTED[_ended] = {trigger: (TERMINAL, None) for trigger in nested.Trigger}
for _leaf in nested.IN_ACTIVE:
    _NESTED[_leaf][nested.Trigger.SUSPEND] = (nested.SUSPENDED_NOW, None)
    _NESTED[_leaf][nested.Trigger.ABORT] = (nested.ABORTED_NOW, None)
for _leaf in nested.IN_TRADING:
    _NESTED[_leaf][nested.Trigger.FILL] = (REFUSED, _fill_trading)
_NESTED[nested.NEW][nested.Trigger.BEGIN] = (nested.BEGUN, None)
_NESTED[nested.CHECKING][nested.Trigger.NEXT] = (nested.ROUTED, None)
_NESTED[nested.ROUTING][nested.Trigger.NEXT] = (nested.WORKED, None)
_NESTED[nested.WORKING][nested.Trigger.FILL] = (REFUSED_PART, _fill_working)
_NESTED[nested.SUSPENDED][nested.Trigger.NEXT] = (nested.ROUTED, None)


class Nested:
    __slots__ = ()

    def process(
        self, state: nested.State, event: nested.Event, context: Context
    ) -> Outcome:
        outcome, decide = _NESTED[state][event.trigger]
        if decide is None:
            return outcome
        return decide(context, event)

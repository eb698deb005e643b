"""Both machines as `match` statements: the event outside, the states inside.

That order is the faster one, since few states know an event; what a compound state
does is a pattern of its leaves.
"""

from __future__ import annotations

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


class Flat:
    __slots__ = ("_guards",)

    def __init__(self, guards: Guards) -> None:
        self._guards = guards

    def process(
        self, state: flat.State, event: flat.Event, context: Context
    ) -> Outcome:
        match event:
            case flat.Fill():
                match state:
                    case flat.OPEN:
                        if event.amount >= context.qty:
                            return flat.FILLED_ALL
                        if event.amount > 0:
                            return flat.FILLED_PART
                        return REFUSED
                    case flat.PARTIAL:
                        if event.amount >= context.qty:
                            return flat.FILLED_ALL
                        return REFUSED
            case flat.Ack():
                match state:
                    case flat.SUBMITTED:
                        return flat.ACKNOWLEDGED
                    case flat.PENDING | flat.AMENDING:
                        return flat.OPENED
            case flat.Submit():
                match state:
                    case flat.DRAFT:
                        return flat.SENT
            case flat.Cancel():
                match state:
                    case flat.OPEN:
                        try:
                            if self._guards.may_cancel(context, event, limit=3):
                                return flat.CANCELLED_NOW
                            return REFUSED_CANCEL
                        except Exception as error:
                            return Rejected("guard_error", "may_cancel", error)
                    case flat.DRAFT:
                        return flat.CANCELLED_NOW
            case flat.Halt():
                match state:
                    case flat.OPEN | flat.PARTIAL:
                        return flat.HALTED_NOW
                    case flat.SUBMITTED:
                        return flat.REFUSED_NOW
            case flat.Resume():
                match state:
                    case flat.HALTED:
                        return flat.AMENDED
        return TERMINAL if state in flat.TERMINALS else INVALID


def parse_state(text: str) -> flat.State:
    return flat.State(text)


class Nested:
    __slots__ = ()

    def process(
        self, state: nested.State, event: nested.Event, context: Context
    ) -> Outcome:
        match event:
            case nested.Fill():
                match state:
                    case nested.WORKING:
                        if event.amount < context.qty:
                            return nested.FILLED_PART
                        if event.amount >= context.qty:
                            return nested.FILLED_ALL
                        return REFUSED_PART
                    case nested.ROUTING | nested.PARTIAL:
                        if event.amount >= context.qty:
                            return nested.FILLED_ALL
                        return REFUSED
            case nested.Next():
                match state:
                    case nested.CHECKING | nested.SUSPENDED:
                        return nested.ROUTED
                    case nested.ROUTING:
                        return nested.WORKED
            case nested.Suspend():
                match state:
                    case (
                        nested.CHECKING
                        | nested.ROUTING
                        | nested.WORKING
                        | nested.PARTIAL
                    ):
                        return nested.SUSPENDED_NOW
            case nested.Abort():
                match state:
                    case (
                        nested.CHECKING
                        | nested.ROUTING
                        | nested.WORKING
                        | nested.PARTIAL
                    ):
                        return nested.ABORTED_NOW
            case nested.Begin():
                match state:
                    case nested.NEW:
                        return nested.BEGUN
        return TERMINAL if state in nested.TERMINALS else INVALID

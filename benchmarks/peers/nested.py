"""The words of the hierarchical machine, its groups of leaves, and its outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from benchmarks.peers.outcomes import Accepted


class State(StrEnum):
    NEW = "NEW"
    CHECKING = "CHECKING"
    ROUTING = "ROUTING"
    WORKING = "WORKING"
    PARTIAL = "PARTIAL"
    SUSPENDED = "SUSPENDED"
    FILLED = "FILLED"
    ABORTED = "ABORTED"


class Trigger(StrEnum):
    BEGIN = "begin"
    NEXT = "next"
    FILL = "fill"
    SUSPEND = "suspend"
    ABORT = "abort"


@dataclass(slots=True)
class Begin:
    trigger: ClassVar[Trigger] = Trigger.BEGIN


@dataclass(slots=True)
class Next:
    trigger: ClassVar[Trigger] = Trigger.NEXT


@dataclass(slots=True, kw_only=True)
class Fill:
    trigger: ClassVar[Trigger] = Trigger.FILL
    amount: int


@dataclass(slots=True)
class Suspend:
    trigger: ClassVar[Trigger] = Trigger.SUSPEND


@dataclass(slots=True)
class Abort:
    trigger: ClassVar[Trigger] = Trigger.ABORT


Event: TypeAlias = Begin | Next | Fill | Suspend | Abort

NEW = State.NEW
CHECKING = State.CHECKING
ROUTING = State.ROUTING
WORKING = State.WORKING
PARTIAL = State.PARTIAL
SUSPENDED = State.SUSPENDED
FILLED = State.FILLED
ABORTED = State.ABORTED
IN_TRADING = (ROUTING, WORKING, PARTIAL)
IN_ACTIVE = (CHECKING, *IN_TRADING)
TERMINALS = (FILLED, ABORTED)

BEGUN = Accepted(State.CHECKING)
ROUTED = Accepted(State.ROUTING)
WORKED = Accepted(State.WORKING)
FILLED_PART = Accepted(State.PARTIAL)
FILLED_ALL = Accepted(State.FILLED, ("release",))
SUSPENDED_NOW = Accepted(State.SUSPENDED, ("release",))
ABORTED_NOW = Accepted(State.ABORTED, ("release", "notify"))

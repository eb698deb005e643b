"""What goes into a step of the oracle and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Definition: TypeAlias = dict[str, Any]
"""A definition as YAML gives it; its shape is not known to a type checker."""
Data: TypeAlias = dict[str, object]
Action: TypeAlias = tuple[str, Data]
Guards: TypeAlias = "Callable[[str, Data, Data, OracleEvent | None], bool]"

ROOT = "*"


@dataclass(frozen=True, slots=True)
class OracleEvent:
    """One delivery: a trigger with its payload, or the timer (state, index) firing."""

    trigger: str | None = None
    payload: Data = field(default_factory=dict)
    timer: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OracleOutcome:
    """What one step did; rule 14. `error` says that a guard or an effect raised.

    `guards_tried` and `guard_name` hold None for a guard that has no name of its own
    (check, combinators, in_state). Timers and services are in document order.
    """

    accepted: bool
    reason: str | None
    handled: bool
    target: str
    context: Data
    actions: tuple[Action, ...] = ()
    exit: tuple[Action, ...] = ()
    transition: tuple[Action, ...] = ()
    enter: tuple[Action, ...] = ()
    started: tuple[tuple[str, int, int], ...] = ()
    cancelled: tuple[tuple[str, int], ...] = ()
    guard_name: str | None = None
    guards_tried: tuple[str | None, ...] = ()
    error: bool = False
    invoked: tuple[tuple[str, str], ...] = ()
    stopped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition of one source; `timer` is its place among those with a delay."""

    source: str
    number: int
    priority: int = 0
    trigger: str | None = None
    timer: int | None = None
    auto: bool = False
    done: bool = False
    internal: bool = False
    dests: tuple[str, ...] = ()
    guards: tuple[Any, ...] = ()
    actions: tuple[Any, ...] = ()


class Refusal(Exception):
    """The step is rejected."""

    def __init__(self, reason: str, guard_name: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.guard_name = guard_name

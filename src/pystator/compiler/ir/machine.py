"""What a definition means: every name resolved, every default filled in.

States are numbered in document order (the tree in preorder, siblings as they are
listed), the root is 0. A written transition with several sources is one
`Transition` for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.expression.tree import Expr
from pystator.compiler.ir.types import Type
from pystator.compiler.source.text import Data, Text, Value

StateId = NewType("StateId", int)
ROOT = StateId(0)


class StateKind(StrEnum):
    ROOT = "root"
    ATOMIC = "atomic"
    COMPOUND = "compound"
    PARALLEL = "parallel"
    REGION = "region"
    CHOICE = "choice"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class NamedGuard:
    name: Text
    params: tuple[tuple[str, Data], ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """An inline guard. `text` is its canonical source and its name in results."""

    expr: Expr
    text: str
    source: Text


@dataclass(frozen=True, slots=True)
class InState:
    state: StateId
    name: Text


@dataclass(frozen=True, slots=True)
class AllOf:
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Not:
    guard: Guard


Guard: TypeAlias = NamedGuard | Condition | InState | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class NamedAction:
    name: Text
    params: tuple[tuple[str, Data], ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """`value` is data of the definition, or an expression over the old context."""

    field: Text
    value: Value | Condition


@dataclass(frozen=True, slots=True)
class SetEffect:
    """One after the other: a later expression sees what an earlier one has set."""

    assignments: tuple[Assign, ...]


@dataclass(frozen=True, slots=True)
class Timestamp:
    field: Text


@dataclass(frozen=True, slots=True)
class Add:
    """`increment` (amount 1) and `decrement` (amount -1)."""

    field: Text
    amount: int


@dataclass(frozen=True, slots=True)
class Append:
    field: Text
    value: Value | Condition


@dataclass(frozen=True, slots=True)
class Clear:
    field: Text


@dataclass(frozen=True, slots=True)
class Raise:
    """An internal event; `name` is the trigger as the machine knows it."""

    trigger: Text


Effect: TypeAlias = SetEffect | Timestamp | Add | Append | Clear
Action: TypeAlias = NamedAction | Effect | Raise


@dataclass(frozen=True, slots=True)
class State:
    """`type` is the word the author used; `initial` the default child.

    The regions of a parallel state are its children, and the states of a region are
    children of that.
    """

    id: StateId
    name: Text
    kind: StateKind
    type: str
    parent: StateId
    children: tuple[StateId, ...]
    last: StateId
    initial: StateId | None
    on_enter: tuple[Action, ...]
    on_exit: tuple[Action, ...]
    description: str
    group: str


class History(StrEnum):
    SHALLOW = "H"
    DEEP = "H*"


@dataclass(frozen=True, slots=True)
class Target:
    """A state, or what was active in it when it was last left."""

    state: StateId
    history: History | None
    name: Text


@dataclass(frozen=True, slots=True)
class Transition:
    """One written transition as seen from one of its sources.

    Without `targets` there are only actions; there are several in a fork. `delay_ms` is
    set for `after` and `timeout`.
    """

    id: int
    trigger: Text | None
    delay_ms: int | None
    timeout: bool
    auto: bool
    done: bool
    source: StateId
    targets: tuple[Target, ...]
    internal: bool
    guards: tuple[Guard, ...]
    actions: tuple[Action, ...]
    priority: int
    refs: tuple[str, ...]
    description: str
    source_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Timer:
    """The delay of one transition of one state, running while the state is active."""

    id: int
    name: str
    state: StateId
    transition: int
    delay_ms: int


@dataclass(frozen=True, slots=True)
class Service:
    """What runs elsewhere while the state is active; its ends are triggers."""

    id: int
    name: Text
    source: Text
    state: StateId
    on_done: Text | None
    on_error: Text | None


@dataclass(frozen=True, slots=True)
class Field:
    """A state variable or a payload field.

    `default` counts only where `has_default`; without one, a field that is not
    required has an optional type and starts as None.
    """

    name: Text
    type: Type
    required: bool
    has_default: bool
    default: Data
    description: str


@dataclass(frozen=True, slots=True)
class Event:
    """A trigger with its payload. `payload` is None when it is open (any keys)."""

    name: Text
    payload: tuple[Field, ...] | None
    declared: bool
    description: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """`always` and `never`: at rest the condition always holds, or never does."""

    condition: Condition
    holds: bool


@dataclass(frozen=True, slots=True)
class Reachable:
    state: StateId
    state_name: Text


@dataclass(frozen=True, slots=True)
class LeadsTo:
    """Whoever is in `start` comes to `end`."""

    start: StateId
    start_name: Text
    end: StateId
    end_name: Text


@dataclass(frozen=True, slots=True)
class Terminates:
    """From everywhere an end can still be reached."""


Claim: TypeAlias = Invariant | Reachable | LeadsTo | Terminates


@dataclass(frozen=True, slots=True)
class Property:
    """What is claimed of all runs; `name` is the author's, or the claim as text."""

    name: str
    claim: Claim
    span: Span
    description: str


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine. `variables` is None when the context is dynamically typed.

    `events` are all triggers: the declared ones, then the others as they are met.
    `groups` are as written: a label, or a mapping with one. `fallback` is the state
    that an orchestrator puts an entity into when a step fails for good.
    """

    name: Text
    version: str
    description: str
    strict: bool
    normalizer: str
    meta: tuple[tuple[str, Data], ...]
    groups: tuple[tuple[str, Data], ...]
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    timers: tuple[Timer, ...]
    services: tuple[Service, ...]
    variables: tuple[Field, ...] | None
    events: tuple[Event, ...]
    fallback: StateId | None
    properties: tuple[Property, ...]
    path: str

    @property
    def leaves(self) -> tuple[State, ...]:
        """What can be active without anything active inside."""
        kinds = (StateKind.ATOMIC, StateKind.TERMINAL)
        return tuple(state for state in self.states if state.kind in kinds)

    def path_to(self, state: StateId) -> tuple[StateId, ...]:
        """The states from the root to `state`, both included."""
        path = [state]
        while path[-1] != ROOT:
            path.append(self.states[path[-1]].parent)
        return tuple(reversed(path))

    def inside(self, state: StateId, ancestor: StateId) -> bool:
        """Whether `state` is a proper descendant of `ancestor`."""
        return ancestor < state <= self.states[ancestor].last

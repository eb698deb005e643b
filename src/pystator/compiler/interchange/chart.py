"""A statechart as its author arranged it, before it is said in our language.

States, regions and pseudo-states are one kind of node; a transition has one cause.
The readers make it, name by name as our grammar has them; `lower` only reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from pystator.compiler.diagnostics.model import Span

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


class Kind(Enum):
    STATE = "state"
    PARALLEL = "parallel"
    FINAL = "final"
    HISTORY = "history"
    CHOICE = "choice"


@dataclass(slots=True)
class Initial:
    """Where a compound state starts, and what is done on the way."""

    targets: tuple[str, ...]
    actions: list[Json]
    span: Span


@dataclass(slots=True)
class Move:
    """One transition. Its cause is a trigger, a delay (perhaps both), or the completion
    of the state `done_of`; without any of them it is eventless.

    `anywhere` is for those of the machine itself, tried when nothing else takes the
    event. Without `targets` nothing is left. A `timeout` has a delay, one target, and
    nothing else.
    """

    span: Span
    trigger: str = ""
    delay_ms: int = 0
    done_of: str = ""
    guards: list[Json] = field(default_factory=list)
    actions: list[Json] = field(default_factory=list)
    targets: tuple[str, ...] = ()
    internal: bool = False
    anywhere: bool = False
    timeout: bool = False
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Node:
    """`region` is the name of a region that is nothing but one, `data` what is said
    about the state besides its behaviour.
    """

    name: str
    kind: Kind
    span: Span
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    initial: Initial | None = None
    enter: list[Json] = field(default_factory=list)
    exit: list[Json] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    services: list[Json] = field(default_factory=list)
    deep: bool = False
    region: str = ""
    data: dict[str, Json] = field(default_factory=dict)

    @property
    def states(self) -> list[Node]:
        """The children that can be active."""
        return [child for child in self.children if child.kind is not Kind.HISTORY]

    @property
    def in_parallel(self) -> bool:
        return self.parent is not None and self.parent.kind is Kind.PARALLEL

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    def is_below(self, other: Node) -> bool:
        return any(node is other for node in self.ancestors())


@dataclass(slots=True)
class Chart:
    """`root` is the machine itself. `variables` and `events` are as a definition has
    them, None where it is to have none.
    """

    root: Node
    meta: dict[str, Json]
    variables: list[Json] | None
    events: list[Json] | None

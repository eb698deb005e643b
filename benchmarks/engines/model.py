"""A scenario in terms that every engine has: a tree of states, transitions, events.

Standard library only: the adapters read this in environments of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Node:
    """A state. The regions of a parallel state are its children, of kind `region`."""

    name: str
    kind: Literal["atomic", "compound", "parallel", "region", "final"]
    initial: str | None
    enter: tuple[str, ...]
    exit: tuple[str, ...]
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Transition:
    """An action is a name, `raise:EVENT` or `increment:VARIABLE`.

    A guard is a name or `VARIABLE < NUMBER` (or `>=`); a target is a name, `H(P)` or
    `H*(P)`.
    """

    kind: Literal["event", "auto", "done", "after"]
    source: str
    """A state, or `*`."""
    event: str
    delay_ms: int
    target: str | None
    internal: bool
    guards: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def history(self) -> tuple[str, bool] | None:
        """The parent, and whether the history is deep, if that is the target."""
        if self.target is None or not self.target.startswith("H"):
            return None
        if not self.target.endswith(")"):
            return None
        return self.target.partition("(")[2][:-1], self.target.startswith("H*")


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    question: str
    path: str
    """The definition, for an engine that reads our language."""
    definition: dict[str, Any]
    initial: str
    states: tuple[Node, ...]
    transitions: tuple[Transition, ...]
    events: tuple[str, ...]
    """Events, and `wait MS`."""
    guards: dict[str, bool | Literal["raises"]]
    raises: tuple[str, ...]
    """The actions that raise an exception."""
    show_guards: bool
    expected: str
    """What this project does at the last event, as it is written in the table."""

    def nodes(self) -> Iterator[Node]:
        for state in self.states:
            yield from state.walk()

    def parents(self) -> dict[str, str]:
        return {
            child.name: node.name for node in self.nodes() for child in node.children
        }

    def path_of(self, name: str) -> tuple[str, ...]:
        """The names from the outermost state to this one."""
        parents = self.parents()
        found = [name]
        while found[0] in parents:
            found.insert(0, parents[found[0]])
        return tuple(found)

    def has(self, kind: str) -> bool:
        return any(t.kind == kind for t in self.transitions)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def node_from_json(value: dict[str, Any]) -> Node:
    return Node(
        name=value["name"],
        kind=value["kind"],
        initial=value["initial"],
        enter=tuple(value["enter"]),
        exit=tuple(value["exit"]),
        children=tuple(node_from_json(child) for child in value["children"]),
    )


def scenario_from_json(value: dict[str, Any]) -> Scenario:
    tuples = {"events": tuple(value["events"]), "raises": tuple(value["raises"])}
    states = tuple(node_from_json(state) for state in value["states"])
    transitions = tuple(
        Transition(
            **{
                **transition,
                "guards": tuple(transition["guards"]),
                "actions": tuple(transition["actions"]),
            }
        )
        for transition in value["transitions"]
    )
    return Scenario(**{**value, **tuples, "states": states, "transitions": transitions})

"""What the graph says of `always`, `never`, `reachable` and `terminates`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from pystator.compiler.analysis.properties.conditions import reduce
from pystator.compiler.analysis.properties.evaluate import Read
from pystator.compiler.analysis.properties.graph import Edge, Graph, Node
from pystator.compiler.analysis.properties.values import UNKNOWN, Value
from pystator.compiler.analysis.properties.verdict import (
    Fails,
    Holds,
    Undecided,
    Verdict,
)
from pystator.compiler.analysis.properties.ways import leading_to, way_to
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.tree import Scope
from pystator.compiler.ir.machine import Invariant, Reachable, StateId
from pystator.compiler.ir.scope import named_states
from pystator.kernel import Tables

Confirms: TypeAlias = Callable[[Sequence[Edge]], bool]
_MOST_WAYS: Final = 10


def is_active(tables: Tables, node: Node, state: int) -> bool:
    """Whether the state, or one inside it, is active."""
    return any(state <= leaf <= tables.last[state] for leaf in node.leaves)


def invariant(graph: Graph, claim: Invariant, confirms: Confirms) -> Verdict:
    """Fails at the first node where it certainly does."""
    world = graph.world
    typed = world.expressions.check_property(claim.condition)
    assert isinstance(typed, Typed), "the names of properties were checked"
    ids = named_states(world.flat.machine)
    ways = _Ways(graph, confirms)
    unknown: Verdict | None = None
    for number, node in enumerate(graph.nodes):
        values = dict(zip(world.names, node.values, strict=True))
        answer = reduce(claim.condition, typed, _reader(graph, node, values, ids))
        if not isinstance(answer, bool):
            known = graph.beliefs.answer(node.facts, answer)
            if known is None:
                reads = answer.reads
                unknown = unknown or Undecided(
                    tuple(name for name in world.names if name in reads)
                )
                continue
            answer = known
        if answer is not claim.holds and ways.confirmed(number):
            return Fails(ways.found)
    return ways.undecided() or unknown or _complete(graph)


def _reader(
    graph: Graph, node: Node, values: Mapping[str, Value], ids: Mapping[str, StateId]
) -> Read:
    def read(scope: Scope, name: str) -> Value:
        if scope is Scope.STATE:
            return is_active(graph.steps.tables, node, ids[name])
        return values.get(name, UNKNOWN)

    return read


def reachable(graph: Graph, claim: Reachable, confirms: Confirms) -> Verdict:
    ways = _Ways(graph, confirms)
    for number, node in enumerate(graph.nodes):
        active = is_active(graph.steps.tables, node, claim.state)
        if active and ways.confirmed(number):
            return Holds()
    return ways.undecided() or (Fails() if graph.complete else Undecided())


def terminates(graph: Graph, confirms: Confirms) -> Verdict:
    """Fails at the first node from which no end can be reached.

    A node that was not followed may lead anywhere.
    """
    final = graph.steps.tables.final
    open_ended = [
        number
        for number, node in enumerate(graph.nodes)
        if node.leaves[0] in final or graph.edges[number] is None
    ]
    ending = leading_to(graph, open_ended)
    ways = _Ways(graph, confirms)
    for number in range(len(graph.nodes)):
        if number not in ending and ways.confirmed(number):
            return Fails(ways.found)
    return ways.undecided() or _complete(graph)


def _complete(graph: Graph) -> Verdict:
    return Holds() if graph.complete else Undecided()


class _Ways:
    """Ways that would decide a property, tried until one is confirmed.

    `found` is that one, or else the first that was tried.
    """

    def __init__(self, graph: Graph, confirms: Confirms) -> None:
        self._graph = graph
        self._confirms = confirms
        self._room = _MOST_WAYS
        self.found: tuple[Edge, ...] = ()

    def confirmed(self, goal: int) -> bool:
        if self._room == 0:
            return False
        self._room -= 1
        way = way_to(self._graph, goal)
        if self._confirms(way):
            self.found = way
            return True
        self.found = self.found or way
        return False

    def undecided(self) -> Undecided | None:
        return Undecided(way=self.found) if self.found else None

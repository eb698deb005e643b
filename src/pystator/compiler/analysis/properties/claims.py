"""What the graph says of `always`, `never`, `reachable` and `terminates`."""

from __future__ import annotations

from collections.abc import Mapping

from pystator.compiler.analysis.properties.conditions import reduce
from pystator.compiler.analysis.properties.evaluate import Read
from pystator.compiler.analysis.properties.graph import Graph, Node
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
from pystator.kernel import Tables


def is_active(tables: Tables, node: Node, state: int) -> bool:
    """Whether the state, or one inside it, is active."""
    return any(state <= leaf <= tables.last[state] for leaf in node.leaves)


def invariant(graph: Graph, claim: Invariant) -> Verdict:
    """Fails at the first node where it certainly does."""
    world = graph.world
    typed = world.expressions.check_property(claim.condition)
    assert isinstance(typed, Typed), "the names of properties were checked"
    ids = {str(state.name): state.id for state in world.flat.machine.states}
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
        if answer is not claim.holds:
            return Fails(way_to(graph, number))
    if unknown is not None:
        return unknown
    return Holds() if graph.complete else Undecided()


def _reader(
    graph: Graph, node: Node, values: Mapping[str, Value], ids: Mapping[str, StateId]
) -> Read:
    def read(scope: Scope, name: str) -> Value:
        if scope is Scope.STATE:
            return is_active(graph.steps.tables, node, ids[name])
        return values.get(name, UNKNOWN)

    return read


def reachable(graph: Graph, claim: Reachable) -> Verdict:
    for number, node in enumerate(graph.nodes):
        if is_active(graph.steps.tables, node, claim.state):
            return Holds(way_to(graph, number))
    return Fails() if graph.complete else Undecided()


def terminates(graph: Graph) -> Verdict:
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
    for number in range(len(graph.nodes)):
        if number not in ending:
            return Fails(way_to(graph, number))
    return Holds() if graph.complete else Undecided()

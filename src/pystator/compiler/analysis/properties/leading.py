"""What the graph says of `leads_to`: who is in the one state comes to the other.

Who sends the events is against it: they come in any order, and again and again. But
something comes: an entity stays nowhere for ever where a step would enter a state, and
time passes: a delay whose transition cannot be refused ends, unless its state is left
before. So the property fails where, before the other state,

- the machine comes to a place that no step leaves, or where it has ended;
- a circle of steps enters states without end, and each such delay in it is broken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pystator.compiler.analysis.properties.claims import Confirms, is_active
from pystator.compiler.analysis.properties.graph import Edge, Graph
from pystator.compiler.analysis.properties.verdict import (
    Fails,
    Holds,
    Undecided,
    Verdict,
)
from pystator.compiler.analysis.properties.ways import components, search, within
from pystator.compiler.ir.machine import LeadsTo

_Place: TypeAlias = tuple[int, bool]
"""A node, and whether the other state is still due there."""


@dataclass(frozen=True, slots=True)
class _Delay:
    """One that certainly ends what it delays: who waits for it moves on."""

    timer: int
    trigger: int
    state: int


def leads_to(graph: Graph, claim: LeadsTo, confirms: Confirms) -> Verdict:
    verdict = _Checker(graph, claim).verdict()
    if isinstance(verdict, Fails) and not confirms(verdict.way + verdict.circle):
        return Undecided(way=verdict.way)
    return verdict


class _Checker:
    def __init__(self, graph: Graph, claim: LeadsTo) -> None:
        self._graph = graph
        self._tables = graph.steps.tables
        self._begins = self._nodes_in(claim.start)
        self._ends = self._nodes_in(claim.end)
        self._delays = tuple(_certain_delays(graph))

    def verdict(self) -> Verdict:
        due = self._due()
        stuck = {node for node in due if self._is_stuck(node)}
        rounds = [c for c in self._components(due) if self._goes_on(c)]
        turning = set().union(*rounds)
        found = search(
            self._places(self._graph.starts, False),
            lambda place: self._places(self._graph.edges[place[0]], place[1]),
            lambda place: place[1] and (place[0] in stuck or place[0] in turning),
        )
        if found is None:
            return Holds() if self._graph.complete else Undecided()
        way, (node, _) = found
        if node in stuck:
            return Fails(way)
        component = next(c for c in rounds if node in c)
        return Fails(way, tuple(self._round(node, component)))

    def _nodes_in(self, state: int) -> frozenset[int]:
        return frozenset(
            number
            for number, node in enumerate(self._graph.nodes)
            if is_active(self._tables, node, state)
        )

    def _places(
        self, edges: Iterable[Edge] | None, due: bool
    ) -> Iterator[tuple[Edge, _Place]]:
        for edge in edges or ():
            node = edge.target
            still = node not in self._ends and (due or node in self._begins)
            yield edge, (node, still)

    def _due(self) -> set[int]:
        """The nodes where the other state may be due, in which it is not."""
        found = set(self._begins - self._ends)
        pending = list(found)
        while pending:
            for edge in self._graph.edges[pending.pop()] or ():
                if edge.target not in found and edge.target not in self._ends:
                    found.add(edge.target)
                    pending.append(edge.target)
        return found

    def _is_stuck(self, node: int) -> bool:
        """Whether no step enters a state any more; steps that stay change nothing."""
        seen = {node}
        pending = [node]
        while pending:
            edges = self._graph.edges[pending.pop()]
            if edges is None or any(edge.moves for edge in edges):
                return False
            for edge in edges:
                if edge.target not in seen:
                    seen.add(edge.target)
                    pending.append(edge.target)
        return True

    def _components(self, due: set[int]) -> Iterator[set[int]]:
        return components(
            sorted(due),
            lambda node: (e.target for e in within(self._graph.edges[node], due)),
        )

    def _inner(self, component: set[int]) -> Iterator[tuple[int, Edge]]:
        for node in sorted(component):
            for edge in within(self._graph.edges[node], component):
                yield node, edge

    def _goes_on(self, component: set[int]) -> bool:
        """Whether there is a run that stays in it for ever."""
        if not any(edge.moves for _, edge in self._inner(component)):
            return False
        return all(self._breaks(delay, component) for delay in self._delays)

    def _breaks(self, delay: _Delay, component: set[int]) -> bool:
        if not all(self._waits(delay, node) for node in component):
            return True
        inner = self._inner(component)
        return any(delay.timer in edge.cancelled for _, edge in inner)

    def _waits(self, delay: _Delay, node: int) -> bool:
        if not is_active(self._tables, self._graph.nodes[node], delay.state):
            return False
        # a step that never comes to rest is rejected, and the delay is over
        edges = self._graph.edges[node] or ()
        return any(edge.trigger == delay.trigger for edge in edges)

    def _round(self, start: int, component: set[int]) -> Iterator[Edge]:
        """A way round that enters a state and breaks every delay."""
        here, moved = start, False
        waiting = [delay for delay in self._delays if self._waits(delay, start)]
        while not moved or waiting:
            for edge in self._next(here, component, moved, tuple(waiting)):
                yield edge
                here, moved = edge.target, moved or edge.moves
                waiting = [d for d in waiting if not self._broken(d, edge)]
        if here != start:
            yield from self._next(here, component, moved, (), start)

    def _next(
        self,
        here: int,
        component: set[int],
        moved: bool,
        waiting: tuple[_Delay, ...],
        goal: int | None = None,
    ) -> tuple[Edge, ...]:
        """Steps inside the component to the goal, or to what is still missing."""

        def steps(node: int) -> Iterator[tuple[Edge, Edge]]:
            inner = within(self._graph.edges[node], component)
            return ((edge, edge) for edge in inner)

        def is_goal(edge: Edge) -> bool:
            if goal is not None:
                return edge.target == goal
            breaks = any(self._broken(delay, edge) for delay in waiting)
            return breaks or (edge.moves and not moved)

        found = search(steps(here), lambda edge: steps(edge.target), is_goal)
        assert found is not None, "the steps of a component lead everywhere in it"
        return found[0]

    def _broken(self, delay: _Delay, edge: Edge) -> bool:
        return delay.timer in edge.cancelled or not self._waits(delay, edge.target)


def _certain_delays(graph: Graph) -> Iterator[_Delay]:
    """Those whose transition has no guard and leaves its state."""
    flat = graph.world.flat
    tables = flat.tables
    for timer in flat.machine.timers:
        transition = tables.transitions[timer.transition]
        leaves = transition.domain < transition.source <= tables.last[transition.domain]
        targets = transition.targets or transition.recalls
        if not transition.guards and targets and leaves:
            yield _Delay(timer.id, len(flat.machine.events) + timer.id, timer.state)

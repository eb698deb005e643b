"""The runs of a machine as a graph, as far as it is small enough.

A node is where the machine rests: its configuration, its history, what is known of its
variables, and what answers have shown of the unknown ones. An edge is a step that is
accepted. Nodes are numbered in the order in which they are found, so that the first way
to one is a shortest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pystator.compiler.analysis.properties.beliefs import (
    MOST_FACTS,
    Beliefs,
    Facts,
    after_change,
    after_event,
    learned,
)
from pystator.compiler.analysis.properties.conditions import Open, decide
from pystator.compiler.analysis.properties.evaluate import Failed
from pystator.compiler.analysis.properties.steps import (
    Asked,
    Ended,
    History,
    Step,
    Steps,
    Told,
    TooMuch,
)
from pystator.compiler.analysis.properties.values import PRESENT, Unknown, Value
from pystator.compiler.analysis.properties.world import Moment, World
from pystator.compiler.ir import machine as ir
from pystator.kernel import ROOT, START, Ask, Change, Configuration, Outcome

WAYS_FOR_EACH: Final = 5
"""Ways through steps that are followed, for each node that there may be."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How closely the runs are told apart, and how many `nodes` there may be.

    A variable with more than `values` values is unknown from then on; without `facts`
    nothing is kept of the answers that were given in earlier steps.
    """

    nodes: int
    values: int
    facts: bool


@dataclass(frozen=True, slots=True)
class Node:
    leaves: Configuration
    history: History
    values: tuple[Value, ...]
    facts: Facts = field(compare=False)
    shown: tuple[str, ...]
    """The facts as texts, by which they are compared."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A step with its answers; `given` are those that could have been others.

    `moves` says that it enters a state; `cancelled` are the timers that it ends.
    """

    trigger: int
    target: int
    told: Told
    given: tuple[tuple[ir.Guard, bool], ...]
    moves: bool
    cancelled: tuple[int, ...]


@dataclass(slots=True)
class Graph:
    """`starts` leave the root; `edges` are None where a node was not followed.

    `complete` says that all nodes were; `wide` are the variables with too many values.
    """

    world: World
    steps: Steps
    beliefs: Beliefs
    starts: list[Edge] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    edges: list[list[Edge] | None] = field(default_factory=list)
    complete: bool = True
    wide: list[str] = field(default_factory=list)


def explore(world: World, steps: Steps, beliefs: Beliefs, detail: Detail) -> Graph:
    """The graph from the start on, breadth first."""
    return _Explorer(world, steps, beliefs, detail).graph()


class _Explorer:
    def __init__(
        self, world: World, steps: Steps, beliefs: Beliefs, detail: Detail
    ) -> None:
        self._detail = detail
        self._found = Graph(world, steps, beliefs)
        self._world = world
        self._tables = world.flat.tables
        self._numbers: dict[Node, int] = {}
        self._values: dict[str, set[Value]] = {name: set() for name in world.names}
        self._room = WAYS_FOR_EACH * detail.nodes
        self._listening: dict[int, list[int]] = {}
        for trigger in range(world.flat.external):
            for state in self._tables.rows.get(trigger, {}):
                self._listening.setdefault(state, []).append(trigger)

    def graph(self) -> Graph:
        graph, world = self._found, self._world
        context = world.initial()
        for name in world.names:
            context[name] = self._widened(name, context[name])
        root = Node(
            (ROOT,),
            tuple(() for _ in self._tables.memories),
            tuple(context[name] for name in world.names),
            (),
            (),
        )
        linked = 0
        try:
            graph.starts = self._edges(root, START)
            for number, node in enumerate(graph.nodes):
                linked = len(graph.nodes)
                graph.edges[number] = [
                    edge
                    for trigger in self._listened(node.leaves)
                    for edge in self._edges(node, trigger)
                ]
        except TooMuch:
            graph.complete = False
            del graph.nodes[linked:], graph.edges[linked:]
        return graph

    def _listened(self, leaves: Configuration) -> list[int]:
        if leaves[0] in self._tables.final:
            return []
        active = {state for leaf in leaves for state in self._tables.path[leaf]}
        return sorted({t for state in active for t in self._listening.get(state, ())})

    def _edges(self, node: Node, trigger: int) -> list[Edge]:
        """The steps of a trigger, of several to the same node the first."""
        found: dict[tuple[int, bool, tuple[int, ...]], Edge] = {}
        for edge in _Walk(self, node, trigger).edges():
            found.setdefault((edge.target, edge.moves, edge.cancelled), edge)
        return list(found.values())

    @property
    def found(self) -> Graph:
        return self._found

    def spend(self) -> None:
        """One more way is followed. Raises TooMuch."""
        self._room -= 1
        if self._room < 0:
            raise TooMuch

    def number_of(self, node: Node) -> int:
        """The number of a node, which may be new. Raises TooMuch."""
        number = self._numbers.get(node)
        if number is None:
            number = len(self._found.nodes)
            if number == self._detail.nodes:
                raise TooMuch
            self._numbers[node] = number
            self._found.nodes.append(node)
            self._found.edges.append(None)
        return number

    def rest(self, node: Node, outcome: Outcome, moment: Moment, facts: Facts) -> Node:
        """The node that an accepted step leads to."""
        history = list(node.history)
        for memory, record in outcome.history:
            history[memory] = record
        values = tuple(
            self._widened(name, moment.context[name]) for name in self._world.names
        )
        kept: Facts = ()
        if self._detail.facts:
            kept = after_event(facts)
            kept = kept if len(kept) <= MOST_FACTS else ()
        shown = tuple(fact.key for fact in kept)
        return Node(outcome.target, tuple(history), values, kept, shown)

    def _widened(self, name: str, value: Value) -> Value:
        if value is None or isinstance(value, Unknown):
            return value
        seen = self._values[name]
        if name in self._found.wide:
            return PRESENT
        if value not in seen and len(seen) == self._detail.values:
            self._found.wide.append(name)
            return PRESENT
        seen.add(value)
        return value


@dataclass(slots=True)
class _Way:
    """A part of a way through a step."""

    step: Step
    moment: Moment
    facts: Facts
    told: Told = ()
    given: tuple[tuple[ir.Guard, bool], ...] = ()


class _Walk:
    """All ways of one step from a node that what is known allows."""

    def __init__(self, explorer: _Explorer, node: Node, trigger: int) -> None:
        self._explorer = explorer
        self._graph = explorer.found
        self._node = node
        self._trigger = trigger
        self._key = node.leaves, node.history, trigger

    def edges(self) -> Iterator[Edge]:
        world = self._graph.world
        context = dict(zip(world.names, self._node.values, strict=True))
        first = self._graph.steps.first(*self._key)
        pending = [_Way(first, Moment(context, self._trigger), self._node.facts)]
        while pending:
            way = pending.pop()
            try:
                for change in way.step.changes:
                    self._change(change, way)
                if isinstance(way.step, Ended):
                    self._explorer.spend()
                    yield from self._ended(way, way.step.outcome)
                    continue
                pending += reversed(self._answered(way, way.step))
            except Failed:
                continue  # the step is rejected

    def _change(self, change: Change, way: _Way) -> None:
        self._receive(change.event, way)
        assigned = self._graph.world.apply(change, way.moment)
        way.facts = after_change(way.facts, assigned)

    def _receive(self, event: int, way: _Way) -> None:
        if event != way.moment.event:
            way.moment.event = event
            way.facts = after_event(way.facts)

    def _answered(self, way: _Way, step: Asked) -> list[_Way]:
        ask: Ask = step.ask
        self._receive(ask.event, way)
        answer = decide(self._graph.world, ask.residue, way.moment)
        asked: Open | None = None
        if not isinstance(answer, bool):
            asked = answer
            only = self._graph.beliefs.answer(way.facts, asked)
            if only is not None:
                answer = only
        answers = [answer] if isinstance(answer, bool) else [True, False]
        return [self._branch(way, step, each, asked, len(answers)) for each in answers]

    def _branch(
        self, way: _Way, step: Asked, answer: bool, asked: Open | None, ways: int
    ) -> _Way:
        told = (*way.told, answer)
        facts, given = way.facts, way.given
        if asked is not None and ways > 1:
            facts = learned(facts, asked if answer else asked.negated())
            given = (*given, (asked.shown, answer))
        after = self._graph.steps.after(step, self._key, told)
        moment = replace(way.moment, context=dict(way.moment.context))
        return _Way(after, moment, facts, told, given)

    def _ended(self, way: _Way, outcome: Outcome) -> Iterator[Edge]:
        if outcome.reason is not None or not outcome.handled:
            return
        target = self._explorer.rest(self._node, outcome, way.moment, way.facts)
        number = self._explorer.number_of(target)
        transitions = self._graph.steps.tables.transitions
        taken = [transitions[each] for each in outcome.taken]
        moves = any(t.targets or t.recalls for t in taken)
        yield Edge(self._trigger, number, way.told, way.given, moves, outcome.cancelled)

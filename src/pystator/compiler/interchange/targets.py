"""Destinations and starts of a chart in the words of a definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Json, Kind, Move, Node
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.regions import Regions

_FORK_LIMIT: Final = 200
"""So many destinations are compared with each other."""


@dataclass(frozen=True, slots=True)
class Start:
    """A default child, or where to go instead and what to do on the way."""

    child: Node | None
    dest: list[str]
    actions: list[Json]


class Targets:
    def __init__(self, root: Node, regions: Regions, notes: Notes) -> None:
        self._root = root
        self._regions = regions
        self._notes = notes
        self._nodes = {node.name: node for node in root.walk()}
        self._told: set[str] = set()

    def of(self, source: Node, move: Move) -> list[str]:
        """The destinations of a transition; none, and told, if it has none here."""
        nodes = [self._nodes[name] for name in move.targets]
        nodes = self._outside(source, move, self._gathered(nodes))
        return self._dest(nodes, move.span)

    def start(self, node: Node) -> Start:
        """Where the machine or a compound state starts by default."""
        initial = node.initial
        if initial is None or not initial.targets:
            return Start(node.states[0], [], [])
        nodes = [self._nodes[name] for name in initial.targets]
        if len(nodes) == 1:
            (only,) = nodes
            if only.parent is node and only.kind is Kind.HISTORY:
                return self._start_in_history(node, only)
            if only.parent is node and not initial.actions:
                return Start(only, [], [])
        for target in nodes:
            if not target.is_below(node):
                raise self._notes.refuse(
                    initial.span,
                    f"{quoted(target.name)} is not inside of {quoted(node.name)}",
                )
        dest = self._dest(nodes, initial.span)
        if not dest:
            return Start(node.states[0], [], [])
        return Start(None, dest, initial.actions)

    def guard(self, guard: Json) -> Json:
        """The guard with the names of regions replaced: one is active when its
        parallel state is.
        """
        match guard:
            case {"in_state": str() as name}:
                node = self._nodes.get(name)
                if node is not None and self._regions.is_region(node):
                    assert node.parent is not None, "a region is in a parallel state"
                    return {"in_state": node.parent.name}
            case {"allOf": list() as parts}:
                return {"allOf": [self.guard(part) for part in parts]}
            case {"anyOf": list() as parts}:
                return {"anyOf": [self.guard(part) for part in parts]}
            case {"not": inner}:
                return {"not": self.guard(inner)}
        return guard

    def _start_in_history(self, node: Node, history: Node) -> Start:
        """Its own history would have itself as default: what that leads to instead."""
        self._notes.differs(
            history.span,
            f"{quoted(node.name)} starts in its history",
            "here a default entry does not restore it",
        )
        inner = history.initial.targets if history.initial else ()
        default = self._nodes[inner[0]] if len(inner) == 1 else node.states[0]
        return Start(default if default.parent is node else node.states[0], [], [])

    def _gathered(self, nodes: list[Node]) -> list[Node]:
        """The histories of all regions, which our own documents have instead of that of
        their parallel state, as one.
        """
        gathered: dict[str, Node] = {}
        found: list[Node] = []
        for node in nodes:
            of = node.data.get("of")
            if of is None or node.parent is None or node.parent.parent is None:
                found.append(node)
            elif str(of) not in gathered:
                around = node.parent.parent
                gathered[str(of)] = Node("", Kind.HISTORY, node.span, around)
                gathered[str(of)].data["of"] = of
                found.append(gathered[str(of)])
        return found

    def _outside(self, source: Node, move: Move, nodes: list[Node]) -> list[Node]:
        """Leave the parallel state where a statechart does and ours would not."""
        around = source.parent
        if move.internal or around is None or around.kind is not Kind.PARALLEL:
            return nodes
        inside = [node for node in nodes if node.is_below(source)]
        if not inside or len(inside) != len(nodes) or self._regions.is_region(source):
            return nodes
        others = [child for child in around.states if child is not source]
        if not others:
            self._notes.differs(
                move.span,
                f"a transition restarts {quoted(source.name)} only",
                f"in the original {quoted(around.name)} is left and entered again",
            )
        return [*nodes, *others]

    def _dest(self, nodes: Iterable[Node], span: Span) -> list[str]:
        nodes = list(dict.fromkeys(self._plain(list(nodes))))
        if not self._is_fork(nodes):
            names = ", ".join(quoted(node.name.strip()) for node in nodes)
            self._notes.lost(
                span,
                f"a transition to {names}",
                "any two destinations stand in different regions of a parallel state",
            )
            return []
        return [self._written(node) for node in nodes]

    def _plain(self, nodes: list[Node]) -> list[Node]:
        """Without regions, and without what is entered anyway."""
        nodes = [self._effective(node) for node in nodes]
        if len(nodes) == 1:
            (only,) = nodes
            while only.in_parallel and only.kind is not Kind.HISTORY:
                # entered by name or by default: its siblings are entered either way
                assert only.parent is not None
                only = only.parent
            return [only]
        above = {around for node in nodes for around in node.ancestors()}
        kept = [node for node in nodes if node not in above]
        if len(kept) == 1 and len(nodes) > 1:
            return kept
        return [self._inner(node) for node in kept]

    def _inner(self, node: Node) -> Node:
        """The state that a region, which is none, starts in."""
        while self._regions.is_region(node):
            child = self.start(node).child
            assert child is not None, "a region starts in one of its states"
            node = child
        return node

    def _effective(self, node: Node) -> Node:
        """The shallow history of a parallel state is its default entry."""
        parent = node.parent
        if node.kind is not Kind.HISTORY or node.deep or parent is None:
            return node
        if "of" in node.data:
            return node
        return parent if parent.kind is Kind.PARALLEL else node

    def _is_fork(self, nodes: list[Node]) -> bool:
        if len(nodes) < 2:
            return True
        if len(nodes) > _FORK_LIMIT:
            return False
        for one, other in combinations(nodes, 2):
            above = [one, *one.ancestors()]
            meeting = next(n for n in [other, *other.ancestors()] if n in above)
            if meeting.kind is not Kind.PARALLEL or meeting in (one, other):
                return False
        return True

    def _written(self, node: Node) -> str:
        if node.kind is not Kind.HISTORY:
            return node.name
        parent = node.parent
        assert parent is not None, "a history is inside of a state"
        if parent is self._root:
            raise self._notes.refuse(node.span, "a history of the machine itself")
        self._check_default(node, parent)
        return f"{'H*' if node.deep else 'H'}({parent.name})"

    def _check_default(self, node: Node, parent: Node) -> None:
        """Without a record ours enters the state by default."""
        initial = node.initial
        if node.name in self._told or initial is None or not initial.targets:
            return
        self._told.add(node.name)
        wanted = {self._nodes[name] for name in initial.targets}
        if parent.kind is Kind.PARALLEL:
            usual = wanted == {parent} or wanted <= set(parent.states)
        else:
            usual = wanted == {self.start(parent).child} or (
                parent.initial is not None
                and initial.targets == parent.initial.targets
                and not parent.initial.actions
            )
        if not usual or initial.actions:
            self._notes.differs(
                initial.span,
                f"the history of {quoted(parent.name)} has a default of its own",
                "where nothing is remembered, the state is entered by default",
            )

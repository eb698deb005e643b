"""The completion of states: `done: true` where only the state itself listens to it.

Elsewhere its terminal states raise an event of its name as the last thing when they are
entered, which is when a statechart queues the completion.
"""

from __future__ import annotations

from collections.abc import Iterator

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Json, Kind, Node
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.regions import Regions


class Completions:
    def __init__(self, root: Node, regions: Regions, notes: Notes) -> None:
        self._nodes = {node.name: node for node in root.walk()}
        self._regions = regions
        listened: dict[str, set[str]] = {}
        for node in root.walk():
            for move in node.moves:
                if move.done_of:
                    source = "*" if move.anywhere else node.name
                    listened.setdefault(move.done_of, set()).add(source)
        self._triggers: dict[str, str] = {}
        self._raised = {
            name
            for name, sources in listened.items()
            if not self._stands_alone(self._nodes[name], sources)
        }
        # those of its regions come first in the queue
        for name in listened:
            parent = self._nodes[name].parent
            if parent is not None and parent.name in self._raised:
                self._raised.add(name)
        for name in sorted(self._raised):
            node = self._nodes[name]
            if node.kind is Kind.PARALLEL:
                notes.differs(
                    node.span,
                    f"the completion of {quoted(name)} became an event",
                    "one of its regions is a state with behaviour of its own; where "
                    "several end in one step, the event comes for each",
                )

    def _stands_alone(self, node: Node, sources: set[str]) -> bool:
        if sources != {node.name} or self._regions.is_region(node):
            return False
        if node.kind is Kind.PARALLEL:
            return all(
                self._regions.is_region(child) or not _finals(child)
                for child in node.states
            )
        return node.kind is Kind.STATE and bool(node.states)

    def is_plain(self, name: str) -> bool:
        return name not in self._raised and bool(self._nodes[name].states)

    def trigger(self, name: str) -> str:
        """What the completion is called as an event; empty if it never happens."""
        if name not in self._triggers:
            node = self._nodes[name]
            regions = node.states if node.kind is Kind.PARALLEL else [node]
            happens = name in self._raised and all(map(_finals, regions))
            self._triggers[name] = f"done.state.{name}" if happens else ""
        return self._triggers[name]

    def guards(self, name: str) -> list[Json]:
        """A parallel state is complete when each of its regions is."""
        node = self._nodes[name]
        if node.kind is not Kind.PARALLEL:
            return []
        return [_is_final(child) for child in node.states]

    def raised_in(self, node: Node) -> Iterator[Json]:
        parent = node.parent
        if node.kind is not Kind.FINAL or parent is None:
            return
        if parent.name in self._raised:
            yield {"raise": f"done.state.{parent.name}"}
        around = parent.parent
        if around is None or around.kind is not Kind.PARALLEL:
            return
        if self.trigger(around.name):
            yield {"raise": f"done.state.{around.name}"}


def _finals(node: Node) -> bool:
    """Whether the state can be in its end at all."""
    if node.kind is Kind.PARALLEL:
        return all(_finals(child) for child in node.states)
    return any(child.kind is Kind.FINAL for child in node.states)


def _is_final(node: Node) -> Json:
    if node.kind is Kind.PARALLEL:
        return {"allOf": [_is_final(child) for child in node.states]}
    ends: list[Json] = [
        {"in_state": child.name} for child in node.states if child.kind is Kind.FINAL
    ]
    return ends[0] if len(ends) == 1 else {"anyOf": ends}

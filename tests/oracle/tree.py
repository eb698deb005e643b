"""The tree of states. A region is a node of it, called `P/r`, which no state can be.

{name: P, type: parallel, regions: [{name: r, initial: A, states: [A, B]}]}
-> children["P"] == ["P/r"], children["P/r"] == ["A", "B"]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.oracle.model import ROOT, Definition, Transition

_HISTORY = re.compile(r"H(\*?)\((.*)\)")


class Tree:
    """Who is in whom, and in which order. `order` numbers the nodes in preorder."""

    def __init__(self, definition: Definition) -> None:
        self.states: dict[str, Any] = {s["name"]: s for s in definition["states"]}
        self.regions: dict[str, Any] = {}
        self.parent: dict[str, str] = {}
        for parallel in list(self.states):
            for region in self.states[parallel].get("regions") or ():
                node = f"{parallel}/{region['name']}"
                self.regions[node] = region
                self.parent[node] = parallel
                for member in region["states"]:
                    self.parent[member] = node
                    # A region declares its states; one that says no more is plain.
                    self.states.setdefault(member, {"name": member})
        self.children: dict[str, list[str]] = {ROOT: []}
        for node in (*self.regions, *self.states):
            self.children[node] = []
        for node in self.regions:
            self.children[self.parent[node]].append(node)
            self.children[node] = list(self.regions[node]["states"])
        for name, state in self.states.items():
            if name not in self.parent:
                self.parent[name] = state.get("parent", ROOT)
                self.children[self.parent[name]].append(name)
        self.order = {node: at for at, node in enumerate(self._preorder(ROOT))}

    def _preorder(self, node: str) -> Iterator[str]:
        yield node
        for child in self.children[node]:
            yield from self._preorder(child)

    def kind(self, node: str) -> str:
        """The `type` that the state has; `region` for a region."""
        if node in self.regions:
            return "region"
        return str(self.states[node].get("type", "stable"))

    def is_parallel(self, node: str) -> bool:
        return node != ROOT and self.kind(node) == "parallel"

    def is_compound(self, node: str) -> bool:
        """A state with children, one of which is active; no region, not the root."""
        return (
            node in self.states
            and bool(self.children[node])
            and not self.is_parallel(node)
        )

    def ancestors(self, node: str) -> Iterator[str]:
        """Proper ancestors, the nearest first, the root last."""
        while node != ROOT:
            node = self.parent[node]
            yield node

    def is_below(self, node: str, above: str) -> bool:
        return above in self.ancestors(node)

    def in_order(self, nodes: Iterable[str]) -> list[str]:
        return sorted(nodes, key=self.order.__getitem__)

    def leaves(self, nodes: Iterable[str]) -> list[str]:
        return self.in_order(node for node in nodes if not self.children[node])

    def choices(self, nodes: Iterable[str]) -> list[str]:
        return self.in_order(n for n in nodes if n != ROOT and self.kind(n) == "choice")

    def default_child(self, node: str) -> str:
        # Rule 6: `initial_child`, the `initial` of a region, or the initial child.
        if node in self.regions:
            named = self.regions[node].get("initial")
        else:
            named = None if node == ROOT else self.states[node].get("initial_child")
        (child,) = (
            child
            for child in self.children[node]
            if child == named or (named is None and self.kind(child) == "initial")
        )
        return child

    def with_defaults(self, nodes: Iterable[str]) -> set[str]:
        """The nodes to enter with what they need below them.

        Rule 6: every region of a parallel state, and the default child of any other
        node of which no child is entered.
        """
        entered = set(nodes)
        while True:
            missing: set[str] = set()
            for node in entered:
                children = self.children[node]
                if self.is_parallel(node):
                    missing |= set(children) - entered
                elif children and not entered & set(children):
                    missing.add(self.default_child(node))
            if not missing:
                return entered
            entered |= missing

    def is_configuration(self, nodes: frozenset[str], top: str = ROOT) -> bool:
        """Rule 1, for what is at and below `top`."""
        waiting, reached = [top], {top}
        while waiting:
            node = waiting.pop()
            inner = [child for child in self.children[node] if child in nodes]
            expected = len(self.children[node]) if self.is_parallel(node) else 1
            if self.children[node] and len(inner) != expected:
                return False
            waiting += inner
            reached |= set(inner)
        return reached - {ROOT} == nodes - {ROOT}

    def domain(self, transition: Transition) -> str:
        """The node that stays, of which everything below is left.

        Rule 6: the least common proper ancestor that is a compound, a region or the
        root. `H(P)` counts as a child of P.
        """
        above = [self._above(dest) for dest in transition.dests]
        source = transition.source
        if source == ROOT:
            return ROOT
        inside = self.is_compound(source) and all(source in nodes for nodes in above)
        if transition.internal and inside:
            return source
        return next(
            node
            for node in self.ancestors(source)
            if not self.is_parallel(node) and all(node in nodes for nodes in above)
        )

    def _above(self, dest: str) -> list[str]:
        past = history_of(dest)
        if past is None:
            return list(self.ancestors(dest))
        return [past[0], *self.ancestors(past[0])]


def history_of(dest: str) -> tuple[str, bool] | None:
    """The state P and whether it is deep, of `H(P)` or `H*(P)`."""
    found = _HISTORY.fullmatch(dest)
    return None if found is None else (found[2], bool(found[1]))

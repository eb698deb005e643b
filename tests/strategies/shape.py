"""The states of a random machine, and who is in whom."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle import ROOT, Data
from tests.strategies.features import Features
from tests.strategies.vocabulary import ODD_REGIONS, REGIONS


@dataclass(slots=True)
class State:
    """`parent` is a state, the root, or a region, which is called `P/r`."""

    name: str
    parent: str
    kind: str = "plain"  # or terminal, parallel, choice
    timeout: Data | None = None


class Shape:
    """A tree that grows once. `initial` is the default child of a node."""

    def __init__(self, rng: random.Random, has: Features, names: list[str]) -> None:
        self.rng = rng
        self.has = has
        self.states: dict[str, State] = {}
        self.regions: dict[str, str] = {}
        self.children: dict[str, list[str]] = {ROOT: []}
        self.initial: dict[str, str] = {}
        self.way_out: dict[str, str] = {}
        self._grow(names)
        self._choose_initials()
        # Nodes that name their initial child; else the child says it.
        self.naming = {s for s in self.states if self._may_name(s)}
        self.order = {name: at for at, name in enumerate(self.preorder(ROOT))}
        for state in self.states.values():
            default = self.initial[state.parent] == state.name
            if has.terminals and self.is_plain_leaf(state.name) and not default:
                state.kind = "terminal" if rng.random() < 0.3 else "plain"
        if has.done and has.terminals:
            self._make_completable()
        if has.choice:
            self._make_choices()
        self.naming |= {r for r in self.regions if rng.random() < 0.7}
        for node, child in self.initial.items():
            if node != ROOT and self.states[child].kind != "plain":
                self.naming.add(node)

    def _grow(self, names: list[str]) -> None:
        deepest = 5 if self.has.parallel else 4
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            parent = ROOT
            nested = self.has.hierarchy or self.has.parallel
            if nested and self.rng.random() < 0.6:
                shallow = [s for s in self.states if len(self.chain(s)) < deepest]
                parent = self.rng.choice([ROOT, *self._homes(shallow)])
            self._add(name, parent)
            above = len(self.chain(name))
            first = len(self.states) == 1  # the machine begins in a plain state
            if not self.has.parallel or first or above >= deepest:
                continue
            count = self.rng.choice((1, 2, 2, 3, 4)) if self.has.regions else 2
            if count <= len(waiting) and self.rng.random() < 0.4:
                self._add_regions(name, count, waiting)

    def _add_regions(self, name: str, count: int, waiting: list[str]) -> None:
        self.states[name].kind = "parallel"
        pool = [*REGIONS, *(ODD_REGIONS if self.has.odd_names else ())]
        for region in self.rng.sample(pool, count):
            node = f"{name}/{region}"
            self.regions[node] = name
            self.children[name].append(node)
            self.children[node] = []
            self._add(waiting.pop(0), node)
        for node in self.children[name]:
            for _ in range(self.rng.choice((0, 1, 1, 1, 2))):
                if not waiting:
                    return
                member = waiting.pop(0)
                self._add(member, node)
                deep = len(self.chain(member)) < 4
                if deep and len(waiting) > 1 and self.rng.random() < 0.2:
                    self._add_regions(member, 2, waiting)

    def _homes(self, states: list[str]) -> list[str]:
        """The nodes that one of the states, or a region of it, offers to children."""
        homes: list[str] = []
        for name in states:
            parallel = self.states[name].kind == "parallel"
            if parallel:
                homes += self.children[name]
            elif self.has.hierarchy:
                homes.append(name)
        return homes

    def _add(self, name: str, parent: str) -> None:
        self.states[name] = State(name, parent)
        self.children[name] = []
        self.children[parent].append(name)

    def _choose_initials(self) -> None:
        for parent, children in self.children.items():
            plain = [c for c in children if c in self.states]
            if parent == ROOT:
                plain = [c for c in plain if self.states[c].kind == "plain"]
                around = [c for c in plain if self._has_regions(c)]
                plain = around or plain
            if plain:
                self.initial[parent] = self.rng.choice(plain)

    def _has_regions(self, name: str) -> bool:
        return any(node in self.regions for node in self.preorder(name))

    def _may_name(self, name: str) -> bool:
        compound = self.states[name].kind != "parallel" and self.children[name]
        return bool(compound) and self.rng.random() < 0.6

    def _make_completable(self) -> None:
        """Ends for some of the nodes that have none."""
        for children in self.children.values():
            some = [c for c in children if c in self.states and self.is_plain_leaf(c)]
            some = [c for c in some if self.initial[self.states[c].parent] != c]
            ends = any(self._is_terminal(child) for child in children)
            if some and not ends and self.rng.random() < 0.8:
                self.states[self.rng.choice(some)].kind = "terminal"

    def _is_terminal(self, node: str) -> bool:
        return node in self.states and self.states[node].kind == "terminal"

    def _make_choices(self) -> None:
        # The last way out of a choice is eventless, so it leads on in the document.
        for name, state in self.states.items():
            if not self.is_plain_leaf(name) or self.initial[ROOT] == name:
                continue
            ways = [s for s in self.states if self.leads_on(name, s)]
            ways = [s for s in ways if self.states[s].kind != "terminal"]
            if ways and self.rng.random() < 0.35:
                state.kind = "choice"
                self.way_out[name] = self.rng.choice(ways)

    def is_plain_leaf(self, name: str) -> bool:
        return self.states[name].kind == "plain" and not self.children[name]

    def is_choice(self, name: str) -> bool:
        return name in self.states and self.states[name].kind == "choice"

    @property
    def parallels(self) -> list[str]:
        return [s.name for s in self.states.values() if s.kind == "parallel"]

    def leads_on(self, source: str, dest: str) -> bool:
        """If an eventless way from one to the other can be part of no cycle.

        It goes down the document, and stays in the innermost region.
        """
        last = max(self.order[node] for node in self.preorder(source))
        home = next((n for n in self.above(source) if n in self.regions), ROOT)
        return self.order[dest] > last and home in self.above(dest)

    def above(self, node: str) -> list[str]:
        """The nodes that this one is in, innermost first, the root last."""
        nodes = []
        while node != ROOT:
            inside = self.regions.get(node)
            node = self.states[node].parent if inside is None else inside
            nodes.append(node)
        return nodes

    def chain(self, name: str) -> list[str]:
        """The state and the states that it is in, innermost first."""
        return [name, *(n for n in self.above(name) if n in self.states)]

    def preorder(self, name: str) -> Iterator[str]:
        yield name
        for child in self.children[name]:
            yield from self.preorder(child)

    def inside(self, name: str) -> list[str]:
        """The states in a node, without itself."""
        return [n for n in self.preorder(name) if n in self.states and n != name]

    def default_leaves(self, name: str) -> list[str]:
        if name in self.states and self.states[name].kind == "parallel":
            regions = self.children[name]
            return [leaf for region in regions for leaf in self.default_leaves(region)]
        if not self.children[name]:
            return [name]
        return self.default_leaves(self.initial[name])

    def entered_leaves(self, source: str, dest: str) -> list[str]:
        """What a transition enters besides the ancestors of `dest`."""
        leaves = self.default_leaves(dest)
        below = dest
        above_source = self.above(source)
        for node in self.above(dest):
            parallel = node in self.states and self.states[node].kind == "parallel"
            if (node in above_source and not parallel) or node == ROOT:
                break
            if parallel:
                others = [r for r in self.children[node] if r != below]
                leaves += [s for region in others for s in self.default_leaves(region)]
            below = node
        return leaves

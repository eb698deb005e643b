"""The states of an overload as a type; the many states of a compound have a name.

    A, B, ..., T, U with A to T in P  ->  _InP | Literal[State.U]

Without names, the size of a module would grow with the product of states and events.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from typing import Final, TypeAlias

from pystator.compiler.emit.layout import WIDTH, Group, Piece, lay_out
from pystator.compiler.emit.names import Identifier, Namespace, pascal
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.ir.machine import ROOT, StateKind
from pystator.kernel import Configuration

Source: TypeAlias = Configuration | str
"""A configuration of one leaf, or the class of a parallel state."""

MANY: Final = 16
"""The fewest states that have a name together."""
TOO_MANY: Final = 64
"""More states than these, without a name, have no overload of their own."""


class SourceTypes:
    """`aliases` has the names that were used, in order."""

    def __init__(self, words: Vocabulary, names: Namespace) -> None:
        self.words = words
        self.names = names
        self.aliases: list[Code] = []
        self._unions: dict[tuple[str, ...], Identifier] = {}
        self._named: dict[int, Identifier] = {}
        self._groups = self._find()
        self._leaves = [place[0] for place in words.places if len(place) == 1]
        outside = set(self._leaves)
        self._whole = [
            (state, words.machine.states[state].last, len(inside))
            for state, inside in self._groups.items()
            if outside.issuperset(inside)
        ]

    def _find(self) -> dict[int, tuple[int, ...]]:
        """The leaves inside every state that has many; for the root, unless final."""
        machine, final = self.words.machine, self.words.flat.tables.final
        leaves = [leaf.id for leaf in machine.leaves]
        groups: dict[int, tuple[int, ...]] = {}
        for state in machine.states:
            if state.kind in (StateKind.ROOT, StateKind.COMPOUND):
                first, last = bisect_left(leaves, state.id), bisect(leaves, state.last)
                inside = tuple(x for x in leaves[first:last] if x not in final)
                if len(inside) >= MANY:
                    groups[state.id] = inside
        return groups

    def parameter(self, sources: list[Source]) -> Piece | None:
        """The annotated parameter; None if it would be too long to be worth it."""
        parts = [source for source in sources if isinstance(source, str)]
        leaves = [source[0] for source in sources if not isinstance(source, str)]
        if len(leaves) >= MANY:
            left = set(leaves)
            for state, inside in self._groups.items():
                if left.issuperset(inside):
                    parts.append(self._alias(state))
                    left.difference_update(inside)
            leaves = [leaf for leaf in leaves if leaf in left]
            if len(leaves) > TOO_MANY or len(parts) > MANY:
                return None
        members = tuple(f"State.{self.words.state(leaf)}" for leaf in leaves)
        if not parts and len(members) < MANY:
            return Group("state: Literal[", members, "]")
        if len(members) >= MANY:
            parts.append(self._union(members))
        elif members:
            literal = f"Literal[{', '.join(members)}]"
            whole = f"        state: {' | '.join([*parts, literal])},"
            # black and ruff break a union in different ways
            fits = len(whole) <= WIDTH
            parts.append(literal if fits else self._union(members))
        return f"state: {' | '.join(parts)}"

    def others(self, sources: list[Source], parts: list[str]) -> Piece | None:
        """The parameter for all leaves but these, and for parts of parallel states."""
        but = sorted(source[0] for source in sources if not isinstance(source, str))
        left = len(self._leaves) - len(but)
        end = -1
        for state, last, size in self._whole:
            if state > end and bisect(but, last) == bisect_left(but, state):
                left -= size
                end = last
        if left > TOO_MANY:
            return None
        known = set(but)
        rest: list[Source] = [(leaf,) for leaf in self._leaves if leaf not in known]
        return self.parameter([*rest, *parts])

    def _union(self, members: tuple[str, ...]) -> Identifier:
        """The name of several states, the same for all that take them."""
        known = self._unions.get(members)
        if known is None:
            first = pascal(members[0].removeprefix("State."))
            known = self._unions[members] = self.names.take(f"_{first}AndOthers")
            alias = Group(f"{known}: TypeAlias = Literal[", members, "]")
            self.aliases.append(lay_out(alias))
        return known

    def _alias(self, state: int) -> Identifier:
        known = self._named.get(state)
        if known is None:
            around = self.words.machine.states[state]
            wish = "_Lasting" if state == ROOT else f"_In{pascal(around.name)}"
            known = self._named[state] = self.names.take(wish)
            members = (f"State.{self.words.state(x)}" for x in self._groups[state])
            alias = Group(f"{known}: TypeAlias = Literal[", tuple(members), "]")
            self.aliases.append(lay_out(alias))
        return known

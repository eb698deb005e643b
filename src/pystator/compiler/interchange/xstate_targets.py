"""How XState refers to states: `#id`, `.child`, a sibling by its key, and paths.

A {B {C}, D}   in B:  ".C", "D", "#machine.A.B.C"
"""

from __future__ import annotations

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Node
from pystator.compiler.interchange.notes import Notes


class Targets:
    """The states of one machine by id, and by key in the state around them."""

    def __init__(self, top: Node, machine: str, notes: Notes) -> None:
        self._top = top
        self._notes = notes
        self._ids: dict[str, Node] = {machine: top}
        self._keys: dict[int, dict[str, Node]] = {}

    def add(self, node: Node, key: str, path: str, own: str) -> None:
        """A state with its key, its path from the machine and its id, if it has one."""
        assert node.parent is not None
        self._keys.setdefault(id(node.parent), {})[key] = node
        self._ids[path] = node
        if own:
            self._ids[own] = node

    def find(self, node: Node, text: str, span: Span) -> Node:
        """The state that a target of `node` means. Raises ImportFault."""
        found: Node | None
        if text.startswith("#"):
            found = self._by_id(text[1:])
        elif text.startswith("."):
            found = self.below(node, text[1:])
        else:
            around = self._top if node is self._top else node.parent
            found = None if around is None else self.below(around, text)
        if found is None:
            raise self._notes.refuse(span, f"the target {quoted(text)} is no state")
        return found

    def below(self, node: Node, path: str) -> Node | None:
        here: Node | None = node
        keys = path.split(".")
        while keys and here is not None:
            inside = self._keys.get(id(here), {})
            # a key may have dots itself
            for length in range(len(keys), 0, -1):
                if ".".join(keys[:length]) in inside:
                    here, keys = inside[".".join(keys[:length])], keys[length:]
                    break
            else:
                return None
        return here

    def in_state(self, text: str) -> str | None:
        """The name of the state that `stateIn` asks for."""
        found = self._by_id(text.removeprefix("#")) or self.below(self._top, text)
        return None if found is None else found.name

    def _by_id(self, text: str) -> Node | None:
        if text in self._ids:
            return self._ids[text]
        stem, _, rest = text.partition(".")
        return self.below(self._ids[stem], rest) if stem in self._ids else None

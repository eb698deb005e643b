"""Which children of parallel states are nothing but regions."""

from __future__ import annotations

from pystator.compiler.interchange.chart import Kind, Node


class Regions:
    """A region has states and a start. What is entered, left, led out of or to by its
    own name, or remembered, has to be a state, and its region holds that state alone.
    """

    def __init__(self, root: Node) -> None:
        self._plain = {
            id(node) for node in root.walk() if node.in_parallel and _is_plain(node)
        }

    def is_region(self, node: Node) -> bool:
        return id(node) in self._plain

    def is_member(self, node: Node) -> bool:
        """Whether a region lists the state."""
        if node.in_parallel:
            return True
        return node.parent is not None and self.is_region(node.parent)

    def name(self, node: Node) -> str:
        return node.region or node.name


def _is_plain(node: Node) -> bool:
    if node.region:
        return True
    if node.kind is not Kind.STATE or not node.states:
        return False
    if any(child.kind is Kind.HISTORY for child in node.children):
        return False
    if node.data.keys() - {"description"}:
        return False
    initial = node.initial
    if initial is not None:
        names = {child.name for child in node.states}
        if (
            initial.actions
            or len(initial.targets) != 1
            or initial.targets[0] not in names
        ):
            return False
    return not (node.enter or node.exit or node.moves or node.services)

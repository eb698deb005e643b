"""What a faulty definition still says: so that one run finds the other faults too.

A faulty transition is left out, a faulty state is reduced to its place in the tree, and
if a variable or an event is faulty nothing is known about any name. Nothing here is
reported: `validate` has done that.
"""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from pystator.compiler.diagnostics.model import Report
from pystator.compiler.source.faults import Findings, TooManyFaults
from pystator.compiler.source.model import MachineSource
from pystator.compiler.source.nodes import Document, Mapping, Node, Scalar, Sequence

_PLACE: Final = ("name", "parent", "type", "initial_child", "regions")
_TYPED: Final = ("state_variables", "events")
_NAMING: Final = ("properties",)
"""What names variables, where none may be known any more."""
_ROUNDS: Final = 3


def salvage(document: Document) -> MachineSource | None:
    """The rest of a definition that `validate` has refused; None if nothing is left.

    The source is good for checks of its parts, not for compiling.
    """
    root = document.root
    for _ in range(_ROUNDS):
        if not isinstance(root, Mapping):
            return None
        try:
            return MachineSource.model_validate(
                root, context=Findings(Report(), "error")
            )
        except TooManyFaults:
            return None
        except ValidationError as error:
            root = _pruned(root, [detail["loc"] for detail in error.errors()])
    return None


def _pruned(root: Mapping, faults: list[tuple[int | str, ...]]) -> Mapping:
    """The root without what the locations of the faults point into."""
    items: dict[str, dict[int, set[str]]] = {}
    whole: set[str] = set()
    for key, *rest in faults:
        if key in _TYPED:
            whole.update((*_TYPED, *_NAMING))
        elif rest and isinstance(rest[0], int):
            fields = items.setdefault(str(key), {}).setdefault(rest[0], set())
            fields.update(str(step) for step in rest[1:2])
        else:
            whole.add(str(key))
    entries = [
        (key, _without(key.text, node, items.get(key.text, {})))
        for key, node in root.entries
        if key.text not in whole
    ]
    return root._replace(entries=tuple(entries))


def _without(key: str, node: Node, faulty: dict[int, set[str]]) -> Node:
    if not faulty or not isinstance(node, Sequence):
        return node
    kept: list[Node] = []
    for number, item in enumerate(node.items):
        if number not in faulty:
            kept.append(item)
        elif key == "states" and isinstance(item, Mapping):
            kept.append(_place(item, faulty[number]))
    return node._replace(items=tuple(kept))


def _place(state: Mapping, faulty: set[str]) -> Mapping:
    """A state without anything but its place in the tree."""
    entries = tuple(
        (key, value)
        for key, value in state.entries
        if key.text in _PLACE
        and key.text not in faulty
        and (isinstance(value, Scalar) or key.text == "regions")
    )
    return state._replace(entries=entries)

"""Configurations as text and back; rule 2.

    {P, P/a, A, P/b, B} -> "P:a=A,b=B"

Text is read by the names of its leaves alone: they say the rest, and what is then
written must be the text again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.oracle.model import ROOT
from tests.oracle.tree import Tree

_LEAF = re.compile(r"=([^(),;=]+)")
_RECORD = re.compile(r"H(\*?)\(([^()]*)\)=(.+)")

Record = tuple[str, ...]
"""Rule 10: the children (shallow) or leaves (deep) that were active, in order."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is active, regions too, the root not; and the history, by (P, deep)."""

    active: frozenset[str] = frozenset()
    history: dict[tuple[str, bool], Record] = field(default_factory=dict)


def written(tree: Tree, configuration: Configuration) -> str:
    parts = [_text_below(tree, ROOT, configuration.active)]
    for (name, deep), record in sorted(configuration.history.items()):
        if deep:
            active = with_ancestors(tree, record, name)
            parts.append(f"H*({name})={_text_at(tree, name, active)}")
        elif tree.is_parallel(name):
            regions = sorted((_region(tree, child), child) for child in record)
            inner = ",".join(f"{region}={child}" for region, child in regions)
            parts.append(f"H({name})=({inner})")
        else:
            parts.append(f"H({name})={record[0]}")
    return ";".join(parts)


def read(tree: Tree, remembered: set[tuple[str, bool]], text: str) -> Configuration:
    """Raises ValueError for what is no resting configuration of this machine."""
    first, *rest = text.split(";")
    active = with_ancestors(tree, _leaves_of(tree, first), ROOT)
    if not tree.is_configuration(active):
        raise ValueError(f"{first!r} is not a configuration of this machine")
    history: dict[tuple[str, bool], Record] = {}
    for part in rest:
        found = _RECORD.fullmatch(part)
        key = None if found is None else (found[2], bool(found[1]))
        if found is None or key is None or key not in remembered:
            raise ValueError(f"{part!r} is no history of this machine")
        history[key] = _record(tree, key, found[3])
    configuration = Configuration(active, history)
    if written(tree, configuration) != text:
        raise ValueError(f"{text!r} is not how a configuration is written")
    return configuration


def with_ancestors(tree: Tree, nodes: Record, top: str) -> frozenset[str]:
    """The nodes and what is above them, up to `top`, which is left out if the root."""
    closed = set(nodes)
    for node in nodes:
        for above in tree.ancestors(node):
            closed.add(above)
            if above == top:
                break
    return frozenset(closed - {ROOT})


def _leaves_of(tree: Tree, text: str) -> Record:
    leaves = _LEAF.findall(text) if "=" in text else [text]
    for leaf in leaves:
        if leaf not in tree.states or tree.children[leaf]:
            raise ValueError(f"{leaf!r} is not a leaf of this machine")
        if tree.kind(leaf) == "choice":
            raise ValueError(f"nothing rests in the choice {leaf!r}")
    return tuple(tree.in_order(set(leaves)))


def _record(tree: Tree, key: tuple[str, bool], text: str) -> Record:
    name, deep = key
    if deep:
        leaves = _leaves_of(tree, text)
        active = with_ancestors(tree, leaves, name)
        if not tree.is_configuration(active, name):
            raise ValueError(f"{text!r} is no configuration below {name!r}")
        return leaves
    children = _LEAF.findall(text) if tree.is_parallel(name) else [text]
    homes = [name] if not tree.is_parallel(name) else tree.children[name]
    for child in children:
        if tree.parent.get(child) not in homes or tree.kind(child) == "choice":
            raise ValueError(f"{child!r} is no child of {name!r} to return to")
    if sorted(tree.parent[child] for child in children) != sorted(homes):
        raise ValueError(f"{text!r} is no record of {name!r}")
    return tuple(tree.in_order(children))


def _text_below(tree: Tree, node: str, active: frozenset[str]) -> str:
    (child,) = (c for c in tree.children[node] if c in active)
    return _text_at(tree, child, active)


def _text_at(tree: Tree, node: str, active: frozenset[str]) -> str:
    if not tree.children[node]:
        return node
    if not tree.is_parallel(node):
        return _text_below(tree, node, active)
    parts: list[str] = []
    for region, name in sorted((_region(tree, r), r) for r in tree.children[node]):
        inner = _text_below(tree, name, active)
        parts.append(f"{region}=({inner})" if "=" in inner else f"{region}={inner}")
    return f"{node}:{','.join(parts)}"


def _region(tree: Tree, node: str) -> str:
    """The name of the region that is this node or has this child."""
    if node not in tree.regions:
        node = tree.parent[node]
    return str(tree.regions[node]["name"])

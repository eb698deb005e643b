"""Definitions that are a little smaller than one, for the search of a small failure."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.oracle import Definition
from tests.oracle.tree import Tree, history_of
from tests.oracle.written import listed

_STATE_KEYS = ("on_enter", "on_exit", "timeout", "invoke", "description", "metadata")
_TRANSITION_KEYS = (
    *("guards", "actions", "priority", "region", "internal", "ref", "metadata"),
    *("after", "trigger"),
)


def smaller(definition: Definition) -> Iterator[Definition]:
    """Each without one thing; the largest things come first."""
    tree = Tree(definition)
    for node in sorted(tree.order, key=lambda n: -_size(tree, n)):
        if node != "*":
            yield without(definition, {node, *_below(tree, node)})
            inside = _below(tree, node)
            if inside and node in tree.states:
                yield without(definition, inside)
    yield from _shorter(definition, "transitions")
    for key in ("state_variables", "events"):
        if key in definition:
            yield {k: v for k, v in definition.items() if k != key}
            yield from _shorter(definition, key)
    for name, keys in (("transitions", _TRANSITION_KEYS), ("states", _STATE_KEYS)):
        for number, written in enumerate(definition.get(name, ())):
            for part in _simpler(written, keys):
                changed = list(definition[name])
                changed[number] = part
                yield {**definition, name: changed}
    for key in list(definition.get("meta", {})):
        meta = {k: v for k, v in definition["meta"].items() if k != key}
        yield {**definition, "meta": meta}


def without(definition: Definition, gone: set[str]) -> Definition:
    """Without these states and regions, and without what leads from or to them.

    What may be wrong then, such as a missing initial state, is the compiler's to say.
    """
    made = deepcopy(definition)
    states = []
    for state in made["states"]:
        if state["name"] in gone:
            continue
        if "regions" in state:
            state["regions"] = [
                {**region, "states": [s for s in region["states"] if s not in gone]}
                for region in state["regions"]
                if f"{state['name']}/{region['name']}" not in gone
            ]
            if not state["regions"]:
                del state["regions"]
                state.pop("type", None)
        if state.get("initial_child") in gone:
            del state["initial_child"]
        timeout = state.get("timeout")
        if timeout is not None and timeout["destination"] in gone:
            del state["timeout"]
        states.append(state)
    made["states"] = states
    kept = []
    for written in made.get("transitions", ()):
        sources = [s for s in listed(written["source"]) if s not in gone]
        dests = [d for d in listed(written.get("dest")) if _place(d) not in gone]
        if not sources or ("dest" in written and not dests):
            continue
        written["source"] = sources if len(sources) > 1 else sources[0]
        if "dest" in written:
            written["dest"] = dests if len(dests) > 1 else dests[0]
        kept.append(written)
    if "transitions" in made:
        made["transitions"] = kept
    return made


def _place(dest: str) -> str:
    past = history_of(dest)
    return dest if past is None else past[0]


def _below(tree: Tree, node: str) -> set[str]:
    return {other for other in tree.order if tree.is_below(other, node)}


def _size(tree: Tree, node: str) -> int:
    return len(_below(tree, node))


def _shorter(definition: Definition, name: str) -> Iterator[Definition]:
    """Without ever shorter runs of a list."""
    items = list(definition.get(name, ()))
    run = len(items) // 2
    while run:
        for at in range(0, len(items), run):
            yield {**definition, name: items[:at] + items[at + run :]}
        run //= 2
    if len(items) == 1:
        yield {key: value for key, value in definition.items() if key != name}


def _simpler(written: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """A state or a transition without a key, or with less behind one."""
    for key in keys:
        if key in written:
            yield {k: v for k, v in written.items() if k != key}
    for key in ("guards", "actions", "on_enter", "on_exit", "source", "invoke"):
        items = listed(written.get(key))
        for number, item in enumerate(items):
            if len(items) > 1:
                yield {**written, key: items[:number] + items[number + 1 :]}
            if key == "guards":
                for part in _parts(item):
                    changed = [*items[:number], part, *items[number + 1 :]]
                    yield {**written, key: changed}


def _parts(guard: Any) -> Iterator[Any]:
    """What a guard is made of, and what it is with one of its parts less or smaller."""
    if not isinstance(guard, dict):
        return
    for kind in ("allOf", "anyOf"):
        if kind in guard:
            yield from guard[kind]
            for number, part in enumerate(guard[kind]):
                for simpler in _parts(part):
                    changed = [*guard[kind]]
                    changed[number] = simpler
                    yield {kind: changed}
    if "not" in guard:
        yield guard["not"]
        for simpler in _parts(guard["not"]):
            yield {"not": simpler}

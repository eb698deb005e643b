"""Other names for states, regions and triggers."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.metamorphic.variation import Variation
from tests.oracle import Definition, Oracle
from tests.oracle.tree import history_of
from tests.oracle.written import listed


def states_renamed(rng: random.Random, definition: Definition) -> Variation:
    """The new names sort in another way than the old ones."""
    tree = Oracle(definition).tree
    numbers = rng.sample(range(100, 999), len(tree.order))
    names: dict[str, str] = {}
    for node, number in zip(tree.order, numbers, strict=True):
        if node in tree.states:
            names[node] = f"S{number}"
    for node, number in zip(tree.order, numbers, strict=True):
        if node in tree.regions:
            names[node] = f"{names[tree.parent[node]]}/r{number}"
    made = deepcopy(definition)
    for state in made["states"]:
        for region in state.get("regions", ()):
            node = f"{state['name']}/{region['name']}"
            region["name"] = names[node].partition("/")[2]
            region["states"] = [names[s] for s in region["states"]]
            if "initial" in region:
                region["initial"] = names[region["initial"]]
        for key in ("name", "parent", "initial_child"):
            if key in state:
                state[key] = names[state[key]]
        if "timeout" in state:
            state["timeout"]["destination"] = names[state["timeout"]["destination"]]
    for written in made.get("transitions", ()):
        if "region" in written:
            source = listed(written["source"])[0]
            written["region"] = names[tree.parent[source]].partition("/")[2]
        sources = [names.get(s, s) for s in listed(written["source"])]
        written["source"] = sources if len(sources) > 1 else sources[0]
        if "dest" in written:
            dests = [_dest(names, dest) for dest in listed(written["dest"])]
            written["dest"] = dests if len(dests) > 1 else dests[0]
        written.update(_asking(names, written))
    return Variation(made, names=names, other_guards=False)


def triggers_renamed(rng: random.Random, definition: Definition) -> Variation:
    oracle = Oracle(definition)
    known = sorted(oracle.triggers | set(oracle.payloads or ()))
    numbers = rng.sample(range(100, 999), len(known))
    normal = oracle.normal
    names = {
        trigger: str(normal(f"event{number}"))
        for trigger, number in zip(known, numbers, strict=True)
    }

    def new(trigger: str) -> str:
        return names.get(str(normal(trigger)), trigger)

    made = _raising(definition, new)
    for written in made.get("transitions", ()):
        if "trigger" in written:
            written["trigger"] = new(written["trigger"])
    for event in made.get("events", ()):
        event["name"] = new(event["name"])
    for state in made["states"]:
        for service in state.get("invoke", ()):
            for key in ("on_done", "on_error"):
                if key in service:
                    service[key] = new(service[key])
    return Variation(made, triggers=names)


def _dest(names: dict[str, str], dest: str) -> str:
    past = history_of(dest)
    if past is None:
        return names[dest]
    return f"H{'*' if past[1] else ''}({names[past[0]]})"


def _asking(names: dict[str, str], written: Any) -> dict[str, Any]:
    def renamed(guard: Any) -> Any:
        match guard:
            case list():
                return [renamed(g) for g in guard]
            case {"in_state": state}:
                return {"in_state": names[state]}
            case {"allOf": _} | {"anyOf": _} | {"not": _}:
                return {kind: renamed(inner) for kind, inner in guard.items()}
        return guard

    return {"guards": renamed(written["guards"])} if "guards" in written else {}


def _raising(definition: Definition, new: Callable[[str], str]) -> Definition:
    def renamed(action: Any) -> Any:
        match action:
            case list():
                return [renamed(a) for a in action]
            case {"raise": trigger}:
                return {"raise": new(trigger)}
        return action

    made = deepcopy(definition)
    for written in (*made["states"], *made.get("transitions", ())):
        for key in ("on_enter", "on_exit", "actions"):
            if key in written:
                written[key] = renamed(written[key])
    return made

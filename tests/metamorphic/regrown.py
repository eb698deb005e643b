"""Another tree of states that does the same."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

from tests.metamorphic.rewritten import sources_listed
from tests.metamorphic.variation import Variation, triggers_of
from tests.oracle import ROOT, Definition, Oracle
from tests.oracle.tree import Tree, history_of
from tests.oracle.written import listed

LAST = 100


def unreachable_added(rng: random.Random, definition: Definition) -> Variation:
    """A state with ways out and with a child, into which nothing leads."""
    oracle = Oracle(definition)
    made = deepcopy(definition)
    tree = oracle.tree
    homes = [n for n in tree.order if tree.children[n] and not tree.is_parallel(n)]
    home = rng.choice(homes)
    new: dict[str, Any] = {"name": "LOST", "on_enter": "notify", "on_exit": "notify"}
    if home in tree.regions:
        _region(made, tree, home)["states"].append("LOST")
    elif home != ROOT:
        new["parent"] = home
    inner = {"name": "LOST_INNER", "parent": "LOST", "type": "initial"}
    made["states"] += [new, inner]
    dests = [s for s in tree.states if tree.kind(s) != "choice"]
    ways: list[dict[str, Any]] = [
        {"trigger": trigger, "source": "LOST_INNER", "dest": rng.choice(dests)}
        for trigger in triggers_of(definition, oracle)
    ]
    # first in the document, which must not matter
    made["transitions"] = [*ways, *made.get("transitions", ())]
    return Variation(made)


def wrapped(rng: random.Random, definition: Definition) -> Variation | None:
    """A trivial compound state round one state."""
    tree = Oracle(definition).tree
    made = deepcopy(definition)
    written = {state["name"]: state for state in made["states"]}
    some = [s for s in tree.states if tree.kind(s) != "terminal"]
    # a terminal state completes what it is in, which would be another state
    name = rng.choice(some)
    state = written.get(name)
    if state is None:
        state = {"name": name}
        made["states"].append(state)
    parent = tree.parent[name]
    compound: dict[str, Any] = {"name": "AROUND", "initial_child": name}
    if parent in tree.regions:
        region = _region(made, tree, parent)
        region["states"] = ["AROUND" if s == name else s for s in region["states"]]
        if region.get("initial") == name:
            region["initial"] = "AROUND"
    elif parent != ROOT:
        compound["parent"] = parent
        if written[parent].get("initial_child") == name:
            written[parent]["initial_child"] = "AROUND"
    if state.get("type") == "initial":
        compound["type"] = "initial"
        del state["type"]
    state["parent"] = "AROUND"
    for transition in made.get("transitions", ()):
        if name in listed(transition["source"]):
            transition.pop("region", None)
    made["states"].insert(made["states"].index(state), compound)
    return Variation(made, added={name: frozenset({"AROUND"})}, around={name: "AROUND"})


def root_in_a_region(rng: random.Random, definition: Definition) -> Variation | None:
    """All of the machine in a region, an idle region beside it.

    Not where a transition belongs to the root, which the idle region would find too,
    and not where the machine can end, which it then could not.
    """
    tree = Oracle(definition).tree
    transitions = definition.get("transitions", ())
    if any(written["source"] == "*" for written in transitions):
        return None
    tops = tree.children[ROOT]
    if any(tree.kind(top) == "terminal" for top in tops):
        return None
    made = deepcopy(definition)
    regions = [
        {"name": "main", "initial": tree.default_child(ROOT), "states": tops},
        {"name": "spare", "initial": "IDLING", "states": ["IDLING"]},
    ]
    if rng.random() < 0.5:
        regions.reverse()
    for state in made["states"]:
        if state["name"] in tops and state.get("type") == "initial":
            del state["type"]
    outer = {"name": "EVERYTHING", "type": "initial", "initial_child": "BOTH"}
    both = {
        "name": "BOTH",
        "parent": "EVERYTHING",
        "type": "parallel",
        "regions": regions,
    }
    made["states"] = [outer, both, *made["states"]]
    always = {"EVERYTHING", "BOTH", "BOTH/main", "BOTH/spare", "IDLING"}
    return Variation(made, added={"*": frozenset(always)})


def idle_region_added(rng: random.Random, definition: Definition) -> Variation | None:
    """Where no transition belongs to the parallel state or to what is around it, which
    the idle region would find where the others have their own; and where its
    completion, which never comes then, is not listened to."""
    tree = Oracle(definition).tree
    sources = {
        s for t in definition.get("transitions", ()) for s in listed(t["source"])
    }
    sources |= {s["name"] for s in definition["states"] if "timeout" in s}
    fitting = [
        node
        for node in tree.states
        if tree.is_parallel(node) and not sources & {node, ROOT, *tree.ancestors(node)}
    ]
    if not fitting:
        return None
    parallel = rng.choice(fitting)
    made = deepcopy(definition)
    (state,) = (s for s in made["states"] if s["name"] == parallel)
    idle = {"name": "spare", "initial": "IDLING", "states": ["IDLING"]}
    state["regions"].insert(rng.randint(0, len(state["regions"])), idle)
    return Variation(made, added={parallel: frozenset({f"{parallel}/spare", "IDLING"})})


def copied_to_children(rng: random.Random, definition: Definition) -> Variation | None:
    """What a compound state has for a trigger, also as the last of each child.

    Only where all of it leads out of the state: a way to the inside of an external
    transition has another domain when it belongs to a child.
    """
    plain = sources_listed(rng, definition).definition
    tree = Oracle(plain).tree
    groups: dict[tuple[str, str], list[Any]] = {}
    for written in plain["transitions"]:
        if tree.is_compound(written["source"]):
            # a delay that can also be sent is tried among these
            key = "auto" if "auto" in written else written.get("trigger")
            if key is not None:
                groups.setdefault((written["source"], key), []).append(written)
    fitting = [
        (source, group)
        for (source, _), group in sorted(groups.items())
        if all("after" not in w and _leads_out(tree, source, w) for w in group)
    ]
    if not fitting:
        return None
    source, group = rng.choice(fitting)
    children = [
        c for c in tree.children[source] if tree.kind(c) not in ("terminal", "choice")
    ]
    copies = []
    for child in children:
        for written in group:
            copy = {k: v for k, v in written.items() if k != "region"}
            copies.append(
                {**copy, "source": child, "priority": written.get("priority", 0) + LAST}
            )
    if not copies:
        return None
    return Variation({**plain, "transitions": [*plain["transitions"], *copies]})


def _leads_out(tree: Tree, source: str, written: Any) -> bool:
    def is_inside(dest: str) -> bool:
        past = history_of(dest)
        place = dest if past is None else past[0]
        return tree.is_below(place, source) or (past is not None and place == source)

    return not any(is_inside(dest) for dest in listed(written.get("dest")))


def _region(definition: Definition, tree: Tree, node: str) -> Any:
    parallel, name = tree.parent[node], tree.regions[node]["name"]
    (state,) = (s for s in definition["states"] if s["name"] == parallel)
    (region,) = (r for r in state["regions"] if r["name"] == name)
    return region

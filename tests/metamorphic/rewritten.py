"""The same definition in other words."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from decimal import Decimal
from typing import Any

import yaml

from tests.metamorphic.variation import Variation
from tests.oracle import Definition, Oracle
from tests.oracle.written import listed, milliseconds

_ORDERED = ("set", "params", "metadata", "payload")


def keys_shuffled(rng: random.Random, definition: Definition) -> Variation:
    """Assignments of one `set` and the fields of a payload keep their order."""

    def shuffled(data: Any, name: str = "") -> Any:
        if isinstance(data, list):
            return [shuffled(item) for item in data]
        if not isinstance(data, dict) or name in _ORDERED:
            return data
        keys = list(data)
        rng.shuffle(keys)
        return {key: shuffled(data[key], key) for key in keys}

    return Variation(shuffled(definition))


def as_json(rng: random.Random, definition: Definition) -> Variation:
    indent = rng.choice((None, 2))
    text = json.dumps(definition, indent=indent, ensure_ascii=rng.random() < 0.5)
    return Variation(definition, text=text, path="machine.json")


def as_flow(rng: random.Random, definition: Definition) -> Variation:
    """YAML in one flow, quoted, under comments."""
    text = yaml.safe_dump(
        json.loads(json.dumps(definition)),
        default_flow_style=True,
        default_style=None,
        sort_keys=False,
        width=rng.choice((40, 100_000)),
    )
    return Variation(definition, text=f"# one flow\n---\n{text}# the end\n")


def spelled_out(rng: random.Random, definition: Definition) -> Variation:
    """All defaults are written, one thing is a list of one, names are mappings."""
    made = deepcopy(definition)
    made["meta"] = {"strict_mode": True, "validate_context": False, **made["meta"]}
    for state in made["states"]:
        for key in ("on_enter", "on_exit"):
            state[key] = [_mapping(action) for action in listed(state.get(key))]
            if not state[key]:
                del state[key]
    for written in made.get("transitions", ()):
        written.setdefault("priority", 0)
        written["internal"] = written.get("internal", False)
        written["source"] = listed(written["source"])
        if written["source"] == ["*"]:
            written["source"] = "*"
        if "dest" in written:
            written["dest"] = listed(written["dest"])
        for key in ("guards", "actions"):
            if key in written:
                written[key] = [_mapping(item) for item in listed(written[key])]
    return Variation(made)


def transitions_reordered(
    rng: random.Random, definition: Definition
) -> Variation | None:
    """Those of one source stay in order, which is all that order means."""
    if any(
        isinstance(written["source"], list)
        for written in definition.get("transitions", ())
    ):
        definition = sources_listed(rng, definition).definition
    groups: dict[str, list[Any]] = {}
    for written in definition.get("transitions", ()):
        groups.setdefault(written["source"], []).append(written)
    mixed = []
    while groups:
        source = rng.choice(sorted(groups))
        mixed.append(groups[source].pop(0))
        if not groups[source]:
            del groups[source]
    if len(mixed) < 2:
        return None
    return Variation({**definition, "transitions": mixed})


def sources_listed(rng: random.Random, definition: Definition) -> Variation:
    """A transition of several sources as one for each."""
    made = deepcopy(definition)
    made["transitions"] = [
        {**written, "source": source}
        for written in made.get("transitions", ())
        for source in listed(written["source"])
    ]
    return Variation(made)


def timeouts_as_delays(rng: random.Random, definition: Definition) -> Variation | None:
    made = deepcopy(definition)
    delays = []
    for state in made["states"]:
        if "timeout" in state:
            timeout = state.pop("timeout")
            delay = int(Decimal(str(timeout["seconds"])) * 1000)
            dest = timeout["destination"]
            delays.append({"after": delay, "source": state["name"], "dest": dest})
    if not delays:
        return None
    made["transitions"] = [*made.get("transitions", ()), *delays]
    return Variation(made)


def delays_scaled(rng: random.Random, definition: Definition) -> Variation | None:
    """All clocks go seven times as slow."""
    if not any(Oracle(definition).timers.values()):
        return None
    made = deepcopy(definition)
    for state in made["states"]:
        if "timeout" in state:
            state["timeout"]["seconds"] *= 7
    for written in made.get("transitions", ()):
        if "after" in written:
            written["after"] = milliseconds(written["after"]) * 7
    return Variation(made, slower=7)


def _mapping(item: Any) -> Any:
    return {"name": item} if isinstance(item, str) else item

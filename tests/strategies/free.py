"""Random machines without a plan: what leads where is left to chance.

Unlike those of `random_machine` they have states that are never entered, transitions
that are never taken, conflicts of all kinds, regions of choices only and eventless
cycles, for which the compiler may refuse them (`REFUSED`). No other error may be found.
"""

from __future__ import annotations

import random
from typing import Any

from tests.oracle import ROOT, Definition
from tests.oracle.tree import Tree

REFUSED = frozenset({"PS0313", "PS0403"})
TRIGGERS = ("a", "b", "c")
RAISED = ("x", "y", "a")
DEEPEST = 6


def free_machine(rng: random.Random) -> Definition:
    """3 to 12 states; half of the machines have guards."""
    while True:
        states = _states(rng)
        if states is not None:
            return _Writer(rng, states).definition()


def _states(rng: random.Random) -> list[dict[str, Any]] | None:
    """The tree alone; None if it has no state to begin with."""
    waiting = [f"S{number}" for number in range(rng.randint(3, 12))]
    states: dict[str, dict[str, Any]] = {}
    homes: dict[str, list[str]] = {ROOT: []}
    regions: dict[str, dict[str, Any]] = {}
    depth = {ROOT: 0}

    def add(name: str, home: str) -> None:
        states[name] = {"name": name}
        if home in regions:
            regions[home]["states"].append(name)
        elif home != ROOT:
            states[name]["parent"] = home
        homes[home].append(name)
        depth[name] = depth[home] + 1
        if depth[name] < DEEPEST:
            homes[name] = []

    while waiting:
        name = waiting.pop(0)
        add(name, rng.choice(list(homes)))
        if rng.random() < 0.3 and name in homes and len(waiting) >= 2:
            del homes[name]
            states[name] |= {"type": "parallel", "regions": []}
            for number in range(rng.choice((1, 2, 2, 3, 4))):
                if waiting:
                    region: dict[str, Any] = {"name": f"r{number}", "states": []}
                    states[name]["regions"].append(region)
                    node = f"{name}/r{number}"
                    regions[node], homes[node], depth[node] = region, [], depth[name]
                    add(waiting.pop(0), node)
    for home, children in homes.items():
        if home in regions:
            regions[home]["initial"] = rng.choice(children)
        elif home != ROOT and children:
            states[home]["initial_child"] = rng.choice(children)
    first = [name for name in homes[ROOT] if "regions" not in states[name]]
    if not first:
        return None
    states[rng.choice(first)]["type"] = "initial"
    for name, state in states.items():
        if not homes.get(name) and "type" not in state:
            kinds = ("terminal", "choice", "error", None, None, None, None, None)
            kind = rng.choice(kinds)
            if kind is not None:
                state["type"] = kind
    return list(states.values())


class _Writer:
    def __init__(self, rng: random.Random, states: list[dict[str, Any]]) -> None:
        self.rng = rng
        self.guarded = rng.random() < 0.5
        self.states = states
        self.tree = Tree({"states": states})
        self.names = [state["name"] for state in states]
        self.choices = self.tree.choices(self.names)
        ends = [n for n in self.names if self.tree.kind(n) == "terminal"]
        self.sources = [n for n in self.names if n not in (*ends, *self.choices)]
        self.homes = [n for n in self.sources if self.tree.children[n]]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def definition(self) -> Definition:
        for state in self.states:
            if state["name"] not in self.choices:
                for key, word in (("on_enter", "in"), ("on_exit", "out")):
                    if self.chance(0.5):
                        state[key] = [f"{word}_{state['name']}", *self.actions()]
        transitions = [self.transition() for _ in range(self.rng.randint(2, 14))]
        for choice in self.choices:
            transitions += self.ways_out(choice)
        return {"meta": {}, "states": self.states, "transitions": transitions}

    def transition(self) -> dict[str, Any]:
        rng = self.rng
        written: dict[str, Any] = {}
        source = rng.choice(self.sources)
        kind = rng.random()
        if kind < 0.12:
            written["auto"] = True
        elif kind < 0.22 and self.homes:
            written["done"] = True
            source = rng.choice(self.homes)
        elif kind < 0.28:
            written["after"] = rng.choice((5, 70, 900))
        else:
            written["trigger"] = rng.choice((*TRIGGERS, *RAISED))
        anywhere = "done" not in written and self.chance(0.07)
        written["source"] = ROOT if anywhere else source
        if self.chance(0.12):
            written |= {"internal": True, "actions": ["stay", *self.actions()]}
        else:
            written["dest"] = self.dest()
            if self.chance(0.15):
                written["internal"] = True
            written["actions"] = self.actions()
        if not written["actions"]:
            del written["actions"]
        return written | self.guards(0.4)

    def ways_out(self, choice: str) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = []
        for _ in range(self.rng.randint(0, 2)):
            way: dict[str, Any] = {"source": choice, "dest": self.dest()}
            if self.chance(0.5):
                way["auto"] = True
            else:
                way["trigger"] = self.rng.choice(TRIGGERS)
            way["guards"] = [self.guard()]
            ways.append(way)
        return [*ways, {"auto": True, "source": choice, "dest": self.dest()}]

    def dest(self) -> str | list[str]:
        rng = self.rng
        if self.homes and self.chance(0.12):
            return rng.choice(("H({})", "H*({})")).format(rng.choice(self.homes))
        parallels = [n for n in self.names if len(self.regions(n)) > 1]
        if parallels and self.chance(0.12):
            regions = self.regions(rng.choice(parallels))
            count = rng.randint(2, len(regions))
            return [d for r in rng.sample(regions, count) for d in self.fork_into(r)]
        return str(rng.choice(self.names))

    def regions(self, name: str) -> list[str]:
        return self.tree.children[name] if self.tree.is_parallel(name) else []

    def fork_into(self, region: str) -> list[str]:
        inside = [n for n in self.names if self.tree.is_below(n, region)]
        parallels = [n for n in inside if self.regions(n)]
        if parallels and self.chance(0.4):
            regions = self.regions(self.rng.choice(parallels))
            count = self.rng.randint(1, len(regions))
            some = self.rng.sample(regions, count)
            return [dest for inner in some for dest in self.fork_into(inner)]
        return [self.rng.choice(inside)]

    def actions(self) -> list[Any]:
        actions: list[Any] = []
        while self.chance(0.3):
            kind = self.rng.random()
            if kind < 0.35:
                actions.append({"raise": self.rng.choice(RAISED)})
            elif kind < 0.45 and self.guarded:
                actions.append({"increment": "count"})
            else:
                actions.append(f"act{self.rng.randint(0, 9)}")
        return actions

    def guards(self, probability: float) -> dict[str, Any]:
        if not self.guarded or not self.chance(probability):
            return {}
        return {"guards": [self.guard() for _ in range(self.rng.choice((1, 1, 2)))]}

    def guard(self) -> Any:
        inside: dict[str, Any] = {"in_state": self.rng.choice(self.sources)}
        if not self.guarded:
            return self.rng.choice((inside, {"not": inside}))
        some = ("g0", "g2", "g4", inside, {"not": inside}, {"expr": "count % 2 == 0"})
        first, second = self.rng.choice(some), self.rng.choice(some)
        both = ({"allOf": [first, second]}, {"anyOf": [first, second]})
        return self.rng.choice((first, first, first, *both))

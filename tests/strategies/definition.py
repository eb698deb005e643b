"""A random machine as YAML gives it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import yaml

from tests.oracle import ROOT, Data, Definition
from tests.strategies.features import Features
from tests.strategies.machine import Machine, Written
from tests.strategies.shape import State
from tests.strategies.vocabulary import PAYLOAD, SERVICES, VARIABLES


def random_machine(rng: random.Random, features: Features) -> Definition:
    """A definition without a fault, of 1 to 16 states at most five deep."""
    return _Writer(Machine(rng, features)).definition()


def dump_yaml(definition: Definition) -> str:
    """YAML text without aliases, that YAML 1.1 and 1.2 read alike."""
    plain = json.loads(json.dumps(definition))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=False, width=100_000)


class _Writer:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.shape = machine.shape
        self.rng = machine.rng
        self.has = machine.has
        self.chance = machine.chance
        self.acts = machine.words.acts

    def definition(self) -> Definition:
        definition: Definition = {"meta": self.meta(), "states": self.state_list()}
        definition["transitions"] = self.transition_list()
        if not definition["transitions"]:
            del definition["transitions"]
        if self.has.typed:
            definition["state_variables"] = [
                {"key": key, **spec}
                for key, spec in VARIABLES.items()
                if isinstance(spec, dict)
            ]
            used = {w.trigger for w in self.machine.written}
            known = [*self.machine.triggers, *self.machine.raised]
            known = [t for t in known if t in used]
            definition["events"] = [
                self.event(t) for t in known if t in self.machine.payloads
            ]
            if not definition["events"]:
                definition["events"] = [{"name": t} for t in known]
        return definition

    def meta(self) -> Data:
        meta: Data = {"machine_name": "random_machine", "version": "1.0.0"}
        if self.has.lenient and self.chance(0.3):
            meta["strict_mode"] = False
        if self.has.normalizer and self.chance(0.3):
            meta["event_normalizer"] = self.rng.choice(("lower", "upper"))
        return meta

    def event(self, trigger: str) -> Data:
        payload = {name: PAYLOAD[name] for name in self.machine.payloads[trigger]}
        return {"name": trigger, "payload": payload} if payload else {"name": trigger}

    def state_list(self) -> list[Data]:
        listed = list(self.shape.states)
        if self.has.shuffled_states:
            # Parents may stand after children; siblings keep their order.
            listed = list(self.interleaved(ROOT))
        written = [self.state(self.shape.states[name]) for name in listed]
        return [state for state in written if not self.is_said_by_region(state)]

    def interleaved(self, parent: str) -> Iterator[str]:
        children = self.shape.children[parent]
        waiting = [[c for c in children if c in self.shape.states]]
        waiting += [list(self.interleaved(c)) for c in children]
        while any(waiting):
            queue = self.rng.choice([q for q in waiting if q])
            yield queue.pop(0)

    def is_said_by_region(self, written: Data) -> bool:
        """If the state says nothing that its region does not, and goes without."""
        region = self.shape.states[str(written["name"])].parent in self.shape.regions
        return region and written.keys() <= {"name", "parent"} and self.chance(0.5)

    def state(self, state: State) -> Data:
        written: Data = {"name": state.name}
        shape, parent = self.shape, state.parent
        default = shape.initial[parent] == state.name and parent not in shape.naming
        if state.kind in ("parallel", "choice"):
            written["type"] = state.kind
        elif default:
            written["type"] = "initial"
        elif state.kind == "terminal":
            written["type"] = "terminal"
        elif self.chance(0.3):
            written["type"] = self.rng.choice(("stable", "error"))
        if parent in shape.regions:
            if self.chance(0.5):
                written["parent"] = shape.regions[parent]
        elif parent != ROOT:
            written["parent"] = parent
        if state.name in shape.naming:
            written["initial_child"] = shape.initial[state.name]
        if state.kind == "parallel":
            written["regions"] = [self.region(r) for r in shape.children[state.name]]
        if state.kind == "choice":
            return written
        for key in ("on_enter", "on_exit"):
            actions = self.acts()
            if actions:
                written[key] = self.one_or_list(actions)
        if state.timeout is not None:
            written["timeout"] = state.timeout
        if self.has.invoke and state.kind != "terminal" and self.chance(0.2):
            some = self.rng.sample(SERVICES, self.rng.choice((1, 1, 2)))
            written["invoke"] = [self.service(name) for name in some]
        if self.has.metadata and self.chance(0.2):
            written["description"] = f"the state that is called {state.name}"
        return written

    def region(self, node: str) -> Data:
        name = self.region_name(node)
        written: Data = {"name": name, "states": self.shape.children[node]}
        if node in self.shape.naming:
            written["initial"] = self.shape.initial[node]
        if self.has.metadata and self.chance(0.1):
            written["description"] = f"the region that is called {name}"
        return written

    def region_name(self, node: str) -> str:
        return node.removeprefix(f"{self.shape.regions[node]}/")

    def service(self, name: str) -> Data:
        written: Data = {"id": name, "src": f"services.{name}"}
        used = sorted({w.trigger for w in self.machine.written if w.trigger})
        for key in ("on_done", "on_error"):
            if used and self.chance(0.5):
                written[key] = self.rng.choice(used)
        return written

    def transition_list(self) -> list[Data]:
        """In any order, but what has no guard is tried last in its group."""
        self.rng.shuffle(self.machine.written)
        ranked: list[tuple[Written, int | None]] = []
        for w in self.machine.written:
            priority = None
            if self.has.priorities and (not w.guards or self.chance(0.4)):
                priority = self.rng.choice((-3, -1, 0, 1, 5)) if w.guards else 9
            ranked.append((w, priority))
        if not self.has.priorities:
            ranked.sort(key=lambda pair: not pair[0].guards)
        return [self.transition(w, priority) for w, priority in ranked]

    def transition(self, w: Written, priority: int | None) -> Data:
        written: Data = {}
        if w.trigger is not None:
            written["trigger"] = w.trigger
        if w.after is not None:
            written["after"] = w.after
        if w.auto:
            written["auto"] = True
        if w.done:
            written["done"] = True
        sources = ["*" if s == ROOT else s for s in w.sources]
        written["source"] = sources if len(sources) > 1 else sources[0]
        if w.dest is not None:
            written["dest"] = w.dest
        home = ROOT if ROOT in w.sources else self.shape.states[w.sources[0]].parent
        said = self.has.regions and home in self.shape.regions and len(sources) == 1
        if said and self.chance(0.2):
            written["region"] = self.region_name(home)
        if w.internal:
            written["internal"] = True
        if w.guards:
            written["guards"] = self.one_or_list(w.guards)
        actions = self.acts(w.trigger if w.after is None else None, 0.5)
        if not actions and w.dest is None:
            actions = ["notify"]
        if actions:
            written["actions"] = self.one_or_list(actions)
        if priority is not None:
            written["priority"] = priority
        if self.has.metadata and self.chance(0.2):
            written["ref"] = "chapter 3: what follows"
            written["metadata"] = {"set": "ignored", "level": 3}
        return written

    def one_or_list(self, items: list[object]) -> object:
        return items[0] if len(items) == 1 and self.chance(0.5) else items

"""A slow SCXML processor, after appendix D of the recommendation.

It knows nothing of pystator's namespace but `<pystator:action>`, which it takes for an
action of the platform, so it does with our documents what other programs do.
Expressions are evaluated on the tree of `ecma`; a call of a name is a question to the
caller.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from pystator.compiler.interchange import ecma

NS = "{http://www.w3.org/2005/07/scxml}"
OURS = "{urn:pystator:scxml}"
STATES = ("state", "parallel", "final")
BOUND = 200


class Processor:
    """One session. `done` has the names of the actions of the last macrostep."""

    def __init__(self, text: str, ask: Callable[[str], bool]) -> None:
        self.root = ET.fromstring(text)
        self.ask = ask
        self.parent = {child: e for e in self.root.iter() for child in e}
        self.order = {element: n for n, element in enumerate(self.root.iter())}
        self.ids = {e.get("id"): e for e in self.root.iter() if tag(e) in NAMED}
        self.active: set[ET.Element] = set()
        self.records: dict[ET.Element, list[ET.Element]] = {}
        self.queue: deque[tuple[str, dict[str, object]]] = deque()
        self.event: tuple[str, dict[str, object]] = ("", {})
        self.data: dict[str, Any] = {}
        self.done: list[str] = []
        self.running = True
        for data in self.root.iter(f"{NS}data"):
            self.data[data.get("id", "")] = self.value(data.get("expr", "null"))

    def start(self) -> None:
        self.done = []
        initial = self.initial(self.root)
        self.enter([(self.root, initial)])
        self.settle()

    def send(self, name: str, data: dict[str, object]) -> None:
        """An external event, and all that follows."""
        self.done = []
        if not self.running:
            return
        self.event = (name, data)
        self.microstep(self.select(name))
        self.settle()

    def timer(self, id: str, number: int) -> str:
        """The event of the n-th delay that a state starts."""
        sends = [s for e in self.ids[id].findall(f"{NS}onentry") for s in e]
        return [s.get("event", "") for s in sends if s.get("delay")][number]

    def leaves(self) -> frozenset[str]:
        return frozenset(s.get("id", "") for s in self.active if not states(s))

    def settle(self) -> None:
        for _ in range(BOUND):
            if not self.running:
                return
            chosen = self.select(None)
            if not chosen:
                if not self.queue:
                    return
                self.event = self.queue.popleft()
                chosen = self.select(self.event[0])
            self.microstep(chosen)
        raise AssertionError("the document does not come to rest")

    def select(self, event: str | None) -> list[ET.Element]:
        enabled: list[ET.Element] = []
        for leaf in self.sorted(s for s in self.active if not states(s)):
            for state in (leaf, *self.ancestors(leaf)):
                found = [t for t in kids(state, "transition") if self.takes(t, event)]
                if found:
                    if found[0] not in enabled:
                        enabled.append(found[0])
                    break
        kept: list[ET.Element] = []
        for one in enabled:
            rivals = [r for r in kept if self.exits(one) & self.exits(r)]
            source = self.parent[one]
            if all(self.is_below(source, self.parent[r]) for r in rivals):
                kept = [r for r in kept if r not in rivals] + [one]
        return kept

    def takes(self, transition: ET.Element, event: str | None) -> bool:
        descriptors = transition.get("event", "").split()
        if (event is None) != (not descriptors):
            return False
        if event is not None and not any(matches(d, event) for d in descriptors):
            return False
        return self.value(transition.get("cond") or "true") is True

    def microstep(self, chosen: list[ET.Element]) -> None:
        exits = {s for t in chosen for s in self.exits(t)}
        for state in exits:
            for history in kids(state, "history"):
                below = [s for s in self.active if self.is_below(s, state)]
                deep = history.get("type") == "deep"
                self.records[history] = [
                    s
                    for s in below
                    if (not states(s) if deep else self.parent[s] is state)
                ]
        for state in reversed(self.sorted(exits)):
            for block in kids(state, "onexit"):
                self.execute(block)
            self.active.discard(state)
        plans = []
        for transition in chosen:
            targets = self.targets(transition)
            if targets:
                domain = self.domain(transition)
                plans.append((domain, [self.ids[t] for t in ids_of(transition)]))
        for transition in chosen:
            self.execute(transition)
        self.enter(plans)

    def exits(self, transition: ET.Element) -> set[ET.Element]:
        if not ids_of(transition):
            return set()
        domain = self.domain(transition)
        return {s for s in self.active if self.is_below(s, domain)}

    def domain(self, transition: ET.Element) -> ET.Element:
        source, targets = self.parent[transition], self.targets(transition)
        below = all(self.is_below(t, source) for t in targets)
        if transition.get("type") == "internal" and below and is_compound(source):
            return source
        for around in self.ancestors(source, whole=True):
            holds = all(self.is_below(target, around) for target in targets)
            if holds and (around is self.root or is_compound(around)):
                return around
        raise AssertionError("the document has everything below it")

    def targets(self, transition: ET.Element) -> list[ET.Element]:
        """With what histories stand for."""
        found = []
        for id in ids_of(transition):
            target = self.ids[id]
            if tag(target) != "history":
                found.append(target)
            elif target in self.records:
                found += self.records[target]
            else:
                found += self.targets(kids(target, "transition")[0])
        return found

    def enter(self, plans: list[tuple[ET.Element, list[ET.Element]]]) -> None:
        entry: set[ET.Element] = set()
        content: dict[ET.Element, list[ET.Element]] = {}

        def down(state: ET.Element) -> None:
            if tag(state) == "history":
                found = self.records.get(state)
                if found is None:
                    (default,) = kids(state, "transition")
                    found = [self.ids[t] for t in ids_of(default)]
                    content.setdefault(self.parent[state], []).append(default)
                for each in found:
                    down(each)
                for each in found:
                    up(each, self.parent[state])
                return
            entry.add(state)
            if is_compound(state):
                initial = self.initial(state)
                for block in kids(state, "initial"):
                    content.setdefault(state, []).extend(kids(block, "transition"))
                for each in initial:
                    down(each)
                for each in initial:
                    up(each, state)
            elif tag(state) == "parallel":
                regions(state)

        def regions(state: ET.Element) -> None:
            for child in states(state):
                if not any(s is child or self.is_below(s, child) for s in entry):
                    down(child)

        def up(state: ET.Element, limit: ET.Element) -> None:
            for around in self.ancestors(state):
                if around is limit:
                    return
                entry.add(around)
                if tag(around) == "parallel":
                    regions(around)

        for _, targets in plans:
            for target in targets:
                down(target)
        for domain, targets in plans:
            for target in targets:
                if tag(target) != "history":
                    up(target, domain)
                else:
                    up(self.parent[target], domain)
                    if self.parent[target] is not domain:
                        entry.add(self.parent[target])
                        if tag(self.parent[target]) == "parallel":
                            regions(self.parent[target])
        for state in self.sorted(entry):
            self.active.add(state)
            for block in kids(state, "onentry"):
                self.execute(block)
            for block in content.get(state, ()):
                self.execute(block)
            if tag(state) == "final":
                self.complete(state)

    def complete(self, final: ET.Element) -> None:
        parent = self.parent[final]
        if parent is self.root:
            self.running = False
            return
        self.queue.append((f"done.state.{parent.get('id')}", {}))
        around = self.parent[parent]
        if tag(around) == "parallel" and all(map(self.is_final, states(around))):
            self.queue.append((f"done.state.{around.get('id')}", {}))

    def is_final(self, state: ET.Element) -> bool:
        if tag(state) == "parallel":
            return all(map(self.is_final, states(state)))
        return any(tag(c) == "final" and c in self.active for c in states(state))

    def execute(self, block: ET.Element) -> None:
        for element in block:
            if element.tag == f"{OURS}action":
                self.done.append(element.get("name", ""))
            elif tag(element) == "raise" or element.get("target") == "#_internal":
                self.queue.append((element.get("event", ""), {}))
            elif tag(element) == "assign":
                value = self.value(element.get("expr", ""))
                self.data[element.get("location", "")] = value
            elif tag(element) == "script":
                self.done.append((element.text or "").strip().removesuffix("()"))
            else:
                # delays are the test's to run, and so is their end
                assert tag(element) in ("send", "cancel"), element.tag

    def value(self, text: str) -> Any:
        return self.evaluate(ecma.parse_ecma(text))

    def evaluate(self, js: ecma.Js) -> Any:
        match js:
            case ecma.Lit(value):
                return value
            case ecma.Array(items):
                return [self.evaluate(item) for item in items]
            case ecma.Ident(name):
                return self.data[name]
            case ecma.Member(ecma.Ident("_event"), "name"):
                return self.event[0]
            case ecma.Member(ecma.Member(ecma.Ident("_event"), "data"), key):
                return self.event[1].get(key)
            case ecma.Member(owner, "length"):
                return len(self.evaluate(owner))
            case ecma.Unary("!", operand):
                return not self.evaluate(operand)
            case ecma.Unary(_, operand):
                return -self.evaluate(operand)
            case ecma.Binary("&&", left, right):
                return self.evaluate(left) and self.evaluate(right)
            case ecma.Binary("||", left, right):
                return self.evaluate(left) or self.evaluate(right)
            case ecma.Binary(op, left, right):
                return OPERATORS[op](self.evaluate(left), self.evaluate(right))
            case ecma.Conditional(test, then, otherwise):
                return self.evaluate(then if self.evaluate(test) else otherwise)
            case ecma.Call(ecma.Ident("In"), (ecma.Lit(str() as id),)):
                return self.ids[id] in self.active
            case ecma.Call(ecma.Ident("guard"), (ecma.Lit(str() as name), *_)):
                return self.ask(name)
            case ecma.Call(ecma.Ident(name), _):
                return self.ask(name)
        raise AssertionError(f"not evaluated here: {js}")

    def initial(self, state: ET.Element) -> list[ET.Element]:
        if state.get("initial"):
            return [self.ids[id] for id in state.get("initial", "").split()]
        for block in kids(state, "initial"):
            return [self.ids[id] for id in ids_of(kids(block, "transition")[0])]
        return states(state)[:1]

    def ancestors(self, state: ET.Element, whole: bool = False) -> Iterator[ET.Element]:
        while state is not self.root:
            state = self.parent[state]
            if state is not self.root or whole:
                yield state

    def is_below(self, state: ET.Element, other: ET.Element) -> bool:
        return any(around is other for around in self.ancestors(state, whole=True))

    def sorted(self, elements: Any) -> list[ET.Element]:
        return sorted(elements, key=self.order.__getitem__)


NAMED = (*STATES, "history")
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "===": lambda x, y: x == y,
    "==": lambda x, y: x == y,
    "!==": lambda x, y: x != y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
}


def tag(element: ET.Element) -> str:
    return element.tag.removeprefix(NS)


def kids(element: ET.Element, name: str) -> list[ET.Element]:
    return element.findall(f"{NS}{name}")


def states(element: ET.Element) -> list[ET.Element]:
    return [child for child in element if tag(child) in STATES]


def is_compound(element: ET.Element) -> bool:
    return tag(element) == "state" and bool(states(element))


def ids_of(transition: ET.Element) -> list[str]:
    return transition.get("target", "").split()


def matches(descriptor: str, event: str) -> bool:
    stem = re.sub(r"\.?\*$|\.$", "", descriptor)
    return descriptor == "*" or event == stem or event.startswith(f"{stem}.")

"""SCXML (W3C, 2015) -> Chart.

What `pystator graph --format scxml` writes in our namespace is understood here, so that
its documents come back as they were.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.words import is_element
from pystator.compiler.interchange.chart import (
    Chart,
    Initial,
    Json,
    Kind,
    Move,
    Node,
)
from pystator.compiler.interchange.content import Content
from pystator.compiler.interchange.data import (
    STRING,
    Assigned,
    field_types,
    settle_numbers,
    type_of,
    variable,
)
from pystator.compiler.interchange.descriptors import Known, is_pattern
from pystator.compiler.interchange.ecma import EcmaError, Js, constant_of, parse_ecma
from pystator.compiler.interchange.expressions import BOOLEAN, Names
from pystator.compiler.interchange.guards import NAME, Conditions, Never
from pystator.compiler.interchange.naming import Naming
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.timers import Timers, find_timers
from pystator.compiler.interchange.xml_text import Element, read_xml
from pystator.compiler.ir.types import Kind as TypeKind
from pystator.compiler.ir.types import Type

DONE: Final = "done.state."
MOVE_LIMIT: Final = 50_000
_KINDS: Final = {
    "state": Kind.STATE,
    "parallel": Kind.PARALLEL,
    "final": Kind.FINAL,
    "history": Kind.HISTORY,
}
_PARTS: Final = frozenset(
    (*_KINDS, "transition", "onentry", "onexit", "initial", "invoke", "datamodel")
)
_READABLE: Final = ("", "ecmascript", "null")
_ANY: Final = Type(TypeKind.DYNAMIC)


def read_scxml(data: bytes, path: str, notes: Notes) -> Chart:
    """Raises ImportFault."""
    root = read_xml(data, path, notes)
    if root.name != "scxml":
        raise notes.refuse(
            root.span, f"the root element is `<{root.name}>`, not `<scxml>`"
        )
    return _Reader(root, notes).chart()


class _Reader:
    def __init__(self, root: Element, notes: Notes) -> None:
        self.element = root
        self.notes = notes
        self.ours = "pystator:format" in root.attributes
        self.readable = root.get("datamodel") in _READABLE
        self.state_names = Naming("state", notes)
        self.event_names = Naming("event", notes)
        self.aliases = self._aliases() if self.ours else frozenset()
        self.triggers = self._triggers_renamed()
        self.nodes: dict[str, Node] = {}
        self.events: dict[str, str] = {}
        self.known = Known(self.events)
        self.written = 0
        self.seen: set[str] = set()
        self.root = Node("", Kind.STATE, root.span)
        self.places: list[tuple[Node, Element]] = [(self.root, root)]
        self._add_nodes(root, self.root)
        self.timers: Timers = find_timers(self.places)
        self._find_events()
        self.types: dict[str, Type] = {}
        self.payloads: dict[str, dict[str, Type]] = {}
        self.names = Names(self.types, self.payloads, self.ours)
        if self.ours:
            self.variables, self.declared = self._declared()
        else:
            self.variables = self._variables()
            self.declared = self._events()
        self.conditions = Conditions(
            self.names, notes, lambda id: self._known(id), self.readable
        )
        self.content = Content(
            self.names, notes, self._event, self.timers.skipped, self.readable
        )

    def chart(self) -> Chart:
        for node, element in self.places:
            self._fill(node, element)
        meta: dict[str, Json] = {}
        name = self.element.attributes.get("name", "")
        if name:
            meta["machine_name"] = name
        for key in ("version", "description"):
            text = self.element.attributes.get(f"pystator:{key}", "")
            if text:
                meta[key] = text
        normalizer = self.element.get("pystator:normalizer")
        if normalizer in ("lower", "upper"):
            meta["event_normalizer"] = normalizer
        if not (self.ours and self.element.get("pystator:strict") == "true"):
            # an event that nothing takes is dropped in SCXML, and no fault
            meta["strict_mode"] = False
        return Chart(self.root, meta, self.variables, self.declared)

    # -- states ------------------------------------------------------------------

    def _add_nodes(self, element: Element, parent: Node) -> None:
        for child in element.named(*_KINDS):
            kind = _KINDS[child.name]
            if child.get("pystator:kind") == "choice":
                kind = Kind.CHOICE
            id = child.get("id")
            wanted = (
                child.get("pystator:name")
                or id
                or f"{parent.name or 'top'}_{child.name}"
            )
            region = child.get("pystator:region")
            if id and id in self.nodes:
                raise self.notes.refuse(
                    child.span, f"two states have the id {quoted(id)}"
                )
            if kind is Kind.HISTORY or region:
                name = f"{id or wanted}\n"  # names of no state, and never met with one
            elif id:
                name = self.state_names.name(wanted, child.span)
            else:
                name = self.state_names.free(wanted)
                self.notes.renamed(
                    child.span, f"a state without id became {quoted(name)}"
                )
            node = Node(name, kind, child.span, parent, region=region)
            node.deep = child.get("type") == "deep"
            for key in ("description", "group"):
                if f"pystator:{key}" in child.attributes:
                    node.data[key] = child.attributes[f"pystator:{key}"]
            if child.get("pystator:type"):
                node.data["type"] = child.get("pystator:type")
            if child.get("pystator:of"):
                node.data["of"] = child.get("pystator:of")
            if id:
                self.nodes[id] = node
            parent.children.append(node)
            self.places.append((node, child))
            self._add_nodes(child, node)

    def _known(self, id: str) -> str | None:
        node = self.nodes.get(id)
        return None if node is None else node.name

    # -- events ------------------------------------------------------------------

    def _find_events(self) -> None:
        """All that are named, in the order of the document, and the completions."""
        for _, element in self.places:
            for part in _inside(element):
                spans = part.span
                names = [part.get("event")] if part.name in ("raise", "send") else []
                if part.name == "transition":
                    descriptors = part.get("event").split()
                    names = [d for d in descriptors if not is_pattern(d)]
                    names += part.get("pystator:trigger").split()
                for name in names:
                    name = name.removesuffix(".")
                    if name and name not in self.timers.synthetic | self.aliases:
                        self._event(name, part, spans)
        ids = {node: id for id, node in self.nodes.items()}
        for node, _ in self.places[1:]:
            if any(child.kind is Kind.FINAL for child in node.children) or (
                node.kind is Kind.PARALLEL
            ):
                id = ids.get(node, "")
                if id:
                    self.events.setdefault(f"{DONE}{id}", f"{DONE}{node.name.strip()}")

    def _event(self, name: str, element: Element, span: Span | None = None) -> str:
        if name not in self.events:
            if name.startswith(DONE) and name.removeprefix(DONE) in self.nodes:
                node = self.nodes[name.removeprefix(DONE)]
                self.events[name] = f"{DONE}{node.name.strip()}"
            elif name in self.triggers:
                self.events[name] = self.triggers[name]
            else:
                self.events[name] = self.event_names.name(name, span or element.span)
        return self.events[name]

    # -- data --------------------------------------------------------------------

    def _variables(self) -> list[Json] | None:
        found: list[tuple[str, object, bool]] = []
        for node, element in self.places:
            for model in element.named("datamodel"):
                if node is not self.root and self.element.get("binding") == "late":
                    self.notes.differs(
                        model.span,
                        "late binding: its variables have their values at once",
                    )
                for data in model.named("data"):
                    self._data(data, found)
        assigned = self._assigned()
        untyped = {key for key, *_ in found} - self.types.keys()
        for key, js, _ in assigned:
            if key not in untyped or key in self.types:
                continue
            for _, type in _literal_types(js):
                self.types[key] = replace(type, optional=True)
        for key, value, given in found:
            if key not in self.types:
                guess = type_of(value) if given else None
                self.types[key] = guess or replace(STRING, optional=True)
        self._infer_payloads(assigned)
        settle_numbers(self.types, assigned, self.names)
        entries: list[Json] = []
        for key, value, given in found:
            entries.append(variable(key, value, given, self.types[key]))
        return entries or None

    def _data(self, data: Element, found: list[tuple[str, object, bool]]) -> None:
        key = data.get("id")
        if not is_element(key):
            self.notes.lost(
                data.span, f"the variable {quoted(key)}, whose name is none here"
            )
            return
        if key in self.seen:
            self.notes.lost(data.span, f"a second variable {quoted(key)}")
            return
        self.seen.add(key)
        text = data.attributes.get("expr", "").strip() or data.text
        value: object = None
        given = False
        if data.get("src"):
            self.notes.lost(
                data.span, f"the value of {quoted(key)}, which is elsewhere"
            )
        elif text:
            try:
                value = constant_of(parse_ecma(text))
                given = True
            except EcmaError:
                message = (
                    f"the value of {quoted(key)}, which is no literal: {quoted(text)}"
                )
                self.notes.lost(data.span, message)
        type = type_of(value) if given else None
        if type is not None:
            self.types[key] = type
        found.append((key, value, given))

    def _assigned(self) -> list[Assigned]:
        found: list[Assigned] = []
        for _, element in self.places:
            for part in element.named("onentry", "onexit", "transition", "initial"):
                triggers: list[str | None] = [None]
                if part.name == "transition" and part.get("event"):
                    triggers = [*self._triggers(part)]
                for assign in _inside(part):
                    if assign.name == "assign":
                        js = _parsed(assign.get("expr"))
                        if js is not None:
                            found += ((assign.get("location"), js, t) for t in triggers)
        return found

    def _triggers(self, transition: Element) -> list[str]:
        events = self._matched(transition)
        return [self.events[event] for event in events if event in self.events]

    def _infer_payloads(self, assigned: list[Assigned]) -> None:
        uses: dict[str, dict[str, set[Type]]] = {}
        for _, element in self.places:
            for part in element.named("transition"):
                js = _parsed(part.get("cond"))
                if js is None:
                    continue
                for trigger in self._triggers(part):
                    for field, type in field_types(js, self.names, BOOLEAN):
                        uses.setdefault(trigger, {}).setdefault(field, set()).add(type)
        for key, js, of in assigned:
            if of is not None:
                for field, type in field_types(js, self.names, self.types.get(key)):
                    type = replace(type, optional=False)
                    uses.setdefault(of, {}).setdefault(field, set()).add(type)
        raised = {
            self.events.get(part.get("event"))
            for _, element in self.places
            for part in _inside(element)
            if part.name in ("raise", "send")
        }
        for trigger, fields in uses.items():
            for field, types in fields.items():
                if len(types) > 1 or field in self.types or not is_element(field):
                    continue  # the payload would be merged into the variable
                type = replace(types.pop(), optional=trigger in raised)
                self.payloads.setdefault(trigger, {})[field] = type
            if self.payloads.get(trigger):
                told = ", ".join(f"{f}: {t}" for f, t in self.payloads[trigger].items())
                self.notes.differs(
                    self.element.span,
                    f"the event {quoted(trigger)} has the payload {quoted(told)}",
                    "the types are those of what the fields are compared with",
                )

    def _events(self) -> list[Json] | None:
        if not self.types and not self.payloads:
            return None
        entries: list[Json] = []
        for name, event in self.events.items():
            if name.startswith((DONE, "done.invoke.", "error.")):
                continue
            entry: dict[str, Json] = {"name": event}
            if self.payloads.get(event):
                entry["payload"] = {
                    field: str(type) for field, type in self.payloads[event].items()
                }
            entries.append(entry)
        return entries

    # -- our own documents ---------------------------------------------------------

    def _declared(self) -> tuple[list[Json] | None, list[Json] | None]:
        """Variables and events, word by word as they were."""
        events: list[Json] | None = None
        for element in self.element.named("pystator:events"):
            found = _json(element.text, [])
            events = found if isinstance(found, list) else []
        for event in events or ():
            match event:
                case {"name": str() as name, "payload": dict() as payload}:
                    self.payloads[name] = dict.fromkeys(payload, _ANY)
        if self.element.get("pystator:context") == "dynamic":
            self.names = Names(None, self.payloads, trusted=True)
            return None, events
        variables: list[Json] = []
        for model in self.element.named("datamodel"):
            for data in model.named("data"):
                entry = _json(data.attributes.get("pystator:variable", ""), None)
                if isinstance(entry, dict) and "key" in entry:
                    variables.append(entry)
                    self.types[str(entry["key"])] = _ANY
        return variables, events

    def _aliases(self) -> frozenset[str]:
        """The events of services that are called otherwise in the definition."""
        return frozenset(
            f"done.invoke.{part.get('id')}"
            for part in _everything(self.element)
            if part.name == "invoke" and part.get("pystator:on-done")
        ) - frozenset(
            part.get("pystator:on-done") for part in _everything(self.element)
        )

    def _triggers_renamed(self) -> dict[str, str]:
        for element in self.element.named("pystator:triggers"):
            found = _json(element.text, {})
            if isinstance(found, dict) and self.ours:
                return {key: str(value) for key, value in found.items()}
        return {}

    # -- behaviour ---------------------------------------------------------------

    def _fill(self, node: Node, element: Element) -> None:
        for child in element.children:
            if child.name not in _PARTS and not child.name.startswith("pystator:"):
                if child.name == "script" and node is self.root:
                    self.notes.lost(child.span, "a script of the document")
                else:
                    self.notes.lost(child.span, f"`<{child.name}>`")
        if node.kind is Kind.HISTORY:
            self._fill_history(node, element)
            return
        for part in element.named("onentry"):
            node.enter += self.content.actions(part.children, None)
        for part in element.named("onexit"):
            node.exit += self.content.actions(part.children, None)
        self._fill_initial(node, element)
        for part in element.named("invoke"):
            self._service(node, part)
        for part in element.named("transition"):
            self._moves(node, part)

    def _fill_history(self, node: Node, element: Element) -> None:
        for part in element.named("transition"):
            targets = self._targets(part)
            actions = self.content.actions(part.children, None)
            node.initial = Initial(targets, actions, part.span)

    def _fill_initial(self, node: Node, element: Element) -> None:
        written = element.get("initial")
        if written:
            node.initial = Initial(self._ids(written, element.span), [], element.span)
        for part in element.named("initial"):
            for transition in part.named("transition"):
                actions = self.content.actions(transition.children, None)
                targets = self._targets(transition)
                node.initial = Initial(targets, actions, transition.span)

    def _ids(self, text: str, span: Span) -> tuple[str, ...]:
        found: list[str] = []
        for id in text.split():
            if id in self.nodes:
                found.append(self.nodes[id].name)
            else:
                raise self.notes.refuse(span, f"no state has the id {quoted(id)}")
        return tuple(found)

    def _targets(self, element: Element) -> tuple[str, ...]:
        return self._ids(element.get("target"), element.span)

    def _service(self, node: Node, element: Element) -> None:
        for child in element.children:
            self.notes.lost(child.span, f"`<{child.name}>` of a service")
        id = element.get("pystator:id") or element.get("id")
        if not NAME.fullmatch(id):
            fitted = f"service_{len(node.services) + 1}"
            self.notes.renamed(element.span, f"a service became {quoted(fitted)}")
            id = fitted
        src = element.attributes.get("src") or element.get("srcexpr")
        if not src:
            src = element.get("type") or id
        elif element.get("type"):
            self.notes.lost(element.span, f"the type {quoted(element.get('type'))}")
        service: dict[str, Json] = {"id": id, "src": src}
        done = self._service_event(element, "done", f"done.invoke.{element.get('id')}")
        error = self._service_event(
            element, "error", f"error.invoke.{element.get('id')}"
        )
        if done:
            service["on_done"] = done
        if error:
            service["on_error"] = error
        node.services.append(service)

    def _service_event(self, element: Element, which: str, usual: str) -> str:
        own = element.get(f"pystator:on-{which}")
        if own or self.ours:
            return own
        return self.events.get(usual, "")

    def _matched(self, element: Element) -> list[str]:
        """The events of the chart that set the transition off."""
        descriptors = [
            descriptor
            for descriptor in element.get("event").split()
            if descriptor not in self.timers.synthetic
            and descriptor not in self.aliases
        ]
        return self.known.expanded(descriptors, by_prefix=True)

    def _moves(self, node: Node, element: Element) -> None:
        if node is self.root:
            self.notes.lost(element.span, "a transition of the document itself")
            return
        targets = self._targets(element)
        base = Move(element.span, targets=targets)
        base.internal = element.get("type") == "internal" or not targets
        base.anywhere = element.get("pystator:source") == "*"
        for key in ("description", "ref"):
            text = element.attributes.get(f"pystator:{key}", "")
            if text:
                base.data[key] = text
        if element.attributes.get("pystator:refs"):
            base.data["refs"] = _json(element.attributes["pystator:refs"], [])
        delayed = self.timers.delayed.get(id(element))
        events = self._matched(element)
        if element.get("pystator:trigger"):
            events = [element.get("pystator:trigger")]
        self._tell_patterns(element, events)
        if delayed is not None and delayed.event in events:
            # its own name first: the delay goes with it
            events.remove(delayed.event)
            events.insert(0, delayed.event)
        if not element.get("event") and not element.get("pystator:trigger"):
            self._move(node, element, base, "", None, "")
        for number, event in enumerate(events):
            move = base
            if delayed is not None and number == 0:
                move = replace(base, delay_ms=delayed.delay_ms)
            name = self._event(event, element)
            of = event.removeprefix(DONE) if event.startswith(DONE) else ""
            if of in self.nodes:
                done = replace(move, done_of=self.nodes[of].name)
                self._move(node, element, done, event, None, "")
            else:
                both = self.ours and move.delay_ms > 0
                self._move(node, element, move, event, None if both else name, name)
        if delayed is not None and not events:
            move = replace(base, delay_ms=delayed.delay_ms)
            move.timeout = element.get("pystator:timeout") == "true"
            self._move(node, element, move, delayed.timer, "", "")

    def _move(
        self,
        node: Node,
        element: Element,
        base: Move,
        event: str,
        payload: str | None,
        trigger: str,
    ) -> None:
        try:
            text = element.get("cond")
            guards = self.conditions.guards(text, payload, event, element.span)
        except Never:
            return
        children = [c for c in element.children if c.get("pystator:merge") != "true"]
        actions = self.content.actions(children, payload)
        self.written += 1
        if self.written > MOVE_LIMIT:
            message = f"more than {MOVE_LIMIT} transitions, one for each event"
            raise self.notes.refuse(element.span, message)
        node.moves.append(
            replace(base, trigger=trigger, guards=guards, actions=actions)
        )

    def _tell_patterns(self, element: Element, events: list[str]) -> None:
        descriptors = element.get("event").split()
        written = {descriptor.removesuffix(".") for descriptor in descriptors}
        more = [quoted(event) for event in events if event not in written]
        if any(map(is_pattern, descriptors)) or (more and not self.ours):
            told = ", ".join(more) if more else "none that the document names"
            self.notes.differs(
                element.span,
                f"{quoted(element.get('event'))} matches a pattern of events",
                f"it became a transition for each that the document names: {told}",
            )


def _inside(element: Element) -> list[Element]:
    """All elements inside in order, without those of other states."""
    found: list[Element] = []
    pending = list(reversed(element.children))
    while pending:
        child = pending.pop()
        if child.name not in _KINDS:
            found.append(child)
            pending.extend(reversed(child.children))
    return found


def _parsed(text: str) -> Js | None:
    try:
        return parse_ecma(text) if text else None
    except EcmaError:
        return None


def _literal_types(js: Js) -> list[tuple[str, Type]]:
    try:
        type = type_of(constant_of(js))
    except EcmaError:
        return []
    return [] if type is None else [("", type)]


def _json(text: str, otherwise: Json) -> Json:
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return otherwise
    return found


def _everything(element: Element) -> list[Element]:
    found = [element]
    for each in found:
        found.extend(each.children)
    return found

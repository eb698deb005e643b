"""SCXML (W3C, 2015) -> Chart.

What `pystator graph --format scxml` writes in our namespace is understood here, so that
its documents come back as they were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import (
    Chart,
    Initial,
    Json,
    Kind,
    Move,
    Node,
)
from pystator.compiler.interchange.content import Content
from pystator.compiler.interchange.descriptors import is_pattern
from pystator.compiler.interchange.guards import NAME, Conditions, Never
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.scxml_data import DataModel
from pystator.compiler.interchange.scxml_outline import DONE, Outline
from pystator.compiler.interchange.xml_text import Element, json_of, read_xml

MOVE_LIMIT: Final = 50_000
_PARTS: Final = frozenset(
    (
        *("state", "parallel", "final", "history", "transition"),
        *("onentry", "onexit", "initial", "invoke", "datamodel"),
    )
)
_READABLE: Final = ("", "ecmascript", "null")


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
        self.written = 0
        self.outline = Outline(root, notes)
        self.model = DataModel(self.outline)
        readable = root.get("datamodel") in _READABLE
        names = self.model.names
        self.conditions = Conditions(names, notes, self.outline.state, readable)
        self.content = Content(
            names, notes, self.outline.event, self.outline.timers.skipped, readable
        )

    def chart(self) -> Chart:
        for node, element in self.outline.places:
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
        if not (self.outline.ours and self.element.get("pystator:strict") == "true"):
            # an event that nothing takes is dropped in SCXML, and no fault
            meta["strict_mode"] = False
        return Chart(self.outline.root, meta, self.model.variables, self.model.events)

    def _fill(self, node: Node, element: Element) -> None:
        for child in element.children:
            if child.name not in _PARTS and not child.name.startswith("pystator:"):
                if child.name == "script" and node is self.outline.root:
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
            if id in self.outline.nodes:
                found.append(self.outline.nodes[id].name)
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
        if own or self.outline.ours:
            return own
        return self.outline.events.get(usual, "")

    def _moves(self, node: Node, element: Element) -> None:
        if node is self.outline.root:
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
            base.data["refs"] = json_of(element.attributes["pystator:refs"], [])
        delayed = self.outline.timers.delayed.get(id(element))
        events = self.outline.matched(element)
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
            name = self.outline.event(event, element)
            of = event.removeprefix(DONE) if event.startswith(DONE) else ""
            if of in self.outline.nodes:
                done = replace(move, done_of=self.outline.nodes[of].name)
                self._move(node, element, done, event, None, "")
            else:
                both = self.outline.ours and move.delay_ms > 0
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
        if any(map(is_pattern, descriptors)) or (more and not self.outline.ours):
            told = ", ".join(more) if more else "none that the document names"
            self.notes.differs(
                element.span,
                f"{quoted(element.get('event'))} matches a pattern of events",
                f"it became a transition for each that the document names: {told}",
            )

"""The outline of an SCXML document: states by id, events by name, timers.

Everything that has a name gets its name in our grammar here, in document order.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Kind, Node
from pystator.compiler.interchange.descriptors import Known, is_pattern
from pystator.compiler.interchange.naming import Naming
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.timers import Timers, find_timers
from pystator.compiler.interchange.xml_text import Element, inside, json_of, whole

DONE: Final = "done.state."
_KINDS: Final = {
    "state": Kind.STATE,
    "parallel": Kind.PARALLEL,
    "final": Kind.FINAL,
    "history": Kind.HISTORY,
}


class Outline:
    """`places` has every state with its element; `ours` says that we wrote it."""

    def __init__(self, root: Element, notes: Notes) -> None:
        self.element = root
        self.notes = notes
        self.ours = "pystator:format" in root.attributes
        self.state_names = Naming("state", notes)
        self.event_names = Naming("event", notes)
        self.aliases = self._aliases() if self.ours else frozenset()
        self.renamed = self._triggers_renamed()
        self.nodes: dict[str, Node] = {}
        self.events: dict[str, str] = {}
        self.known = Known(self.events)
        self.root = Node("", Kind.STATE, root.span)
        self.places: list[tuple[Node, Element]] = [(self.root, root)]
        self._add_nodes(root, self.root)
        self.timers: Timers = find_timers(self.places)
        self._find_events()

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

    def state(self, id: str) -> str | None:
        node = self.nodes.get(id)
        return None if node is None else node.name

    def _find_events(self) -> None:
        """All that are named, in the order of the document, and the completions."""
        for _, element in self.places:
            for part in inside(element):
                spans = part.span
                names = [part.get("event")] if part.name in ("raise", "send") else []
                if part.name == "transition":
                    descriptors = part.get("event").split()
                    names = [d for d in descriptors if not is_pattern(d)]
                    names += part.get("pystator:trigger").split()
                for name in names:
                    name = name.removesuffix(".")
                    if name and name not in self.timers.synthetic | self.aliases:
                        self.event(name, part, spans)
        ids = {node: id for id, node in self.nodes.items()}
        for node, _ in self.places[1:]:
            if any(child.kind is Kind.FINAL for child in node.children) or (
                node.kind is Kind.PARALLEL
            ):
                id = ids.get(node, "")
                if id:
                    self.events.setdefault(f"{DONE}{id}", f"{DONE}{node.name.strip()}")

    def event(self, name: str, element: Element, span: Span | None = None) -> str:
        if name not in self.events:
            if name.startswith(DONE) and name.removeprefix(DONE) in self.nodes:
                node = self.nodes[name.removeprefix(DONE)]
                self.events[name] = f"{DONE}{node.name.strip()}"
            elif name in self.renamed:
                self.events[name] = self.renamed[name]
            else:
                self.events[name] = self.event_names.name(name, span or element.span)
        return self.events[name]

    def triggers_of(self, transition: Element) -> list[str]:
        events = self.matched(transition)
        return [self.events[event] for event in events if event in self.events]

    def _aliases(self) -> frozenset[str]:
        """The events of services that are called otherwise in the definition."""
        return frozenset(
            f"done.invoke.{part.get('id')}"
            for part in whole(self.element)
            if part.name == "invoke" and part.get("pystator:on-done")
        ) - frozenset(part.get("pystator:on-done") for part in whole(self.element))

    def _triggers_renamed(self) -> dict[str, str]:
        for element in self.element.named("pystator:triggers"):
            found = json_of(element.text, {})
            if isinstance(found, dict) and self.ours:
                return {key: str(value) for key, value in found.items()}
        return {}

    def matched(self, element: Element) -> list[str]:
        """The events of the chart that set the transition off."""
        descriptors = [
            descriptor
            for descriptor in element.get("event").split()
            if descriptor not in self.timers.synthetic
            and descriptor not in self.aliases
        ]
        return self.known.expanded(descriptors, by_prefix=True)

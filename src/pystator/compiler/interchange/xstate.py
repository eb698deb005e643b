"""The configuration of an XState machine (version 5), as JSON -> Chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
from pystator.compiler.interchange.data import type_of, variable
from pystator.compiler.interchange.descriptors import Known, is_pattern
from pystator.compiler.interchange.guards import NAME
from pystator.compiler.interchange.naming import Naming, fitted
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.xstate_parts import Parts, data_of, entries, items
from pystator.compiler.interchange.xstate_targets import Targets
from pystator.compiler.ir.types import Kind as TypeKind
from pystator.compiler.ir.types import Type
from pystator.compiler.source import nodes
from pystator.compiler.source.reader import read_text

_TYPES = {"parallel": Kind.PARALLEL, "final": Kind.FINAL, "history": Kind.HISTORY}
_KNOWN = frozenset(
    (
        *("id", "key", "initial", "type", "states", "on", "always", "after", "entry"),
        *("exit", "invoke", "onDone", "history", "target", "description", "tags"),
        *("meta", "context", "version", "order", "strict"),
    )
)
_MOVE = frozenset(("target", "guard", "actions", "reenter", "description", "meta"))


def read_xstate(data: bytes, path: str, notes: Notes) -> Chart:
    """Raises ImportFault."""
    document, report = read_text(data, path)
    if document is None or report.has_errors:
        first = next(iter(report))
        raise notes.refuse(first.primary, f"not JSON: {first.message}", *first.help)
    root = document.root
    if not isinstance(root, nodes.Mapping) or "states" not in entries(root):
        raise notes.refuse(
            document.start, "not the configuration of a machine: no `states`"
        )
    return _Reader(root, notes).chart()


class _Reader:
    def __init__(self, root: nodes.Mapping, notes: Notes) -> None:
        self.notes = notes
        self.written = entries(root)
        self.machine = _text(self.written.get("id")) or "machine"
        self.naming = Naming("state", notes)
        self.event_names = Naming("event", notes)
        self.root = Node("", Kind.STATE, root.span)
        self.top = self.root
        self.wrapped = self._needs_state()
        if self.wrapped:
            self.top = Node(self.naming.free(self.machine), self._kind(root), root.span)
            self.top.parent = self.root
            self.root.children.append(self.top)
        self.targets = Targets(self.top, self.machine, notes)
        self.places: list[tuple[Node, nodes.Mapping]] = [(self.top, root)]
        self.repeated = _repeated(root)
        self._add(self.top, root, self.machine, ())
        self.events: dict[str, str] = {}
        self.known = Known(self.events)
        self.variables = self._variables()
        self.parts = Parts(notes, self._event, self.targets.in_state, self._types())

    def chart(self) -> Chart:
        for _, written in self.places:
            self._find_events(written)
        for node, written in self.places:
            self._fill(node, written)
        self._tell_shared()
        if self.wrapped and any(n.kind is Kind.FINAL for n in self.top.children):
            end = Node(self.naming.free("ended"), Kind.FINAL, self.top.span, self.root)
            self.root.children.append(end)
            move = Move(self.top.span, done_of=self.top.name, targets=(end.name,))
            self.top.moves.append(move)
        meta: dict[str, Json] = {"machine_name": self.machine}
        for key in ("version", "description"):
            if _text(self.written.get(key)):
                meta[key] = _text(self.written.get(key))
        if not data_of(self.written.get("strict")):
            # an event that nothing takes is no fault
            meta["strict_mode"] = False
        events: list[Json] | None = None
        if self.variables:
            events = [{"name": name} for name in self.events.values()]
        return Chart(self.root, meta, self.variables or None, events)

    def _needs_state(self) -> bool:
        """Whether the machine itself has what only a state can have."""
        own = ("entry", "exit", "invoke", "after", "always", "onDone")
        is_parallel = _text(self.written.get("type")) == "parallel"
        return is_parallel or any(self.written.get(key) for key in own)

    def _kind(self, written: nodes.Mapping) -> Kind:
        return _TYPES.get(_text(entries(written).get("type")), Kind.STATE)

    def _add(
        self, node: Node, written: nodes.Mapping, path: str, keys: tuple[str, ...]
    ) -> None:
        for key, inner in _pairs(entries(written).get("states")):
            if not isinstance(inner, nodes.Mapping):
                inner = nodes.Mapping((), key.path, key.place)
            here = (*keys, key.text)
            kind = self._kind(inner)
            wanted = ".".join(here) if key.text in self.repeated else key.text
            name = f"{'.'.join(here)}\n"
            if kind is not Kind.HISTORY:
                name = self.naming.name(wanted, key.span)
            child = Node(name, kind, key.span, node)
            child.deep = _text(entries(inner).get("history")) == "deep"
            node.children.append(child)
            own = _text(entries(inner).get("id"))
            self.targets.add(child, key.text, f"{path}.{key.text}", own)
            self.places.append((child, inner))
            self._add(child, inner, f"{path}.{key.text}", here)

    def _variables(self) -> list[Json]:
        found: list[Json] = []
        context = self.written.get("context")
        for key, value in _pairs(context):
            if not NAME.fullmatch(key.text):
                self.notes.lost(key.span, f"the variable {quoted(key.text)}")
                continue
            data = data_of(value)
            type = type_of(data) or Type(TypeKind.STRING, optional=True)
            found.append(variable(key.text, data, True, type))
        if context is not None and not isinstance(context, nodes.Mapping):
            self.notes.lost(context.span, "a context that is no object")
        return found

    def _types(self) -> frozenset[str]:
        names = (entry["key"] for entry in self.variables if isinstance(entry, dict))
        return frozenset(str(name) for name in names)

    def _event(self, name: str, span: Span) -> str:
        if name not in self.events:
            self.events[name] = self.event_names.name(name, span)
        return self.events[name]

    def _find_events(self, written: nodes.Mapping) -> None:
        for key, _ in _pairs(entries(written).get("on")):
            if not is_pattern(key.text):
                self._event(key.text, key.span)

    def _fill(self, node: Node, written: nodes.Mapping) -> None:
        said = entries(written)
        for key, _ in written.entries:
            if key.text not in _KNOWN:
                self.notes.lost(key.span, f"the key {quoted(key.text)}")
        if node.kind is Kind.HISTORY:
            if "target" in said:
                target = self.targets.find(
                    node, _text(said["target"]), said["target"].span
                )
                node.initial = Initial((target.name,), [], said["target"].span)
            return
        if node is not self.root:
            self._describe(node, said)
        self._initial(node, said)
        node.enter = self.parts.actions(said.get("entry"))
        node.exit = self.parts.actions(said.get("exit"))
        for key, value in _pairs(said.get("on")):
            for event in self._events(key):
                base = Move(key.span, trigger=self._event(event, key.span))
                self._moves(node, base, value)
        if "always" in said:
            self._moves(node, Move(said["always"].span), said["always"])
        for key, value in _pairs(said.get("after")):
            self._delayed(node, key, value)
        if "onDone" in said:
            base = Move(said["onDone"].span, done_of=node.name)
            self._moves(node, base, said["onDone"])
        for service in items(said.get("invoke")):
            self._service(node, service)

    def _describe(self, node: Node, said: dict[str, nodes.Node]) -> None:
        if _text(said.get("description")):
            node.data["description"] = _text(said.get("description"))
        metadata: dict[str, Json] = {}
        for key in ("tags", "meta"):
            value = data_of(said.get(key))
            if value:
                metadata[key] = value
        if metadata and node.kind is not Kind.CHOICE:
            node.data["metadata"] = metadata

    def _initial(self, node: Node, said: dict[str, nodes.Node]) -> None:
        written = said.get("initial")
        if written is None:
            if node.kind is Kind.STATE and node.states:
                self.notes.differs(
                    node.span,
                    f"{quoted(node.name or self.machine)} has no `initial`",
                    "it starts in its first state",
                )
            return
        text, actions = _text(written), list[Json]()
        if isinstance(written, nodes.Mapping):
            text = _text(entries(written).get("target"))
            actions = self.parts.actions(entries(written).get("actions"))
        found = self.targets.below(node, text.removeprefix("."))
        if found is None:
            found = self.targets.find(node, text, written.span)
        node.initial = Initial((found.name,), actions, written.span)

    def _events(self, key: nodes.Scalar) -> list[str]:
        if not is_pattern(key.text):
            return [key.text]
        found = self.known.expanded([key.text], by_prefix=False)
        told = ", ".join(map(quoted, found)) or "none that the document names"
        self.notes.differs(
            key.span,
            f"{quoted(key.text)} matches a pattern of events",
            f"it became a transition for each that the document names: {told}",
        )
        return found

    def _delayed(self, node: Node, key: nodes.Scalar, value: nodes.Node) -> None:
        delay = int(key.text) if key.text.isdecimal() and len(key.text) < 16 else None
        if delay is None:
            self.notes.lost(
                key.span, f"the delay {quoted(key.text)} has no length here"
            )
            return
        if delay == 0:
            self.notes.differs(key.span, "a delay of 0 became 1 ms")
        self._moves(node, Move(key.span, delay_ms=max(delay, 1)), value)

    def _service(self, node: Node, written: nodes.Node) -> None:
        said = entries(written)
        for key in said.keys() - {"id", "src", "onDone", "onError"}:
            self.notes.lost(said[key].span, f"{quoted(key)} of a service")
        src = _text(said.get("src"))
        if not src:
            src = "inline"
            self.notes.lost(written.span, "a service without the name of its source")
        taken = {s["id"] for s in node.services if isinstance(s, dict)}
        id = fitted(_text(said.get("id")) or src)
        while id in taken:
            id = f"{id}_"
        service: dict[str, Json] = {"id": id, "src": src}
        for key, which, end in (
            ("onDone", "on_done", "done"),
            ("onError", "on_error", "error"),
        ):
            if key in said:
                name = f"{end}.invoke.{id}"
                service[which] = self._event(name, said[key].span)
                base = Move(said[key].span, trigger=self.events[name])
                self._moves(node, base, said[key])
        node.services.append(service)

    def _moves(self, node: Node, base: Move, written: nodes.Node) -> None:
        for item in items(written) or (written,):
            said = entries(item)
            for key in said.keys() - _MOVE:
                self.notes.lost(said[key].span, f"{quoted(key)} of a transition")
            texts = (
                [item] if isinstance(item, nodes.Scalar) else items(said.get("target"))
            )
            targets = [
                self.targets.find(node, text.text, text.span)
                for text in texts
                if isinstance(text, nodes.Scalar) and not text.absent and text.text
            ]
            move = replace(
                base,
                span=item.span,
                guards=self.parts.guards(said.get("guard")),
                actions=self.parts.actions(said.get("actions")),
            )
            if _text(said.get("description")):
                move.data["description"] = _text(said.get("description"))
            move.anywhere = node is self.root
            reenters = data_of(said.get("reenter")) is True
            self._lead(node, move, targets, reenters)
            node.moves.append(move)

    def _lead(
        self, node: Node, move: Move, targets: list[Node], reenters: bool
    ) -> None:
        """XState stays in the source where it can, unless told to reenter it."""
        if not targets:
            move.internal = True
            return
        inside = all(t is node or t.is_below(node) for t in targets)
        if inside and not reenters and node is not self.root:
            if node.kind is Kind.PARALLEL:
                self.notes.differs(
                    move.span,
                    f"a transition leaves and re-enters {quoted(node.name)}",
                    "in the original only its regions are left",
                )
            else:
                move.internal = True
                if node in targets:
                    # an atomic state stays as it is, a compound one starts again
                    start = node.initial.targets if node.initial else ()
                    move.targets = start if node.states else ()
                    if node.states and not start:
                        move.targets = (node.states[0].name,)
                    return
        elif node is not self.root:
            around = _common(node, targets)
            if around is not None and around.kind is Kind.PARALLEL:
                self.notes.differs(
                    move.span,
                    f"a transition leaves and re-enters {quoted(around.name)}",
                    "in the original only its regions are left",
                )
        move.targets = tuple(target.name for target in targets)

    def _tell_shared(self) -> None:
        """In XState what one region takes, nothing around the regions takes as well."""
        for node in self.root.walk():
            for move in node.moves:
                if move.targets or not move.trigger:
                    continue
                parallels = [n for n in node.walk() if n.kind is Kind.PARALLEL]
                if any(
                    other.trigger == move.trigger
                    for parallel in parallels
                    for inner in parallel.walk()
                    if inner is not node
                    for other in inner.moves
                ):
                    self.notes.differs(
                        move.span,
                        f"{quoted(move.trigger)} is also taken inside of regions",
                        "in the original it is not taken here when a region takes it",
                    )


def _common(source: Node, targets: list[Node]) -> Node | None:
    for around in source.ancestors():
        if all(target.is_below(around) for target in targets):
            return around
    return None


def _pairs(node: nodes.Node | None) -> Iterator[tuple[nodes.Scalar, nodes.Node]]:
    if isinstance(node, nodes.Mapping):
        yield from node.entries


def _text(node: nodes.Node | None) -> str:
    return node.text if isinstance(node, nodes.Scalar) and not node.absent else ""


def _repeated(root: nodes.Mapping) -> set[str]:
    """Keys of states that several have, or that no name could be told from."""
    seen: set[str] = set()
    again: set[str] = set()
    pending: list[nodes.Node] = [root]
    while pending:
        for key, inner in _pairs(entries(pending.pop()).get("states")):
            (again if key.text in seen else seen).add(key.text)
            pending.append(inner)
    return again

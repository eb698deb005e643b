"""The data model of an SCXML document: variables, and the payloads of its events."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.words import is_element
from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.data import (
    STRING,
    Assigned,
    field_types,
    settle_numbers,
    type_of,
    variable,
)
from pystator.compiler.interchange.ecma import EcmaError, Js, constant_of, parse_ecma
from pystator.compiler.interchange.expressions import BOOLEAN, Names
from pystator.compiler.interchange.scxml_outline import DONE, Outline
from pystator.compiler.interchange.xml_text import Element, inside, json_of
from pystator.compiler.ir.types import Kind as TypeKind
from pystator.compiler.ir.types import Type

_ANY: Final = Type(TypeKind.DYNAMIC)


class DataModel:
    """`variables` and `events` are as a definition has them."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.seen: set[str] = set()
        self.types: dict[str, Type] = {}
        self.payloads: dict[str, dict[str, Type]] = {}
        self.names = Names(self.types, self.payloads, outline.ours)
        if outline.ours:
            self.variables, self.events = self._declared()
        else:
            self.variables = self._variables()
            self.events = self._events()

    def _variables(self) -> list[Json] | None:
        found: list[tuple[str, Json, bool]] = []
        for node, element in self.outline.places:
            for model in element.named("datamodel"):
                if (
                    node is not self.outline.root
                    and self.outline.element.get("binding") == "late"
                ):
                    self.outline.notes.differs(
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

    def _data(self, data: Element, found: list[tuple[str, Json, bool]]) -> None:
        key = data.get("id")
        if not is_element(key):
            self.outline.notes.lost(
                data.span, f"the variable {quoted(key)}, whose name is none here"
            )
            return
        if key in self.seen:
            self.outline.notes.lost(data.span, f"a second variable {quoted(key)}")
            return
        self.seen.add(key)
        text = data.attributes.get("expr", "").strip() or data.text
        value: Json = None
        given = False
        if data.get("src"):
            self.outline.notes.lost(
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
                self.outline.notes.lost(data.span, message)
        type = type_of(value) if given else None
        if type is not None:
            self.types[key] = type
        found.append((key, value, given))

    def _assigned(self) -> list[Assigned]:
        found: list[Assigned] = []
        for _, element in self.outline.places:
            for part in element.named("onentry", "onexit", "transition", "initial"):
                triggers: list[str | None] = [None]
                if part.name == "transition" and part.get("event"):
                    triggers = [*self.outline.triggers_of(part)]
                for assign in inside(part):
                    if assign.name == "assign":
                        js = _parsed(assign.get("expr"))
                        if js is not None:
                            found += ((assign.get("location"), js, t) for t in triggers)
        return found

    def _infer_payloads(self, assigned: list[Assigned]) -> None:
        uses: dict[str, dict[str, set[Type]]] = {}
        for _, element in self.outline.places:
            for part in element.named("transition"):
                js = _parsed(part.get("cond"))
                if js is None:
                    continue
                for trigger in self.outline.triggers_of(part):
                    for field, type in field_types(js, self.names, BOOLEAN):
                        uses.setdefault(trigger, {}).setdefault(field, set()).add(type)
        for key, js, of in assigned:
            if of is not None:
                for field, type in field_types(js, self.names, self.types.get(key)):
                    type = replace(type, optional=False)
                    uses.setdefault(of, {}).setdefault(field, set()).add(type)
        raised = {
            self.outline.events.get(part.get("event"))
            for _, element in self.outline.places
            for part in inside(element)
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
                self.outline.notes.differs(
                    self.outline.element.span,
                    f"the event {quoted(trigger)} has the payload {quoted(told)}",
                    "the types are those of what the fields are compared with",
                )

    def _events(self) -> list[Json] | None:
        if not self.types and not self.payloads:
            return None
        entries: list[Json] = []
        for name, event in self.outline.events.items():
            if name.startswith((DONE, "done.invoke.", "error.")):
                continue
            entry: dict[str, Json] = {"name": event}
            if self.payloads.get(event):
                entry["payload"] = {
                    field: str(type) for field, type in self.payloads[event].items()
                }
            entries.append(entry)
        return entries

    def _declared(self) -> tuple[list[Json] | None, list[Json] | None]:
        """Variables and events, word by word as they were."""
        events: list[Json] | None = None
        for element in self.outline.element.named("pystator:events"):
            found = json_of(element.text, [])
            events = found if isinstance(found, list) else []
        for event in events or ():
            match event:
                case {"name": str() as name, "payload": dict() as payload}:
                    self.payloads[name] = dict.fromkeys(payload, _ANY)
        if self.outline.element.get("pystator:context") == "dynamic":
            self.names = Names(None, self.payloads, trusted=True)
            return None, events
        variables: list[Json] = []
        for model in self.outline.element.named("datamodel"):
            for data in model.named("data"):
                entry = json_of(data.attributes.get("pystator:variable", ""), None)
                if isinstance(entry, dict) and "key" in entry:
                    variables.append(entry)
                    self.types[str(entry["key"])] = _ANY
        return variables, events


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

"""Actions, variables and events of a machine as SCXML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pystator.compiler.emit.diagrams.ecma import Ecma, data_text, is_identifier
from pystator.compiler.emit.diagrams.scxml_names import ScxmlNames
from pystator.compiler.emit.diagrams.xml_lines import Element
from pystator.compiler.ir.machine import (
    Action,
    Add,
    Append,
    Clear,
    Condition,
    Event,
    Field,
    Machine,
    NamedAction,
    Raise,
    SetEffect,
    Timestamp,
)
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Value

NOW: Final = "new Date().toISOString()"


@dataclass(frozen=True, slots=True)
class Actions:
    machine: Machine
    names: ScxmlNames
    ecma: Ecma

    def elements(
        self, actions: Iterable[Action], trigger: str | None
    ) -> Iterator[Element]:
        for action in actions:
            match action:
                case NamedAction(name, params):
                    attributes = {"name": str(name)}
                    if params:
                        attributes["params"] = json.dumps(dict(params))
                    yield Element("pystator:action", attributes)
                case Raise(event):
                    yield Element("raise", {"event": self.names.event(event)})
                case SetEffect(assignments):
                    for assign in assignments:
                        value = self._value(assign.value, trigger)
                        yield self._assign(assign.field, value)
                case Timestamp(field):
                    yield self._assign(field, NOW)
                case Add(field, amount):
                    sign = "+" if amount > 0 else "-"
                    element = self._assign(field, f"{self._read(field)} {sign} 1")
                    # for us it is always the variable, never a field of the event
                    element.attributes["pystator:effect"] = "add"
                    yield element
                case Append(field, value):
                    item = self._value(value, trigger)
                    yield self._assign(field, f"{self._read(field)}.concat([{item}])")
                case Clear(field):
                    element = self._assign(field, self._default(field))
                    element.attributes["pystator:effect"] = "clear"
                    yield element

    def merged(self, trigger: str) -> Iterator[Element]:
        """The assignments of the fields that are variables too."""
        variables = {str(v.name) for v in self.machine.variables or ()}
        for event in self.machine.events:
            if event.name != trigger:
                continue
            for field in event.payload or ():
                if field.name in variables and is_identifier(field.name):
                    element = self._assign(field.name, f"_event.data.{field.name}")
                    element.attributes["pystator:merge"] = "true"
                    yield element

    def variable(self, field: Field) -> dict[str, object]:
        """The entry of a state variable."""
        entry: dict[str, object] = {"key": str(field.name)}
        entry.update(_spec(field))
        return entry

    def event(self, event: Event) -> dict[str, object]:
        """The entry of an event."""
        entry: dict[str, object] = {"name": str(event.name)}
        if event.description:
            entry["description"] = event.description
        if event.payload:
            entry["payload"] = {str(f.name): _field(f) for f in event.payload}
        return entry

    def _default(self, name: str) -> str:
        for field in self.machine.variables or ():
            if field.name == name and field.has_default:
                return data_text(field.default)
        return "null"

    def _assign(self, field: str, text: str) -> Element:
        return Element("assign", {"location": str(field), "expr": text})

    def _read(self, field: str) -> str:
        return self.ecma.variable(str(field))

    def _value(self, value: Value | Condition, trigger: str | None) -> str:
        if isinstance(value, Condition):
            return self.ecma.text(value.expr, trigger)
        return data_text(value.data)


def _spec(field: Field) -> dict[str, object]:
    spec: dict[str, object] = {}
    if field.type.kind is not Kind.DYNAMIC:
        spec.update(_type(field.type))
    if field.required:
        spec["required"] = True
    if field.has_default:
        spec["default"] = field.default
    if field.description:
        spec["description"] = field.description
    return spec


def _field(field: Field) -> Mapping[str, object]:
    """A field says always whether it is required, since that goes with its type."""
    spec = _spec(field)
    if not field.has_default:
        spec["required"] = field.required
    return spec


def _inner(type: Type) -> object:
    """A type as one value: a mapping only where a text does not say it."""
    spec = _type(type)
    return spec if "fields" in spec else spec["type"]


def _type(type: Type) -> dict[str, object]:
    match type:
        case Type(kind=Kind.ENUM, values=values, optional=False):
            return {"type": {"enum": list(values)}}
        case Type(kind=Kind.OBJECT, fields=tuple() as fields):
            inside = {name: _inner(inner) for name, inner in fields}
            return {"type": "object?" if type.optional else "object", "fields": inside}
        case _:
            return {"type": str(type)}

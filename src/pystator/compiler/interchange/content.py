"""Executable content of SCXML -> actions.

    <raise event="go"/>                     ->  {raise: go}
    <assign location="n" expr="n + 1"/>     ->  {increment: n}
    <log label="x"/>                        ->  {name: log, params: {...}}

What computes nothing here (log, send, cancel, script) becomes a named action, which
somebody has to write; the same name always has the same parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.ecma import (
    Array,
    Binary,
    Call,
    EcmaError,
    Ident,
    Js,
    Lit,
    Member,
    Object,
    constant_of,
    parse_ecma,
)
from pystator.compiler.interchange.expressions import Names, Untranslatable, translated
from pystator.compiler.interchange.guards import NAME
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.xml_text import Element
from pystator.compiler.ir.types import Type
from pystator.compiler.source.fields import NAME_LIMIT

NOW: Final = "new Date().toISOString()"
_CALL: Final = re.compile(
    r"([A-Za-z_][A-Za-z0-9_]*)\(\s*(\{.*\})?\s*\)\s*;?", re.DOTALL
)
_INTERNAL: Final = "#_internal"


@dataclass(slots=True)
class Content:
    """Translates the content of one chart.

    `event` gives the name of an event here; `skipped` are the elements (by identity)
    that something else stands for.
    """

    names: Names
    notes: Notes
    event: Callable[[str, Element], str]
    skipped: set[int] = field(default_factory=set)
    readable: bool = True
    _scripts: dict[str, str] = field(default_factory=dict)

    def actions(self, elements: Iterable[Element], trigger: str | None) -> list[Json]:
        found: list[Json] = []
        for element in elements:
            if id(element) not in self.skipped:
                action = self._action(element, trigger)
                if action is not None and not _joined(found, action):
                    found.append(action)
        return found

    def _action(self, element: Element, trigger: str | None) -> Json:
        match element.name:
            case "raise":
                return {"raise": self.event(element.get("event"), element)}
            case "assign":
                return self._assign(element, trigger)
            case "pystator:action":
                return self._ours(element)
            case "log":
                label, expr = element.get("label"), element.get("expr")
                self.notes.named(element.span, "`<log>` became the action `log`")
                return {"name": "log", "params": {"label": label, "expr": expr}}
            case "send":
                return self._send(element)
            case "cancel":
                self.notes.named(element.span, "`<cancel>` became the action `cancel`")
                sendid = element.get("sendid") or element.get("sendidexpr")
                return {"name": "cancel", "params": {"sendid": sendid}}
            case "script":
                return self._script(element)
            case _:
                text = _source(element)
                return self._invented("block", text, element, f"`<{element.name}>`")

    def _assign(self, element: Element, trigger: str | None) -> Json:
        location = element.get("location")
        text = " ".join(element.get("expr").split())
        variables = self.names.variables
        known = variables is None or location in variables
        try:
            if not (self.readable and text and known and NAME.fullmatch(location)):
                raise Untranslatable(f"{quoted(location)} is not a variable")
            wanted = None if variables is None else variables[location]
            if text == NOW:
                return {"timestamp": location}
            if element.get("pystator:effect") == "clear":
                return {"clear": location}
            js = parse_ecma(text)
            adds = not self.names.trusted or element.get("pystator:effect") == "add"
            if isinstance(js, Binary) and not adds:
                return {"set": {location: self._value(js, trigger, wanted)}}
            return self._effect(location, js, trigger, wanted)
        except (Untranslatable, EcmaError) as error:
            shown = f"{location} = {text or element.text}"
            return self._invented("assign", shown, element, "an assignment", str(error))

    def _effect(
        self, location: str, js: Js, trigger: str | None, wanted: Type | None
    ) -> Json:
        here = Ident(location)
        match js:
            case Binary("+" | "-" as op, left, Lit(1)) if left == here:
                translated(js, self.names, trigger, wanted, division=False)
                return {"increment" if op == "+" else "decrement": location}
            case Call(Member(owner, "concat"), (Array((item,)),)) if owner == here:
                element = None if wanted is None else wanted.element
                value = self._value(item, trigger, element)
                return {"append": {"field": location, "value": value}}
        return {"set": {location: self._value(js, trigger, wanted)}}

    def _value(self, js: Js, trigger: str | None, wanted: Type | None) -> Json:
        if isinstance(js, Array | Object) or _is_literal(js):
            value = constant_of(js)
            if not (isinstance(value, dict) and "expr" in value):
                plain: Json = json.loads(json.dumps(value))
                return plain
            raise Untranslatable("an object that would be read as an expression")
        text = translated(js, self.names, trigger, wanted, division=False)
        return {"expr": text}

    def _ours(self, element: Element) -> Json:
        name, text = element.get("name"), element.attributes.get("params", "{}")
        try:
            params = json.loads(text)
        except (ValueError, RecursionError):
            params = None
        if not NAME.fullmatch(name) or not isinstance(params, dict):
            return self._invented("action", f"{name}({text})", element, "an action")
        return {"name": name, "params": params} if params else name

    def _send(self, element: Element) -> Json:
        event = element.get("event")
        plain = element.attributes.keys() <= {"event", "target"}
        inward = element.get("target") == _INTERNAL and not element.children
        if plain and event and inward:
            return {"raise": self.event(event, element)}
        self.notes.named(
            element.span,
            f"`<send>` of {quoted(event)} became the action `send`",
            "whoever runs the actions has to deliver it",
        )
        data = [_source(child) for child in element.children]
        return {
            "name": "send",
            "params": {
                "event": event or element.get("eventexpr"),
                "delay": element.get("delay") or element.get("delayexpr"),
                "id": element.get("id") or element.get("idlocation"),
                "target": element.get("target") or element.get("targetexpr"),
                "data": " ".join([element.get("namelist"), *data]).strip(),
            },
        }

    def _script(self, element: Element) -> Json:
        call = _CALL.fullmatch(element.text)
        if call is not None and len(call[1]) <= NAME_LIMIT:
            try:
                params = constant_of(parse_ecma(call[2] or "{}"))
            except EcmaError:
                params = None
            if isinstance(params, dict):
                message = f"`<script>` became the action {quoted(call[1])}"
                self.notes.named(element.span, message)
                return {"name": call[1], "params": params} if params else call[1]
        return self._invented("script", element.text, element, "`<script>`")

    def _invented(
        self, stem: str, text: str, element: Element, what: str, why: str = ""
    ) -> Json:
        name = self._scripts.setdefault(text, f"{stem}_{len(self._scripts) + 1}")
        notes = [f"it stands for {quoted(text)}", why]
        self.notes.named(
            element.span,
            f"{what} became the action {quoted(name)}",
            *(note for note in notes if note),
        )
        return name


def _is_literal(js: Js) -> bool:
    try:
        constant_of(js)
    except EcmaError:
        return False
    return True


def _joined(found: list[Json], action: Json) -> bool:
    """Whether the assignment went into the one before: they run one after the other."""
    match (found[-1] if found else None), action:
        case {"set": dict() as before}, {"set": dict() as more} if not (
            before.keys() & more.keys()
        ):
            before.update(more)
            return True
    return False


def _source(element: Element) -> str:
    """Short, for messages: not the text as it was."""
    attributes = "".join(f' {k}="{v}"' for k, v in element.attributes.items())
    inside = "".join(_source(child) for child in element.children) or element.text
    return f"<{element.name}{attributes}>{inside}</{element.name}>"

"""A machine as SCXML (W3C, 2015).

    <state id="OPEN">
      <transition event="fill" cond="qty &gt; 3" target="DONE"/>
    </state>

Regions are states, a delay is an event that a state sends itself and cancels when it
is left, priorities are the order, and what leads out of any state leads out of each of
the outermost. What SCXML has no words for stands in attributes and elements of the
namespace `pystator`, which `pystator import` reads back.

The invariant: well-formed XML without any control character, whatever the texts of the
definition are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report, Span
from pystator.compiler.diagnostics.quote import quoted, visible
from pystator.compiler.emit.diagrams.ecma import Ecma
from pystator.compiler.emit.diagrams.histories import histories
from pystator.compiler.emit.diagrams.scxml_actions import Actions
from pystator.compiler.emit.diagrams.scxml_names import ScxmlNames
from pystator.compiler.emit.diagrams.xml_lines import Element, lines
from pystator.compiler.expression.canonical import Level, enclose
from pystator.compiler.interchange.xml_text import OURS, SCXML
from pystator.compiler.ir.machine import (
    ROOT,
    AllOf,
    AnyOf,
    Condition,
    Guard,
    History,
    InState,
    Machine,
    NamedAction,
    NamedGuard,
    Not,
    Raise,
    State,
    StateId,
    StateKind,
    Target,
    Timer,
    Transition,
)
from pystator.compiler.ir.walk import all_actions, leaves_of

MADE_BY: Final = "<!-- pystator graph -->"
_CALLED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_CALLED: Final = frozenset(
    (
        *("In", "guard", "len", "min", "max", "abs", "round", "any", "all", "lower"),
        *("upper", "startswith", "endswith", "contains", "new", "function", "typeof"),
        *("void", "delete", "in", "instanceof", "this", "var", "true", "false"),
        *("null", "undefined", "Infinity", "NaN"),
    )
)


def render_scxml(machine: Machine) -> tuple[str, Report]:
    """The document, which ends with a line feed, and what it says in part only."""
    document = _Document(machine)
    root = document.root()
    head = ('<?xml version="1.0" encoding="UTF-8"?>', MADE_BY)
    text = "".join(f"{line}\n" for line in (*head, *lines(root)))
    return text, document.report


class _Document:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.report = Report()
        self.told: set[str] = set()
        self.place: Span = machine.states[ROOT].name.span
        self.names = ScxmlNames(machine)
        self.ecma = Ecma(machine, self.partly, self.lost)
        self.actions = Actions(machine, self.names, self.ecma)
        self.outgoing: dict[StateId, list[Transition]] = {}
        for transition in machine.transitions:
            self.outgoing.setdefault(transition.source, []).append(transition)
        for found in self.outgoing.values():
            found.sort(key=lambda t: (t.priority, t.id))
        self.timers: dict[StateId, list[Timer]] = {}
        for timer in machine.timers:
            self.timers.setdefault(timer.state, []).append(timer)
        self.of_transition = {timer.transition: timer for timer in machine.timers}
        self.histories = histories(machine)

    def partly(self, message: str, span: Span | None = None) -> None:
        """It stands in the document, but not in words of SCXML, or not the same.

        Told once, where it is met first.
        """
        if message in self.told:
            return
        self.told.add(message)
        self.report.add(diagnostic("PS0806", message, span or self.place))

    def lost(self, message: str, span: Span | None = None) -> None:
        self.report.add(diagnostic("PS0807", message, span or self.place))

    def root(self) -> Element:
        machine = self.machine
        root = machine.states[ROOT]
        attributes = {
            "xmlns": SCXML,
            "xmlns:pystator": OURS,
            "version": "1.0",
            "datamodel": "ecmascript",
            "name": visible(machine.name),
            "initial": self.names.state(root.initial) if root.initial else "",
            "pystator:format": "1",
            "pystator:strict": "true" if machine.strict else "",
            "pystator:normalizer": machine.normalizer,
            "pystator:version": visible(machine.version),
            "pystator:description": visible(machine.description),
        }
        if machine.variables is None:
            attributes["pystator:context"] = "dynamic"
        if machine.variables is None and self._is_read():
            self.partly(
                "the context is not declared: its names are not in the data model"
            )
        is_open = any(event.payload is None for event in machine.events)
        if is_open and self._is_read():
            self.partly("the payload of an event is not merged into the context")
        element = Element("scxml", attributes)
        element.children += self._declarations()
        # parents come before their children; histories behind them
        elements = {ROOT: element}
        for state in machine.states[1:]:
            elements[state.id] = self.state(state)
            elements[state.parent].children.append(elements[state.id])
        for state in machine.states[1:]:
            elements[state.id].children += self._histories(state)
        for transition in self.outgoing.get(ROOT, ()):
            if transition.delay_ms is not None:
                message = "a delay that runs from the start to the end of the machine"
                self.lost(message, transition.span)
        return element

    def _is_read(self) -> bool:
        """Whether the machine itself looks at the context, or changes it."""
        machine = self.machine
        guards = [guard for t in machine.transitions for guard in t.guards]
        return any(isinstance(leaf, Condition) for leaf in leaves_of(guards)) or any(
            not isinstance(action, NamedAction | Raise)
            for action in all_actions(machine)
        )

    def _declarations(self) -> Iterator[Element]:
        machine = self.machine
        if machine.variables:
            model = Element("datamodel", {})
            for variable in machine.variables:
                entry = self.actions.variable(variable)
                value = json.dumps(variable.default) if variable.has_default else "null"
                attributes = {"id": visible(variable.name), "expr": value}
                attributes["pystator:variable"] = json.dumps(entry)
                model.children.append(Element("data", attributes))
            yield model
        if any(event.declared for event in machine.events):
            declared = [self.actions.event(e) for e in machine.events if e.declared]
            yield Element("pystator:events", {}, text=json.dumps(declared))
        elif machine.events and all(e.payload is not None for e in machine.events):
            yield Element("pystator:events", {}, text="[]")
        if self.names.renamed:
            text = json.dumps(self.names.renamed)
            yield Element("pystator:triggers", {}, text=text)
            for name, trigger in self.names.renamed.items():
                self.partly(f"the event {quoted(trigger)} is called {quoted(name)}")

    def state(self, state: State) -> Element:
        """Without the states inside."""
        self.place = state.name.span
        tags = {StateKind.PARALLEL: "parallel", StateKind.TERMINAL: "final"}
        attributes = {"id": self.names.state(state.id)}
        if state.initial is not None:
            attributes["initial"] = self.names.state(state.initial)
        if state.kind is StateKind.REGION:
            attributes["pystator:region"] = state.name
        elif attributes["id"] != state.name:
            attributes["pystator:name"] = state.name
        if state.kind is StateKind.CHOICE:
            attributes["pystator:kind"] = "choice"
        if state.type == "error":
            attributes["pystator:type"] = "error"
        attributes["pystator:group"] = visible(state.group)
        attributes["pystator:description"] = visible(state.description)
        element = Element(tags.get(state.kind, "state"), attributes)
        element.children += self._content(state)
        return element

    def _content(self, state: State) -> Iterator[Element]:
        timers = self.timers.get(state.id, [])
        entry = list(self.actions.elements(state.on_enter, None))
        exit = list(self.actions.elements(state.on_exit, None))
        for timer in timers:
            event = self.names.timer(timer)
            send = {"id": event, "event": event, "delay": f"{timer.delay_ms}ms"}
            send["pystator:timer"] = timer.name
            entry.append(Element("send", send))
            exit.append(Element("cancel", {"sendid": event}))
        for name, parts in (("onentry", entry), ("onexit", exit)):
            if parts:
                yield Element(name, {}, parts)
        for transition in self.outgoing.get(state.id, ()):
            yield self.transition(transition, state)
        # what leads out of any state is asked last of all, on the way to the root
        is_outermost = state.parent == ROOT and state.id != ROOT
        if is_outermost and state.kind not in (StateKind.TERMINAL, StateKind.CHOICE):
            for transition in self.outgoing.get(ROOT, ()):
                if transition.delay_ms is None or transition.trigger is not None:
                    yield self.transition(transition, state)
        for service in self.machine.services:
            if service.state == state.id:
                yield self._service(service.id)

    def _service(self, number: int) -> Element:
        service = self.machine.services[number]
        attributes = {
            "id": self.names.service(service),
            "src": visible(service.source),
            "pystator:id": service.name,
            "pystator:on-done": service.on_done or "",
            "pystator:on-error": service.on_error or "",
        }
        if service.on_error is not None:
            self.partly(
                "SCXML has no event for a service that failed", service.name.span
            )
        return Element("invoke", attributes)

    def _histories(self, state: State) -> Iterator[Element]:
        """Those of the state, and a share of its parallel state's."""
        kinds = self.histories.get(state.id, [])
        regions = [self.names.state(child) for child in state.children]
        for kind in kinds:
            deep = kind is History.DEEP
            if state.kind is StateKind.PARALLEL and not deep:
                continue
            default = " ".join(regions)
            if state.kind is not StateKind.PARALLEL:
                assert (
                    state.initial is not None
                ), "a compound state has an initial child"
                default = self.names.state(state.initial)
            yield self._history(self.names.history(state.id, deep), deep, default)
        around = self.machine.states[state.parent]
        remembered = History.SHALLOW in self.histories.get(around.id, [])
        if state.kind is StateKind.REGION and remembered:
            assert state.initial is not None, "a region has an initial state"
            default = self.names.state(state.initial)
            id = self.names.history(state.id, False)
            history = self._history(id, False, default)
            history.attributes["pystator:of"] = around.name
            yield history

    def _history(self, id: str, deep: bool, default: str) -> Element:
        attributes = {"id": id, "type": "deep" if deep else "shallow"}
        return Element(
            "history", attributes, [Element("transition", {"target": default})]
        )

    def transition(self, transition: Transition, state: State) -> Element:
        self.place = transition.span
        trigger = None if transition.trigger is None else str(transition.trigger)
        payload = trigger
        if transition.delay_ms is not None:
            # the end of a delay brings nothing
            payload = "" if trigger is None else None
        conditions: list[str] = []
        attributes: dict[str, str] = {"event": ""}
        of_choice = state.kind is StateKind.CHOICE and trigger is not None
        if transition.done:
            attributes["event"] = f"done.state.{self.names.state(transition.source)}"
        elif not transition.auto:
            attributes["event"] = " ".join(self._events(transition, state))
        if of_choice and trigger is not None:
            attributes = {"event": "", "pystator:trigger": trigger}
            conditions.append(
                f"_event.name === {json.dumps(self.names.event(trigger))}"
            )
            self.partly("a choice asks for the event that led to it, in its condition")
        elif attributes["event"]:
            conditions += self._exactly(attributes["event"].split())
        guards = AllOf(transition.guards)
        if transition.guards:
            text, level = self.guard(guards, payload)
            conditions.append(enclose(text, level, Level.AND) if conditions else text)
        attributes["cond"] = " && ".join(conditions)
        attributes["target"] = " ".join(self._targets(transition))
        # one of any state leaves the outermost, whatever it says
        if transition.internal and transition.targets and transition.source != ROOT:
            attributes["type"] = "internal"
        if transition.source == ROOT:
            attributes["pystator:source"] = "*"
        if transition.timeout:
            attributes["pystator:timeout"] = "true"
        attributes["pystator:description"] = visible(transition.description)
        if transition.refs:
            attributes["pystator:refs"] = json.dumps(transition.refs)
        element = Element("transition", attributes)
        if trigger is not None and not of_choice:
            element.children += self.actions.merged(trigger)
            if element.children:
                self.partly("fields of the payload are assigned after the exit actions")
        element.children += self.actions.elements(transition.actions, payload)
        return element

    def _events(self, transition: Transition, state: State) -> Iterator[str]:
        timer = self.of_transition.get(transition.id)
        if timer is not None and transition.source != ROOT:
            yield self.names.timer(timer)
        if transition.trigger is not None:
            yield self.names.event(transition.trigger)
            for service in self.machine.services:
                usual = f"done.invoke.{self.names.service(service)}"
                if service.on_done == transition.trigger != usual:
                    yield usual

    def _exactly(self, events: list[str]) -> Iterator[str]:
        """A descriptor matches longer names too: those that the machine has as well."""
        if any(self.names.has_longer(event) for event in events):
            texts = [f"_event.name === {json.dumps(event)}" for event in events]
            yield texts[0] if len(texts) == 1 else f"({' || '.join(texts)})"

    def _targets(self, transition: Transition) -> Iterator[str]:
        for target in transition.targets:
            state = self.machine.states[target.state]
            if target.history is None:
                yield self.names.state(target.state)
                continue
            deep = target.history is History.DEEP
            self._check_history(transition, target, state)
            if state.kind is StateKind.PARALLEL and not deep:
                for region in state.children:
                    yield self.names.history(region, False)
            else:
                yield self.names.history(target.state, deep)

    def _check_history(
        self, transition: Transition, target: Target, state: State
    ) -> None:
        inside = self.machine.inside(transition.source, state.id)
        single = state.kind is StateKind.PARALLEL and len(state.children) == 1
        if inside and (target.history is History.DEEP or single):
            self.partly(
                f"from inside of {quoted(state.name)} its history leaves less in SCXML"
            )

    def guard(self, guard: Guard, trigger: str | None) -> tuple[str, Level]:
        """The condition, and how tightly it binds."""
        match guard:
            case Condition(expr):
                return self.ecma.spelled(expr, trigger)
            case InState(state):
                return f"In({json.dumps(self.names.state(state))})", Level.ATOM
            case NamedGuard(name, params):
                given = json.dumps(dict(params)) if params else ""
                if _CALLED.fullmatch(name) and name not in _NOT_CALLED:
                    return f"{name}({given})", Level.ATOM
                parts = filter(None, (json.dumps(name), given))
                return f"guard({', '.join(parts)})", Level.ATOM
            case Not(inner):
                text = enclose(*self.guard(inner, trigger), Level.UNARY)
                return f"!{text}", Level.UNARY
            case AllOf(guards):
                return self._joined(" && ", Level.AND, guards, trigger)
            case AnyOf(guards):
                return self._joined(" || ", Level.OR, guards, trigger)

    def _joined(
        self, sign: str, level: Level, guards: Iterable[Guard], trigger: str | None
    ) -> tuple[str, Level]:
        parts = [self.guard(guard, trigger) for guard in guards]
        if len(parts) == 1:
            return parts[0]
        return sign.join(enclose(*part, level) for part in parts), level

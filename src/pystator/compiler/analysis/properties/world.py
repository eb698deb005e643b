"""Conditions and effects at one moment of a run, as far as the moment is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pystator import kernel
from pystator.compiler.analysis.properties.evaluate import Failed, Read, evaluate
from pystator.compiler.analysis.properties.relevant import relevant_variables
from pystator.compiler.analysis.properties.values import (
    PRESENT,
    UNKNOWN,
    Unknown,
    Value,
    bounded,
    known,
)
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.tree import Scope
from pystator.compiler.flatten.tables import Flat, Merge
from pystator.compiler.ir.machine import (
    Add,
    Append,
    Clear,
    Condition,
    Effect,
    Event,
    Field,
    SetEffect,
    Timestamp,
)
from pystator.compiler.ir.scope import Expressions
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Value as Written

_BOOLEAN = Type(Kind.BOOLEAN)


@dataclass(slots=True)
class Moment:
    """What is known within a step: of the context, and of the event taken last.

    `sent` is the payload of the event that was sent, None where it may be any.
    """

    context: dict[str, Value]
    event: int
    sent: Mapping[str, Value] | None = None


class World:
    """One machine, and the variables that matter to its properties."""

    def __init__(self, flat: Flat, expressions: Expressions) -> None:
        self.flat = flat
        self.expressions = expressions
        self.names = relevant_variables(flat)
        self._types: dict[str, Type] = {
            str(v.name): v.type for v in flat.machine.variables or ()
        }
        self.fields: dict[str, Field] = {
            str(v.name): v for v in flat.machine.variables or () if v.name in self.names
        }

    def initial(self) -> dict[str, Value]:
        """The context before the start: a required variable may be anything."""
        return {
            name: (
                known(field.default)
                if field.has_default
                else _any_of(field.type) if field.required else None
            )
            for name, field in self.fields.items()
        }

    def event_of(self, event: int) -> Event | None:
        """The event of a number of the kernel; None for the start and for timers."""
        trigger = kernel.trigger_of(event)
        if 0 <= trigger < len(self.flat.machine.events):
            return self.flat.machine.events[trigger]
        return None

    def typed(self, condition: Condition, event: int) -> Typed | None:
        """The condition as checked for the event taken last."""
        found = self.expressions.check(condition, self.event_of(event), _BOOLEAN)
        return found if isinstance(found, Typed) else None

    def reader(self, moment: Moment) -> Read:
        def read(scope: Scope, name: str) -> Value:
            if scope is Scope.EVENT:
                return self.payload(moment, name)
            return moment.context.get(name, UNKNOWN)

        return read

    def payload(self, moment: Moment, name: str) -> Value:
        """A field of the event taken last; one that was raised has its defaults."""
        if moment.event > kernel.RAISED:
            if moment.sent is not None:
                return moment.sent.get(name)
            field = self._payload_field(moment.event, name)
            return UNKNOWN if field is None else _any_of(field.type)
        field = self._payload_field(moment.event, name)
        if field is None or not field.has_default:
            return None
        return known(field.default)

    def _payload_field(self, event: int, name: str) -> Field | None:
        found = self.event_of(event)
        fields = (found and found.payload) or ()
        return next((field for field in fields if field.name == name), None)

    def apply(self, change: kernel.Change, moment: Moment) -> set[str]:
        """Make an effect; the variables that it assigned. Raises Failed."""
        moment.event = change.event
        effect = self.flat.effects[change.effect]
        if isinstance(effect, Merge):
            assigned = self._merged(moment)
        else:
            assigned = self._assigned(effect, moment)
        found = {n: bounded(v) for n, v in assigned.items() if n in self.fields}
        moment.context.update(found)
        return set(found)

    def _merged(self, moment: Moment) -> dict[str, Value]:
        """A field without a value leaves its variable as it was."""
        event = self.event_of(moment.event)
        assert event is not None, "only an event has a payload to merge"
        raised = moment.event <= kernel.RAISED
        if event.payload is None:
            names = [] if raised else list(self.fields)
        else:
            names = [str(field.name) for field in event.payload]
        found = {name: self.payload(moment, name) for name in names}
        if event.payload is not None:
            for name, value in found.items():
                if value is UNKNOWN and moment.context.get(name) not in (None, UNKNOWN):
                    found[name] = PRESENT  # it has its old value or a new one
        return {name: value for name, value in found.items() if value is not None}

    def _assigned(self, effect: Effect, moment: Moment) -> dict[str, Value]:
        context = moment.context
        match effect:
            case SetEffect(assignments):
                found: dict[str, Value] = {}
                for assign in assignments:
                    inner = Moment({**context, **found}, moment.event, moment.sent)
                    wanted = self._types.get(assign.field)
                    found[assign.field] = self._value(assign.value, wanted, inner)
                return found
            case Timestamp(field):
                return {field: PRESENT}
            case Add(field, amount):
                value = context.get(field, UNKNOWN)
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    return {field: value + amount}
                return {field: PRESENT}
            case Append(field, item):
                value = context.get(field, UNKNOWN)
                declared = self._types.get(field)
                wanted = None if declared is None else declared.element
                added = self._value(item, wanted, moment)
                if isinstance(value, tuple) and not isinstance(added, Unknown):
                    return {field: (*value, added)}
                return {field: PRESENT}
            case Clear(field):
                variable = self.fields.get(field)
                if variable is None or variable.type.optional:
                    return {field: None}
                if variable.type.kind is Kind.DYNAMIC:
                    return {field: None}
                return {field: known(variable.default)}

    def _value(
        self, value: Written | Condition, wanted: Type | None, moment: Moment
    ) -> Value:
        if isinstance(value, Written):
            return known(value.data)
        typed = self.expressions.check(
            value, self.event_of(moment.event), wanted, division=False
        )
        if not isinstance(typed, Typed):
            return UNKNOWN
        return evaluate(typed, self.reader(moment))


def _any_of(type: Type) -> Unknown:
    """Some value of a type."""
    return UNKNOWN if type.optional or type.kind is Kind.DYNAMIC else PRESENT


__all__ = ["Failed", "Moment", "World"]

"""Where generated code stands on one path of a step, and what it can read there.

An effect changes what a variable reads as: from `context.fills` to the local variable
that holds the new value. In a machine with a dynamic context all changes go to one
dictionary, `changed`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pystator.compiler.emit.annotations import annotation, literal
from pystator.compiler.emit.layout import Group, Line, Piece, indented, lines
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.emit import emit
from pystator.compiler.expression.literal import ascii_literal
from pystator.compiler.flatten.tables import Merge
from pystator.compiler.ir.machine import (
    Add,
    Append,
    Assign,
    Clear,
    Condition,
    Effect,
    Event,
    SetEffect,
    Timestamp,
)
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.text import Value

BOOLEAN: Final = Type(Kind.BOOLEAN)
_PLAIN: Final = (
    Kind.STRING,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.BOOLEAN,
    Kind.DATETIME,
)
"""Types that an assignment infers as they are declared."""


@dataclass(slots=True)
class Usage:
    """What the function that is being written reads, and what it has declared.

    `prelude` has the local names that its first lines must bind.
    """

    event: bool = False
    prelude: dict[str, str] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)


class Frame:
    """One path through one function.

    `trigger` is the event taken last as the kernel counts it and `event` what it
    carries, None at the start and for timers; `source` is where generated code has it.
    `fallible` says that what was written since it was last cleared may raise,
    `reads_known` that it reads a variable whose value an effect has just set.
    """

    def __init__(self, words: Vocabulary, trigger: int, usage: Usage) -> None:
        self.words = words
        self.trigger = trigger
        self.given = trigger
        self.event: Event | None = words.event_of(trigger)
        self.source = "event"
        self.usage = usage
        self.values: dict[str, str] = {}
        self.changed = False
        self.fallible = False
        self.reads_known = False
        self._between = False

    @property
    def open(self) -> bool:
        """Whether the event carries any payload: it is merged before guards see it."""
        return self.event is not None and self.event.payload is None

    def branch(self) -> Frame:
        """A copy for what follows one answer of a guard."""
        frame = Frame(self.words, self.given, self.usage)
        frame.receive(self.trigger)
        frame.values = dict(self.values)
        frame.changed = self.changed
        frame._between = self._between
        return frame

    def receive(self, event: int) -> None:
        """From here on this event is the one taken last."""
        if event != self.trigger:
            self.trigger = event
            self.event = self.words.event_of(event)
            sent = event == self.given
            self.source = "event" if sent else self.words.raised(event)

    def read_event(self) -> str:
        """The source of the event, which is read."""
        if self.source == "event":
            self.usage.event = True
        return self.source

    # What an expression reads (the `Access` of expression.emit).

    def variable(self, path: tuple[str, ...]) -> str:
        name, *fields = path
        if self.words.dynamic:
            self.usage.helpers.add("_variable")
            source = f"_variable({self._dictionary()}, {ascii_literal(name)})"
            return self._members(source, fields)
        known = self.values.get(name)
        if known is not None:
            plain = self.words.variables[name].type.kind in _PLAIN
            if known != self.words.locals[name] or self._optional(name) or not plain:
                self.reads_known = True
        source = f"context.{self.words.names.fields[name]}" if known is None else known
        return source + "".join(f"[{ascii_literal(field)}]" for field in fields)

    def payload(self, path: tuple[str, ...]) -> str:
        name, *fields = path
        event = self.event
        assert event is not None, "an expression reads the payload of no event"
        source = self.read_event()
        if event.payload is None:
            if self.words.dynamic:
                self.usage.helpers.add("_variable")
                source = f"_variable({source}.data, {ascii_literal(name)})"
                return self._members(source, fields)
            read = f"{source}.data.get({ascii_literal(name)})"
            if source != "event":
                return read
            source = f"event_{self.words.names.fields[name]}"
            self.usage.prelude[source] = read
        else:
            source = f"{source}.{self.words.names.payload[event.name][name]}"
        return source + "".join(f"[{ascii_literal(field)}]" for field in fields)

    def bare(self, path: tuple[str, ...]) -> str:
        """An undeclared name: an open payload is in the context before it is read."""
        return self.variable(path)

    def _optional(self, name: str) -> bool:
        return self.words.variables[name].type.optional

    def _members(self, source: str, fields: list[str]) -> str:
        for field_name in fields:
            self.usage.helpers.add("_member")
            source = f"_member({source}, {ascii_literal(field_name)})"
        return source

    def _dictionary(self) -> str:
        return "changed" if self.changed else "context"

    def typed(self, condition: Condition, expected: Type | None) -> Typed:
        """The expression as checked for the event of this frame."""
        found = self.words.expressions.check(condition, self.event, expected)
        if not isinstance(found, Typed):
            raise AssertionError(f"unchecked expression: {condition.text}")
        return found

    def expression(self, condition: Condition, expected: Type | None) -> str:
        """Python source of the expression; notes whether it may raise."""
        typed = self.typed(condition, expected)
        emitted = emit(typed, self)
        self.usage.helpers.update(emitted.helpers)
        self.fallible = self.fallible or not typed.total
        return emitted.source

    # Effects.

    def context(self, block: list[Line]) -> str:
        """The context as it is here; may add a statement that builds it."""
        if self.words.dynamic or not self.changed:
            return self._dictionary()
        if not self._between:
            block += lines(self.constructor("between = "))
            self._between = True
        return "between"

    def constructor(self, before: str) -> Piece:
        fields = self.words.names.fields
        items = tuple(
            f"{fields[name]}={self.variable((name,))}" for name in self.words.variables
        )
        return Group(f"{before}Context(", items, ")")

    def apply(self, effect: Effect | Merge) -> list[Line]:
        """The statements that make the effect on this path."""
        if isinstance(effect, Merge) and self.open:
            if self.source != "event":
                return []  # nobody raises an event with an open payload
            self.usage.event = True
            return lines("context = _merged(context, event)")
        block = self._dynamic(effect) if self.words.dynamic else self._typed(effect)
        self.changed = True
        self._between = False
        return block

    def _typed(self, effect: Effect | Merge) -> list[Line]:
        match effect:
            case Merge():
                return self._merge()
            case SetEffect(assignments):
                return [
                    line
                    for assign in assignments
                    for line in self._store(assign.field, *self._assigned(assign))
                ]
            case Timestamp(name):
                if self.words.variables[name].type.kind is Kind.STRING:
                    return self._store(name, "now.isoformat()", False)
                return self._store(name, "now", True)
            case Add(name, amount):
                return self._store(name, self._sum(name, amount), False)
            case Append(name, value):
                type = self.words.variables[name].type
                item, _ = self._value(value, type.element)
                old = self.variable((name,))
                if type.kind is Kind.DYNAMIC:
                    self.usage.helpers.add("_appended")
                    self.fallible = True
                    return self._store(name, f"_appended({old}, {item})", False)
                return self._store(name, f"[*{old}, {item}]", False)
            case Clear(name):
                variable = self.words.variables[name]
                if variable.type.optional or variable.type.kind is Kind.DYNAMIC:
                    return self._store(name, "None", True)
                data = variable.default
                atomic = not isinstance(data, (tuple, dict))
                return self._store(name, literal(data, variable.type), atomic)

    def _sum(self, name: str, amount: int) -> str:
        old = self.variable((name,))
        if self.words.dynamic or self.words.variables[name].type.kind is Kind.DYNAMIC:
            self.usage.helpers.add("_add")
            self.fallible = True
            return f"_add({old}, {amount})"
        return f"{old} + 1" if amount == 1 else f"{old} - 1"

    def _assigned(self, assign: Assign) -> tuple[str, bool]:
        """The source of the new value, and whether it can stand for itself."""
        variable = self.words.variables.get(assign.field)
        return self._value(assign.value, None if variable is None else variable.type)

    def _value(self, value: Value | Condition, type: Type | None) -> tuple[str, bool]:
        if isinstance(value, Condition):
            return self.expression(value, type), False
        return literal(value.data, type), not isinstance(value.data, (tuple, dict))

    def _store(self, name: str, source: str, atomic: bool) -> list[Line]:
        if atomic:
            self.values[name] = source
            return []
        local = self.words.locals[name]
        self.values[name] = local
        type = self.words.variables[name].type
        if local in self.usage.declared or (type.kind in _PLAIN and not type.optional):
            return lines(f"{local} = {source}")
        self.usage.declared.add(local)
        return lines(f"{local}: {annotation(type, self.words.objects)} = {source}")

    def _merge(self) -> list[Line]:
        block: list[Line] = []
        for name, source, optional in self._payload_fields():
            if name not in self.words.variables:
                continue
            if optional:
                old = self.variable((name,))
                kept = f"{old} if {source} is None else {source}"
                block += self._store(name, kept, False)
            else:
                block += self._store(name, source, True)
        return block

    def _payload_fields(self) -> list[tuple[str, str, bool]]:
        """Of each declared field: its name, its source, and whether it may be None."""
        event = self.event
        assert event is not None, "only an event has a payload to merge"
        assert event.payload is not None, "an open payload is merged as a whole"
        return [
            (field.name, self.payload((field.name,)), field.type.optional)
            for field in event.payload
        ]

    def _dynamic(self, effect: Effect | Merge) -> list[Line]:
        block = [] if self.changed else lines("changed = dict(context)")
        self.changed = True
        match effect:
            case Merge():
                for name, source, optional in self._payload_fields():
                    if optional:
                        block += lines(f"if {source} is not None:")
                        block += indented(self._put(name, source))
                    else:
                        block += self._put(name, source)
            case SetEffect(assignments):
                for assign in assignments:
                    block += self._put(assign.field, self._assigned(assign)[0])
            case Timestamp(name):
                block += self._put(name, "now")
            case Add(name, amount):
                block += self._put(name, self._sum(name, amount))
            case Append(name, value):
                self.usage.helpers.add("_appended")
                self.fallible = True
                old = self.variable((name,))
                block += self._put(
                    name, f"_appended({old}, {self._value(value, None)[0]})"
                )
            case Clear(name):
                block += self._put(name, "None")
        return block

    def _put(self, name: str, source: str) -> list[Line]:
        return lines(f"changed[{ascii_literal(name)}] = {source}")

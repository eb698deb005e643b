"""Events: one class for each trigger, and the functions that read it from data."""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.emit.annotations import annotation, literal
from pystator.compiler.emit.columns import Column
from pystator.compiler.emit.docstrings import docstring
from pystator.compiler.emit.exports import natural_order
from pystator.compiler.emit.layout import (
    WIDTH,
    Group,
    define,
    lay_out,
    string_items,
    tuple_of,
)
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.parsers import Parsers
from pystator.compiler.emit.sinks import Code, Docstring
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import StringLiteral, ascii_literal
from pystator.compiler.ir.machine import Event, Field


@dataclass(frozen=True, slots=True)
class EventPlan:
    """One event class. `init` and `payload` are empty without a declared payload."""

    name: Identifier
    doc: Docstring
    open: bool
    slots: Code
    member: Identifier
    init: tuple[Code, ...]
    payload: Code
    dispatch: Code
    column: Column
    parser: Identifier
    parse: Code
    key: StringLiteral


def event_plan(
    words: Vocabulary,
    event: Event,
    column: Column,
    dispatch: Code,
    parsers: Parsers,
    names: Namespace,
) -> EventPlan:
    name = words.names.events[event.name]
    parser = names.take(f"_parse_{words.names.triggers[event.name].lower()}")
    fields = event.payload or ()
    given = words.names.payload[event.name]
    slots = tuple_of(
        [
            ascii_literal(name)
            for name in sorted((given[f.name] for f in fields), key=natural_order)
        ]
    )
    doc = f"The event `{event.name}`"
    doc = f"{doc}: {event.description}" if event.description else f"{doc}."
    entries = tuple(
        f"{ascii_literal(field.name)}: self.{given[field.name]}" for field in fields
    )
    return EventPlan(
        name=name,
        doc=docstring(doc, 4),
        open=event.payload is None,
        slots=lay_out(Group("__slots__ = (", slots.items, ")"), 4),
        member=words.names.triggers[event.name],
        init=_init(words, event) if fields else (),
        payload=lay_out(Group("return {", entries, "}"), 8) if fields else Code(""),
        dispatch=dispatch,
        column=column,
        parser=parser,
        parse=_parse(words, event, parser, parsers),
        key=ascii_literal(event.name),
    )


def event_alias(words: Vocabulary) -> Code:
    """The union of all event classes."""
    classes = [words.names.events[e.name] for e in words.machine.events]
    names = [*classes, *(["Elapsed"] if words.has_timers else [])]
    if not names:
        return Code("Event: TypeAlias = _Event")
    listed = " | ".join(names)
    if len(f"Event: TypeAlias = {listed}") <= WIDTH:
        return Code(f"Event: TypeAlias = {listed}")
    if len(listed) + 4 <= WIDTH:
        return Code(f"Event: TypeAlias = (\n    {listed}\n)")
    others = "".join(f"    | {name}\n" for name in names[1:])
    return Code(f"Event: TypeAlias = (\n    {names[0]}\n{others})")


def _init(words: Vocabulary, event: Event) -> tuple[Code, ...]:
    """The head of `__init__` and its statements."""
    params = ["self", "*"]
    body: list[str] = []
    for field in event.payload or ():
        name = words.names.payload[event.name][field.name]
        kind = annotation(field.type, words.objects)
        if field.required:
            params.append(f"{name}: {kind}")
            body.append(f"self.{name}: Final = {name}")
        elif isinstance(field.default, (tuple, dict)):
            params.append(f"{name}: {kind} | None = None")
            default = literal(field.default, field.type)
            body.append(
                f"self.{name}: Final[{kind}] = {default} if {name} is None else {name}"
            )
        else:
            params.append(f"{name}: {kind} = {literal(field.default, field.type)}")
            body.append(f"self.{name}: Final = {name}")
    return (define("def __init__(", params, "None", ":", 4), *map(Code, body))


def _parse(
    words: Vocabulary, event: Event, parser: Identifier, parsers: Parsers
) -> Code:
    name = words.names.events[event.name]
    head = define(f"def {parser}(", ["payload: Mapping[str, object]"], name, ":", 0)
    if event.payload is None:
        source = "payload" if words.dynamic else "_open_payload(payload)"
        return Code(f"{head}\n    return {name}(**{source})")
    checks = []
    for key, wanted in (("required", True), ("optional", False)):
        listed = [field.name for field in event.payload if field.required is wanted]
        if listed:
            checks.append(Group(f"{key}=(", string_items(listed), ")"))
    fields = lay_out(Group("_fields(", ("payload", *checks), ")"), 4)
    arguments = tuple(
        _argument(words, event, field, parsers) for field in event.payload
    )
    built = lay_out(Group(f"return {name}(", arguments, ")"), 4)
    return Code(f"{head}\n    {fields}\n    {built}")


def _argument(words: Vocabulary, event: Event, field: Field, parsers: Parsers) -> Group:
    name = words.names.payload[event.name][field.name]
    key = ascii_literal(field.name)
    if field.required:
        source = f"payload[{key}]"
    elif field.default is None:
        source = f"payload.get({key})"
    else:
        source = f"payload.get({key}, {literal(field.default, field.type)})"
    return Group(
        f"{name}={parsers.parser(field.type, field.name)}(", (source, key), ")"
    )


def open_payload(words: Vocabulary, parsers: Parsers) -> Code:
    """The function that reads the payload of an open event into declared variables."""
    lines = [
        "def _open_payload(payload: Mapping[str, object]) -> Payload:",
        "    known: Payload = {}",
        "    for name, value in payload.items():",
    ]
    word = "if"
    for name, variable in words.variables.items():
        key = ascii_literal(name)
        lines.append(f"        {word} name == {key}:")
        parser = parsers.parser(variable.type, name)
        lines.append(f"            known[{key}] = {parser}(value, name)")
        word = "elif"
    refusal = 'raise ValueError(f"unknown field: {name!r}")'
    if words.variables:
        lines += ["        else:", f"            {refusal}"]
    else:
        lines = [*lines[:2], "    for name in payload:", f"        {refusal}"]
    return Code("\n".join([*lines, "    return known"]))

"""The context: its dataclass, its object types, and how an open payload enters it."""

from __future__ import annotations

import keyword
from collections.abc import Mapping

from pystator.compiler.emit.annotations import annotation, bare, literal
from pystator.compiler.emit.layout import Group, define, lay_out
from pystator.compiler.emit.names import Identifier
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import ascii_literal
from pystator.compiler.ir.types import Type
from pystator.compiler.source.text import Data


def object_types(words: Vocabulary) -> tuple[Code, ...]:
    """A `TypedDict` for each object type with declared fields, inner ones first."""
    return tuple(
        _typed_dict(
            name,
            [
                (field, annotation(kind, words.objects))
                for field, kind in type.fields or ()
            ],
            total=True,
        )
        for type, name in words.objects.items()
    )


def context_fields(words: Vocabulary) -> tuple[Code, ...] | None:
    """The lines of the dataclass's fields; None where the context is a mapping."""
    if words.machine.variables is None:
        return None
    lines = []
    for variable in words.machine.variables:
        name = words.names.fields[variable.name]
        text = f"{name}: {annotation(variable.type, words.objects)}"
        if not variable.required:
            text += f" = {_default(variable.default, variable.type, words.objects)}"
        lines.append(Code(text))
    return tuple(lines)


def payload_type(words: Vocabulary) -> Code:
    """What an open payload may hold where the variables are declared; else empty."""
    if not words.open or words.dynamic:
        return Code("")
    fields = [
        (name, annotation(field.type, words.objects))
        for name, field in words.variables.items()
    ]
    return _typed_dict("Payload", fields, total=False)


def merging(words: Vocabulary) -> Code:
    """The function that puts an open payload into the context; empty without one."""
    if not words.open:
        return Code("")
    head = define(
        "def _merged(", ["context: Context", "event: _OpenEvent"], "Context", ":", 0
    )
    if words.dynamic:
        return Code(f"{head}\n    return {{**context, **event.data}}")
    fields = words.names.fields
    items = tuple(
        f"{fields[name]}=event.data.get("
        f"{ascii_literal(name)}, context.{fields[name]})"
        for name in words.variables
    )
    return Code(f"{head}\n    {lay_out(Group('return Context(', items, ')'), 4)}")


def _typed_dict(name: str, fields: list[tuple[str, str]], total: bool) -> Code:
    """A class where every key can be a name in it, else the call that takes any key."""
    if all(_can_be_attribute(key) for key, _ in fields):
        base = "TypedDict" if total else "TypedDict, total=False"
        rows = [f"    {key}: {kind}" for key, kind in fields] or ["    pass"]
        return Code("\n".join([f"class {name}({base}):", *rows]))
    entries = tuple(
        f"{ascii_literal(key)}: {ascii_literal(kind)}" for key, kind in fields
    )
    last = () if total else ("total=False",)
    arguments = (ascii_literal(name), Group("{", entries, "}"), *last)
    return lay_out(Group(f"{name} = TypedDict(", arguments, ")"))


def _can_be_attribute(key: str) -> bool:
    """Python changes names that begin with two underscores in a class body."""
    return (
        key.isidentifier() and not keyword.iskeyword(key) and not key.startswith("__")
    )


def _default(data: Data, type: Type, objects: Mapping[Type, Identifier]) -> str:
    if data == ():
        return f"field(default_factory={annotation(bare(type), objects)})"
    made = objects.get(bare(type))
    if made is not None and isinstance(data, dict):
        return f"field(default_factory=lambda: {made}({literal(data, type)}))"
    if isinstance(data, (tuple, dict)):
        return f"field(default_factory=lambda: {literal(data, type)})"
    return literal(data, type)

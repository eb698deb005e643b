"""Declared types: of state variables, of their fields, of payload fields.

A type is a name (`list[string]?`), or a mapping: `{enum: [a, b]}`, or the long form
`{type: object, fields: {...}}`. Faults go to the findings, and give None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.faults import Fault, Findings, wrong_type
from pystator.compiler.source.fields import items_needed, name, text
from pystator.compiler.source.nodes import Mapping, Node, Scalar, Sequence
from pystator.compiler.source.shape import Shape, open_mapping
from pystator.compiler.source.text import Text
from pystator.compiler.source.types import (
    TypeSyntaxError,
    UnknownTypeName,
    parse_type,
)


@dataclass(frozen=True, slots=True)
class TypeSource:
    """A type with the place where it is named."""

    type: Type
    span: Span


LONG = Shape("a type", keys=("type", "fields"))
ENUM = Shape("a type", keys=("enum",), required=("enum",), rivals=("type", "fields"))


def read_type(node: Node, subject: str, findings: Findings) -> Type | None:
    """The type that a node names; `subject` is the key it belongs to."""
    try:
        match node:
            case Scalar():
                return _simple(node, findings)
            case Mapping() if any(key.text == "enum" for key, _ in node.entries):
                opened = open_mapping(node, ENUM, findings)
                return _enum(opened.nodes["enum"]) if opened.nodes else None
            case Mapping():
                opened = open_mapping(node, LONG, findings)
                return read_declared(
                    opened.nodes.get("type"), opened.nodes.get("fields"), findings
                )
            case Sequence():
                raise wrong_type(node, "a type")
    except Fault as fault:
        findings.spoiled(fault, subject)
        return None


def read_declared(
    type_node: Node | None, fields_node: Node | None, findings: Findings
) -> Type | None:
    """The type of a `type` and a `fields` key; None also where neither is written."""
    if type_node is None and fields_node is None:
        return None
    declared: Type | None = Type(Kind.OBJECT)
    if type_node is not None:
        declared = read_type(type_node, "`type`", findings)
    if fields_node is None or declared is None:
        return declared
    if declared.kind is not Kind.OBJECT:
        findings.add(
            "PS0126", f"the type `{declared}` has no `fields`", fields_node.span
        )
        return None
    return replace(declared, fields=read_fields(fields_node, findings))


def read_fields(node: Node, findings: Findings) -> tuple[tuple[Text, Type], ...]:
    """The pairs of a mapping from field to type, without those at fault."""
    if not isinstance(node, Mapping):
        findings.spoiled(wrong_type(node, "a mapping"), "`fields`")
        return ()
    pairs: list[tuple[Text, Type]] = []
    for key, value in node.entries:
        try:
            field = name(key)
        except Fault as fault:
            findings.spoiled(fault, quoted(key.text))
            continue
        declared = read_type(value, quoted(key.text), findings)
        if declared is not None:
            pairs.append((field, declared))
    return tuple(pairs)


def _simple(node: Scalar, findings: Findings) -> Type:
    written = node.as_text()
    unknown: list[UnknownTypeName] = []
    try:
        declared = parse_type(written, unknown.append)
    except TypeSyntaxError as error:
        raise Fault(
            "PS0126",
            f"{quoted(written)} is not a type: {error.reason}",
            written.part(error.offset, 1),
        ) from None
    for found in unknown:
        near = found.near
        findings.add(
            "PS0125",
            f"unknown type {quoted(found.name)}, taken for `object`",
            written.part(found.offset, len(found.name)),
            label="no type has this name",
            help=() if near is None else (f"did you mean `{near}`?",),
        )
    return declared


def _enum(node: Node) -> Type:
    values: list[str] = []
    for item in items_needed(node):
        found = text(item)
        if found in values:
            raise Fault(
                "PS0126",
                f"{quoted(found)} stands twice in `enum`",
                item.span,
            )
        values.append(str(found))
    return Type(Kind.ENUM, values=tuple(values))

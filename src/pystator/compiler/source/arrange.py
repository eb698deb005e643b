"""From a node to the fields of its model, where the two differ in form.

Each function takes a mapping apart by its shape and gives the fields of the model
by alias, most of them still as nodes, which the model then reads. What depends on
several keys at once is checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pystator.compiler.diagnostics.model import Label, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source import fields, shapes
from pystator.compiler.source.declared import (
    TypeSource,
    read_declared,
    read_type,
)
from pystator.compiler.source.faults import Fault, Findings, listed, wrong_type
from pystator.compiler.source.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    start_of,
    to_value,
)
from pystator.compiler.source.shape import Opened, Shape, missing, open_mapping
from pystator.compiler.source.text import Text, Value

Arranged: TypeAlias = dict[str, object]


class Arrange(Protocol):
    def __call__(
        self, node: Node | Entry, shape: Shape, findings: Findings, /
    ) -> Arranged: ...


@dataclass(frozen=True, slots=True)
class ExprSource:
    """A computed value of `set`: `{expr: ...}`."""

    text: Text
    span: Span


def plainly(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, opened = _opened(node, shape, findings)
    return _arranged(node, opened, shape)


def form_of(*forms: str) -> Callable[[Node], str]:
    """Tells which of several forms a node has, by the first of `forms` among its keys.

    What has none of the keys is taken for the named form, which then says so.
    """

    def tag(node: Node) -> str:
        if isinstance(node, Mapping):
            keys = {key.text for key, _ in node.entries}
            for form in forms:
                if form in keys:
                    return f"form:{form}"
        return "form:name"

    return tag


def named(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    if isinstance(node, Scalar):
        return {"span": node.span, "name": node}
    if isinstance(node, Sequence):
        raise wrong_type(node, "a name or a mapping")
    node, opened = _opened(node, shape, findings)
    if "name" not in opened.written and not opened.unknown:
        forms = (key for key in (*shape.rivals, "name") if key != "params")
        missing(node, shape.place, f"one of {listed(forms)}", findings)
    return _arranged(node, opened, shape)


def check(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, inner = _inner(node, shape, findings)
    if inner is None:
        return {"span": node.span}
    inner, opened = _opened(inner, shapes.CHECK, findings)
    nodes, op = opened.nodes, opened.nodes.get("op")
    if not isinstance(op, Scalar) or op.text not in shapes.OPERATORS:
        return {"span": node.span, **nodes}
    if op.text in ("is_set", "is_null"):
        wanted = None
    elif op.text in ("in", "not_in"):
        wanted = "values"
        if isinstance(nodes.get("value"), Sequence) and "values" not in nodes:
            opened.rename("value", "values")
    else:
        wanted = "value"
    for key in ("value", "values"):
        if key != wanted and key in nodes:
            found = opened.keys[key]
            findings.add("PS0128", f"`{op.text}` takes no `{key}`", found.span)
    if wanted is not None and not opened.written & {"value", "values"}:
        missing(inner, f"`check` with `{op.text}`", f"`{wanted}`", findings)
    return {"span": node.span, **nodes}


def append(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, inner = _inner(node, shape, findings)
    if inner is None:
        return {"span": node.span}
    inner, opened = _opened(inner, shapes.APPEND, findings)
    return {"span": node.span, **opened.nodes}


def assignments(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, inner = _inner(node, shape, findings)
    if inner is None:
        return {"span": node.span}
    if not inner.entries:
        message = "must not be empty"
        findings.spoiled(Fault("PS0131", message, inner.span, whole=False), "`set`")
    pairs: list[tuple[Text, Value | ExprSource]] = []
    for key, value in inner.entries:
        try:
            pairs.append((fields.name(key), _assigned(value, findings)))
        except Fault as fault:
            findings.spoiled(fault, quoted(key.text))
    return {"span": node.span, "assignments": tuple(pairs)}


def _assigned(node: Node, findings: Findings) -> Value | ExprSource:
    if isinstance(node, Mapping) and any(key.text == "expr" for key, _ in node.entries):
        opened = open_mapping(node, shapes.EXPR_VALUE, findings)
        if "expr" in opened.nodes:
            return ExprSource(fields.text(opened.nodes["expr"]), node.span)
    return to_value(node)


def with_extra(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, opened = _opened(node, shape, findings)
    extra = node._replace(entries=tuple(opened.further))
    return {"span": node.span, **opened.nodes, "extra": extra}


def transition(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, opened = _opened(node, shape, findings)
    nodes = opened.nodes
    _cause(node, opened, findings)
    _destination(node, opened, findings)
    after = nodes.get("after")
    if after is not None and not isinstance(after, Scalar):
        # two fields read it, and one fault is one diagnostic
        findings.spoiled(wrong_type(after, "a duration"), "`after`")
        del nodes["after"]
    arranged = _arranged(node, opened, shape)
    if "after" in nodes:
        arranged["delay_ms"] = nodes["after"]
    refs = [nodes["ref"]] if "ref" in nodes else []
    if "refs" in nodes:
        refs += fields.one_or_many(nodes["refs"])
    arranged.pop("ref", None)
    arranged["refs"] = tuple(refs)
    return arranged


def _cause(node: Mapping, opened: Opened, findings: Findings) -> None:
    """One of `trigger`, `after`, `auto`, `done`; only trigger and after go together."""
    causes = [
        key
        for key in ("trigger", "after", "auto", "done")
        if key in opened.written and not _is_false(opened.nodes.get(key))
    ]
    if not causes:
        findings.add(
            "PS0129",
            "a transition needs one of `trigger`, `after`, `auto: true`, `done: true`",
            node.entries[0][0].span if node.entries else node.span,
            label="nothing sets it off",
        )
    if len(causes) > 1 and causes != ["trigger", "after"]:
        last = opened.keys.get(causes[-1])
        others = [opened.keys[key] for key in causes[:-1] if key in opened.keys]
        if last is not None and others:
            findings.add(
                "PS0128",
                f"`{causes[-1]}` does not go with {listed(causes[:-1])}",
                last.span,
                label="one of them only",
                secondary=[Label(other.span, "the other") for other in others],
            )


def _destination(node: Mapping, opened: Opened, findings: Findings) -> None:
    if "dest" not in opened.written and (
        "internal" not in opened.written or _is_false(opened.nodes.get("internal"))
    ):
        findings.add(
            "PS0130",
            "a transition needs `dest`",
            node.entries[0][0].span if node.entries else node.span,
            label="leads nowhere",
            help=["a transition that only runs actions says `internal: true`"],
        )


def _is_false(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is False


def variable(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    if isinstance(node, Scalar):
        return {"span": node.span, "key": node}
    if isinstance(node, Sequence):
        raise wrong_type(node, "a name or a mapping")
    node, opened = _opened(node, shape, findings)
    arranged = _arranged(node, opened, shape)
    type_node, fields_node = opened.nodes.get("type"), opened.nodes.get("fields")
    declared = read_declared(type_node, fields_node, findings)
    arranged["type"] = None
    if declared is not None:
        place = type_node or fields_node or node
        arranged["type"] = TypeSource(declared, place.span)
        arranged["fields"] = declared.fields
    return arranged


def entries(node: Node) -> tuple[Entry, ...]:
    """The fields of a payload."""
    if not isinstance(node, Mapping):
        raise wrong_type(node, "a mapping from field to type")
    return tuple(Entry(key, value) for key, value in node.entries)


def payload_field(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    """A type alone is required unless optional; the long form is so without default."""
    assert isinstance(node, Entry)
    key, value = node
    arranged: Arranged = {"span": value.span, "name": key}
    if isinstance(value, Scalar) and value.absent:
        message = f"the payload field {quoted(key.text)} needs a type"
        findings.add("PS0121", message, key.span, label="no type")
        return arranged
    long = isinstance(value, Mapping) and all(
        k.text != "enum" for k, _ in value.entries
    )
    if not long:
        declared = read_type(value, quoted(key.text), findings)
        if declared is not None:
            arranged |= {"type": declared, "required": not declared.optional}
        return arranged
    mapping, opened = _opened(value, shape, findings)
    nodes = opened.nodes
    declared = read_declared(nodes.get("type"), nodes.get("fields"), findings)
    if declared is None and not opened.written & {"type", "fields"}:
        missing(mapping, shape.place, "`type`", findings)
    required = "default" not in nodes and not (declared and declared.optional)
    if "required" in nodes:
        try:
            required = fields.flag(nodes["required"])
        except Fault as fault:
            findings.spoiled(fault, "`required`")
    arranged |= {"type": declared, "required": required}
    for optional in ("default", "description"):
        if optional in nodes:
            arranged[optional] = nodes[optional]
    return arranged


def property_(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, opened = _opened(node, shape, findings)
    forms = [key for key in shapes.PROPERTY_FORMS if key in opened.written]
    if not forms and not opened.unknown:
        what = f"one of {listed(shapes.PROPERTY_FORMS)}"
        missing(node, shape.place, what, findings)
    written = [opened.keys[key] for key in forms if key in opened.keys]
    if len(written) > 1:
        first, *others = sorted(written, key=lambda key: key.span)
        findings.add(
            "PS0128",
            f"`{others[0].text}` does not go with `{first.text}` in a property",
            others[0].span,
            label="one of them only",
            secondary=[Label(first.span, "the other")],
            help=["write two properties"],
        )
    return _arranged(node, opened, shape)


def machine(node: Node | Entry, shape: Shape, findings: Findings) -> Arranged:
    node, opened = _opened(node, shape, findings)
    arranged = _arranged(node, opened, shape)
    empty = Mapping((), node.path, start_of(node.place))
    return {"path": node.path, "meta": empty, **arranged}


def _opened(
    node: Node | Entry, shape: Shape, findings: Findings
) -> tuple[Mapping, Opened]:
    assert not isinstance(node, Entry)
    opened = open_mapping(node, shape, findings)
    assert isinstance(node, Mapping)
    return node, opened


def _inner(
    node: Node | Entry, shape: Shape, findings: Findings
) -> tuple[Mapping, Mapping | None]:
    """The mapping under the one key of a form, as `{check: {...}}` has it."""
    node, opened = _opened(node, shape, findings)
    key = shape.keys[0]
    inner = opened.nodes.get(key)
    if inner is not None and not isinstance(inner, Mapping):
        findings.spoiled(wrong_type(inner, "a mapping"), f"`{key}`")
        inner = None
    return node, inner


def _arranged(node: Mapping, opened: Opened, shape: Shape) -> Arranged:
    arranged: Arranged = {"span": node.span, **opened.nodes}
    if opened.further and "metadata" in shape.keys:
        arranged["metadata"] = _metadata(node, opened)
    return arranged


def _metadata(node: Mapping, opened: Opened) -> Node:
    """The metadata with the unknown keys of the mapping around it; its own win."""
    metadata = opened.nodes.get("metadata")
    if metadata is None:
        return node._replace(entries=tuple(opened.further))
    if not isinstance(metadata, Mapping):
        return metadata
    own = {key.text for key, _ in metadata.entries}
    more = tuple(entry for entry in opened.further if entry[0].text not in own)
    return metadata._replace(entries=metadata.entries + more)

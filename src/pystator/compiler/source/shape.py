"""The keys of one kind of mapping, and taking a mapping apart by them.

Everything that only depends on which keys are there is found here, whatever their
values are: unknown, missing and conflicting keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pystator.compiler.diagnostics.model import Label
from pystator.compiler.diagnostics.suggest import closest
from pystator.compiler.source.faults import Findings, listed, wrong_type
from pystator.compiler.source.nodes import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True)
class Shape:
    """`place` is the noun phrase of messages, as in "unknown key in a state".

    `rivals` are the keys of other forms of the same thing. An `open` mapping takes
    further keys.
    """

    place: str
    keys: tuple[str, ...]
    required: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    null_counts: tuple[str, ...] = ()
    open: bool = False


@dataclass(slots=True)
class Opened:
    """`nodes` and `keys` by the text of the key, `further` what has no meaning here.

    `written` also has what stands there without a value, and the key that an unknown
    one was probably meant to be: nothing to call missing. `unknown` is true if an
    unknown key was reported.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    further: list[tuple[Scalar, Node]] = field(default_factory=list)
    unknown: bool = False

    def rename(self, key: str, to: str) -> None:
        """Take what was written under one key as written under another."""
        self.nodes[to] = self.nodes.pop(key)
        self.keys[to] = self.keys.pop(key)


def open_mapping(node: Node, shape: Shape, findings: Findings) -> Opened:
    """The nodes of a mapping by key. Raises Fault if it is none."""
    if not isinstance(node, Mapping):
        raise wrong_type(node, "a mapping")
    opened = Opened()
    unknown: list[Scalar] = []
    for key, value in node.entries:
        text = key.text
        if text not in shape.keys:
            unknown.append(key)
            opened.further.append((key, value))
        elif (
            isinstance(value, Scalar)
            and value.absent
            and value.plain
            and text not in shape.null_counts
        ):
            if text in shape.required:
                opened.written.add(text)
                message = f"`{text}` of {shape.place} has no value"
                findings.add("PS0121", message, key.span, label="no value")
        else:
            opened.nodes[text] = value
            opened.keys[text] = key
            opened.written.add(text)
    if unknown:
        _unknown(unknown, shape, opened, findings)
    for text in shape.required:
        if text not in opened.written:
            missing(node, shape.place, f"`{text}`", findings)
    return opened


def missing(node: Mapping, place: str, what: str, findings: Findings) -> None:
    """Report what a mapping lacks, at its first key."""
    span = node.entries[0][0].span if node.entries else node.span
    findings.add("PS0121", f"{place} needs {what}", span, label=f"no {what} here")


def _unknown(
    keys: list[Scalar], shape: Shape, opened: Opened, findings: Findings
) -> None:
    further = opened.further
    opened.further = [
        entry for entry in further if not entry[0].text.startswith(("x-", "x_"))
    ]
    if shape.open:
        return
    free = [text for text in shape.keys if text not in opened.written]
    for key in keys:
        if key.text.startswith(("x-", "x_")):
            continue
        if key.text in shape.rivals and opened.nodes:
            _conflict(key, shape, opened, findings)
            continue
        opened.unknown = True
        near = closest(key.text, (*free, *shape.rivals))
        if near is not None:
            opened.written.add(near)
        findings.unknown(key, shape.place, near, (*shape.keys, *shape.rivals))


def _conflict(key: Scalar, shape: Shape, opened: Opened, findings: Findings) -> None:
    own = [opened.keys[text] for text in shape.keys if text in opened.keys]
    findings.add(
        "PS0128",
        f"`{key.text}` does not go with {listed(k.text for k in own)} in {shape.place}",
        key.span,
        label="one of them only",
        secondary=[Label(other.span, "the other") for other in own],
    )

"""What a value may be: one function for each kind of field, from node to value.

Each raises `Fault` for a value it cannot take. None of them sees absence: a key
without a value counts as not written, and is dropped before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.source.duration import (
    DurationError,
    parse_delay,
    parse_seconds,
)
from pystator.compiler.source.faults import Fault, listed, wrong_type
from pystator.compiler.source.nodes import Mapping, Node, Scalar, Sequence, to_value
from pystator.compiler.source.text import Text, Value

NAME_LIMIT = 128
_HISTORY = re.compile(r"(H\*?)\((.*)\)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")


def text(node: Node) -> Text:
    """Any scalar, as typed."""
    if isinstance(node, Scalar):
        return node.as_text()
    raise wrong_type(node, "a text")


def name(node: Node) -> Text:
    if not isinstance(node, Scalar):
        raise wrong_type(node, "a name")
    if len(node.text) <= NAME_LIMIT and _NAME.fullmatch(node.text):
        return node.as_text()
    if not node.text:
        raise Fault("PS0123", "must not be empty", node.span, whole=False)
    if len(node.text) > NAME_LIMIT:
        raise Fault(
            "PS0123",
            f"the name {quoted(node.text)} is longer than {NAME_LIMIT} characters",
            node.span,
        )
    raise Fault(
        "PS0123",
        f"{quoted(node.text)} is not a name",
        node.span,
        notes=(
            "a name starts with a letter or `_`; letters, digits, `_`, `.`, `:` and "
            "`-` may follow",
        ),
    )


def source_name(node: Node) -> Text:
    if isinstance(node, Scalar) and node.text == "*":
        return node.as_text()
    return name(node)


def flag(node: Node) -> bool:
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    meant = node.text.lower() if isinstance(node, Scalar) else ""
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    word = words.get(meant, meant if meant in ("true", "false") else None)
    help = () if word is None else (f"did you mean `{word}`?",)
    raise wrong_type(node, "true or false", *help)


def true(node: Node) -> bool:
    if flag(node):
        return True
    raise wrong_type(node, "true", "leave the property out")


def integer(node: Node) -> int:
    # bool is an int to Python, not to YAML
    if isinstance(node, Scalar) and type(node.value) is int:
        return node.value
    raise wrong_type(node, "an integer")


def natural(node: Node) -> int:
    number = integer(node)
    if number < 0:
        raise wrong_type(node, "an integer of at least 0")
    return number


def value(node: Node) -> Value:
    return to_value(node)


def map_value(node: Node) -> Value:
    if isinstance(node, Mapping):
        return to_value(node)
    raise wrong_type(node, "a mapping")


def list_value(node: Node) -> Value:
    if isinstance(node, Sequence):
        return to_value(node)
    raise wrong_type(node, "a list")


def items(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    raise wrong_type(node, "a list")


def items_needed(node: Node) -> tuple[Node, ...]:
    found = items(node)
    if not found:
        raise Fault("PS0131", "must not be empty", node.span, whole=False)
    return found


def one_or_many(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def sources(node: Node) -> tuple[Node, ...]:
    """A state, several, or `*`, which goes with no other."""
    found = one_or_many(node)
    if not found:
        raise Fault("PS0131", "must not be empty", node.span, whole=False)
    if len(found) > 1:
        for item in found:
            if isinstance(item, Scalar) and item.text == "*":
                raise Fault(
                    "PS0128",
                    "`*` stands for every state and goes with no other source",
                    item.span,
                )
    return found


@dataclass(frozen=True, slots=True)
class TargetSource:
    """A state as destination, or the history of one: `H(state)`, deep `H*(state)`."""

    state: Text
    history: str = ""


def target(node: Node) -> TargetSource:
    if isinstance(node, Scalar):
        found = _HISTORY.fullmatch(node.text)
        if found is not None:
            start = len(found[1]) + 1
            inner = node._replace(text=found[2], value=found[2])
            state = name(inner)
            place = node.as_text().part(start, len(state))
            return TargetSource(Text(str(state), place), found[1])
    return TargetSource(name(node))


def targets(node: Node) -> tuple[Node, ...]:
    """One destination, or those of a fork."""
    found = one_or_many(node)
    if not found:
        raise Fault("PS0131", "must not be empty", node.span, whole=False)
    return found


def delay(node: Node) -> int:
    return _duration(node, parse_delay, "a duration")


def seconds(node: Node) -> int:
    return _duration(node, parse_seconds, "a number of seconds")


def _duration(node: Node, parse: Callable[[str], int], expected: str) -> int:
    if not isinstance(node, Scalar):
        raise wrong_type(node, expected)
    try:
        return parse(node.text)
    except DurationError as error:
        message = f"{quoted(node.text)} is no delay: {error.reason}"
        raise Fault("PS0127", message, node.span, help=error.help) from None


def choice(*words: str) -> Callable[[Node], Text]:
    def read(node: Node) -> Text:
        found = text(node)
        if found in words:
            return found
        raise Fault(
            "PS0124",
            f"must be one of {listed(words)}, not {quoted(found)}",
            node.span,
            whole=False,
            help=did_you_mean(found, words),
        )

    return read

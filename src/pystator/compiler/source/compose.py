"""From the parser's events to nodes, in one loop with its own stack.

The survey has bounded the text; what aliases make of it is bounded here, by counting
what they repeat instead of repeating it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import NamedTuple

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.source.core import SUSPECT, RangeError, core_value
from pystator.compiler.source.events import event_place, event_source
from pystator.compiler.source.json_text import YamlText
from pystator.compiler.source.limits import (
    DEPTH_LIMIT,
    FAULT_LIMIT,
    NODE_LIMIT,
    too_deep,
    too_many,
)
from pystator.compiler.source.nodes import (
    BITS,
    END,
    Mapping,
    Node,
    Place,
    Scalar,
    ScalarValue,
    Sequence,
    span_of,
)

_new = tuple.__new__
"""What a named tuple does itself, after a call."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""PyYAML's own parser lets these through; libyaml's refuses the escape."""


class _Anchored(NamedTuple):
    """What an alias stands for; `node` is None while the anchor's own end is ahead."""

    node: Node | None
    size: int
    height: int


class _Frame:
    """A list or mapping whose end is ahead.

    `before` counts the nodes that were met up to its start, `height` its own levels.
    """

    __slots__ = (
        "anchor",
        "before",
        "entries",
        "height",
        "items",
        "key",
        "keys",
        "mapping",
        "refused",
        "start",
    )

    def __init__(self, event: CollectionStartEvent, before: int) -> None:
        mark = event.start_mark
        assert mark is not None, "the parser marks its events"
        self.mapping = isinstance(event, MappingStartEvent)
        self.anchor = event.anchor
        self.start = mark.line << BITS | mark.column
        self.before = before
        self.height = 1
        self.items: list[Node] = []
        self.entries: list[tuple[Scalar, Node]] = []
        self.keys: dict[str, Scalar] = {}
        self.key: Scalar | None = None
        self.refused = False

    def node(self, path: str, end: int) -> Node:
        place = self.start << 2 * BITS | end
        if self.mapping:
            return Mapping(tuple(self.entries), path, place)
        return Sequence(tuple(self.items), path, place)


class _Stop(Exception):
    """Nothing more of the text is looked at."""


def compose(text: YamlText, path: str, report: Report) -> Node | None:
    """The root node of a surveyed text; None if an error was reported."""
    composer = _Composer(text, path)
    with suppress(_Stop):
        composer.run()
    report.extend(composer.found)
    return None if composer.found else composer.root


class _Composer:
    """`_end` is where the last thing ended, `_count` has nodes as aliases repeat them.

    Lines and columns are packed as in a `Place`.
    """

    def __init__(self, text: YamlText, path: str) -> None:
        self.root: Node | None = None
        self.found: list[Diagnostic] = []
        self._next_event = event_source(text.text)
        self._restored = text.restored
        self._path = path
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._end = 0

    def run(self) -> None:
        # there are millions of scalars, so what each of them costs is kept low
        stack, next_event, scalar = self._stack, self._next_event, self._scalar
        while (event := next_event()) is not None:
            if isinstance(event, ScalarEvent):
                self._count += 1
                node = scalar(event)
                if event.anchor is not None:
                    self._anchors[event.anchor] = _Anchored(node, 1, 0)
                if stack and not stack[-1].mapping:
                    stack[-1].items.append(node)
                else:
                    self._add(node)
            elif isinstance(event, CollectionStartEvent):
                if event.anchor is not None:
                    self._anchors[event.anchor] = _Anchored(None, 0, 0)
                stack.append(_Frame(event, self._count))
                self._count += 1
            elif isinstance(event, CollectionEndEvent):
                self._close(event)
            elif isinstance(event, AliasEvent):
                self._alias(event)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text = event.value
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None, "the parser marks its events"
        begin = start.line << BITS | start.column
        if event.style == "|" or event.style == ">":
            # such a scalar ends where the next line begins, perhaps after the last one
            stop = begin + 1
        else:
            stop = end.line << BITS | end.column
        self._end = stop
        place = begin << 2 * BITS | stop
        if event.implicit[0]:
            value: ScalarValue = text
            if not text or text[0] in SUSPECT:
                try:
                    value = core_value(text)
                except RangeError:
                    self._number(text, place)
            return _new(Scalar, (text, value, True, self._path, place))
        text = self._restored(text)
        if not text.isascii() and _SURROGATE.search(text):
            self._fail("PS0101", "invalid YAML: half a surrogate pair", place)
        return Scalar(text, text, False, self._path, place)

    def _number(self, text: str, place: Place) -> None:
        self._fail(
            "PS0115",
            f"the number {quoted(text)} is out of range",
            place,
            notes=("integers have 64 bits, other numbers are finite",),
            help=("put it in quotes if it is a text",),
        )

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if not frame.mapping:
            frame.items.append(node)
        elif frame.key is None:
            self._key(frame, node)
        else:
            if not frame.refused:
                frame.entries.append((frame.key, node))
            frame.key = None

    def _add_high(self, node: Node, height: int) -> None:
        """A node that has levels of its own."""
        if self._stack:
            frame = self._stack[-1]
            frame.height = max(frame.height, height + 1)
        self._add(node)

    def _key(self, frame: _Frame, node: Node) -> None:
        frame.refused = True
        if not isinstance(node, Scalar):
            message = "a key is a text, not a list or a mapping"
            self._fail("PS0107", message, node.place)
            frame.key = Scalar("", "", False, node.path, node.place)
            return
        frame.key = node
        first = frame.keys.setdefault(node.text, node)
        if first is not node:
            self._fail(
                "PS0104",
                f"the key {quoted(node.text)} stands twice in this mapping",
                node.place,
                label="again here",
                secondary=(Label(first.span, "first here"),),
            )
        elif node.plain and node.text == "<<":
            del frame.keys[node.text]
            self._fail("PS0106", "merge keys are not allowed", node.place)
        else:
            frame.refused = False

    def _close(self, event: CollectionEndEvent) -> None:
        frame = self._stack.pop()
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None, "the parser marks its events"
        # only a bracket has a width: a block ends with the last thing in it
        if start.index != end.index:
            self._end = end.line << BITS | end.column
        node = frame.node(self._path, self._end)
        if frame.anchor is not None:
            anchored = _Anchored(node, self._count - frame.before, frame.height)
            self._anchors[frame.anchor] = anchored
        self._add_high(node, frame.height)

    def _alias(self, event: AliasEvent) -> None:
        place = event_place(event)
        name = event.anchor or ""
        anchored = self._anchors.get(name)
        self._end = place & END
        if anchored is None or anchored.node is None:
            alias = quoted(f"*{name}")
            if anchored is None:
                message = f"the alias {alias} has no anchor before it"
                help = did_you_mean(name, self._anchors)
            else:
                message, help = f"the alias {alias} stands inside its own anchor", ()
            self._fail("PS0110", message, place, help=help)
            self._add(Scalar("", None, True, self._path, place))
            return
        self._count += anchored.size
        if self._count > NODE_LIMIT:
            self.found.append(too_many(span_of(self._path, place)))
            raise _Stop
        if len(self._stack) + anchored.height > DEPTH_LIMIT:
            self.found.append(too_deep(span_of(self._path, place)))
            raise _Stop
        self._add_high(anchored.node, anchored.height)

    def _fail(
        self,
        code: str,
        message: str,
        place: Place,
        *,
        label: str = "",
        secondary: tuple[Label, ...] = (),
        notes: tuple[str, ...] = (),
        help: tuple[str, ...] = (),
    ) -> None:
        span = span_of(self._path, place)
        found = diagnostic(
            code,
            message,
            span,
            label=label,
            secondary=secondary,
            notes=notes,
            help=help,
        )
        self.found.append(found)
        if len(self.found) >= FAULT_LIMIT:
            raise _Stop

"""Is the text one plain document within bounds? Asked before any node is built.

One pass over the parser's events, which are cheap and do not nest: refused input is
refused without having cost more than this pass.
"""

from __future__ import annotations

import re

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Report, Span
from pystator.compiler.source.events import event_place, event_source
from pystator.compiler.source.limits import (
    DEPTH_LIMIT,
    FAULT_LIMIT,
    NODE_LIMIT,
    SCALAR_LIMIT,
    STATE_LIMIT,
    too_deep,
    too_many,
    too_many_states,
)
from pystator.compiler.source.lines import position_of
from pystator.compiler.source.nodes import span_of
from pystator.compiler.source.syntax import syntax_error

# Found before parsing: libyaml compares each of these directives with all before it.
_TAG_DIRECTIVE = re.compile(r"^%TAG", re.MULTILINE)


def survey(text: str, path: str, report: Report) -> bool:
    """Whether the text can be read; what stands in the way goes to the report."""
    found: list[Diagnostic] = []
    directive = _TAG_DIRECTIVE.search(text)
    if directive is not None:
        line, column = position_of(text, directive.start())
        span = Span(path, line, column, line, column + len("%TAG"))
        report.add(diagnostic("PS0105", "tags are not allowed", span))
        return False
    try:
        _walk(text, path, found)
    except yaml.YAMLError as error:
        found.append(syntax_error(error, text, path))
    report.extend(found)
    return not found


def _walk(text: str, path: str, found: list[Diagnostic]) -> None:
    next_event = event_source(text)
    depth = nodes = documents = states = 0
    # whether the root is a mapping, and if so whether the last node in it was a key
    mapping = key = False
    # the depth of states: no depth at all but within the value of `states`
    counted = -1
    while (event := next_event()) is not None:
        # there are millions of events, and `is` is the fastest to ask
        kind = type(event)
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            depth -= 1
            if depth == 1:
                key = not key
                counted = -1
            continue
        if kind is ScalarEvent or kind is AliasEvent:
            if depth == 1:
                key = not key
                named = isinstance(event, ScalarEvent) and event.value == "states"
                counted = 2 if mapping and key and named else -1
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                found.append(_second(span_of(path, event_place(event))))
                return
            continue
        elif kind is not MappingStartEvent and kind is not SequenceStartEvent:
            continue
        nodes += 1
        if depth == counted:
            states += 1
            if states > STATE_LIMIT:
                found.append(too_many_states(span_of(path, event_place(event))))
                return
        if isinstance(event, ScalarEvent):
            if len(event.value) > SCALAR_LIMIT:
                found.append(_long(event, path))
            if event.tag is not None:
                found.append(_tag(event, path, text))
        elif isinstance(event, CollectionStartEvent):
            if depth == 0:
                mapping = kind is MappingStartEvent
            depth += 1
            if event.tag is not None:
                found.append(_tag(event, path, text))
            if depth > DEPTH_LIMIT:
                found.append(too_deep(span_of(path, event_place(event))))
                return
        if nodes > NODE_LIMIT:
            found.append(too_many(span_of(path, event_place(event))))
            return
        if found and len(found) >= FAULT_LIMIT:
            return
    if documents == 0:
        found.append(empty_document(path))


def _second(span: Span) -> Diagnostic:
    return diagnostic(
        "PS0108",
        "a file holds one machine definition, and here starts another",
        span,
        label="the second document",
    )


def empty_document(path: str) -> Diagnostic:
    return diagnostic(
        "PS0109", "there is no machine definition here", Span(path, 1, 1, 1, 1)
    )


def _long(event: ScalarEvent, path: str) -> Diagnostic:
    span = span_of(path, event_place(event))
    message = f"a value of {len(event.value)} characters; {SCALAR_LIMIT} are allowed"
    return diagnostic("PS0114", message, span)


def _tag(event: NodeEvent, path: str, text: str) -> Diagnostic:
    """Points at the tag itself, which may stand after an anchor."""
    whole = span_of(path, event_place(event))
    start = event.start_mark
    assert start is not None
    sign = text.find("!", start.index)
    before = text[start.index : sign]
    span = whole
    if sign >= 0 and "\n" not in before and "\r" not in before:
        width = len(text[sign : sign + 200].split(maxsplit=1)[0])
        column = whole.column + len(before)
        span = Span(path, whole.line, column, whole.line, column + width)
    return diagnostic(
        "PS0105",
        "tags are not allowed",
        span,
        notes=("a value is a text, a number, a boolean, null, a list or a mapping",),
    )

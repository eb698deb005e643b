"""The YAML parser: libyaml's where PyYAML was built with it, else PyYAML's own."""

from __future__ import annotations

from collections.abc import Callable

import yaml
from yaml.events import Event

from pystator.compiler.source.nodes import Place, place_of

_parser = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def event_source(text: str) -> Callable[[], Event | None]:
    """A function that gives the next event of `text`, and None after the last.

    It raises `yaml.YAMLError` where the text is no YAML.
    """
    return _parser(text).get_event


def event_place(event: Event) -> Place:
    start, end = event.start_mark, event.end_mark
    assert start is not None and end is not None, "the parser marks its events"
    return place_of(start.line, start.column, end.line, end.column)

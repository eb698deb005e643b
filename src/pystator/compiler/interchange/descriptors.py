"""Event descriptors -> the triggers that they match.

SCXML matches by whole tokens from the start (`error` and `error.*` take `error.io`),
XState only where the descriptor ends in `*`. We have no patterns: each trigger that the
chart names and the descriptor matches gets a transition of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def stem(descriptor: str) -> str:
    """The tokens that an event begins with to be matched; none of `*`."""
    if descriptor == "*":
        return ""
    return descriptor.removesuffix(".*").removesuffix(".")


def prefixes(event: str) -> list[str]:
    """The stems that match the event: those of `a.b` are none, `a` and `a.b`."""
    found = [""]
    place = event.find(".")
    while place >= 0:
        found.append(event[:place])
        place = event.find(".", place + 1)
    return [*found, event]


def is_pattern(descriptor: str) -> bool:
    return descriptor == "*" or descriptor.endswith(".*")


class Known:
    """The events of a chart, by what matches them; the mapping may still grow."""

    def __init__(self, events: Mapping[str, str]) -> None:
        self._events = events
        self._size = -1
        self._matched: dict[str, list[str]] = {}

    def expanded(self, descriptors: Iterable[str], *, by_prefix: bool) -> list[str]:
        """The events that one of the descriptors matches, its own name first."""
        if self._size != len(self._events):
            self._size = len(self._events)
            self._matched = {}
            for event in self._events:
                for prefix in prefixes(event):
                    self._matched.setdefault(prefix, []).append(event)
        found: dict[str, None] = {}
        for descriptor in descriptors:
            if not is_pattern(descriptor):
                found[stem(descriptor)] = None
            if by_prefix or is_pattern(descriptor):
                found.update(dict.fromkeys(self._matched.get(stem(descriptor), ())))
        return list(found)

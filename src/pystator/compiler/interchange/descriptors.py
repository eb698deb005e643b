"""Event descriptors -> the triggers that they match.

SCXML matches by whole tokens from the start (`error` and `error.*` take `error.io`),
XState only where the descriptor ends in `*`. We have no patterns: each trigger that the
chart names and the descriptor matches gets a transition of its own.
"""

from __future__ import annotations

from collections.abc import Iterable


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


def expanded(
    descriptors: Iterable[str], known: Iterable[str], *, by_prefix: bool
) -> list[str]:
    """The known events that one of the descriptors matches, its own name first."""
    found: dict[str, None] = {}
    patterns: list[str] = []
    for descriptor in descriptors:
        if not is_pattern(descriptor):
            found[descriptor.removesuffix(".")] = None
        if by_prefix or is_pattern(descriptor):
            patterns.append(descriptor)
    if not patterns:
        return list(found)
    stems = set(map(stem, patterns))
    for event in known:
        if not stems.isdisjoint(prefixes(event)):
            found[event] = None
    return list(found)

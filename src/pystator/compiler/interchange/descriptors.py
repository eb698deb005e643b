"""Event descriptors -> the triggers that they match.

SCXML matches by whole tokens from the start (`error` and `error.*` take `error.io`),
XState only where the descriptor ends in `*`. We have no patterns: each trigger that the
chart names and the descriptor matches gets a transition of its own.
"""

from __future__ import annotations

from collections.abc import Iterable


def matches(descriptor: str, event: str, *, by_prefix: bool) -> bool:
    if descriptor == "*":
        return True
    star = descriptor.endswith(".*")
    stem = descriptor[:-2] if star else descriptor.removesuffix(".")
    if event == stem:
        return True
    return (by_prefix or star) and event.startswith(f"{stem}.")


def is_pattern(descriptor: str) -> bool:
    return descriptor == "*" or descriptor.endswith(".*")


def expanded(
    descriptors: Iterable[str], known: Iterable[str], *, by_prefix: bool
) -> list[str]:
    """The known events that one of the descriptors matches, its own name first."""
    events = list(known)
    found: dict[str, None] = {}
    for descriptor in descriptors:
        if not is_pattern(descriptor):
            found[descriptor.removesuffix(".")] = None
        for event in events:
            if matches(descriptor, event, by_prefix=by_prefix):
                found[event] = None
    return list(found)

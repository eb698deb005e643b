"""The middle of a module: statements in groups, one group for each state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One statement at module level; `comment` are the lines above it."""

    comment: tuple[str, ...]
    text: str
    is_function: bool


@dataclass(slots=True)
class Section:
    """The cells that a leaf is the first to have; the start has one of its own."""

    title: str
    items: list[Item]

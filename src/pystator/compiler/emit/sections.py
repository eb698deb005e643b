"""The middle of a module: statements in groups, one group for each state."""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.emit.sinks import Code, Comment


@dataclass(frozen=True, slots=True)
class Item:
    """One statement at module level; `comment` are the lines above it."""

    comment: tuple[Comment, ...]
    text: Code
    is_function: bool


@dataclass(slots=True)
class Section:
    """The cells that a leaf is the first to have; the start has one of its own."""

    title: Comment
    items: list[Item]

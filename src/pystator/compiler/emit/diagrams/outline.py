"""Nested text of any depth, without recursion.

A {B {C}}  ->  A {
                   B {
                       C
                   }
               }
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from pystator.compiler.ir.machine import State

Part: TypeAlias = tuple[int, "str | State"]
"""A line, or a state in whose place its own parts stand; and how deep."""

_INDENT: Final = 4
_DEEPEST: Final = 20
"""Where it goes deeper, lines are not indented further: they would only be blank."""


def outlined(
    parts: Iterable[Part], of_state: Callable[[State, int], Iterable[Part]]
) -> Iterator[str]:
    """The lines; `of_state` gives the parts of a state at a depth."""
    pending = [iter(parts)]
    while pending:
        part = next(pending[-1], None)
        if part is None:
            pending.pop()
            continue
        depth, what = part
        if isinstance(what, State):
            pending.append(iter(of_state(what, depth)))
        else:
            yield f"{' ' * (_INDENT * min(depth, _DEEPEST))}{what}"

"""What keeps a transition from its turn: those before it that ask no more than it.

    go: A [g] -> B, A [g and h] -> C  ->  the second comes too late

Transitions are tried from the leaf to the root and within a state in order. If the
guards of an earlier one are among those of a later one, the later one never has a turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator import kernel
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Transition

_Parts: TypeAlias = frozenset[kernel.Guard]
"""Guards that must all hold; none of them is a constant or an `AllOf`."""
_NONE: Final[_Parts] = frozenset()


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a transition is never taken: `certain` are taken whatever is answered,
    `same` ask no more than it. Where neither helps, `in_state` keeps it from holding.
    """

    certain: tuple[int, ...]
    same: tuple[int, ...]


class Earlier:
    """Looks up what comes before a transition; each group of them is read once.

    `reached` are the states that are entered: only there `auto` transitions are tried.
    """

    def __init__(self, flat: Flat, reached: set[int]) -> None:
        self._machine = flat.machine
        self._tables = flat.tables
        self._reached = reached
        self._events = {
            event.name: number for number, event in enumerate(flat.machine.events)
        }
        self._firsts: dict[tuple[int, int], Mapping[_Parts, int]] = {}
        self._below: dict[tuple[int, int], tuple[int, ...] | None] = {}

    def blocking(self, transition: Transition) -> Blocked | None:
        """None if no such transition explains it for every state it could start in."""
        if transition.auto:
            row = kernel.START
        elif transition.trigger is not None:
            row = self._events[transition.trigger]
        else:
            return self._everywhere({}, transition)
        return (
            self._beside(row, transition)
            or self._certain_below(row, transition.source)
            or self._everywhere(self._row(row), transition)
        )

    def _row(self, number: int) -> Mapping[int, tuple[int, ...]]:
        """The transitions of a trigger; those with `auto` have the number of START."""
        if number == kernel.START:
            return self._tables.auto
        return self._tables.rows[number]

    def _beside(self, row: int, transition: Transition) -> Blocked | None:
        """By one of the same state."""
        parts = _parts(self._tables, transition.id, None) or frozenset()
        firsts = self._first_of(row, transition.source)
        for key in (_NONE, parts, *(frozenset((part,)) for part in parts)):
            found = firsts.get(key)
            if found is None:
                continue
            other = self._machine.transitions[found]
            if (other.priority, found) < (transition.priority, transition.id):
                return Blocked((), (found,)) if key else Blocked((found,), ())
        return None

    def _first_of(self, row: int, source: int) -> Mapping[_Parts, int]:
        """The first transition of `source` with these guards, whatever the leaf is."""
        known = self._firsts.get((row, source))
        if known is None:
            firsts: dict[_Parts, int] = {}
            for candidate in self._row(row).get(source, ()):
                parts = _parts(self._tables, candidate, None)
                if parts is not None:
                    firsts.setdefault(parts, candidate)
            known = self._firsts[row, source] = firsts
        return known

    def _certain_below(self, row: int, source: int) -> Blocked | None:
        """By the unguarded ones of nested states, if every leaf has one."""
        if (row, source) not in self._below:
            leaves = self._leaves(source, auto=row == kernel.START)
            found = [self._certain_of(row, source, leaf) for leaf in leaves]
            certain = dict.fromkeys(number for number in found if number is not None)
            self._below[row, source] = None if None in found else tuple(certain)
        below = self._below[row, source]
        return Blocked(below, ()) if below else None

    def _certain_of(self, row: int, source: int, leaf: int) -> int | None:
        for state in reversed(self._tables.path[leaf]):
            if state == source:
                return None
            certain = self._first_of(row, state).get(_NONE)
            if certain is not None:
                return certain
        return None

    def _leaves(self, source: int, *, auto: bool) -> list[int]:
        return [
            leaf.id
            for leaf in self._machine.leaves
            if source <= leaf.id <= self._machine.states[source].last
            and leaf.id not in self._tables.final
            and (not auto or leaf.id in self._reached)
        ]

    def _everywhere(
        self, row: Mapping[int, tuple[int, ...]], transition: Transition
    ) -> Blocked | None:
        """By one in each leaf where its guards could hold."""
        leaves = self._leaves(transition.source, auto=transition.auto)
        certain: dict[int, None] = {}
        same: dict[int, None] = {}
        for leaf in leaves:
            active = self._tables.path[leaf]
            wanted = _parts(self._tables, transition.id, active)
            if wanted is None:
                continue
            for candidate in _before(row, active, transition):
                parts = _parts(self._tables, candidate, active)
                if parts is not None and parts <= wanted:
                    (same if parts else certain)[candidate] = None
                    break
            else:
                return None
        return Blocked(tuple(certain), tuple(same)) if leaves else None


def _before(
    row: Mapping[int, tuple[int, ...]], active: tuple[int, ...], transition: Transition
) -> list[int]:
    found: list[int] = []
    for state in reversed(active):
        for candidate in row.get(state, ()):
            if candidate == transition.id:
                return found
            found.append(candidate)
    return found


def _parts(
    tables: kernel.Tables, transition: int, active: tuple[int, ...] | None
) -> _Parts | None:
    """What must hold for the transition; None if it cannot. Without `active`, what
    `in_state` asks is left open.
    """
    parts: set[kernel.Guard] = set()
    pending = [
        tables.guards[number] for number in tables.transitions[transition].guards
    ]
    while pending:
        guard: kernel.Guard | bool = pending.pop()
        if active is not None and not isinstance(guard, bool):
            guard = kernel.fold(guard, active)
        match guard:
            case kernel.AllOf(guards):
                pending += guards
            case kernel.AnyOf(()) | False:
                return None
            case True:
                continue
            case _:
                parts.add(guard)
    return frozenset(parts)

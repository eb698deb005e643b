"""What keeps a transition from its turn: those before it that ask no more than it.

    go: A [g] -> B, A [g and h] -> C  ->  the second comes too late

Transitions are tried from the leaf to the root and within a state in order. If the
guards of an earlier one are among those of a later one, the later one never has a turn.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator import kernel
from pystator.compiler.analysis.known import Known
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

    Only in states that are entered `auto` transitions are tried. Where not all steps
    are known, only what holds in every configuration is looked for.
    """

    def __init__(self, flat: Flat, known: Known) -> None:
        self._machine = flat.machine
        self._tables = flat.tables
        self._known = known
        self._resting = [int(leaf.id) for leaf in flat.machine.leaves]
        self._events = {
            event.name: number for number, event in enumerate(flat.machine.events)
        }
        self._firsts: dict[tuple[int, int], Mapping[_Parts, int]] = {}
        self._below: dict[tuple[int, int], tuple[int, ...] | None] = {}

    def blocking(self, transition: Transition) -> Blocked | None:
        """None if no such transition explains it for every state it could start in."""
        if transition.auto:
            row = kernel.START
        elif transition.done:
            row = self._tables.done[transition.source]
        elif transition.trigger is not None:
            row = self._events[transition.trigger]
        else:
            return self._everywhere({}, transition)
        return (
            self._beside(row, transition)
            or self._certain_below(row, transition.source)
            or self._everywhere(self._row(row), transition)
        )

    def before_choice(self, transition: Transition) -> Blocked | None:
        """The same for a transition of a choice: only those beside it count."""
        wanted = _parts(self._tables, transition.id, None) or frozenset()
        for _, number in self._tables.choices[transition.source]:
            if number == transition.id:
                break
            other = self._machine.transitions[number]
            if other.trigger not in (None, transition.trigger):
                continue
            parts = _parts(self._tables, number, None)
            if parts is not None and parts <= wanted:
                return Blocked((), (number,)) if parts else Blocked((number,), ())
        return None

    def _row(self, number: int) -> Mapping[int, tuple[int, ...]]:
        """The transitions of a trigger; those with `auto` have the number of START."""
        if number == kernel.START:
            return self._tables.auto
        return self._tables.rows.get(number, {})

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
        last = self._machine.states[source].last
        inside = slice(
            bisect_left(self._resting, source), bisect_right(self._resting, last)
        )
        return [
            leaf
            for leaf in self._resting[inside]
            if leaf not in self._tables.final
            and (not auto or leaf in self._known.reached)
        ]

    def _everywhere(
        self, row: Mapping[int, tuple[int, ...]], transition: Transition
    ) -> Blocked | None:
        """By one in each place where its guards could hold."""
        if not self._known.complete:
            return None
        places = self._places(transition.source, auto=transition.auto)
        certain: dict[int, None] = {}
        same: dict[int, None] = {}
        for leaf, active in places:
            wanted = _parts(self._tables, transition.id, active)
            if wanted is None:
                continue
            for candidate in _before(row, self._tables.path[leaf], transition):
                parts = _parts(self._tables, candidate, active)
                if parts is not None and parts <= wanted:
                    (same if parts else certain)[candidate] = None
                    break
            else:
                return None
        return Blocked(tuple(certain), tuple(same)) if places else None

    def _places(self, source: int, *, auto: bool) -> list[tuple[int, Sequence[int]]]:
        """The leaves below a state, each with all that may be active with it."""
        path = self._tables.path
        leaves = self._leaves(source, auto=auto)
        if not self._tables.regions:
            return [(leaf, path[leaf]) for leaf in leaves]
        wanted = set(leaves)
        places: list[tuple[int, Sequence[int]]] = []
        for place in sorted(self._known.visited):
            active = sorted({state for leaf in place for state in path[leaf]})
            places += ((leaf, active) for leaf in place if leaf in wanted)
        return places


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
    tables: kernel.Tables, transition: int, active: Sequence[int] | None
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

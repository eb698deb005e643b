"""Steps that never come to rest although a guard could have ended them.

    A --auto [g]--> B, B --auto--> A, entered with g  ->  `A` -> `B` -> `A`

A rejected step does not say what it took. So it is run again, answered as before, over
tables in which each transition begins with an effect of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pystator import kernel
from pystator.cells import Cell, Done
from pystator.compiler.analysis.entry import entered
from pystator.compiler.flatten.explore import Cells, Large
from pystator.compiler.flatten.tables import Flat

_Circle: TypeAlias = tuple[tuple[int, int], ...]
_Answers: TypeAlias = "dict[tuple[tuple[int, ...], kernel.Guard], bool]"
"""By the effects before a question, since after one the answer may be another."""


@dataclass(frozen=True, slots=True)
class Livelock:
    """One step from `leaf`: all that it takes, and the circle that it ends in.

    A circle is the leaves with what is taken there, from the first in document order.
    It is empty if the step goes on too long without coming to a place again.
    """

    leaf: int
    taken: frozenset[int]
    circle: _Circle


class _Closed(Exception):
    """Ends a step that is run only to see where it goes."""


def livelocks(flat: Flat, cells: Cells) -> tuple[Livelock, ...]:
    """Those of all cells that are written out, each once."""
    marker = len(flat.effects)
    marked = replace(
        flat.tables,
        transitions=tuple(
            replace(
                transition,
                actions=(kernel.Effect(marker + number), *transition.actions),
            )
            for number, transition in enumerate(flat.tables.transitions)
        ),
    )
    columns = [(kernel.START, {kernel.ROOT: cells.start}), *enumerate(cells.columns)]
    found: dict[Livelock, None] = {}
    for trigger, column in columns:
        for leaf, cell in column.items():
            if isinstance(cell, Large):
                continue
            for answers in _endless(cell):
                before, circle = _steps(marked, leaf, trigger, answers, marker)
                taken = {number for _, number in (*before, *circle)}
                taken.discard(flat.tables.start)
                first = circle.index(min(circle)) if circle else 0
                turned = (*circle[first:], *circle[:first])
                found.setdefault(Livelock(leaf, frozenset(taken), turned))
    return tuple(found)


def only_there(
    found: Iterable[Livelock], possible: Mapping[int, tuple[set[int], set[int]]]
) -> dict[int, set[int]]:
    """What is taken in such steps and in no other, by the leaf that they begin in."""
    taken = {number for numbers, _ in possible.values() for number in numbers}
    lost: dict[int, set[int]] = {}
    for livelock in found:
        lost.setdefault(livelock.leaf, set()).update(livelock.taken - taken)
    return lost


def _endless(cell: Cell) -> Iterator[_Answers]:
    """The answers that lead to a livelock."""
    pending: list[tuple[Cell, _Answers]] = [(cell, {})]
    while pending:
        match pending.pop():
            case Done(outcome), answers:
                if outcome.reason is kernel.Reason.LIVELOCK:
                    yield answers
            case test, answers:
                asked = (test.effects, test.residue)
                pending.append((test.no, {**answers, asked: False}))
                pending.append((test.yes, {**answers, asked: True}))


def _steps(
    marked: kernel.Tables, leaf: int, trigger: int, answers: _Answers, marker: int
) -> tuple[_Circle, _Circle]:
    """What is taken and in which leaf, before the circle and in it.

    The step is broken off where it comes to a place again with no effect in between,
    since from there on it does the same.
    """
    steps: dict[tuple[int, int, int], None] = {}
    effects: list[int] = []
    here = leaf
    closed: list[tuple[int, int, int]] = []

    def answer(question: kernel.Question) -> bool:
        nonlocal here
        match question:
            case kernel.Effect(number) if number >= marker:
                step = (here, number - marker, len(effects))
                if step in steps:
                    closed.append(step)
                    raise _Closed
                steps[step] = None
                here = (*entered(marked, number - marker)[-1:], here)[0]
                return True
            case kernel.Effect(number):
                effects.append(number)
                return True
            case kernel.Ask(_, residue):
                return answers[tuple(effects), residue]

    kernel.drive(marked, leaf, trigger, answer)
    order = list(steps)
    start = order.index(closed[0]) if closed else len(order)
    way = tuple((place, transition) for place, transition, _ in order)
    return way[:start], way[start:]

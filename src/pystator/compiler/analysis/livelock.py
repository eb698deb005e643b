"""Steps that never come to rest.

    A --auto [g]--> B, B --auto--> A, entered with g  ->  `A` -> `B` -> `A`

A rejected step does not say what it took. So it is run again, answered as before, over
tables in which each transition begins with an effect of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from pystator import kernel
from pystator.cells import Cell, Done
from pystator.compiler.analysis.entry import Possible, moved, possibly
from pystator.compiler.analysis.steps import Steps
from pystator.compiler.flatten.involved import raised_by
from pystator.compiler.flatten.tables import Flat

Circle: TypeAlias = tuple[tuple[int, int], ...]
_Answers: TypeAlias = "dict[tuple[tuple[kernel.Change, ...], kernel.Guard], bool]"
"""By the effects before a question, since after one the answer may be another."""
_Step: TypeAlias = tuple[kernel.Configuration, int]


@dataclass(frozen=True, slots=True)
class Livelock:
    """One step from `place`: all that it takes, and the circle that it ends in.

    A circle is the leaves with what is taken there, from the first in document order.
    It is empty if the step goes on too long without coming to a place again. It is
    `certain` if it asks no guard.
    """

    place: kernel.Configuration
    taken: frozenset[int]
    circle: Circle
    certain: bool


class _Closed(Exception):
    """Ends a step that is run only to see where it goes."""


def livelocks(flat: Flat, steps: Steps) -> tuple[Livelock, ...]:
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
    queueing = bool(flat.completions or raised_by(flat))
    found: dict[Livelock, None] = {}
    for trigger, place, cell in steps.endless:
        for answers in _endless(cell):
            run = _Run(marked, place, answers, marker, queueing)
            found.setdefault(_livelock(flat, run, place, trigger))
    return tuple(found)


def only_there(
    found: Iterable[Livelock], possible: Possible
) -> dict[kernel.Configuration, set[int]]:
    """What is taken in such steps and in no other, by where they begin."""
    taken = {number for numbers, _ in possible.values() for number in numbers}
    lost: dict[kernel.Configuration, set[int]] = {}
    for livelock in found:
        lost.setdefault(livelock.place, set()).update(livelock.taken - taken)
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


def _livelock(
    flat: Flat, run: _Run, place: kernel.Configuration, trigger: int
) -> Livelock:
    outcome = kernel.drive(run.tables, place, trigger, run.answer)
    if not run.closed and outcome.reason is not kernel.Reason.LIVELOCK:
        # one guard was answered in two ways, and this is another step
        taken = frozenset(possibly(flat, trigger) - {flat.tables.start})
        return Livelock(place, taken, (), False)
    start, end = run.circle()
    circle = [(_leaf(flat.tables, *step), step[1]) for step in run.steps[start:end]]
    first = circle.index(min(circle)) if circle else 0
    return Livelock(
        place,
        frozenset({number for _, number in run.steps} - {flat.tables.start}),
        (*circle[first:], *circle[:first]),
        certain=all(asked <= start for asked in run.asked),
    )


def _leaf(tables: kernel.Tables, place: kernel.Configuration, transition: int) -> int:
    """The first active leaf in the source of a transition."""
    source = tables.transitions[transition].source
    inside = (leaf for leaf in place if source <= leaf <= tables.last[source])
    return next(inside, source)


class _Run:
    """Answers one step and notes what it takes, and where; `asked` are the numbers of
    steps before each question.

    Where nothing waits in a queue, the step is broken off when it comes to a place
    again with no effect in between, since from there on it does the same.
    """

    def __init__(
        self,
        tables: kernel.Tables,
        place: kernel.Configuration,
        answers: _Answers,
        marker: int,
        queueing: bool,
    ) -> None:
        self.tables = tables
        self.here = () if place == (kernel.ROOT,) else place
        self.answers = answers
        self.marker = marker
        self.queueing = queueing
        self.steps: list[_Step] = []
        self.asked: list[int] = []
        self.effects: list[kernel.Change] = []
        self.known: dict[tuple[_Step, int], int] = {}
        self.closed = False
        self.start = 0

    def answer(self, question: kernel.Question) -> kernel.Answer:
        match question:
            case kernel.Change(number) if number >= self.marker:
                self.take(number - self.marker)
                return True
            case kernel.Change():
                self.effects.append(question)
                return True
            case kernel.Recall():
                return ()
            case kernel.Ask(_, residue):
                self.asked.append(len(self.steps))
                return self.answers[tuple(self.effects), residue]

    def take(self, transition: int) -> None:
        step = (self.here, transition)
        first = self.known.setdefault((step, len(self.effects)), len(self.steps))
        if first < len(self.steps) and not self.queueing:
            self.start, self.closed = first, True
            raise _Closed
        self.steps.append(step)
        self.here = moved(self.tables, self.here, transition)

    def circle(self) -> tuple[int, int]:
        """Where the steps begin to repeat themselves, and where they have once."""
        if self.closed:
            return self.start, len(self.steps)
        steps, count = self.steps, len(self.steps)
        for length in range(1, count // 2 + 1):
            start = count - length
            while start > 0 and steps[start - 1] == steps[start - 1 + length]:
                start -= 1
            if start <= count - 2 * length:
                asks = any(asked > start for asked in self.asked)
                # without a queue, a place that comes again was changed by effects
                if self.queueing or not asks:
                    return start, start + length
        return count, count

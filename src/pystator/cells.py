"""From a step to a decision: `explore` runs the kernel under every answer.

What comes out is a `Cell`, a tree of the guards that decide one (state, trigger)
with finished outcomes at its leaves:

    OPEN, fill  ->  Test(g0, yes=Done(-> FILLED), no=Done(guard_rejected))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator.kernel import (
    Answer,
    Ask,
    Change,
    Configuration,
    Guard,
    Outcome,
    Question,
    Recall,
    Stepping,
    Tables,
    stepping,
)

OUTCOME_LIMIT: Final = 64
"""Outcomes that one cell may have; beyond it the cell is not written out."""
LENGTH_LIMIT: Final = 32
"""Questions on one way through a cell; with more of them it is not written out."""
SEVERAL_LIMIT: Final = 16
"""The same where several leaves are active, since their configurations multiply."""


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Test:
    """`residue` is asked of the context after `effects`, as the last of `tried`.

    `event` is the trigger of the event taken last.
    """

    tried: tuple[int, ...]
    residue: Guard
    event: int
    effects: tuple[Change, ...]
    yes: Cell
    no: Cell


Cell: TypeAlias = Done | Test


class CellTooLarge(Exception):
    """More outcomes than are written out, or one for each record of a history."""


class _Replay:
    """Answers one step: first as told, then yes; and takes notes."""

    __slots__ = ("asked", "effects", "told")

    def __init__(self, told: tuple[bool, ...]) -> None:
        self.told = told
        self.asked: list[tuple[Ask, tuple[Change, ...]]] = []
        self.effects: list[Change] = []

    def __call__(self, question: Question) -> Answer:
        match question:
            case Change():
                self.effects.append(question)
                return True
            case Recall():
                raise CellTooLarge
            case Ask():
                position = len(self.asked)
                self.asked.append((question, tuple(self.effects)))
                return self.told[position] if position < len(self.told) else True


def explore(tables: Tables, leaves: Configuration, trigger: int) -> Cell:
    """The cell of `trigger` in a configuration, or of the start for START.

    Each leaf of the tree costs one run of the kernel. Raises CellTooLarge.
    """
    room = OUTCOME_LIMIT if len(leaves) == 1 else SEVERAL_LIMIT

    def grow(told: tuple[bool, ...]) -> Cell:
        nonlocal room
        if room == 0:
            raise CellTooLarge
        room -= 1
        replay = _Replay(told)
        cell: Cell = Done(_drive(tables, leaves, trigger, replay))
        if len(replay.asked) > LENGTH_LIMIT:
            raise CellTooLarge
        for position in range(len(replay.asked) - 1, len(told) - 1, -1):
            ask, effects = replay.asked[position]
            yeses = (True,) * (position - len(told))
            no = grow((*told, *yeses, False))
            cell = Test(ask.tried, ask.residue, ask.event, effects, cell, no)
        return cell

    return grow(())


def _drive(
    tables: Tables, leaves: Configuration, trigger: int, replay: _Replay
) -> Outcome:
    """`kernel.drive`, but what `replay` raises ends the exploration."""
    step: Stepping = stepping(tables, leaves, trigger)
    try:
        question = next(step)
        while True:
            question = step.send(replay(question))
    except StopIteration as stop:
        outcome: Outcome = stop.value
        return outcome

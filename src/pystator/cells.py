"""From a step to a decision: `explore` runs the kernel under every answer.

What comes out is a `Cell`, a tree of the guards that decide one (state, trigger)
with finished outcomes at its leaves:

    OPEN, fill  ->  Test(g0, yes=Done(-> FILLED), no=Done(guard_rejected))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator.kernel import Ask, Effect, Guard, Outcome, Question, Tables, drive

OUTCOME_LIMIT: Final = 64
"""Outcomes that one cell may have; beyond it the cell is not written out."""


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Test:
    """`residue` is asked of the context after `effects`, as the last of `tried`."""

    tried: tuple[int, ...]
    residue: Guard
    effects: tuple[int, ...]
    yes: Cell
    no: Cell


Cell: TypeAlias = Done | Test


class CellTooLarge(Exception):
    """More outcomes than OUTCOME_LIMIT."""


class _Replay:
    """Answers one step: first as told, then yes; and takes notes."""

    __slots__ = ("asked", "effects", "told")

    def __init__(self, told: tuple[bool, ...]) -> None:
        self.told = told
        self.asked: list[tuple[Ask, tuple[int, ...]]] = []
        self.effects: list[int] = []

    def __call__(self, question: Question) -> bool:
        match question:
            case Effect(effect):
                self.effects.append(effect)
                return True
            case Ask():
                position = len(self.asked)
                self.asked.append((question, tuple(self.effects)))
                return self.told[position] if position < len(self.told) else True


def explore(tables: Tables, leaf: int, trigger: int) -> Cell:
    """The cell of `trigger` in `leaf`, or of the start for START.

    Each leaf of the tree costs one run of the kernel. Raises CellTooLarge.
    """
    room = OUTCOME_LIMIT

    def grow(told: tuple[bool, ...]) -> Cell:
        nonlocal room
        if room == 0:
            raise CellTooLarge
        room -= 1
        replay = _Replay(told)
        cell: Cell = Done(drive(tables, leaf, trigger, replay))
        for position in range(len(replay.asked) - 1, len(told) - 1, -1):
            ask, effects = replay.asked[position]
            yeses = (True,) * (position - len(told))
            no = grow((*told, *yeses, False))
            cell = Test(ask.tried, ask.residue, effects, cell, no)
        return cell

    return grow(())

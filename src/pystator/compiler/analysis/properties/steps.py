"""What a step asks and changes, grown as far as somebody has followed it.

Each (configuration, history, trigger) has a tree of questions; the kernel is run once
for every way through it. Who follows a way says what is known, and so decides which
answers there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator.kernel import (
    MICROSTEP_LIMIT,
    Answer,
    Ask,
    Change,
    Configuration,
    Outcome,
    Question,
    Reason,
    Recall,
    Tables,
    drive,
)

History: TypeAlias = tuple[Configuration, ...]
"""What each memory holds, empty where nothing was recorded."""
Told: TypeAlias = tuple[bool, ...]
WORK_LIMIT: Final = 40_000
"""Microsteps that the kernel makes for one machine; each takes about 0.1 ms."""


@dataclass(slots=True)
class Ended:
    changes: tuple[Change, ...]
    outcome: Outcome


@dataclass(slots=True)
class Asked:
    """`changes` are the effects since the question before; answers are grown later."""

    changes: tuple[Change, ...]
    ask: Ask
    yes: Ended | Asked | None = None
    no: Ended | Asked | None = None


Step: TypeAlias = Ended | Asked


class _Replay:
    def __init__(self, told: Told, history: History) -> None:
        self._told = told
        self._history = history
        self.asked: list[tuple[tuple[Change, ...], Ask]] = []
        self.changes: list[Change] = []

    def __call__(self, question: Question) -> Answer:
        match question:
            case Change():
                self.changes.append(question)
                return True
            case Recall(memory):
                return self._history[memory]
            case Ask():
                number = len(self.asked)
                self.asked.append((tuple(self.changes), question))
                self.changes = []
                return self._told[number] if number < len(self._told) else True


class TooMuch(Exception):
    """The kernel has been asked more than a check may cost."""


class Steps:
    """The steps of one machine. What would cost too much raises TooMuch."""

    def __init__(self, tables: Tables) -> None:
        self.tables: Final = tables
        self._room = WORK_LIMIT
        self._known: dict[tuple[Configuration, History, int], Step] = {}

    def first(self, leaves: Configuration, history: History, trigger: int) -> Step:
        key = leaves, history, trigger
        step = self._known.get(key)
        if step is None:
            step = self._known[key] = self._grow(key, ())
        return step

    def after(
        self, asked: Asked, key: tuple[Configuration, History, int], told: Told
    ) -> Step:
        """What follows the last answer of `told`, which is the one to `asked`."""
        found = asked.yes if told[-1] else asked.no
        if found is None:
            found = self._grow(key, told)
            if told[-1]:
                asked.yes = found
            else:
                asked.no = found
        return found

    def _grow(self, key: tuple[Configuration, History, int], told: Told) -> Step:
        """What comes after `told`, with yes to all that follows."""
        leaves, history, trigger = key
        if self._room <= 0:
            raise TooMuch
        replay = _Replay(told, history)
        outcome = drive(self.tables, leaves, trigger, replay)
        if outcome.reason is Reason.LIVELOCK:
            self._room -= MICROSTEP_LIMIT
        self._room -= 1 + len(outcome.microsteps)
        step: Step = Ended(tuple(replay.changes), outcome)
        for changes, ask in reversed(replay.asked[len(told) :]):
            step = Asked(changes, ask, yes=step)
        return step

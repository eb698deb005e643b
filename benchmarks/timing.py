"""Measuring calls against each other.

Only ratios within one run mean anything on a shared machine, so subjects are timed in
turns: every repetition times each subject of a group once, beside the group's floor,
and every second repetition goes backwards. A sample is the best of a few short batches
of processor time, so that what else runs costs no more than its share of the caches; a
ratio is the median of the repetitions' own ratios. Each subject is compiled into a loop
of its own, as the interpreter adapts a call to what is called there.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from timeit import Timer

_BATCHES = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """One expression to time. `names` are what it reads, as local variables."""

    column: str
    expression: str
    names: Mapping[str, object]

    def timer(self) -> Timer:
        setup = "\n".join(f"{name} = _{name}" for name in self.names) or "pass"
        given = {f"_{name}": value for name, value in self.names.items()}
        return Timer(self.expression, setup, time.process_time, globals=given)


@dataclass(frozen=True, slots=True)
class Timing:
    """The median of one subject: nanoseconds a call, and times the floor."""

    nanoseconds: float
    ratio: float


def measure(
    groups: Sequence[Sequence[Subject]], repetitions: int, loops: int
) -> tuple[Mapping[str, Timing], ...]:
    """For each group its timings by column. The first of a group is its floor."""
    timers = [[subject.timer() for subject in group] for group in groups]
    batch = max(1, loops // _BATCHES)
    samples: list[list[list[float]]] = [[[] for _ in group] for group in groups]
    for row in timers:
        for timer in row:
            timer.timeit(batch)
    for repetition in range(repetitions):
        gc.collect()
        for row, taken in zip(timers, samples, strict=True):
            backwards = repetition % 2 == 1
            for at in range(len(row))[:: -1 if backwards else 1]:
                best = min(row[at].repeat(_BATCHES, batch))
                taken[at].append(best / batch * 1e9)
    return tuple(
        {
            subject.column: Timing(
                median(times),
                median(
                    time / floor for time, floor in zip(times, taken[0], strict=True)
                ),
            )
            for subject, times in zip(group, taken, strict=True)
        }
        for group, taken in zip(groups, samples, strict=True)
    )


def load_of_machine() -> float | None:
    """Processes that ran in the last minute, on average. None where nobody counts."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None

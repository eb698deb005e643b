"""What one step costs where several states are active, or history is remembered.

There is no peer by hand: nobody writes these tables. The floor is that of `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.modules import generated
from benchmarks.timing import Subject, Timing, measure

COLUMNS = ("floor", "process")


@dataclass(frozen=True, slots=True)
class RegionStep:
    """One row; `goal` is a ratio to the floor, and `answer` what the step leads to."""

    name: str
    machine: str
    state: str
    event: str
    answer: str
    goal: float | None = None
    amount: int | None = None


_START = "OPEN:book=BOOK0,desk=DESK0,feed=FEED0,risk=RISK0"
REGION_STEPS = (
    RegionStep(
        "written out", "Pair", "ON:left=L0,right=R0", "Turn", "ON:left=L2,right=R2", 3.2
    ),
    RegionStep(
        "one of four regions, no guard",
        "Desk",
        _START,
        "Tick",
        "OPEN:book=BOOK0,desk=DESK0,feed=FEED1,risk=RISK0",
        3.2,
    ),
    RegionStep("all of four regions, no guard", "Desk", _START, "Reset", _START, 3.2),
    RegionStep(
        "one of four regions, guarded",
        "Desk",
        _START,
        "Quote",
        "OPEN:book=BOOK0,desk=DESK0,feed=FEED2,risk=RISK0",
        8,
    ),
    RegionStep(
        "all of four regions, guarded",
        "Desk",
        _START,
        "Trade",
        "OPEN:book=BOOK1,desk=DESK1,feed=FEED1,risk=RISK1",
        16,
        9,
    ),
    RegionStep(
        "regions that see each other",
        "Desk",
        _START,
        "Halt",
        "OPEN:book=BOOK0,desk=DESK5,feed=FEED0,risk=RISK5",
    ),
    RegionStep(
        "history, no guard", "Player", "VIDEO", "Pause", "PAUSED;H(PLAYING)=VIDEO"
    ),
    RegionStep(
        "history, guarded",
        "Player",
        "PAUSED;H(PLAYING)=VIDEO",
        "Resume",
        "VIDEO;H(PLAYING)=VIDEO",
    ),
)


@dataclass(frozen=True, slots=True)
class RegionRow:
    name: str
    timings: Mapping[str, Timing]
    goal: float | None


def _floor(state: object, event: object, context: object) -> object:
    return None


def measure_regions(repetitions: int, loops: int) -> tuple[RegionRow, ...]:
    """All rows. Raises AssertionError where a step leads somewhere else."""
    timings = measure([_subjects(step) for step in REGION_STEPS], repetitions, loops)
    return tuple(
        RegionRow(step.name, timing, step.goal)
        for step, timing in zip(REGION_STEPS, timings, strict=True)
    )


def _subjects(step: RegionStep) -> list[Subject]:
    module = generated(step.machine.lower())
    event_class = getattr(module, step.event)
    names = {
        "machine": getattr(module, step.machine)(),
        "state": module.parse_state(step.state),
        "event": (
            event_class() if step.amount is None else event_class(amount=step.amount)
        ),
        "context": module.Context(),
    }
    call = "machine.process(state, event, context)"
    answer = str(getattr(eval(call, dict(names)), "target", None))
    assert answer == step.answer, f"{step.name}: {answer}"
    floor = {"floor": _floor, **{name: None for name in ("state", "event", "context")}}
    return [
        Subject("floor", "floor(state, event, context)", floor),
        Subject("process", call, names),
    ]

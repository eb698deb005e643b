"""What commands cost as whole processes, beside an interpreter that does nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.loading import FIFTY_STATES
from benchmarks.modules import MACHINES, ROOT
from benchmarks.shapes import SHAPES


@dataclass(frozen=True, slots=True)
class Command:
    """Medians. On a quiet machine both times are nearly the same."""

    name: str
    cpu_ms: float
    wall_ms: float
    goal_ms: float | None


def measure_commands(repetitions: int, folder: Path) -> tuple[Command, ...]:
    """In turns, after one round that is not counted. Raises on a failing command."""
    fifty = folder / "fifty.yaml"
    fifty.write_text(SHAPES["hierarchy"](FIFTY_STATES["hierarchy"]), encoding="ascii")
    output = str(folder / "fifty_fsm.py")
    small = str(MACHINES / "flat.yaml")
    pystator = ("-m", "pystator")
    commands: tuple[tuple[str, tuple[str, ...], float | None], ...] = (
        ("python, nothing", ("-c", "pass"), None),
        ("pystator check, 10 states", (*pystator, "check", small), 150.0),
        (
            "pystator compile, 50 states",
            (*pystator, "compile", str(fifty), "-o", output),
            400.0,
        ),
    )
    times: list[list[tuple[float, float]]] = [[] for _ in commands]
    for _ in range(repetitions + 1):
        Path(output).unlink(missing_ok=True)
        for (_, arguments, _), taken in zip(commands, times, strict=True):
            start, spent = time.perf_counter(), _spent_by_children()
            subprocess.run(
                (sys.executable, *arguments), check=True, capture_output=True, cwd=ROOT
            )
            wall = time.perf_counter() - start
            taken.append((_spent_by_children() - spent, wall))
    return tuple(
        Command(
            name,
            median(cpu for cpu, _ in taken[1:]) * 1e3,
            median(wall for _, wall in taken[1:]) * 1e3,
            goal,
        )
        for (name, _, goal), taken in zip(commands, times, strict=True)
    )


def _spent_by_children() -> float:
    """Processor seconds of all processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

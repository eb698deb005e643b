"""What importing a generated module costs, from bytecode, in fresh processes.

A first import, not counted, brings the files into the system's cache.
"""

from __future__ import annotations

import json
import mmap
import py_compile
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.modules import compiled
from benchmarks.shapes import SHAPES

_SCRIPT = Path(__file__).with_name("load_one.py")
FIFTY_STATES = {"chain": 49, "guarded": 98, "hierarchy": 250}
GOAL_50_STATES_MS = 5.0
GOAL_10_000_MIB = 60.0


@dataclass(frozen=True, slots=True)
class Loading:
    """Medians of processor time. `memory_mib`: what the process grew by, if known."""

    name: str
    milliseconds: float
    memory_mib: float | None
    goal_ms: float | None = None
    goal_mib: float | None = None


def measure_fifty_states(repetitions: int, folder: Path) -> tuple[Loading, ...]:
    """Modules of 50 states or a few more, by shape."""
    found: list[Loading] = []
    for shape, transitions in FIFTY_STATES.items():
        module = folder / f"fifty_{shape}.py"
        text = compiled(SHAPES[shape](transitions), f"{shape}.yaml")
        module.write_text(text, encoding="ascii")
        took, grown = _measure(module, repetitions)
        name = f"50 states, {shape}"
        found.append(Loading(name, took, grown, goal_ms=GOAL_50_STATES_MS))
    return tuple(found)


def measure_large(module: Path, repetitions: int) -> Loading:
    """A module that the compile section has left behind."""
    took, grown = _measure(module, repetitions)
    shape, transitions = module.stem.rsplit("_", 1)
    goal = GOAL_10_000_MIB if transitions == "10000" else None
    return Loading(f"{transitions} transitions, {shape}", took, grown, goal_mib=goal)


def _measure(module: Path, repetitions: int) -> tuple[float, float | None]:
    py_compile.compile(str(module), doraise=True)
    times: list[float] = []
    growths: list[float] = []
    command = (sys.executable, "-I", "-S", str(_SCRIPT), str(module.parent))
    for _ in range(repetitions + 1):
        done = subprocess.run(
            (*command, module.stem), check=True, capture_output=True, text=True
        )
        milliseconds, pages = json.loads(done.stdout)
        times.append(milliseconds)
        if pages is not None:
            growths.append(pages * mmap.PAGESIZE / 2**20)
    return median(times[1:]), median(growths[1:]) if growths else None

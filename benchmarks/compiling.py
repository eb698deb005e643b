"""What compiling costs, by size and shape, each in a process of its own.

A process compiles one tiny definition first, so that imports and first uses are paid
before the clock starts; its peak memory is that of everything it did, start included.

    python -m benchmarks.compiling SHAPE SIZE REPETITIONS OUTPUT

prints one JSON object and writes the generated module to OUTPUT. A name of `sizes` can
stand for the shape; it has one size only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.modules import ROOT, compiled
from benchmarks.shapes import SHAPES
from benchmarks.sizes import SIZED
from pystator.compiler.pipeline import check, compile_text

_ENOUGH_SECONDS = 2.0
GOALS_MS = {200: 50.0, 10_000: 1500.0}
GOAL_PEAK_MIB = 500.0


@dataclass(frozen=True, slots=True)
class Compilation:
    """Medians of processor time: up to the cells, and from there to the text."""

    shape: str
    transitions: int
    check_ms: float
    emit_ms: float
    output_bytes: int
    peak_mib: float | None

    @property
    def total_ms(self) -> float:
        return self.check_ms + self.emit_ms

    @property
    def ns_each(self) -> float:
        """Nanoseconds for one transition."""
        return self.total_ms * 1e6 / self.transitions


def measure_compilations(
    shapes: tuple[str, ...], sizes: tuple[int, ...], repetitions: int, folder: Path
) -> Iterator[Compilation]:
    """One after the other; leaves `SHAPE_SIZE.py` in `folder`."""
    for size in sizes:
        for shape in shapes:
            output = folder / f"{shape}_{size}.py"
            yield _measured(shape, size, repetitions, output)


def measure_sizes(repetitions: int, folder: Path) -> Iterator[Compilation]:
    """The definitions of `sizes`, in order."""
    for name, sized in SIZED.items():
        transitions = sized.text.count("dest: ")
        yield _measured(name, transitions, repetitions, folder / "sized.py")


def _measured(shape: str, size: int, repetitions: int, output: Path) -> Compilation:
    command = (sys.executable, "-m", "benchmarks.compiling", shape)
    done = subprocess.run(
        (*command, str(size), str(repetitions), str(output)),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return Compilation(shape, size, **json.loads(done.stdout))


def _compile(
    shape: str, size: int, repetitions: int, output: Path
) -> dict[str, object]:
    compiled(SHAPES["chain"](10), "tiny.yaml")
    text = SIZED[shape].text if shape in SIZED else SHAPES[shape](size)
    checking: list[float] = []
    emitting: list[float] = []
    module = ""
    while len(checking) < repetitions and sum(checking + emitting) < _ENOUGH_SECONDS:
        start = time.process_time()
        checked = check(text, f"{shape}.yaml")
        between = time.process_time()
        module = compile_text(checked, f"{shape}.yaml")
        checking.append(between - start)
        emitting.append(time.process_time() - between)
    output.write_text(module, encoding="ascii")
    return {
        "check_ms": median(checking) * 1e3,
        "emit_ms": median(emitting) * 1e3,
        "output_bytes": len(module),
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float | None:
    """The most that was resident, as Linux counts it; None on other systems.

    `getrusage` is no substitute: its peak survives `exec`, so that a child would
    report its parent's.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


if __name__ == "__main__":
    _, shape, size, repetitions, output = sys.argv
    print(json.dumps(_compile(shape, int(size), int(repetitions), Path(output))))

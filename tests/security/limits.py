"""What it costs to refuse hostile files: `python -m tests.security.limits`.

Each file is checked by a process of its own. The time is processor time in user mode
beyond that of an empty definition, the best of a few runs; the memory is the peak of
resident memory, with the interpreter and all that is imported. The exit status is 1
when a file past a limit takes more than 1 s or 256 MiB, or has not the code it should
have. Files within the limits, which cost as much as their reading, are only shown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.security.hostile_texts import CONTENTS, LIMITS, Hostile

SECONDS = 1.0
MEBIBYTES = 256.0
RUNS = 3

# Linux keeps the peak of who started a process in its `ru_maxrss`, so it is asked here.
_CHILD = """
import sys
from pystator.cli import main
try:
    sys.exit(main(["check", "--format", "concise", sys.argv[1]]))
finally:
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print(peak.split()[1], file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    mebibytes: float
    found: bool


def cost(path: Path, code: str) -> Cost:
    """Of one check of the file; `found` if the code is in what it prints."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(path)], stdout=out, stderr=err
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (out, err):
            file.seek(0)
        peak = err.read().split()[-1]
        found = process.returncode == 1 and code.encode() in out.read()
    return Cost(usage.ru_utime, int(peak) / 1024, found)


def best(hostile: Hostile, folder: Path, floor: float) -> Cost:
    """More runs only where the first one is too slow: others use the machine too."""
    path = folder / "m.yaml"
    path.write_bytes(hostile.data)
    costs: list[Cost] = []
    while len(costs) < RUNS:
        costs.append(cost(path, hostile.code))
        if costs[-1].seconds - floor <= SECONDS:
            break
    seconds = min(cost.seconds for cost in costs) - floor
    found = all(cost.found for cost in costs)
    return Cost(max(0.0, seconds), max(cost.mebibytes for cost in costs), found)


def missed(cost: Cost) -> bool:
    return cost.seconds > SECONDS or cost.mebibytes > MEBIBYTES or not cost.found


def show(title: str, rows: Sequence[Hostile], folder: Path, floor: float) -> list[str]:
    """Print a table; the names of those that miss a bar."""
    print(f"{title:<32} {'code':<7} {'s':>6} {'MiB':>6}")
    names = []
    for hostile in rows:
        taken = best(hostile, folder, floor)
        mark = ""
        if missed(taken):
            names.append(hostile.name)
            mark = "  <-- over" if taken.found else "  <-- not found"
        print(
            f"{hostile.name:<32} {hostile.code:<7} {taken.seconds:>6.2f}"
            f" {taken.mebibytes:>6.0f}{mark}",
            flush=True,
        )
    return names


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = folder / "empty.yaml"
        empty.write_bytes(b"")
        floor = min(cost(empty, "PS0109").seconds for _ in range(RUNS))
        print(f"an empty definition takes {floor:.2f} s")
        over = show("past a limit", LIMITS, folder, floor)
        show("within the limits", CONTENTS, folder, floor)
    print(f"{len(over)} of {len(LIMITS)} miss a bar")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())

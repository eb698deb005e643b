"""Running the generators in turns, and keeping what fails."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.fuzz.examine import Answer, Failure, examine
from tests.fuzz.shrink import shrunk
from tests.security.random_text import Generate

FORMATTED = 13
"""Black looks at one input of so many: it takes longer than everything else."""

Examine = Callable[[bytes, bool], Answer | Failure]
"""Of an input, and of whether to ask black about its module."""


@dataclass(slots=True)
class Summary:
    """What one run saw. Failures of a kind are counted; the first of it is stored."""

    inputs: Counter[str] = field(default_factory=Counter)
    modules: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    stored: dict[str, Path] = field(default_factory=dict)

    def add(self, other: Summary) -> None:
        self.inputs += other.inputs
        self.modules += other.modules
        self.codes += other.codes
        self.failures += other.failures
        self.stored = other.stored | self.stored

    def lines(self) -> list[str]:
        lines = [f"{'generator':<12} {'inputs':>8} {'modules':>8}"]
        for name, inputs in sorted(self.inputs.items()):
            lines.append(f"{name:<12} {inputs:>8} {self.modules[name]:>8}")
        all_inputs, all_modules = self.inputs.total(), self.modules.total()
        lines.append(f"{'all':<12} {all_inputs:>8} {all_modules:>8}")
        seen = " ".join(f"{code}:{times}" for code, times in sorted(self.codes.items()))
        lines.append(f"{len(self.codes)} codes: {seen}")
        lines.append(f"{self.failures.total()} failures")
        for kind, times in self.failures.most_common():
            lines.append(f"  {times} x {kind}: --replay {self.stored[kind]}")
        return lines


@dataclass(frozen=True, slots=True)
class Plan:
    """What one worker runs: the inputs `first`, `first + step`, ... of a seed."""

    generators: Mapping[str, Generate]
    seed: int
    folder: Path
    first: int = 0
    step: int = 1
    inputs: int | None = None
    until: float | None = None
    examine: Examine = examine

    def numbers(self) -> range | count[int]:
        if self.inputs is None:
            return count(self.first, self.step)
        return range(self.first, self.inputs, self.step)


def run(plan: Plan, say: Callable[[str], None] = print) -> Summary:
    summary = Summary()
    names = list(plan.generators)
    for number in plan.numbers():
        if plan.until is not None and time.monotonic() >= plan.until:
            break
        name = names[number % len(names)]
        data = plan.generators[name](random.Random(f"{plan.seed} {name} {number}"))
        formatted = number % FORMATTED == 0
        found = plan.examine(data, formatted)
        summary.inputs[name] += 1
        if isinstance(found, Failure):
            if found.kind not in summary.failures:
                path = _store(data, formatted, found, plan)
                summary.stored[found.kind] = path
                say(f"{name} {number}: {found.kind}\n{found.trace}")
                say(f"run it again: python -m tests.fuzz --replay {path}")
            summary.failures[found.kind] += 1
        else:
            summary.codes.update(found.codes)
            summary.modules[name] += found.compiled
    return summary


def _store(data: bytes, formatted: bool, failure: Failure, plan: Plan) -> Path:
    """The input, shrunk; beside it the input as it was, and the trace."""
    folder = plan.folder
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(failure.kind.encode()).hexdigest()[:10]
    (folder / f"{name}.original").write_bytes(data)
    (folder / f"{name}.txt").write_text(failure.trace, "utf-8", "backslashreplace")
    path = folder / f"{name}.yaml"
    path.write_bytes(data)

    def fails(smaller: bytes) -> bool:
        found = plan.examine(smaller, formatted)
        return isinstance(found, Failure) and found.kind == failure.kind

    # an input that hangs takes ten seconds a try
    path.write_bytes(shrunk(data, fails, 20 if failure.kind == "Hang" else 1_500))
    return path

"""What many walks have seen: machines, steps, pairs of features, differences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from tests.differential.walk import Walked
from tests.differential.watch import EXCLUSIVE, FEATURES

ENOUGH = 20
"""How many machines are to meet each pair of features."""


@dataclass(slots=True)
class Summary:
    """`together` counts machines on whose walk both features were met, each in some
    step; `at_once` counts the steps that met both."""

    machines: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    accepted: int = 0
    alone: Counter[str] = field(default_factory=Counter)
    together: Counter[tuple[str, str]] = field(default_factory=Counter)
    at_once: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)
    stored: dict[str, Path] = field(default_factory=dict)

    def note(self, walked: Walked) -> None:
        self.machines[walked.kind] += 1
        self.steps += walked.steps
        self.accepted += walked.accepted
        met = sorted(frozenset().union(*walked.met))
        self.alone.update(met)
        self.together.update(combinations(met, 2))
        for step in walked.met:
            self.at_once.update(combinations(sorted(step), 2))
        if walked.found is not None:
            self.differences[walked.found[1].kind] += 1

    def add(self, other: Summary) -> None:
        self.machines += other.machines
        self.steps += other.steps
        self.accepted += other.accepted
        self.alone += other.alone
        self.together += other.together
        self.at_once += other.at_once
        self.differences += other.differences
        self.stored = other.stored | self.stored

    def seldom(self) -> list[tuple[str, str]]:
        """The pairs that too few machines have met."""
        return [p for p in _pairs() if self.together[p] < ENOUGH]

    def lines(self) -> list[str]:
        count = self.machines.total()
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.machines.items()))
        lines = [
            f"{count} machines ({kinds}), {self.steps} steps, {self.accepted} accepted",
            "",
            f"{'feature':<16} {'machines':>8}",
        ]
        lines += [f"{name:<16} {self.alone[name]:>8}" for name in FEATURES]
        lines += ["", f"{'pair':<34} {'machines':>8} {'steps with both':>15}"]
        for pair in sorted(_pairs(), key=lambda p: (self.together[p], p)):
            name = f"{pair[0]} + {pair[1]}"
            lines.append(
                f"{name:<34} {self.together[pair]:>8} {self.at_once[pair]:>15}"
            )
        seldom = self.seldom()
        lines += ["", f"{len(_pairs())} pairs, {len(seldom)} met by under {ENOUGH}"]
        lines.append(f"{self.differences.total()} differences")
        for kind, times in self.differences.most_common():
            lines.append(f"  {times} x {kind}: --replay {self.stored[kind]}")
        return lines


def _pairs() -> list[tuple[str, str]]:
    return [p for p in combinations(sorted(FEATURES), 2) if p not in EXCLUSIVE]

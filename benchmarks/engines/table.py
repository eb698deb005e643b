"""The result as text and as Markdown: an overview, and what was seen."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.engines.environments import OURS, Engine
from benchmarks.engines.model import Scenario
from benchmarks.engines.observation import Observation, compare

LEGEND = {
    "=": "as pystator: the same actions, the same states",
    "actions": "the same states, but other actions or another order",
    "state": "other states are active at the end",
    "report": "the same states, but the caller is told otherwise",
    "runs": "pystator refuses the definition, this engine runs it",
    "hangs": "no answer within the time limit: it was stopped",
    "dies": "the process ran out of memory",
    "cannot": "the engine has no such feature",
    "refused": "the engine refuses the definition",
}


@dataclass(frozen=True, slots=True)
class Table:
    scenarios: tuple[Scenario, ...]
    engines: tuple[Engine, ...]
    found: Mapping[tuple[str, str], Observation]

    def text(self) -> str:
        """The overview; needs the observations of this project."""
        rows = list(self._rows())
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            )
            for row in rows
        ]
        return "\n".join(line.rstrip() for line in lines)

    def markdown(self) -> str:
        first, *rows = self._rows()
        lines = [
            "# What statechart engines do with the same statecharts",
            "",
            f"Written by `python -m benchmarks.engines` on {date.today()}, with "
            f"Python {platform.python_version()}:",
            "",
            *(f"- {engine.name} {engine.version}" for engine in self.engines),
            "",
            "[README.md](README.md) says how to read it.",
            "",
            _line(first),
            _line(["---"] * len(first)),
            *(_line([f"[{key}](#{key})", *cells]) for key, *cells in rows),
            "",
            *(f"- `{word}`: {meaning}" for word, meaning in LEGEND.items()),
        ]
        for scenario in self.scenarios:
            lines += ["", *self._section(scenario)]
        return "\n".join(lines) + "\n"

    def _rows(self) -> Iterator[list[str]]:
        others = [engine for engine in self.engines if engine is not OURS]
        yield ["scenario", *(engine.name for engine in others)]
        for scenario in self.scenarios:
            ours = self.found[scenario.key, OURS.name]
            seen = [self.found[scenario.key, engine.name] for engine in others]
            yield [scenario.key, *(compare(ours, other) for other in seen)]

    def _section(self, scenario: Scenario) -> Iterator[str]:
        yield f"## {scenario.key}"
        yield ""
        path = Path(scenario.path).name
        yield f"{scenario.question} ([definition](scenarios/{path}))."
        yield f"Events: {', '.join(f'`{event}`' for event in scenario.events)}."
        yield ""
        by_text: dict[str, list[str]] = {}
        for engine in self.engines:
            seen = self.found[scenario.key, engine.name]
            by_text.setdefault(seen.text, []).append(engine.name)
        yield _line(["observed", "engines"])
        yield _line(["---", "---"])
        for text, names in by_text.items():
            yield _line([f"`{text.replace('`', '')}`", ", ".join(names)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

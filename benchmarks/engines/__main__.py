"""`python -m benchmarks.engines`: what engines do with the same statecharts."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.engines.environments import ENGINES, OURS, Environments
from benchmarks.engines.model import Scenario
from benchmarks.engines.observation import Observation
from benchmarks.engines.running import observe
from benchmarks.engines.scenarios import read_scenarios
from benchmarks.engines.table import Table


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    asked: list[str] = options.engine or [engine.name for engine in ENGINES]
    engines = tuple(e for e in ENGINES if e is OURS or e.name in asked)
    scenarios = read_scenarios()
    if options.scenario:
        scenarios = tuple(s for s in scenarios if s.key in options.scenario)
    with tempfile.TemporaryDirectory() as temporary:
        environments = Environments(Path(options.folder or temporary))
        environments.prepare(engines)
        found: dict[tuple[str, str], Observation] = {}
        for scenario in scenarios:
            for engine in engines:
                seen = observe(scenario, engine, environments, options.timeout)
                found[scenario.key, engine.name] = seen
            print(_block(scenario, found), flush=True)
    table = Table(scenarios, engines, found)
    print(table.text())
    if options.markdown:
        Path(options.markdown).write_text(table.markdown(), encoding="utf-8")
    return 0


def _block(scenario: Scenario, found: dict[tuple[str, str], Observation]) -> str:
    lines = [f"{scenario.key}: {scenario.question}"]
    for (key, engine), seen in found.items():
        if key == scenario.key:
            lines.append(f"  {engine:20} {seen.text}")
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.engines", description=__doc__
    )
    parser.add_argument(
        "--folder",
        metavar="DIR",
        help="keep the engines here (default: a temporary folder)",
    )
    parser.add_argument("--markdown", metavar="FILE", help="write the table there too")
    parser.add_argument(
        "--engine", action="append", choices=[engine.name for engine in ENGINES]
    )
    parser.add_argument("--scenario", action="append", metavar="KEY")
    parser.add_argument(
        "--timeout", type=float, default=10, metavar="S", help="what is a hang: 10"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

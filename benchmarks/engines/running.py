"""Runs a scenario in an engine, in a process of its own that may hang or die."""

from __future__ import annotations

import json
import subprocess

from benchmarks.engines.environments import Engine, Environments
from benchmarks.engines.model import Scenario
from benchmarks.engines.observation import Observation, read_line


def observe(
    scenario: Scenario, engine: Engine, environments: Environments, seconds: float
) -> Observation:
    command, variables = environments.command(engine)
    try:
        done = subprocess.run(
            command,
            input=json.dumps(scenario.to_json()),
            capture_output=True,
            encoding="utf-8",
            env=variables,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as expired:
        printed = expired.stdout or b""
        text = printed.decode() if isinstance(printed, bytes) else printed
        return Observation("hangs", note=_place(text))
    if done.returncode:
        if "heap out of memory" in done.stderr:
            return Observation("dies", note=f"out of memory {_place(done.stdout)}")
        raise RuntimeError(f"{engine.name}, {scenario.key}: {done.stderr}")
    return read_line(json.loads(done.stdout.splitlines()[-1]))


def _place(printed: str) -> str:
    """Where an adapter was that has not come to its end."""
    lines = printed.splitlines()
    return f"on `{json.loads(lines[-1])['begins']}`" if lines else "when it is built"

"""Runs a scenario in an engine, in a process of its own that may take its time or die."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from benchmarks.engines.environments import Engine, Environments
from benchmarks.engines.model import Scenario

HANGS = "hangs"


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen at the last event, as one line of text.

    `-A` is A's exit action, `+A` its entry action, `?g` a guard that was asked.
    """

    text: str
    message: str = ""
    """The engine's own words, if it refuses the definition."""


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
        return Observation(_stopped(HANGS, _text(expired.stdout)))
    if done.returncode:
        if "heap out of memory" in done.stderr:
            return Observation(_stopped("runs out of memory", done.stdout))
        raise RuntimeError(f"{engine.name}, {scenario.key}: {done.stderr}")
    return _read(json.loads(done.stdout.splitlines()[-1]))


def _stopped(how: str, printed: str) -> str:
    """Where an adapter was when it had to be stopped, or died."""
    lines = [json.loads(line) for line in printed.splitlines() if line.endswith("}")]
    if not lines:
        return f"{how} when it is built"
    return f"{how} on {lines[-1].get('begins', 'the end')}"


def _text(printed: str | bytes | None) -> str:
    return printed.decode() if isinstance(printed, bytes) else printed or ""


def _read(line: dict[str, Any]) -> Observation:
    if "cannot" in line:
        return Observation(f"cannot: {line['cannot']}")
    if "refused" in line:
        return Observation("refused when built", line["message"])
    marks = [_mark(entry) for entry in line["log"]]
    text = " ".join([*marks, "->", ",".join(line["active"]) or "nothing"])
    return Observation(f"{text} ({line['note']})" if line["note"] else text)


def _mark(entry: str) -> str:
    if entry.startswith("enter_"):
        return "+" + entry.removeprefix("enter_")
    if entry.startswith("exit_"):
        return "-" + entry.removeprefix("exit_")
    return entry

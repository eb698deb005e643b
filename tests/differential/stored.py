"""A difference as a file, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from tests.differential.difference import Difference, Step
from tests.oracle import Definition, OracleEvent


def store(
    folder: Path,
    name: str,
    definition: Definition,
    step: Step,
    difference: Difference,
    limit: int | None,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    written: dict[str, Any] = {
        "kind": difference.kind,
        "difference": difference.text,
        "limit": limit,
        "step": {
            **asdict(step),
            "event": None if step.event is None else _event(step.event),
        },
        "definition": definition,
    }
    path.write_text(yaml.safe_dump(written, sort_keys=False), "utf-8")
    return path


def load(path: Path) -> tuple[Definition, Step, int | None]:
    written = yaml.safe_load(path.read_text("utf-8"))
    step = written["step"]
    event = step.pop("event")
    if event is not None:
        timer = event["timer"]
        event["timer"] = None if timer is None else (timer[0], timer[1])
        event = OracleEvent(**event)
    return written["definition"], Step(event=event, **step), written["limit"]


def _event(event: OracleEvent) -> dict[str, object]:
    timer = None if event.timer is None else list(event.timer)
    return {"trigger": event.trigger, "payload": event.payload, "timer": timer}

"""A step to take, and how two who took it may differ."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from tests.oracle import Data, OracleEvent, OracleOutcome

NAMED = {"g0", "g1", "g2", "g3", "g4"}


@dataclass(frozen=True, slots=True)
class Step:
    """Everything that a step needs; without an event it is the start."""

    state: str
    event: OracleEvent | None
    context: Data
    salt: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` names who differs from the oracle, so that a smaller one can be told."""

    kind: str
    text: str


def comparable(outcome: OracleOutcome) -> OracleOutcome:
    """What both sides name alike: of guards, those that have a name of their own."""
    name = outcome.guard_name if outcome.guard_name in NAMED else None
    tried = tuple(guard for guard in outcome.guards_tried if guard in NAMED)
    if outcome.accepted or outcome.reason in ("effect_error", "livelock"):
        name, tried = None, ()
    return replace(outcome, guard_name=name, guards_tried=tried)


def fields_that_differ(one: OracleOutcome, other: OracleOutcome) -> list[str]:
    return [
        field.name
        for field in fields(OracleOutcome)
        if getattr(one, field.name) != getattr(other, field.name)
    ]

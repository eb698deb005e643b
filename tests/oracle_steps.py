"""Steps of the oracle in one line, for tests whose outcomes are worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import yaml

from tests.oracle import Data, Guards, Oracle, OracleEvent, OracleOutcome

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)


def machine(text: str, **meta: object) -> Oracle:
    definition = yaml.safe_load(text)
    definition["meta"] = meta
    return Oracle(definition)


def answers(**given: bool) -> Guards:
    """Guards by name; a guard that is not given raises KeyError."""

    def answer(
        name: str, params: Data, context: Data, event: OracleEvent | None
    ) -> bool:
        return given[name]

    return answer


def send(
    oracle: Oracle,
    configuration: str,
    event: str | tuple[str, int],
    payload: Data | None = None,
    context: Data | None = None,
    guards: Guards | None = None,
    now: datetime | None = NOON,
) -> OracleOutcome:
    if isinstance(event, tuple):
        sent = OracleEvent(timer=event)
    else:
        sent = OracleEvent(event, payload or {})
    return oracle.step(configuration, sent, context or {}, guards or answers(), now)


def begin(
    oracle: Oracle, context: Data | None = None, guards: Guards | None = None
) -> OracleOutcome:
    return oracle.start(context or {}, guards or answers(), NOON)


def names(actions: tuple[tuple[str, Data], ...]) -> list[str]:
    return [name for name, _ in actions]


def telling(text: str, **meta: object) -> Oracle:
    """A machine in which each state S says `+S` when entered and `-S` when left."""
    definition = yaml.safe_load(text)
    written = {state["name"]: state for state in definition["states"]}
    for state in list(written.values()):
        for region in state.get("regions", ()):
            for member in region["states"]:
                written.setdefault(member, {"name": member})
    definition["states"] = list(written.values())
    for name, state in written.items():
        if state.get("type") != "choice":
            state["on_enter"] = [f"+{name}", *_listed(state.get("on_enter"))]
            state["on_exit"] = [f"-{name}", *_listed(state.get("on_exit"))]
    definition["meta"] = meta
    return Oracle(definition)


def _listed(actions: object) -> list[object]:
    if actions is None:
        return []
    return actions if isinstance(actions, list) else [actions]


def told(outcome: OracleOutcome) -> str:
    """The names of the actions, in order, as one text."""
    assert outcome.accepted, outcome.reason
    return " ".join(names(outcome.actions))

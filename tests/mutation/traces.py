"""A recorded trace of a reference machine, and whether a module still follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pystator.compiler.flatten.configurations import configurations
from tests.acceptance.test_examples import comparable
from tests.acceptance.walk import NOON, Walk, read_definition
from tests.modules import Generated
from tests.oracle import Guards, OracleEvent, OracleOutcome

ROOT = Path(__file__).parents[2]
MACHINES = {
    "tcp_connection": "generated_examples/tcp_connection/tcp_connection.yaml",
    "document_approval": "generated_examples/document_approval/document_approval.yaml",
    "order_lifecycle": "generated_examples/order_lifecycle/order_lifecycle.yaml",
    "loan_workflow": "generated_examples/loan_workflow/loan_workflow.yaml",
    "claim": "tests/acceptance/claim.yaml",
}
"""Those whose cells are written out: what is mutated is what decides."""
OFTEN = 150
"""So often an event is sent in a state that listens to it, each time in a context."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event, in any state that an entity can be found in; none for a start."""

    state: str
    event: OracleEvent | None
    context: dict[str, object]
    guards: Guards
    now: datetime
    expected: OracleOutcome


@dataclass(frozen=True, slots=True)
class Recorded:
    machine: Generated
    named: frozenset[str]
    steps: tuple[Step, ...]


def record(name: str) -> Recorded:
    """What the oracle says to every event in every state, with random data."""
    text = (ROOT / MACHINES[name]).read_text(encoding="utf-8")
    machine = Generated(text, f"{name}.yaml")
    walk = Walk(read_definition(text), seed=1)
    oracle = walk.oracle
    found: list[Step] = []
    for place in ["", *map(machine.text_of, configurations(machine.flat.machine))]:
        active = {"*", *(oracle.active(place) if place else ())}
        timers = [
            OracleEvent(timer=(name, index))
            for name in sorted(active)
            for index in range(len(oracle.timers.get(name, ())))
        ]
        near = {t.trigger for name in active for t in oracle.outgoing.get(name, ())}
        events: list[OracleEvent | str | None] = [None]
        if place:
            events = [*timers, *sorted(walk.payloads)]
        for event in events:
            listened = not isinstance(event, str) or event in near
            for _ in range(OFTEN if listened else 1):
                now = NOON + timedelta(minutes=len(found))
                guards, context = walk.guards(), walk.context()
                if event is None:
                    expected = oracle.start(context, guards, now)
                    found.append(Step("", None, context, guards, now, expected))
                    continue
                sent = event
                if isinstance(sent, str):
                    sent = OracleEvent(sent, walk.payload(sent))
                expected = oracle.step(place, sent, context, guards, now)
                found.append(Step(place, sent, context, guards, now, expected))
    named = frozenset(guard for guard, _ in machine.guards.values())
    return Recorded(machine, named, tuple(found))


def differs(recorded: Recorded, text: str) -> bool:
    """Whether a module does something else, or fails, somewhere in the trace."""
    machine, named = recorded.machine, set(recorded.named)
    try:
        machine.load(text)
        for step in recorded.steps:
            if step.event is None:
                found = machine.start(step.context, step.guards, step.now)
            else:
                found = machine.step(
                    step.state, step.event, step.context, step.guards, step.now
                )
            if comparable(found, named) != comparable(step.expected, named):
                return True
    except Exception:
        return True
    return False

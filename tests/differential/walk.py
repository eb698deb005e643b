"""A walk through one random machine, and what was met on it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.pipeline import check
from tests.differential.difference import Difference, Step
from tests.differential.subject import Subject, resting
from tests.oracle import Definition, OracleOutcome
from tests.strategies import (
    EVERYTHING,
    PLAIN,
    REFUSED,
    Features,
    dump_yaml,
    free_machine,
    random_context,
    random_event,
    random_features,
    random_machine,
)

EVENTS = 50
LIVELOCKS = 10
"""A walk that has ended in so many livelocks has no more to show."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What machines may use (None: whatever there is, without a plan), the limit of
    rows written out, and their share."""

    among: Features | None
    limit: int | None
    share: int


KINDS = {
    "one leaf": Kind(PLAIN, None, 2),
    "rows": Kind(EVERYTHING, None, 1),
    "regions and kernel": Kind(EVERYTHING, 0, 1),
    "free": Kind(None, None, 1),
    "free, regions and kernel": Kind(None, 0, 1),
}
_TURNS = [name for name, kind in KINDS.items() for _ in range(kind.share)]


@dataclass(slots=True)
class Walked:
    """`met` has the features of each step, `found` the step that ended the walk."""

    kind: str
    definition: Definition
    steps: int = 0
    accepted: int = 0
    met: list[frozenset[str]] = field(default_factory=list)
    found: tuple[Step, Difference] | None = None


def kind_of(seed: int) -> str:
    return _TURNS[seed % len(_TURNS)]


def drawn(seed: int) -> tuple[random.Random, Definition]:
    rng = random.Random(seed)
    among = KINDS[kind_of(seed)].among
    if among is not None:
        return rng, random_machine(rng, random_features(rng, among))
    while True:
        definition = free_machine(rng)
        report = check(dump_yaml(definition), "machine.yaml").report
        errors = {d.code for d in report if d.severity is Severity.ERROR}
        if not errors or errors - REFUSED:
            return rng, definition


def walk(seed: int, events: int = EVENTS) -> Walked:
    """Compare the machine of a seed, up to the first difference."""
    rng, definition = drawn(seed)
    walked = Walked(kind_of(seed), definition)
    try:
        subject = Subject(definition, KINDS[walked.kind].limit)
    except Exception as error:
        kind = f"compiler raises {type(error).__name__}"
        walked.found = Step("", None, {}, seed, 0), Difference(kind, str(error))
        return walked
    step = Step("", None, random_context(rng, definition), seed, 0)
    for number in range(1, events + 2):
        outcome, difference = subject.take(step)
        walked.steps += 1
        walked.accepted += outcome.accepted
        walked.met.append(frozenset(subject.oracle.met))
        if difference is not None:
            walked.found = step, difference
        if difference is not None or subject.livelocks > LIVELOCKS:
            break
        following = _next(subject, rng, step, outcome, seed * 1000 + number)
        if following is None:
            break
        step = following
    return walked


def _next(
    subject: Subject, rng: random.Random, step: Step, outcome: OracleOutcome, salt: int
) -> Step | None:
    """From where the last step led, or elsewhere when nothing more happens there; None
    in a machine that can rest nowhere."""
    oracle, state = subject.oracle, outcome.target
    ended = step.event is not None and oracle.is_final(step.state)
    if ended or (step.event is None and not outcome.accepted):
        places = resting(subject.machine)
        if not places:
            return None
        state = rng.choice(places)
    event = random_event(rng, subject.definition, oracle, state)
    return Step(state, event, outcome.context, salt, step.seconds + 1)

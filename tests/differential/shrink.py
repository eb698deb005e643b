"""A step on which implementations differ, in ever smaller machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.differential.difference import Difference, Step
from tests.differential.smaller import smaller
from tests.differential.subject import Subject
from tests.oracle import Definition, Oracle
from tests.oracle.text import Configuration

Differs = Callable[[Definition, Step], Difference | None]


def differs(limit: int | None) -> Differs:
    """Whether they do; no, where the compiler refuses or the step makes no sense."""

    def check(definition: Definition, step: Step) -> Difference | None:
        try:
            subject = Subject(definition, limit)
            return subject.take(step)[1]
        except Exception:
            return None

    return check


def shrunk(
    definition: Definition,
    step: Step,
    difference: Difference,
    check: Differs,
    tries: int = 3_000,
) -> tuple[Definition, Step, Difference]:
    """Greedy: whatever can go goes, as long as the difference is of its kind."""
    again = True
    while again and tries > 0:
        again = False
        for candidate in smaller(definition):
            tries -= 1
            if tries <= 0:
                break
            moved = _moved(definition, candidate, step)
            if moved is None:
                continue
            found = check(candidate, moved)
            if found is not None and found.kind == difference.kind:
                definition, step, difference = candidate, moved, found
                again = True
                break
    return definition, step, difference


def _moved(before: Definition, after: Definition, step: Step) -> Step | None:
    """The step from what is left of its configuration; None if that is none."""
    if step.event is None:
        return step
    try:
        oracle = Oracle(after)
        given = Oracle(before).parse(step.state)
        active = frozenset(node for node in given.active if node in oracle.order)
        history = {
            (name, deep): tuple(node for node in record if node in oracle.order)
            for (name, deep), record in given.history.items()
            if (name, deep) in oracle.remembered
        }
        history = {past: record for past, record in history.items() if record}
        text = oracle.text(Configuration(active, history))
        oracle.parse(text)
        return replace(step, state=text)
    except Exception:
        return None

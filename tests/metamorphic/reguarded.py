"""Guards that say the same in another way, and one that says no."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.metamorphic.variation import Variation, triggers_of
from tests.oracle import Definition, Oracle
from tests.oracle.written import listed

NEVER: tuple[Any, ...] = (
    {"expr": "1 > 2"},
    {"expr": "false"},
    {"not": {"expr": "1 < 2 or 2 < 1"}},
    {"allOf": [{"expr": "true"}, {"expr": "2 == 3"}]},
)


def _each_guard(
    definition: Definition, change: Callable[[Any], list[Any]]
) -> Definition:
    made = deepcopy(definition)
    for written in made.get("transitions", ()):
        if "guards" in written:
            guards = listed(written["guards"])
            written["guards"] = [new for guard in guards for new in change(guard)]
    return made


def _are(definition: Definition, kind: Callable[[Any], bool]) -> bool:
    written = definition.get("transitions", ())
    return any(kind(guard) for t in written for guard in listed(t.get("guards")))


def conjunctions_split(rng: random.Random, definition: Definition) -> Variation | None:
    if not _are(definition, lambda guard: "allOf" in guard):
        return None

    def split(guard: Any) -> list[Any]:
        return list(guard.get("allOf", [guard])) if isinstance(guard, dict) else [guard]

    return Variation(_each_guard(definition, split), other_guards=True)


def conjunctions_made(rng: random.Random, definition: Definition) -> Variation | None:
    """The guards of a transition as one `allOf`."""
    made = deepcopy(definition)
    several = [t for t in made.get("transitions", ()) if "guards" in t]
    for written in several:
        written["guards"] = {"allOf": listed(written["guards"])}
    return Variation(made, other_guards=True) if several else None


def and_split(rng: random.Random, definition: Definition) -> Variation | None:
    """`a and b` as two guards, where an expression has a second one."""

    def split(guard: Any) -> list[Any]:
        if "expr" not in guard or " and " not in guard["expr"]:
            return [guard]
        if " is not None and " in guard["expr"]:
            return [guard]  # what the first tests for, the second needs to know
        left, right = guard["expr"].split(" and ", 1)
        return [{"expr": left}, {"expr": right}]

    made = _each_guard(definition, split)
    if made == _each_guard(definition, lambda guard: [guard]):
        return None
    return Variation(made, other_guards=True)


def doubly_negated(rng: random.Random, definition: Definition) -> Variation | None:
    if not _are(definition, lambda guard: True):
        return None

    def negated(guard: Any) -> list[Any]:
        return [{"not": {"not": guard}}]

    return Variation(_each_guard(definition, negated), other_guards=True)


def not_said_in_words(rng: random.Random, definition: Definition) -> Variation | None:
    """An `expr` that is the negation of a negation, in the language itself."""
    if not _are(definition, lambda guard: "expr" in guard):
        return None

    def negated(guard: Any) -> list[Any]:
        if "expr" not in guard:
            return [guard]
        return [{"expr": f"not (not ({guard['expr']}))"}]

    return Variation(_each_guard(definition, negated), other_guards=True)


def never_true_added(rng: random.Random, definition: Definition) -> Variation | None:
    """Somewhere among the transitions, before or behind those of its source."""
    oracle = Oracle(definition)
    sources = [
        s for s in oracle.states if oracle.tree.kind(s) not in ("terminal", "choice")
    ]
    triggers = triggers_of(definition, oracle)
    if not triggers:
        return None
    source = rng.choice([*sources, "*"])
    trigger = rng.choice(triggers)
    added: dict[str, Any] = {
        "trigger": trigger,
        "source": source,
        "dest": rng.choice(sources),
        "guards": [rng.choice(NEVER)],
        "actions": ["notify"],
        "priority": rng.choice((-5, 0, 20)),
    }
    transitions = list(definition.get("transitions", ()))
    transitions.insert(rng.randint(0, len(transitions)), added)
    made = {**definition, "transitions": transitions}
    return Variation(made, never=(source, str(oracle.normal(trigger))))


def never_true_auto_added(rng: random.Random, definition: Definition) -> Variation:
    oracle = Oracle(definition)
    sources = [
        s for s in oracle.states if oracle.tree.kind(s) not in ("terminal", "choice")
    ]
    added: dict[str, Any] = {
        "auto": True,
        "source": rng.choice([*sources, "*"]),
        "dest": rng.choice(sources),
        "guards": [rng.choice(NEVER)],
        "priority": rng.choice((-5, 0, 20)),
    }
    transitions = list(definition.get("transitions", ()))
    transitions.insert(rng.randint(0, len(transitions)), added)
    return Variation({**definition, "transitions": transitions})

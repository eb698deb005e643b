"""Properties of random machines: what the compiler says = a walk by the oracle.

The machines have no context, so that nothing is unknown but the answers of guards. The
walk knows nothing of graphs, components or records of answers: it asks the oracle for
every step under every answer, and looks at what comes out.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.pipeline import check
from tests.oracle import Data, Definition, Oracle, OracleEvent
from tests.oracle.model import Refusal
from tests.oracle.run import Run
from tests.oracle.text import Configuration
from tests.strategies import (
    EVERYTHING,
    PLAIN,
    Features,
    dump_yaml,
    random_features,
    random_machine,
)

MACHINES = int(os.environ.get("PYSTATOR_MACHINES", "60"))
FIRST = int(os.environ.get("PYSTATOR_SEED", "0"))
BATCH = 20
MOST_RUNS = 3_000
"""Steps of the oracle; larger machines are left out, since every answer is asked."""
CONTEXT_FREE = {
    "expressions": False,
    "checks": False,
    "effects": False,
    "normalizer": False,
}


@dataclass(frozen=True)
class Move:
    """One step: where it leads, whether it enters a state, the delays that it ends."""

    target: str
    enters: bool
    ended: frozenset[tuple[str, int]]
    timer: tuple[str, int] | None


@dataclass
class Walk:
    moves: dict[str, set[Move]] = field(default_factory=dict)
    runs: int = 0

    def answered(self, run: Callable[[Callable[..., bool]], int]) -> None:
        """Run once for every sequence of answers; equal questions have one answer.

        `run` says what it has cost beyond that.
        """
        pending: list[tuple[bool, ...]] = [()]
        while pending:
            self.runs += 1
            if self.runs > MOST_RUNS:
                raise TooLarge
            told = pending.pop()
            known: dict[str, bool] = {}

            def answer(
                name: str,
                params: Data,
                context: Data,
                event: OracleEvent | None,
                known: dict[str, bool] = known,
                told: tuple[bool, ...] = told,
            ) -> bool:
                key = repr((name, params, event))
                if key not in known:
                    number = len(known)
                    known[key] = told[number] if number < len(told) else True
                return known[key]

            self.runs += run(answer)
            for number in range(len(told), len(known)):
                pending.append((*told, *(True,) * (number - len(told)), False))


LIVELOCK_COST = 50


class TooLarge(Exception):
    pass


def walk(oracle: Oracle) -> Walk:
    found = Walk()
    starts: set[str] = set()

    def start(answer: Callable[..., bool]) -> int:
        outcome = oracle.start({}, answer, None)
        if outcome.accepted:
            starts.add(outcome.target)
        return LIVELOCK_COST if outcome.reason == "livelock" else 0

    found.answered(start)
    pending = sorted(starts)
    while pending:
        place = pending.pop()
        if place in found.moves:
            continue
        found.moves[place] = set(moves(oracle, found, place))
        pending += sorted({move.target for move in found.moves[place]})
    return found


def moves(oracle: Oracle, walked: Walk, place: str) -> Iterator[Move]:
    before = oracle.parse(place)
    events = [OracleEvent(trigger, {"sent": True}) for trigger in oracle.triggers]
    for state in [*before.active, "*"]:
        timers = oracle.timers.get(state, ())
        events += [OracleEvent(timer=(state, n)) for n in range(len(timers))]
    for event in events:
        found: list[Move] = []

        def step(
            answer: Callable[..., bool],
            event: OracleEvent = event,
            found: list[Move] = found,
        ) -> int:
            try:
                found.append(moved(oracle, before, event, answer))
            except Refusal as refusal:
                return LIVELOCK_COST if refusal.reason == "livelock" else 0
            return 0

        walked.answered(step)
        yield from found


def moved(
    oracle: Oracle,
    before: Configuration,
    event: OracleEvent,
    answer: Callable[..., bool],
) -> Move:
    """Raises Refusal where the step is rejected, or ignored."""
    run = Run(oracle, before, event, {}, answer, None)
    chosen = run.select_for_event(event)
    if not chosen:
        raise Refusal("ignored")
    run.handed_on = event.trigger
    run.microstep(chosen, merge=event.timer is None)
    run.settle()
    outcome = run.accepted()
    cancelled = frozenset(outcome.cancelled)
    return Move(outcome.target, bool(run.entered), cancelled, event.timer)


def definition_of(seed: int, among: Features) -> Definition:
    rng = random.Random(seed)
    features = replace(random_features(rng, among), **CONTEXT_FREE, named_guards=True)
    definition = random_machine(rng, replace(features, typed=True))
    definition["state_variables"] = []
    definition["events"] = [{"name": e["name"]} for e in definition["events"]]
    return definition


def names_of(definition: Definition) -> list[str]:
    """The states in which the machine can rest, those of regions as well."""
    choices = {s["name"] for s in definition["states"] if s.get("type") == "choice"}
    inside = (r for s in definition["states"] for r in s.get("regions") or ())
    names = [s["name"] for s in definition["states"]]
    names += [name for region in inside for name in region.get("states") or ()]
    return [name for name in dict.fromkeys(names) if name not in choices]


Holds = Callable[[frozenset[str]], bool]


def conditions(rng: random.Random, names: list[str]) -> Iterator[tuple[str, Holds]]:
    """Expressions over states, each with what it says of the active states."""
    for _ in range(6):
        one, other = rng.choice(names), rng.choice(names)
        text, more = f'state["{one}"]', f'state["{other}"]'
        yield f"{text} and {more}", partial(both, one, other)
        yield f"not {text} or {more}", partial(only_with, one, other)


def both(one: str, other: str, active: frozenset[str]) -> bool:
    return one in active and other in active


def only_with(one: str, other: str, active: frozenset[str]) -> bool:
    return one not in active or other in active


def active_in(
    oracle: Oracle, places: dict[str, set[Move]]
) -> dict[str, frozenset[str]]:
    return {place: oracle.active(place) for place in places}


def expected(
    rng: random.Random, definition: Definition, oracle: Oracle, found: Walk
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Properties, each with whether it holds."""
    names = names_of(definition)
    active = active_in(oracle, found.moves)
    for name in names:
        yield {"reachable": name}, any(name in states for states in active.values())
    for text, holds in conditions(rng, names):
        yield {"always": text}, all(map(holds, active.values()))
        yield {"never": text}, not any(map(holds, active.values()))
    yield {"terminates": True}, can_end(oracle, found)
    pairs = list(itertools.product(names, names))
    for one, other in rng.sample(pairs, min(len(pairs), 12)):
        claim = {"from": one, "to": other}
        yield {"leads_to": claim}, comes(oracle, found, active, one, other)


def can_end(oracle: Oracle, found: Walk) -> bool:
    """Whether from every place an end can be reached: backwards, until no more is."""
    ending = {place for place in found.moves if oracle.is_final(place)}
    while True:
        more = {
            place
            for place, moves in found.moves.items()
            if any(move.target in ending for move in moves)
        }
        if more <= ending:
            return ending == found.moves.keys()
        ending |= more


def comes(
    oracle: Oracle,
    found: Walk,
    active: dict[str, frozenset[str]],
    one: str,
    other: str,
) -> bool:
    """Whether `other` follows `one`: no run stops or goes round before it.

    A run that goes round is found as the greatest set of places from each of which all
    that must come again can come again inside it (Emerson and Lei).
    """
    due = {p for p, states in active.items() if one in states and other not in states}
    pending = list(due)
    while pending:
        for move in found.moves[pending.pop()]:
            if move.target not in due and other not in active[move.target]:
                due.add(move.target)
                pending.append(move.target)
    if any(stands_still(found, place) for place in due):
        return False
    must: list[Callable[[Move], bool]] = [enters]
    must += [partial(breaks, found, active, t) for t in certain_delays(oracle)]
    rounds = due
    while True:
        kept = {
            place
            for place in rounds
            if all(can_come(found, rounds, place, again) for again in must)
        }
        if kept == rounds:
            return not rounds
        rounds = kept


def enters(move: Move) -> bool:
    return move.enters


def breaks(
    found: Walk,
    active: dict[str, frozenset[str]],
    timer: tuple[str, int],
    move: Move,
) -> bool:
    """Whether the delay does not go on over this step."""
    return timer in move.ended or not waits(found, active, timer, move.target)


def stands_still(found: Walk, place: str) -> bool:
    seen, pending = {place}, [place]
    while pending:
        for move in found.moves[pending.pop()]:
            if move.enters:
                return False
            if move.target not in seen:
                seen.add(move.target)
                pending.append(move.target)
    return True


def can_come(
    found: Walk, inside: set[str], place: str, again: Callable[[Move], bool]
) -> bool:
    seen, pending = {place}, [place]
    while pending:
        for move in found.moves[pending.pop()]:
            if move.target not in inside:
                continue
            if again(move):
                return True
            if move.target not in seen:
                seen.add(move.target)
                pending.append(move.target)
    return False


def certain_delays(oracle: Oracle) -> Iterator[tuple[str, int]]:
    for state, transitions in oracle.outgoing.items():
        for transition in transitions:
            if transition.timer is None or transition.guards or not transition.dests:
                continue
            if oracle.tree.is_below(state, oracle.tree.domain(transition)):
                yield state, transition.timer


def waits(
    found: Walk, active: dict[str, frozenset[str]], timer: tuple[str, int], place: str
) -> bool:
    elapses = any(move.timer == timer for move in found.moves[place])
    return timer[0] in active[place] and elapses


def compare(seed: int, among: Features) -> tuple[int, int]:
    """How many properties hold and how many fail; none where the machine is large."""
    definition = definition_of(seed, among)
    oracle = Oracle(definition)
    try:
        found = walk(oracle)
    except TooLarge:
        return 0, 0
    rng = random.Random(seed)
    listed = list(expected(rng, definition, oracle, found))
    definition["properties"] = [
        {"name": f"p{number}", **written} for number, (written, _) in enumerate(listed)
    ]
    text = dump_yaml(definition)
    report = check(text, "m.yaml").report
    told = {
        diagnostic.message.split("`")[1]
        for diagnostic in report
        if diagnostic.code.startswith("PS07")
    }
    failing = {f"p{number}" for number, (_, holds) in enumerate(listed) if not holds}
    others = [
        d
        for d in report
        if d.severity is Severity.ERROR and not d.code.startswith("PS07")
    ]
    assert not others
    if any(diagnostic.code == "PS0705" for diagnostic in report):
        return 0, 0  # too much to follow, and said to be
    assert told == failing, (seed, sorted(told ^ failing), text)
    return len(listed) - len(failing), len(failing)


@pytest.mark.parametrize("first", range(FIRST, FIRST + MACHINES, BATCH))
@pytest.mark.parametrize("among", [PLAIN, EVERYTHING], ids=["plain", "everything"])
def test_the_compiler_agrees_with_a_walk_by_the_oracle(
    among: Features, first: int
) -> None:
    counts = [compare(seed, among) for seed in range(first, first + BATCH)]
    held, failed = (sum(column) for column in zip(*counts, strict=True))
    assert held > 5 * BATCH
    assert failed > 5 * BATCH

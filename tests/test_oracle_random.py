"""The oracle on random machines, and the promises that these machines keep."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.oracle import (
    ROOT,
    Data,
    Definition,
    Oracle,
    OracleEvent,
    OracleOutcome,
)
from tests.oracle.tree import Tree
from tests.oracle_steps import answers, names
from tests.strategies import (
    EVERYTHING,
    NEGATED_GUARDS,
    PLAIN,
    Features,
    dump_yaml,
    guard_answers,
    moment,
    random_context,
    random_event,
    random_events,
    random_features,
    random_machine,
)

MACHINES = [(seed, PLAIN) for seed in range(150)]
MACHINES += [(seed, EVERYTHING) for seed in range(150)]
BATCH = 25
every_machine = pytest.mark.parametrize(
    ("seed", "among"),
    MACHINES,
    ids=[f"{'plain' if f is PLAIN else 'everything'}-{s}" for s, f in MACHINES],
)


def built(seed: int, among: Features = PLAIN) -> tuple[random.Random, dict[str, Any]]:
    rng = random.Random(seed)
    return rng, random_machine(rng, random_features(rng, among))


@every_machine
def test_random_machines_run_and_rule_16_the_same_again(
    seed: int, among: Features
) -> None:
    rng, definition = built(seed, among)
    oracle = Oracle(definition)
    context = random_context(rng, definition)
    guards = guard_answers(seed)
    outcome = oracle.start(context, guards, moment(0))
    assert oracle.start(context, guards, moment(0)) == outcome
    configuration = outcome.target if outcome.accepted else resting(definition)
    context = outcome.context
    for at in range(20):
        event = random_event(rng, definition, oracle, configuration)
        guards = guard_answers(seed * 100 + at)
        given = configuration, event, context, guards, moment(at)
        kept = deepcopy(context)
        outcome = oracle.step(*given)
        assert context == kept
        assert oracle.step(*given) == outcome
        assert_consistent(oracle, configuration, context, outcome)
        configuration, context = outcome.target, outcome.context
        if oracle.is_final(configuration):
            configuration = resting(definition)


@pytest.mark.parametrize("first", range(1000, 1300, BATCH))
def test_long_walks_of_everything_stay_consistent(first: int) -> None:
    parallel = 0
    for seed in range(first, first + BATCH):
        rng, definition = built(seed, EVERYTHING)
        oracle = Oracle(definition)
        configuration = resting(definition)
        context = random_context(rng, definition)
        for at in range(50):
            event = random_event(rng, definition, oracle, configuration)
            guards = guard_answers(seed * 1000 + at)
            outcome = oracle.step(configuration, event, context, guards, moment(at))
            assert_consistent(oracle, configuration, context, outcome)
            configuration, context = outcome.target, outcome.context
            parallel += outcome.accepted and "=" in configuration.partition(";")[0]
            if oracle.is_final(configuration):
                configuration = resting(definition)
    assert parallel > BATCH * 2, "the walks are seldom in a parallel state"


def assert_consistent(
    oracle: Oracle, before: str, context: Data, outcome: OracleOutcome
) -> None:
    configuration = oracle.parse(outcome.target)
    assert oracle.text(configuration) == outcome.target
    assert_closed(oracle.tree, configuration.active)
    for (name, deep), record in configuration.history.items():
        assert (name, deep) in oracle.remembered
        assert all(oracle.tree.is_below(node, name) for node in record)
    done = outcome.exit, outcome.transition, outcome.enter
    assert sorted(map(str, outcome.actions)) == sorted(map(str, sum(done, ())))
    if not (outcome.accepted and outcome.handled):
        assert (outcome.target, outcome.context) == (before, context)
        assert not (outcome.actions or outcome.started or outcome.cancelled)
        assert not (outcome.invoked or outcome.stopped)
        return
    # what is started is active now, what is cancelled was active before
    then = oracle.active(before)
    assert {*(s for s, *_ in outcome.started)} <= configuration.active
    assert {*(s for s, *_ in outcome.cancelled)} <= then
    assert {*(s for s, _ in outcome.invoked)} <= configuration.active
    assert {*(s for s, _ in outcome.stopped)} <= then


def assert_closed(tree: Tree, active: frozenset[str]) -> None:
    """Rule 1, said once more: node by node."""
    for node in {ROOT, *active}:
        assert node == ROOT or {tree.parent[node]} <= {ROOT, *active}
        assert node not in tree.states or tree.kind(node) != "choice"
        inner = active & set(tree.children[node])
        if tree.is_parallel(node):
            assert inner == set(tree.children[node])
        elif tree.children[node]:
            assert len(inner) == 1


def resting(definition: Definition) -> str:
    """A configuration where the machine rests if all guards refuse."""
    definition = refused(definition)
    return Oracle(definition).start({}, REFUSING, None).target


@every_machine
def test_random_machines_survive_the_way_through_text(
    seed: int, among: Features
) -> None:
    _, definition = built(seed, among)
    text = dump_yaml(definition)
    assert yaml.safe_load(text) == definition
    assert "&" not in text and "!!" not in text
    assert built(seed, among)[1] == definition


@every_machine
def test_random_machines_have_no_shadowed_transition_and_no_way_out_of_an_end(
    seed: int, among: Features
) -> None:
    oracle = Oracle(built(seed, among)[1])
    for state, transitions in oracle.outgoing.items():
        if state in oracle.states and oracle.tree.kind(state) == "terminal":
            assert transitions == []
        groups: dict[str, list[bool]] = {}
        for t in transitions:
            key = t.trigger or ("auto: true" if t.auto else "done: true")
            if t.trigger or t.auto or t.done:  # each delay is an event of its own
                groups.setdefault(key, []).append(bool(t.guards))
        for guarded in groups.values():
            assert all(guarded[:-1])
        if state in oracle.states and oracle.tree.kind(state) == "choice":
            assert groups["auto: true"][-1] is False


@every_machine
def test_every_state_of_a_random_machine_is_reached_when_all_guards_refuse(
    seed: int, among: Features
) -> None:
    definition = refused(built(seed, among)[1])
    oracle = Oracle(definition)
    expected = set(oracle.states)  # choices too, which say their names only here
    events = [OracleEvent(trigger) for trigger in sorted(oracle.triggers)]
    for state, delays in oracle.timers.items():
        events += [OracleEvent(timer=(state, at)) for at in range(len(delays))]
    start = oracle.start({}, REFUSING, None)
    entered = set(names(start.enter))
    waiting, seen = [start.target], {start.target}
    while waiting and entered != expected:
        configuration = waiting.pop(0)
        for event in events:
            outcome = oracle.step(configuration, event, {}, REFUSING, None)
            assert outcome.reason in (None, *UNMATCHED), (outcome.reason, event)
            entered.update(names(outcome.enter))
            if outcome.target not in seen:
                seen.add(outcome.target)
                waiting.append(outcome.target)
    assert entered == expected


UNMATCHED = (
    *("terminal_state", "undefined_trigger", "invalid_transition", "guard_rejected"),
)
REFUSING = answers(g0=False, g1=False, g4=False, g2=True, g3=True)


def refused(definition: Definition) -> Definition:
    """The machine where states only say their names and all guards can be refused."""
    definition = deepcopy(definition)
    said = {state["name"]: state for state in definition["states"]}
    for state in list(said.values()):
        for region in state.get("regions", ()):
            for member in region["states"]:
                said.setdefault(member, {"name": member})
    definition["states"] = list(said.values())
    for name, state in said.items():
        state["on_enter"] = name
        state.pop("on_exit", None)
    for transition in definition.get("transitions", ()):
        transition.pop("actions", None)
        if "guards" in transition:
            transition["guards"] = refusing(transition["guards"])
    return definition


def refusing(guard: Any) -> Any:
    """The guard with a named one, which will be false, for each expr and check."""
    match guard:
        case list():
            return [refusing(g) for g in guard]
        case {"expr": _} | {"check": _}:
            return "g0"
        case {"allOf": parts}:
            return {"allOf": refusing(parts)}
        case {"anyOf": parts}:
            return {"anyOf": refusing(parts)}
        case {"not": {"expr": _}}:
            return {"not": "g0"}
        case {"not": str() as inner}:
            assert inner in NEGATED_GUARDS
    return guard


def test_a_feature_that_is_dropped_is_not_used() -> None:
    drawn = [
        random_machine(random.Random(seed), Features(effects=False, autos=False))
        for seed in range(40)
    ]
    text = "".join(map(dump_yaml, drawn))
    assert "auto: true" not in text and "increment" not in text
    bare = replace(Features(), hierarchy=False, expressions=False, combinators=False)
    flat = random_machine(random.Random(1), bare)
    assert all("parent" not in state for state in flat["states"])


def test_random_events_are_of_the_machine_but_for_a_few() -> None:
    rng, definition = built(3)
    oracle = Oracle(definition)
    events = list(random_events(rng, definition, 200))
    known = [e for e in events if e.timer or e.trigger in oracle.triggers]
    assert 150 < len(known) < 200


def test_everything_is_used() -> None:
    drawn = [random_machine(random.Random(seed), EVERYTHING) for seed in range(100)]
    texts = [dump_yaml(definition) for definition in drawn]
    for word in ("type: choice", "H(", "H*(", "done: true", "raise:", "invoke:"):
        assert sum(word in text for text in texts) >= 10, word
    trees = [Oracle(definition).tree for definition in drawn]
    nested = [t for t in trees if any(depth(t, r) >= 2 for r in t.regions)]
    several = [t for t in trees if len(set(map(t.parent.get, t.regions))) > 1]
    wide = [t for t in trees if any(len(t.children[p]) == 4 for p in t.parent.values())]
    assert min(len(nested), len(several), len(wide)) >= 8
    forks = [
        d
        for d in drawn
        if any(isinstance(t.get("dest"), list) for t in d["transitions"])
    ]
    assert len(forks) >= 10


def depth(tree: Tree, region: str) -> int:
    """How many parallel states there are around the region."""
    return sum(tree.is_parallel(node) for node in tree.ancestors(region))

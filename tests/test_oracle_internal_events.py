"""The oracle on completion and raised events, by hand from rules 7, 8, 11 and 12."""

from __future__ import annotations

import pytest

from tests.oracle import Data, OracleEvent
from tests.oracle_steps import answers, begin, machine, names, send, telling, told

COMPLETING = """
states:
  - {name: A, type: initial}
  - {name: M, initial_child: M1}
  - {name: M1, parent: M}
  - {name: ME, parent: M, type: terminal, on_enter: {raise: inner}}
  - {name: P, type: parallel, regions: [{name: x, initial: X1, states: [X1, XE]},
      {name: w, initial: W1, states: [W1, WE, WM]}]}
  - {name: XE, type: terminal}
  - {name: WE, type: terminal}
  - {name: WM, initial_child: WM1}
  - {name: WM1, parent: WM}
  - {name: WME, parent: WM, type: terminal}
  - {name: B}
transitions:
  - {trigger: fin, source: M1, dest: ME, actions: {raise: first}}
  - {done: true, source: M, dest: B, guards: g, actions: done}
  - {done: true, source: M, internal: true, actions: [done2, {raise: never}]}
  - {trigger: first, source: ME, internal: true, actions: never}
  - {trigger: first, source: M, internal: true, actions: first}
  - {trigger: inner, source: M, internal: true, actions: inner}
  - {trigger: x, source: X1, dest: XE}
  - {trigger: w, source: W1, dest: WE}
  - {trigger: both, source: X1, dest: XE}
  - {trigger: both, source: W1, dest: WE}
  - {trigger: nest, source: W1, dest: WME}
  - {done: true, source: P, dest: B, actions: done}
  - {done: true, source: WM, internal: true, actions: wm}
  - {trigger: straight, source: A, dest: [XE, WE]}
"""


def test_rule_11_a_terminal_child_completes_a_compound() -> None:
    # the queue: first (by the transition), inner (by on_enter), then done(M)
    oracle = telling(COMPLETING.replace("source: ME", "source: A"))
    outcome = send(oracle, "M1", "fin", guards=answers(g=True))
    assert told(outcome) == "-M1 +ME first inner -ME -M done +B"
    assert outcome.target == "B"


def test_rule_11_the_guards_of_a_completion_are_asked_when_it_is_taken() -> None:
    oracle = telling(COMPLETING.replace("source: ME", "source: A"))
    outcome = send(oracle, "M1", "fin", guards=answers(g=False))
    assert told(outcome) == "-M1 +ME first inner done2"
    assert outcome.target == "ME"


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        ("P:w=W1,x=X1", "x", "P:w=W1,x=XE", "-X1 +XE"),
        ("P:w=W1,x=XE", "w", "B", "-W1 +WE -WE -XE -P done +B"),
        ("P:w=WE,x=X1", "x", "B", "-X1 +XE -WE -XE -P done +B"),
        # both at once: one completion
        ("P:w=W1,x=X1", "both", "B", "-W1 -X1 +XE +WE -WE -XE -P done +B"),
        # completed when entered
        ("A", "straight", "B", "-A +P +XE +WE -WE -XE -P done +B"),
        # a compound child that has completed completes no region
        ("P:w=W1,x=XE", "nest", "P:w=WME,x=XE", "-W1 +WM +WME wm"),
        ("P:w=WME,x=X1", "x", "P:w=WME,x=XE", "-X1 +XE"),
    ],
)
def test_rule_11_a_parallel_state_completes_with_its_last_region(
    configuration: str, trigger: str, target: str, expected: str
) -> None:
    outcome = send(telling(COMPLETING), configuration, trigger)
    assert told(outcome) == expected
    assert outcome.target == target


NESTED = """
states:
  - {name: T, type: initial, initial_child: P}
  - {name: P, parent: T, type: parallel, regions: [
      {name: x, initial: N, states: [N, XE]},
      {name: w, initial: WE, states: [WE]}]}
  - {name: N, type: parallel, regions: [{name: i, initial: I1, states: [I1, IE]},
      {name: j, initial: J1, states: [J1, JE]}]}
  - {name: IE, type: terminal}
  - {name: JE, type: terminal}
  - {name: XE, type: terminal}
  - {name: WE, type: terminal}
  - {name: TE, parent: T, type: terminal}
  - {name: END, type: terminal}
transitions:
  - {trigger: i, source: I1, dest: IE}
  - {trigger: j, source: J1, dest: JE}
  - {done: true, source: N, dest: XE, actions: n}
  - {done: true, source: P, dest: TE, actions: p}
  - {done: true, source: T, dest: END, actions: t}
"""


def test_rule_11_completions_go_up_step_by_step() -> None:
    oracle = telling(NESTED)
    half = send(oracle, "P:w=WE,x=(N:i=I1,j=J1)", "j")
    assert half.target == "P:w=WE,x=(N:i=I1,j=JE)"
    outcome = send(oracle, half.target, "i")
    assert outcome.target == "END"
    assert told(outcome) == ("-I1 +IE -JE -IE -N n +XE -WE -XE -P p +TE -TE -T t +END")


def test_rule_11_a_completed_parallel_state_completes_nothing_by_itself() -> None:
    text = NESTED.replace("- {done: true, source: N, dest: XE, actions: n}", "")
    text = text.replace("  \n", "")
    outcome = send(telling(text), "P:w=WE,x=(N:i=I1,j=JE)", "i")
    assert told(outcome) == "-I1 +IE"


def test_rule_11_a_completion_is_not_of_the_ancestors_of_its_state() -> None:
    oracle = machine("""
    states: [{name: T, type: initial, initial_child: M}, {name: M, parent: T},
      {name: M1, parent: M, type: initial}, {name: ME, parent: M, type: terminal},
      {name: B}]
    transitions:
      - {trigger: fin, source: M1, dest: ME}
      - {done: true, source: T, dest: B}
      - {done: true, source: M, internal: true, guards: g}
    """)
    outcome = send(oracle, "M1", "fin", guards=answers(g=False))
    assert (outcome.accepted, outcome.target) == (True, "ME")


def test_rule_11_a_completion_whose_state_is_left_is_dropped() -> None:
    oracle = telling("""
    states: [{name: A, type: initial}, {name: M, initial_child: ME},
      {name: ME, parent: M, type: terminal}, {name: B}]
    transitions:
      - {trigger: go, source: A, dest: M, actions: {raise: away}}
      - {trigger: away, source: M, dest: B}
      - {done: true, source: M, dest: A}
    """)
    assert told(send(oracle, "A", "go")) == "-A +M +ME -ME -M +B"


def test_rule_13_completion_at_start() -> None:
    oracle = telling("""
    states: [{name: M, type: initial, initial_child: ME},
      {name: ME, parent: M, type: terminal}, {name: B}]
    transitions: [{done: true, source: M, dest: B}]
    """)
    assert told(begin(oracle)) == "+M +ME -ME -M +B"


RAISING = """
states:
  - {name: A, type: initial, on_exit: {raise: one}}
  - {name: B, on_enter: [{raise: three}, tail]}
  - {name: C}
transitions:
  - {trigger: go, source: A, dest: B, actions: [{raise: two}, act]}
  - {trigger: one, source: B, internal: true, actions: [one, {raise: four}]}
  - {trigger: two, source: B, internal: true, actions: two}
  - {trigger: three, source: B, internal: true, actions: three}
  - {trigger: four, source: B, internal: true, actions: four}
  - {auto: true, source: B, internal: true, guards: {expr: n == 1},
     actions: [auto, {increment: n}]}
  - {trigger: lost, source: A, internal: true, actions: [{raise: four}, act]}
"""


def test_rule_7_raised_events_wait_in_a_queue_behind_autos() -> None:
    outcome = send(machine(RAISING), "A", "go", context={"n": 1})
    assert names(outcome.actions) == [
        "act",
        "tail",
        "auto",
        "one",
        "two",
        "three",
        "four",
    ]
    assert outcome.target == "B"


def test_rule_7_an_event_that_matches_nothing_is_dropped() -> None:
    outcome = send(machine(RAISING), "A", "lost", context={"n": 0})
    assert (outcome.accepted, names(outcome.actions)) == (True, ["act"])


def test_rule_7_an_event_that_is_refused_is_dropped() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: B}]
    transitions:
      - {trigger: go, source: A, dest: B, actions: [{raise: one}, {raise: two}]}
      - {trigger: one, source: B, dest: A, guards: g}
      - {trigger: two, source: B, internal: true, actions: two}
    """)
    outcome = send(oracle, "A", "go", guards=answers(g=False))
    assert (outcome.target, names(outcome.actions)) == ("B", ["two"])


def test_rule_7_autos_are_taken_between_raised_events() -> None:
    oracle = telling("""
    states: [{name: A, type: initial}, {name: B}, {name: C}, {name: D}]
    transitions:
      - {trigger: go, source: A, dest: A, actions: [{raise: one}, {raise: two}]}
      - {trigger: one, source: A, dest: B}
      - {auto: true, source: B, dest: C}
      - {trigger: two, source: B, dest: A}
      - {trigger: two, source: C, dest: D}
    """)
    assert told(send(oracle, "A", "go")) == "-A +A -A +B -B +C -C +D"


def test_rule_7_nothing_is_taken_after_the_end() -> None:
    oracle = telling("""
    states: [{name: A, type: initial}, {name: END, type: terminal}]
    transitions:
      - {trigger: go, source: A, dest: END, actions: {raise: more}}
      - {trigger: more, source: "*", dest: A}
    """)
    assert told(send(oracle, "A", "go")) == "-A +END"


def test_rule_7_a_raised_event_may_move_several_regions() -> None:
    oracle = telling("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: a, initial: A, states: [A, A2]},
          {name: b, initial: B, states: [B, B2]},
          {name: c, initial: C, states: [C, C2]}]}
    transitions:
      - {trigger: go, source: A, dest: A2, actions: {raise: spread}}
      - {trigger: spread, source: B, dest: B2}
      - {trigger: spread, source: C, dest: C2, actions: {raise: go}}
    """)
    outcome = send(oracle, "P:a=A,b=B,c=C", "go")
    assert told(outcome) == "-A +A2 -C -B +B2 +C2"
    assert outcome.target == "P:a=A2,b=B2,c=C2"


def test_raised_triggers_are_normalised() -> None:
    oracle = machine(
        """
    states: [{name: A, type: initial}, {name: B}]
    transitions:
      - {trigger: go, source: A, internal: true, actions: {raise: NeXt}}
      - {trigger: nExT, source: A, dest: B}
    """,
        event_normalizer="lower",
    )
    assert send(oracle, "A", "GO").target == "B"


PAYLOADS = """
state_variables: [p, q, seen]
events:
  - {name: go, payload: {p: integer}}
  - {name: next, payload: {q: {type: integer, default: 7}, p: "integer?"}}
states: [{name: A, type: initial}, {name: B}, {name: C}]
transitions:
  - {trigger: go, source: A, dest: B, actions: [{raise: next}]}
  - {trigger: next, source: B, dest: C,
     guards: {expr: event.q == 7 and event.p is None},
     actions: {set: {seen: {expr: event.q + ctx.p}}}}
"""


def test_a_raised_event_has_the_defaults_of_its_payload_and_merges_them() -> None:
    outcome = send(machine(PAYLOADS), "A", "go", {"p": 3}, {"p": 0, "q": 0})
    # q is merged; p, which is null, changes nothing
    assert outcome.context == {"p": 3, "q": 7, "seen": 10}
    assert outcome.target == "C"


def test_rule_7_the_event_taken_last_is_the_raised_one_unless_it_is_dropped() -> None:
    asked: list[tuple[str, str | None]] = []

    def guard(
        name: str, params: Data, context: Data, event: OracleEvent | None
    ) -> bool:
        asked.append((name, event.trigger if event else None))
        return name != "no"

    oracle = machine("""
    states: [{name: A, type: initial}, {name: B, initial_child: E}, {name: C},
      {name: E, parent: B, type: terminal}, {name: D}]
    transitions:
      - {trigger: go, source: A, dest: B, actions: {raise: lost}}
      - {trigger: lost, source: B, dest: A, guards: "no"}
      - {done: true, source: B, dest: C, guards: done, actions: {raise: kept}}
      - {trigger: kept, source: C, internal: true, guards: kept, actions: {set: {n: 1}}}
      - {auto: true, source: C, dest: D, guards: [{expr: n == 1}, auto]}
    """)
    outcome = send(oracle, "A", "go", context={"n": 0}, guards=guard)
    assert outcome.target == "D"
    assert asked == [("no", "lost"), ("done", "go"), ("kept", "kept"), ("auto", "kept")]


def test_a_guard_is_asked_again_when_an_internal_event_is_taken() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: B}]
    transitions:
      - {trigger: go, source: A, internal: true, guards: g,
         actions: [{raise: x}, {raise: y}]}
      - {auto: true, source: A, dest: B, guards: [g, {not: g}]}
      - {trigger: x, source: A, internal: true, guards: g}
      - {trigger: y, source: A, internal: true, guards: [g, g, bad]}
    events: [{name: go}]
    """)
    outcome = send(oracle, "A", "go", guards=answers(g=True))
    assert outcome.reason == "guard_error"
    # go, and the auto from memory but for `not`; x, and again `not`; y
    assert outcome.guards_tried == ("g", None, "g", None, "g", "bad")


@pytest.mark.parametrize(("limit", "reason"), [(50, None), (51, "livelock")])
def test_rule_12_a_livelock_across_regions(limit: int, reason: str | None) -> None:
    # A and B wake each other, which takes twice the limit.
    oracle = machine("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: a, initial: A, states: [A]},
          {name: b, initial: B, states: [B]}]}
    transitions:
      - {trigger: ping, source: A, internal: true, guards: {expr: n < limit},
         actions: [{increment: n}, {raise: pong}]}
      - {trigger: pong, source: B, internal: true, actions: {raise: ping}}
    """)
    before: Data = {"n": 0, "limit": limit}
    outcome = send(oracle, "P:a=A,b=B", "ping", context=before)
    assert outcome.reason == reason
    if reason is not None:
        assert (outcome.target, outcome.context) == ("P:a=A,b=B", before)


def test_rule_12_dropped_events_are_no_microsteps() -> None:
    raised = ", ".join(["{raise: lost}"] * 150)
    oracle = machine(f"""
    states: [{{name: A, type: initial}}, {{name: B}}]
    transitions:
      - {{trigger: go, source: A, dest: B, actions: [{raised}]}}
      - {{trigger: lost, source: A, dest: B}}
    """)
    assert send(oracle, "A", "go").target == "B"


def test_rule_11_a_completion_nobody_listens_to_is_not_even_taken() -> None:
    # were it taken, `g` would be asked again for the event behind it
    oracle = machine("""
    states: [{name: A, type: initial}, {name: M, initial_child: ME},
      {name: ME, parent: M, type: terminal}]
    transitions:
      - {trigger: go, source: A, dest: M, guards: g}
      - {auto: true, source: M, dest: A, guards: [g, {not: g}]}
    events: [{name: go}]
    """)
    outcome = send(oracle, "A", "go", guards=answers(g=True))
    assert outcome.guards_tried == ("g", None)

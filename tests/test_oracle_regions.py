"""The oracle on parallel states, worked out by hand from rules 1, 4, 5, 6, 8, 17.

Document order is the preorder of the tree with regions as they are listed: here `b`
before `a`, while text has them in the order of their names.
"""

from __future__ import annotations

import pytest

from tests.oracle_steps import answers, begin, machine, names, send, telling, told

PARALLEL = """
states:
  - {name: IDLE, type: initial}
  - {name: W, initial_child: P}
  - {name: Z, parent: W}
  - name: P
    parent: W
    type: parallel
    regions:
      - {name: b, initial: B1, states: [B1, B2]}
      - {name: a, initial: A1, states: [A1, A2]}
  - {name: A2, initial_child: A2y}
  - {name: A2x, parent: A2}
  - {name: A2y, parent: A2}
transitions:
  - {trigger: go, source: IDLE, dest: W}
  - {trigger: both, source: A1, dest: A2, actions: a}
  - {trigger: both, source: B1, dest: B2, actions: b}
  - {trigger: one, source: A1, dest: A2x}
  - {trigger: out, source: B1, dest: IDLE}
  - {trigger: leave, source: P, dest: Z}
  - {trigger: again, source: P, dest: P}
  - {trigger: into, source: Z, dest: A2x}
  - {trigger: cross, source: B2, dest: A2}
  - {trigger: self, source: A2, dest: A2}
  - {trigger: own, source: P, dest: B2}
  - {trigger: iown, source: P, dest: B2, internal: true}
  - {trigger: iup, source: W, dest: B2, internal: true}
  - {trigger: up, source: B2, dest: P}
  - {trigger: fork, source: IDLE, dest: [A2x, B2]}
  - {trigger: part, source: IDLE, dest: [A2]}
  - {trigger: refork, source: P, dest: [B2, A2]}
  - {trigger: spread, source: B1, dest: [B2, A2x]}
  - {trigger: stay, source: P, internal: true, actions: p}
  - {trigger: stay, source: B1, internal: true, actions: b}
  - {trigger: jump, source: "*", dest: A2}
  - {trigger: down, source: A2, dest: A2x, internal: true}
  - {trigger: pre, source: B1, dest: B2}
  - {trigger: pre, source: P, dest: Z}
  - {trigger: late, source: P, dest: Z}
  - {trigger: late, source: A1, dest: A2}
  - {trigger: quit, source: A1, dest: Z}
  - {trigger: quit, source: B1, dest: IDLE}
  - {trigger: wild, source: "*", dest: IDLE}
  - {trigger: wild, source: A1, dest: A2}
  - {trigger: note, source: P, internal: true, actions: p}
  - {trigger: note, source: B1, dest: IDLE, actions: b}
  - {trigger: fall, source: A1, dest: A2, guards: g}
  - {trigger: fall, source: P, dest: Z, guards: h}
  - {trigger: sync, source: A1, dest: A2, guards: {in_state: B1}}
  - {trigger: sync, source: B1, dest: B2,
     guards: [{in_state: A1}, {not: {in_state: A2}}]}
"""
START = "P:a=A1,b=B1"


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        # a compound around a parallel state: outermost first, then region by region
        ("IDLE", "go", START, "-IDLE +W +P +B1 +A1"),
        # both regions move in one microstep: last out first, actions as selected
        (START, "both", "P:a=A2y,b=B2", "-A1 -B1 b a +B2 +A2 +A2y"),
        # only one region has a transition; the other does not notice
        ("P:a=A1,b=B2", "both", "P:a=A2y,b=B2", "-A1 a +A2 +A2y"),
        ("P:a=A1,b=B2", "one", "P:a=A2x,b=B2", "-A1 +A2 +A2x"),
        # out of one region: all of them are left
        ("P:a=A2y,b=B1", "out", "IDLE", "-A2y -A2 -B1 -P -W +IDLE"),
        # the parallel state is left, or left and entered, by its own transition
        (START, "leave", "Z", "-A1 -B1 -P +Z"),
        ("P:a=A2x,b=B2", "again", START, "-A2x -A2 -B2 -P +P +B1 +A1"),
        # into one region from outside: the other has its default
        ("Z", "into", "P:a=A2x,b=B1", "-Z +P +B1 +A2 +A2x"),
        # from region to region leaves and enters the whole parallel state
        ("P:a=A1,b=B2", "cross", "P:a=A2y,b=B1", "-A1 -B2 -P +P +B1 +A2 +A2y"),
        # a region counts as a compound: a self-transition stays inside
        ("P:a=A2x,b=B2", "self", "P:a=A2y,b=B2", "-A2x -A2 +A2 +A2y"),
        ("P:a=A2y,b=B2", "down", "P:a=A2x,b=B2", "-A2y +A2x"),
        # from the parallel state into it, internal or not
        ("P:a=A2x,b=B1", "own", "P:a=A1,b=B2", "-A2x -A2 -B1 -P +P +B2 +A1"),
        ("P:a=A2x,b=B1", "iown", "P:a=A1,b=B2", "-A2x -A2 -B1 -P +P +B2 +A1"),
        # to the parallel state itself out of a region
        ("P:a=A2y,b=B2", "up", START, "-A2y -A2 -B2 -P +P +B1 +A1"),
        # internal to the compound around it: that stays, the parallel state does not
        ("P:a=A2x,b=B1", "iup", "P:a=A1,b=B2", "-A2x -A2 -B1 -P +P +B2 +A1"),
        ("Z", "iup", "P:a=A1,b=B2", "-Z +P +B2 +A1"),
        # forks, also of one, from outside and from inside
        ("IDLE", "fork", "P:a=A2x,b=B2", "-IDLE +W +P +B2 +A2 +A2x"),
        ("IDLE", "part", "P:a=A2y,b=B1", "-IDLE +W +P +B1 +A2 +A2y"),
        (START, "refork", "P:a=A2y,b=B2", "-A1 -B1 -P +P +B2 +A2 +A2y"),
        (START, "spread", "P:a=A2x,b=B2", "-A1 -B1 -P +P +B2 +A2 +A2x"),
        # without a dest nothing is left, so that nothing conflicts
        (START, "stay", START, "b p"),
        ("P:a=A1,b=B2", "stay", "P:a=A1,b=B2", "p"),
        (START, "note", "IDLE", "-A1 -B1 -P -W b p +IDLE"),
        # `"*"` is the root's: even the compound around is left
        (START, "jump", "P:a=A2y,b=B1", "-A1 -B1 -P -W +W +P +B1 +A2 +A2y"),
    ],
)
def test_rule_6_over_regions(
    configuration: str, trigger: str, target: str, expected: str
) -> None:
    outcome = send(telling(PARALLEL), configuration, trigger)
    assert told(outcome) == expected
    assert outcome.target == target


@pytest.mark.parametrize(
    ("trigger", "target"),
    [
        ("pre", "P:a=A1,b=B2"),  # B1 is inside P, and selected before
        ("late", "P:a=A2y,b=B1"),  # A1 is inside P, and selected after
        ("quit", "IDLE"),  # both leave P: the earlier leaf is B1
        ("wild", "P:a=A2y,b=B1"),  # anything is inside the root
    ],
)
def test_rule_5_a_descendant_wins_then_the_earlier_leaf(
    trigger: str, target: str
) -> None:
    assert send(telling(PARALLEL), START, trigger).target == target


@pytest.mark.parametrize(
    ("g", "h", "target"),
    [(True, True, "P:a=A2y,b=B1"), (False, True, "Z"), (True, False, "P:a=A2y,b=B1")],
)
def test_rule_4_each_leaf_falls_through_to_its_ancestors(
    g: bool, h: bool, target: str
) -> None:
    outcome = send(telling(PARALLEL), START, "fall", guards=answers(g=g, h=h))
    assert outcome.target == target
    # B1 has none of its own, so P's guard is asked first; no guard is asked twice
    assert outcome.guards_tried == ("h", "g")


def test_rule_14_all_leaves_refused() -> None:
    guards = answers(g=False, h=False)
    outcome = send(telling(PARALLEL), START, "fall", guards=guards)
    assert (outcome.reason, outcome.guard_name) == ("guard_rejected", "h")
    assert outcome.guards_tried == ("h", "g")
    assert outcome.target == START


def test_rule_8_in_state_looks_across_regions_before_the_microstep() -> None:
    oracle = telling(PARALLEL)
    assert send(oracle, START, "sync").target == "P:a=A2y,b=B2"
    assert send(oracle, "P:a=A1,b=B2", "sync").reason == "guard_rejected"
    assert send(oracle, "P:a=A2y,b=B1", "sync").reason == "guard_rejected"


def test_rule_8_in_state_of_a_later_microstep_sees_the_earlier_ones() -> None:
    oracle = machine("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: a, initial: A, states: [A, A2]},
          {name: b, initial: B, states: [B, B2]},
          {name: c, initial: C, states: [C, C2]}]}
    transitions:
      - {trigger: go, source: A, dest: A2}
      - {auto: true, source: C, dest: C2, guards: {in_state: B2}}
      - {auto: true, source: B, dest: B2, guards: {in_state: A2}}
      - {trigger: check, source: A, internal: true,
         guards: [{in_state: P}, {in_state: T}]}
    """)
    outcome = send(oracle, "P:a=A,b=B,c=C", "go")
    assert outcome.target == "P:a=A2,b=B2,c=C2"
    assert send(oracle, "P:a=A,b=B,c=C", "check").accepted


NESTED = """
states:
  - {name: T, type: initial, initial_child: P}
  - name: P
    parent: T
    type: parallel
    regions:
      - {name: z, initial: B1, states: [B1, B2]}
      - {name: a, initial: N, states: [A1, N]}
  - name: N
    parent: P
    type: parallel
    regions:
      - {name: x, initial: X1, states: [X1, X2]}
      - {name: a, initial: Y1, states: [Y1, Y2]}
  - {name: X2, parent: N, initial_child: X2a}
  - {name: X2a, parent: X2}
  - {name: IDLE}
transitions:
  - {trigger: clash, source: B1, dest: B2}
  - {trigger: clash, source: N, dest: A1}
  - {trigger: clash, source: Y1, dest: IDLE}
  - {trigger: all, source: [B1], dest: B2}
  - {trigger: all, source: X1, dest: X2}
  - {trigger: all, source: Y1, dest: Y2}
  - {trigger: deep, source: A1, dest: X2}
  - {trigger: deep, source: IDLE, dest: Y2}
  - {trigger: over, source: X1, dest: Y2}
  - {trigger: halt, source: "*", dest: IDLE}
  - {trigger: fork, source: IDLE, dest: [X2a, Y2]}
  - {trigger: wide, source: IDLE, dest: [Y2, B2]}
"""
NESTED_START = "P:a=(N:a=Y1,x=X1),z=B1"


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        (
            *(NESTED_START, "all", "P:a=(N:a=Y2,x=X2a),z=B2"),
            "-Y1 -X1 -B1 +B2 +X2 +X2a +Y2",
        ),
        (
            *("P:a=A1,z=B2", "deep", "P:a=(N:a=Y1,x=X2a),z=B2"),
            "-A1 +N +X2 +X2a +Y1",
        ),
        ("IDLE", "deep", "P:a=(N:a=Y2,x=X1),z=B1", "-IDLE +T +P +B1 +N +X1 +Y2"),
        # between the inner regions: the inner parallel state alone is left
        (
            *("P:a=(N:a=Y1,x=X1),z=B2", "over", "P:a=(N:a=Y2,x=X1),z=B2"),
            "-Y1 -X1 -N +N +X1 +Y2",
        ),
        (
            *("P:a=(N:a=Y1,x=X2a),z=B2", "halt", "IDLE"),
            "-Y1 -X2a -X2 -N -B2 -P -T +IDLE",
        ),
        (
            *("IDLE", "fork", "P:a=(N:a=Y2,x=X2a),z=B1"),
            "-IDLE +T +P +B1 +N +X2 +X2a +Y2",
        ),
        # a fork of different depth; what it leaves open has its default
        ("IDLE", "wide", "P:a=(N:a=Y2,x=X1),z=B2", "-IDLE +T +P +B2 +N +X1 +Y2"),
    ],
)
def test_rule_6_nested_parallel_states(
    configuration: str, trigger: str, target: str, expected: str
) -> None:
    outcome = send(telling(NESTED), configuration, trigger)
    assert told(outcome) == expected
    assert outcome.target == target


def test_rule_5_what_loses_drops_nothing() -> None:
    # Y1's would win against N's, which it lies in, but loses against B1's: N's stays.
    outcome = send(telling(NESTED), NESTED_START, "clash")
    assert outcome.target == "P:a=A1,z=B2"
    assert told(outcome) == "-Y1 -X1 -N -B1 +B2 +A1"


def test_rule_13_start_enters_all_regions() -> None:
    outcome = begin(telling(NESTED))
    assert outcome.target == NESTED_START
    assert told(outcome) == "+T +P +B1 +N +X1 +Y1"


def test_rule_11_the_end_is_a_terminal_child_of_the_root_only() -> None:
    oracle = machine("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: a, initial: A, states: [A, AE]},
          {name: b, initial: B, states: [B, BE]}]}
      - {name: AE, type: terminal}
      - {name: BE, type: terminal}
      - {name: END, type: terminal}
    transitions:
      - {trigger: a, source: A, dest: AE}
      - {trigger: b, source: B, dest: BE}
      - {trigger: end, source: A, dest: END}
      - {trigger: end, source: B, dest: BE, actions: never}
      - {trigger: end, source: P, dest: END}
    """)
    assert not oracle.is_final("P:a=AE,b=BE")
    assert send(oracle, "P:a=AE,b=B", "a").reason == "invalid_transition"
    assert send(oracle, "P:a=AE,b=BE", "end").target == "END"
    ended = send(oracle, "P:a=A,b=B", "end")
    assert (ended.target, names(ended.actions)) == ("END", [])
    assert send(oracle, "END", "a").reason == "terminal_state"


def test_two_parallel_states_side_by_side() -> None:
    oracle = telling("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: r, initial: A, states: [A]}, {name: s, initial: B, states: [B]}]}
      - {name: Q, type: parallel, regions: [{name: r, initial: C, states: [C]},
          {name: s, initial: D, states: [D, E]}]}
    transitions: [{trigger: go, source: A, dest: E}, {trigger: go, source: D, dest: B}]
    """)
    outcome = send(oracle, "P:r=A,s=B", "go")
    assert outcome.target == "Q:r=C,s=E"
    assert told(outcome) == "-B -A -P -T +Q +C +E"
    back = send(oracle, "Q:r=C,s=D", "go")
    assert told(back) == "-D -C -Q +T +P +A +B"


def test_the_default_of_a_region_may_be_said_by_its_member() -> None:
    oracle = machine("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [{name: a, states: [A, A2]}]}
      - {name: A2, parent: P, type: initial}
    """)
    assert begin(oracle).target == "P:a=A2"


TIMED = """
states:
  - {name: IDLE, type: initial}
  - name: P
    type: parallel
    timeout: {seconds: 9, destination: IDLE}
    invoke: [{id: p1, src: s}, {id: p2, src: s}]
    regions:
      - {name: b, initial: B1, states: [B1, B2]}
      - {name: a, initial: A1, states: [A1, A2]}
  - {name: A1, invoke: [{id: a1, src: s, on_done: ready}]}
  - {name: B1, timeout: {seconds: 1, destination: B2}}
  - {name: A2, timeout: {seconds: 2, destination: A1}, invoke: [{id: a2, src: s}]}
  - {name: B2, invoke: [{id: b2, src: s}]}
transitions:
  - {trigger: go, source: IDLE, dest: P}
  - {trigger: both, source: A1, dest: A2}
  - {trigger: both, source: B1, dest: B2}
  - {trigger: again, source: P, dest: P}
  - {trigger: ready, source: A1, dest: A2}
  - {trigger: blink, source: B1, dest: B2, actions: {raise: back}}
  - {trigger: back, source: B2, dest: B1}
  - {trigger: self, source: A1, dest: A1}
"""
ALL_P = (("P", 0, 9000), ("B1", 0, 1000))


@pytest.mark.parametrize(
    ("configuration", "event", "started", "cancelled", "invoked", "stopped"),
    [
        ("IDLE", "go", ALL_P, (), (("P", "p1"), ("P", "p2"), ("A1", "a1")), ()),
        (
            *("P:a=A1,b=B1", "both", (("A2", 0, 2000),), (("B1", 0),)),
            *((("B2", "b2"), ("A2", "a2")), (("A1", "a1"),)),
        ),
        (
            *("P:a=A2,b=B2", "again", ALL_P, (("P", 0), ("A2", 0))),
            (("P", "p1"), ("P", "p2"), ("A1", "a1")),
            (("P", "p1"), ("P", "p2"), ("B2", "b2"), ("A2", "a2")),
        ),
        (
            *("P:a=A2,b=B2", ("P", 0), (), (("P", 0), ("A2", 0)), ()),
            (("P", "p1"), ("P", "p2"), ("B2", "b2"), ("A2", "a2")),
        ),
        # the service's `on_done` is an ordinary trigger
        (
            *("P:a=A1,b=B2", "ready", (("A2", 0, 2000),), (), (("A2", "a2"),)),
            (("A1", "a1"),),
        ),
        # B2 is entered and left within the step: neither started nor stopped
        ("P:a=A1,b=B1", "blink", (("B1", 0, 1000),), (("B1", 0),), (), ()),
        # a self-transition stops and starts
        ("P:a=A1,b=B1", "self", (), (), (("A1", "a1"),), (("A1", "a1"),)),
        (*("P:a=A1,b=B1", ("B1", 0), (), (("B1", 0),), (("B2", "b2"),), ()),),
    ],
)
def test_rule_17_timers_and_services_over_regions(
    configuration: str,
    event: str | tuple[str, int],
    started: object,
    cancelled: object,
    invoked: object,
    stopped: object,
) -> None:
    outcome = send(machine(TIMED), configuration, event)
    assert (outcome.started, outcome.cancelled) == (started, cancelled)
    assert (outcome.invoked, outcome.stopped) == (invoked, stopped)


def test_rule_14_a_rejected_step_starts_and_stops_no_service() -> None:
    outcome = send(machine(TIMED), "P:a=A2,b=B2", "ready")
    assert outcome.reason == "invalid_transition"
    assert (outcome.invoked, outcome.stopped) == ((), ())
    assert outcome.target == "P:a=A2,b=B2"


def test_rule_14_unmatched_events_of_a_machine_that_is_not_strict() -> None:
    oracle = machine(TIMED, strict_mode=False)
    for event in ("ready", "unheard"):
        outcome = send(oracle, "P:a=A2,b=B2", event)
        assert (outcome.accepted, outcome.handled) == (True, False)
        assert outcome.target == "P:a=A2,b=B2"

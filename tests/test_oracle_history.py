"""The oracle on history, worked out by hand from rules 2, 6 and 10."""

from __future__ import annotations

import pytest

from tests.oracle_steps import answers, send, telling, told

HISTORY = """
states:
  - {name: IDLE, type: initial}
  - {name: M, initial_child: M1}
  - {name: M1, parent: M}
  - {name: M2, parent: M, initial_child: M2a}
  - {name: M2a, parent: M2}
  - {name: M2b, parent: M2}
  - {name: P, parent: M, type: parallel, regions: [
      {name: x, initial: X1, states: [X1, X2]},
      {name: w, initial: W1, states: [W1, W2]}]}
  - {name: X2, initial_child: X2a}
  - {name: X2a, parent: X2}
  - {name: X2b, parent: X2}
transitions:
  - {trigger: pause, source: M, dest: IDLE}
  - {trigger: shallow, source: IDLE, dest: H(M)}
  - {trigger: deep, source: IDLE, dest: H*(M)}
  - {trigger: enter, source: IDLE, dest: M}
  - {trigger: swap, source: M, dest: H(M)}
  - {trigger: deepswap, source: M, dest: H*(M)}
  - {trigger: inside, source: M1, dest: H(M)}
  - {trigger: within, source: M, dest: H*(M), internal: true}
  - {trigger: to2, source: M1, dest: M2b}
"""
DEFAULT = "M1"


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        # no record: the default entry
        ("IDLE", "shallow", "M1", "-IDLE +M +M1"),
        ("IDLE", "deep", "M1", "-IDLE +M +M1"),
        # recorded when left: the child, and the leaves
        ("M2b", "pause", "IDLE;H(M)=M2;H*(M)=M2b", "-M2b -M2 -M +IDLE"),
        (
            *("IDLE;H(M)=M2;H*(M)=M2b", "shallow", "M2a;H(M)=M2;H*(M)=M2b"),
            "-IDLE +M +M2 +M2a",
        ),
        (
            *("IDLE;H(M)=M2;H*(M)=M2b", "deep", "M2b;H(M)=M2;H*(M)=M2b"),
            "-IDLE +M +M2 +M2b",
        ),
        # entry that does not ask for history, which stays as it was
        (
            *("IDLE;H(M)=M2;H*(M)=M2b", "enter", "M1;H(M)=M2;H*(M)=M2b"),
            "-IDLE +M +M1",
        ),
        # set anew when left again
        ("M1;H(M)=M2;H*(M)=M2b", "pause", "IDLE;H(M)=M1;H*(M)=M1", "-M1 -M +IDLE"),
        # moves inside do not record
        ("M1;H(M)=P;H*(M)=M1", "to2", "M2b;H(M)=P;H*(M)=M1", "-M1 +M2 +M2b"),
        # a parallel state below: by its defaults, or exactly
        (
            *("P:w=W2,x=X2b", "pause", "IDLE;H(M)=P;H*(M)=P:w=W2,x=X2b"),
            "-W2 -X2b -X2 -P -M +IDLE",
        ),
        (
            *("IDLE;H(M)=P;H*(M)=P:w=W2,x=X2b", "shallow"),
            *("P:w=W1,x=X1;H(M)=P;H*(M)=P:w=W2,x=X2b", "-IDLE +M +P +X1 +W1"),
        ),
        (
            *("IDLE;H(M)=P;H*(M)=P:w=W2,x=X2b", "deep"),
            *("P:w=W2,x=X2b;H(M)=P;H*(M)=P:w=W2,x=X2b", "-IDLE +M +P +X2 +X2b +W2"),
        ),
        # written and read in one step
        ("M2b", "swap", "M2a;H(M)=M2;H*(M)=M2b", "-M2b -M2 -M +M +M2 +M2a"),
        ("M2b", "deepswap", "M2b;H(M)=M2;H*(M)=M2b", "-M2b -M2 -M +M +M2 +M2b"),
        # `H(M)` is a child of M: from inside, M stays, and nothing is recorded
        ("M1", "inside", "M1", "-M1 +M1"),
        ("M1;H(M)=M2", "inside", "M2a;H(M)=M2", "-M1 +M2 +M2a"),
        ("M2a", "within", "M1", "-M2a -M2 +M1"),
        (
            *("M1;H*(M)=P:w=W2,x=X2a", "within"),
            *("P:w=W2,x=X2a;H*(M)=P:w=W2,x=X2a", "-M1 +P +X2 +X2a +W2"),
        ),
    ],
)
def test_rule_10_history_of_a_compound(
    configuration: str, trigger: str, target: str, expected: str
) -> None:
    outcome = send(telling(HISTORY), configuration, trigger)
    assert outcome.target == target
    assert told(outcome) == expected


OF_PARALLEL = """
states:
  - {name: IDLE, type: initial}
  - {name: P, type: parallel, regions: [{name: x, initial: X1, states: [X1, X2]},
      {name: w, initial: W1, states: [W1, W2]}]}
  - {name: X2, initial_child: X2a}
  - {name: X2a, parent: X2}
  - {name: X2b, parent: X2}
transitions:
  - {trigger: pause, source: P, dest: IDLE}
  - {trigger: shallow, source: IDLE, dest: H(P)}
  - {trigger: deep, source: IDLE, dest: H*(P)}
  - {trigger: inside, source: X1, dest: H(P)}
  - {trigger: also, source: P, dest: H*(P), internal: true}
  - {trigger: x2, source: IDLE, dest: H(X2)}
"""


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        ("IDLE", "shallow", "P:w=W1,x=X1", "-IDLE +P +X1 +W1"),
        ("IDLE", "deep", "P:w=W1,x=X1", "-IDLE +P +X1 +W1"),
        (
            *("P:w=W2,x=X2b", "pause"),
            "IDLE;H(P)=(w=W2,x=X2);H*(P)=P:w=W2,x=X2b;H(X2)=X2b",
            "-W2 -X2b -X2 -P +IDLE",
        ),
        # shallow: the child of each region, and the defaults below
        (
            *("IDLE;H(P)=(w=W2,x=X2)", "shallow", "P:w=W2,x=X2a;H(P)=(w=W2,x=X2)"),
            "-IDLE +P +X2 +X2a +W2",
        ),
        (
            *("IDLE;H*(P)=P:w=W1,x=X2b", "deep", "P:w=W1,x=X2b;H*(P)=P:w=W1,x=X2b"),
            "-IDLE +P +X2 +X2b +W1",
        ),
        # shallow and deep know nothing of each other
        ("IDLE;H*(P)=P:w=W1,x=X2b", "shallow", "P:w=W1,x=X1;H*(P)=P:w=W1,x=X2b", None),
        # no parallel state is a domain: it is left, recorded, entered
        (
            *("P:w=W2,x=X1", "inside"),
            "P:w=W2,x=X1;H(P)=(w=W2,x=X1);H*(P)=P:w=W2,x=X1",
            "-W2 -X1 -P +P +X1 +W2",
        ),
        (
            *("P:w=W2,x=X2b", "also"),
            "P:w=W2,x=X2b;H(P)=(w=W2,x=X2);H*(P)=P:w=W2,x=X2b;H(X2)=X2b",
            "-W2 -X2b -X2 -P +P +X2 +X2b +W2",
        ),
        # history of a member: the other region has its default
        ("IDLE;H(X2)=X2b", "x2", "P:w=W1,x=X2b;H(X2)=X2b", "-IDLE +P +X2 +X2b +W1"),
    ],
)
def test_rule_10_history_of_a_parallel_state(
    configuration: str, trigger: str, target: str, expected: str | None
) -> None:
    outcome = send(telling(OF_PARALLEL), configuration, trigger)
    assert outcome.target == target
    assert expected is None or told(outcome) == expected


def test_rule_10_what_no_transition_goes_back_to_is_not_recorded() -> None:
    oracle = telling("""
    states: [{name: M, type: initial, initial_child: A}, {name: A, parent: M},
      {name: N}, {name: B, parent: N, type: initial}, {name: C, parent: N}]
    transitions:
      - {trigger: go, source: M, dest: N}
      - {trigger: back, source: N, dest: M}
      - {trigger: again, source: M, dest: H(N)}
    """)
    assert send(oracle, "A", "go").target == "B"
    assert send(oracle, "C", "back").target == "A;H(N)=C"
    assert send(oracle, "A;H(N)=C", "again").target == "C;H(N)=C"


def test_rule_10_a_choice_is_never_recorded() -> None:
    oracle = telling("""
    states: [{name: A, type: initial}, {name: M, initial_child: C},
      {name: C, parent: M, type: choice}, {name: M1, parent: M}, {name: M2, parent: M}]
    transitions:
      - {trigger: go, source: [A, M1], dest: M}
      - {trigger: back, source: A, dest: H(M)}
      - {auto: true, source: C, dest: A, guards: out}
      - {auto: true, source: C, dest: M1}
    """)
    out, stay = answers(out=True), answers(out=False)
    assert send(oracle, "A", "go", guards=out).target == "A"
    assert send(oracle, "A;H(M)=M2", "go", guards=out).target == "A;H(M)=M2"
    # with no record the default is the choice
    assert send(oracle, "A", "back", guards=stay).target == "M1"
    # M1 is recorded when it is left; the choice entered then is not
    left = send(oracle, "M1", "go", guards=out)
    assert left.target == "A;H(M)=M1"
    assert told(left) == "-M1 -M +M -M +A"


def test_rule_14_a_rejected_or_ignored_step_keeps_the_history() -> None:
    strict = send(telling(HISTORY), "IDLE;H(M)=M2", "pause")
    assert (strict.reason, strict.target) == ("invalid_transition", "IDLE;H(M)=M2")
    lenient = send(telling(HISTORY, strict_mode=False), "IDLE;H(M)=M2", "pause")
    assert (lenient.handled, lenient.target) == (False, "IDLE;H(M)=M2")


def test_rule_17_history_starts_the_timers_of_what_it_enters() -> None:
    timed = HISTORY.replace(
        "{name: M2b, parent: M2}",
        "{name: M2b, parent: M2, timeout: {seconds: 1, destination: H(M)}}",
    )
    oracle = telling(timed)
    entered = send(oracle, "IDLE;H*(M)=M2b", "deep")
    assert entered.started == (("M2b", 0, 1000),)
    # M2b's own timer leads to `H(M)`, whose domain is M
    assert told(send(oracle, "M2b", ("M2b", 0))) == "-M2b -M2 +M1"


def test_a_fork_into_history_and_a_state() -> None:
    text = OF_PARALLEL + "  - {trigger: fork, source: IDLE, dest: [W2, H(X2)]}\n"
    outcome = send(telling(text), "IDLE;H(X2)=X2b", "fork")
    assert told(outcome) == "-IDLE +P +X2 +X2b +W2"


def test_both_kinds_of_one_fork_each_keep_their_record() -> None:
    # M is left and re-entered by one microstep of the auto after the first one.
    text = HISTORY + "  - {auto: true, source: M2a, dest: IDLE, guards: g}\n"
    outcome = send(telling(text), "M2b", "swap", guards=answers(g=True))
    assert told(outcome) == "-M2b -M2 -M +M +M2 +M2a -M2a -M2 -M +IDLE"
    assert outcome.target == "IDLE;H(M)=M2;H*(M)=M2a"

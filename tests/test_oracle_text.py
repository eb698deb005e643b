"""Configurations as text: rule 2."""

from __future__ import annotations

import pytest

from tests.oracle_steps import machine

MACHINE = """
states:
  - {name: A, type: initial}
  - {name: C, type: choice}
  - {name: W, initial_child: P}
  - {name: W2, parent: W}
  - {name: P, parent: W, type: parallel, regions: [
      {name: b, initial: B1, states: [B1, B2]},
      {name: a, initial: N, states: [A1, N, K]},
      {name: B, initial: D1, states: [D1]}]}
  - {name: K, type: choice}
  - {name: B2, initial_child: B3}
  - {name: B3, parent: B2}
  - {name: N, type: parallel, regions: [{name: z, initial: Z1, states: [Z1, Z2]},
      {name: "y:y", initial: y.1, states: [y.1]}]}
  - {name: "x:y", type: parallel, regions: [{name: b, initial: "r:1", states: ["r:1"]}]}
transitions:
  - {trigger: h, source: A, dest: H(W)}
  - {trigger: h, source: P, dest: H*(W)}
  - {trigger: h, source: N, dest: H(P)}
  - {trigger: h, source: B2, dest: H*(P)}
  - {trigger: h, source: A1, dest: H*(N)}
"""
FULL = "P:B=D1,a=(N:y:y=y.1,z=Z2),b=B3"


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("A", "A"),
        ("W2", "W W2"),
        ("P:B=D1,a=A1,b=B1", "W P P/b B1 P/a A1 P/B D1"),
        (FULL, "W P P/b B2 B3 P/a N N/z Z2 N/y:y y.1 P/B D1"),
        ("x:y:b=r:1", "x:y x:y/b r:1"),
    ],
)
def test_rule_2_text_says_what_is_active(text: str, active: str) -> None:
    oracle = machine(MACHINE)
    assert oracle.active(text) == frozenset(active.split())
    assert oracle.text(oracle.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("A;H(W)=P", {("W", False): ("P",)}),
        (
            "A;H(P)=(B=D1,a=N,b=B2);H(W)=W2",
            {("P", False): ("B2", "N", "D1"), ("W", False): ("W2",)},
        ),
        (f"A;H*(P)={FULL}", {("P", True): ("B3", "Z2", "y.1", "D1")}),
        (
            f"W2;H(W)=P;H*(W)={FULL}",
            {("W", False): ("P",), ("W", True): ("B3", "Z2", "y.1", "D1")},
        ),
        ("A;H*(W)=W2", {("W", True): ("W2",)}),
        (
            "A;H*(N)=N:y:y=y.1,z=Z1;H*(W)=W2",
            {("N", True): ("Z1", "y.1"), ("W", True): ("W2",)},
        ),
    ],
)
def test_rule_2_history_follows(text: str, history: object) -> None:
    oracle = machine(MACHINE)
    assert oracle.parse(text).history == history
    assert oracle.text(oracle.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "UNKNOWN", "W", "P", "B1", "C", "*", "P/b", "a=A1"),
        "P:a=A1,b=B1",  # a region is missing
        "P:B=D1,b=B1,a=A1",  # not in the order of names
        "P:B=D1,a=A1,b=B2",  # no leaf
        "P:B=D1,a=K,b=B1",  # nothing rests in a choice
        "P:B=D1,a=A1,b=A1",
        "P:B=D1,a=B1,b=A1",
        "P:B=D1,a=N:y:y=y.1,z=Z2,b=B3",  # parentheses
        "P:B=D1,a=(A1),b=B1",
        "W:P:B=D1,a=A1,b=B1",
        "N:y:y=y.1,z=Z1",  # the outer parallel state is active too
        "P:B=D1,a=A1,b=B1,b=B3",
        "x:b=r:1",
        *("A;", ";", "A;H(W)", "A;H(W)=", "A;H(W)=A", "A;H(W)=B1", "A;H(N)=Z1"),
        *("A;H(W)=W2;H(W)=W2", "A;H(W)=W2;H(P)=(B=D1,a=N,b=B2)"),
        *("A;H(P)=N", "A;H(P)=(B=D1,a=N)", "A;H(P)=(B=D1,a=K,b=B2)", "A;H(P)=P"),
        *("A;H*(W)=P", "A;H*(W)=A", "A;H*(W)=B1", "A;H*(P)=(B=D1,a=A1,b=B1)"),
        *("A;H*(N)=y.1", "A;H*(W)=W2;H(W)=W2", "A;H(A)=A", "A; H(W)=W2", "A H(W)=W2"),
    ],
)
def test_rule_2_other_text_is_no_configuration(text: str) -> None:
    with pytest.raises(ValueError, match=r"no|not|nothing"):
        machine(MACHINE).parse(text)

"""The oracle on choice states, worked out by hand from rules 5, 6, 7, 9 and 12."""

from __future__ import annotations

import pytest

from tests.oracle_steps import answers, begin, machine, names, send, telling, told

CHOICES = """
states:
  - {name: A, type: initial}
  - {name: C, type: choice}
  - {name: D, type: choice}
  - {name: M, initial_child: MC}
  - {name: MC, parent: M, type: choice}
  - {name: M1, parent: M}
  - {name: M2, parent: M}
  - {name: OUT}
  - {name: END, type: terminal}
transitions:
  - {trigger: go, source: A, dest: C, actions: act}
  - {trigger: other, source: A, dest: C}
  - {after: 5s, trigger: late, source: A, dest: C}
  - {trigger: go, source: C, dest: M1, guards: g, actions: byg}
  - {trigger: late, source: C, dest: M2}
  - {auto: true, source: C, dest: OUT, guards: h}
  - {auto: true, source: C, dest: D, priority: 5}
  - {trigger: go, source: D, dest: END, guards: k}
  - {auto: true, source: D, dest: A, guards: {in_state: D}}
  - {trigger: enter, source: A, dest: M}
  - {trigger: fromm, source: [M, A], dest: MC}
  - {auto: true, source: MC, dest: OUT, guards: {expr: leave}}
  - {auto: true, source: MC, dest: M2}
  - {auto: true, source: M, dest: END, guards: {in_state: MC}, priority: -1}
"""


@pytest.mark.parametrize(
    ("event", "g", "h", "k", "target", "expected"),
    [
        # that trigger brought us here
        ("go", True, True, True, "M1", "-A act byg +M +M1"),
        # ways with `auto` always count, in the order of priority
        ("go", False, True, True, "OUT", "-A act +OUT"),
        # from choice to choice, which hands the trigger on
        ("go", False, False, True, "END", "-A act +END"),
        ("go", False, False, False, "A", "-A act +A"),
        # another trigger brought us here
        ("other", True, True, True, "OUT", "-A +OUT"),
        ("other", True, False, True, "A", "-A +A"),
        ("late", True, True, True, "M2", "-A +M +M2"),
        # a timer is no trigger, although one is written beside it
        (("A", 0), True, False, True, "A", "-A +A"),
    ],
)
def test_rule_9_the_first_enabled_way_out(
    event: str | tuple[str, int], g: bool, h: bool, k: bool, target: str, expected: str
) -> None:
    outcome = send(telling(CHOICES), "A", event, guards=answers(g=g, h=h, k=k))
    assert told(outcome) == expected
    assert outcome.target == target


@pytest.mark.parametrize(
    ("configuration", "trigger", "leave", "target", "expected"),
    [
        # entered as the default of a compound; out of the compound or not
        ("A", "enter", False, "M2", "-A +M +M2"),
        ("A", "enter", True, "OUT", "-A +M -M +OUT"),
        # its ancestors are entered even if nothing stays there
        ("A", "fromm", True, "OUT", "-A +M -M +OUT"),
        ("M1", "fromm", True, "OUT", "-M1 -M +M -M +OUT"),
        ("M1", "fromm", False, "M2", "-M1 -M +M +M2"),
    ],
)
def test_rule_9_a_choice_in_a_compound(
    configuration: str, trigger: str, leave: bool, target: str, expected: str
) -> None:
    # M has an auto that would go to END if it were asked while MC is active.
    outcome = send(telling(CHOICES), configuration, trigger, context={"leave": leave})
    assert told(outcome) == expected
    assert outcome.target == target


def test_rule_9_nothing_rests_in_a_choice() -> None:
    oracle = machine(CHOICES)
    with pytest.raises(ValueError, match="nothing rests"):
        send(oracle, "C", "go")
    assert send(oracle, "OUT", "go").reason == "invalid_transition"


def test_rule_9_without_a_way_out_the_step_is_rejected() -> None:
    text = CHOICES.replace("{auto: true, source: C, dest: D, priority: 5}", "")
    text = text.replace("  - \n", "")
    outcome = send(telling(text), "A", "go", guards=answers(g=False, h=False))
    assert (outcome.reason, outcome.guard_name) == ("guard_rejected", "g")
    assert outcome.guards_tried == ("g", "h")
    assert (outcome.target, outcome.actions) == ("A", ())


def test_rule_9_effects_before_a_choice_are_seen_by_it() -> None:
    oracle = machine("""
    states: [{name: A, type: initial, on_exit: {increment: n}},
      {name: C, type: choice}, {name: M, on_enter: {increment: n}},
      {name: B, parent: M, type: initial}, {name: D}]
    transitions:
      - {trigger: go, source: A, dest: C, actions: {increment: n}}
      - {auto: true, source: C, dest: D, guards: {expr: n == 2}}
      - {auto: true, source: C, dest: B}
    """)
    assert send(oracle, "A", "go", context={"n": 0}).target == "D"
    outcome = send(oracle, "A", "go", context={"n": 1})
    assert (outcome.target, outcome.context) == ("B", {"n": 4})


def test_rule_13_start_hands_on_no_trigger() -> None:
    oracle = telling("""
    states: [{name: T, type: initial, initial_child: C},
      {name: C, parent: T, type: choice}, {name: A, parent: T}, {name: B, parent: T}]
    transitions:
      - {trigger: go, source: C, dest: A}
      - {auto: true, source: C, dest: B}
      - {trigger: go, source: B, dest: C}
    """)
    assert begin(oracle).target == "B"
    assert told(begin(oracle)) == "+T +B"
    assert send(oracle, "B", "go").target == "A"


IN_REGIONS = """
states:
  - {name: IDLE, type: initial}
  - {name: P, type: parallel, regions: [
      {name: a, initial: CA, states: [CA, A1, A2]},
      {name: b, initial: CB, states: [CB, B1, B2]}]}
  - {name: CA, type: choice}
  - {name: CB, type: choice}
transitions:
  - {trigger: go, source: IDLE, dest: P}
  - {trigger: go, source: CA, dest: A2, guards: {in_state: CB}}
  - {auto: true, source: CA, dest: A1, actions: a}
  - {auto: true, source: CB, dest: IDLE, guards: out}
  - {auto: true, source: CB, dest: B2, guards: [{in_state: A2}]}
  - {auto: true, source: CB, dest: B1, actions: b}
  - {trigger: both, source: A1, dest: CA}
  - {trigger: both, source: B1, dest: CB}
  - {trigger: one, source: A1, dest: CA}
"""


def test_rule_9_all_choices_are_resolved_in_one_microstep() -> None:
    # CA sees CB active beside it; CB does not see A2 yet.
    outcome = send(telling(IN_REGIONS), "IDLE", "go", guards=answers(out=False))
    assert outcome.target == "P:a=A2,b=B1"
    assert told(outcome) == "-IDLE +P b +A2 +B1"


def test_rule_9_one_region_in_a_choice_another_at_rest() -> None:
    outcome = send(telling(IN_REGIONS), "P:a=A1,b=B2", "one")
    assert outcome.target == "P:a=A1,b=B2"
    assert told(outcome) == "-A1 a +A1"


def test_rule_5_choices_that_conflict() -> None:
    # CB's way leaves P, but CA is the earlier leaf. CB then is asked again.
    outcome = send(telling(IN_REGIONS), "P:a=A1,b=B1", "both", guards=answers(out=True))
    # -B1 -A1, CA to A1 (CB's way would leave it), then CB's way out of P
    assert told(outcome) == "-B1 -A1 a +A1 -A1 -P +IDLE"
    assert outcome.target == "IDLE"


def test_rule_7_autos_wait_until_choices_are_resolved() -> None:
    oracle = telling("""
    states:
      - {name: T, type: initial, initial_child: P}
      - {name: P, parent: T, type: parallel, regions: [
          {name: a, initial: A, states: [A, A2]},
          {name: b, initial: B, states: [B, C, B2]}]}
      - {name: C, type: choice}
    transitions:
      - {trigger: go, source: B, dest: C}
      - {auto: true, source: A, dest: A2, guards: {not: {in_state: B}}}
      - {auto: true, source: C, dest: B2}
    """)
    # both could go at once; the choice is taken alone and first
    assert told(send(oracle, "P:a=A,b=B", "go")) == "-B +B2 -A +A2"


@pytest.mark.parametrize(("limit", "reason"), [(97, None), (98, "livelock")])
def test_rule_12_each_choice_is_a_microstep(limit: int, reason: str | None) -> None:
    # go, then n times back to C, then D, which is not needed beyond n == limit
    oracle = machine("""
    states: [{name: A, type: initial}, {name: C, type: choice}, {name: B},
      {name: D, type: choice}]
    transitions:
      - {trigger: go, source: A, dest: C}
      - {auto: true, source: C, dest: C, guards: {expr: n < limit},
         actions: {increment: n}}
      - {auto: true, source: C, dest: D}
      - {auto: true, source: D, dest: B}
    """)
    outcome = send(oracle, "A", "go", context={"n": 0, "limit": limit})
    assert outcome.reason == reason


def test_rule_9_a_raised_trigger_brings_to_a_choice() -> None:
    oracle = telling("""
    states: [{name: A, type: initial}, {name: B}, {name: C, type: choice},
      {name: X}, {name: Y}, {name: Z}]
    transitions:
      - {trigger: go, source: A, dest: B, actions: {raise: next}}
      - {trigger: next, source: B, dest: C}
      - {trigger: go, source: C, dest: X}
      - {trigger: next, source: C, dest: Y}
      - {auto: true, source: C, dest: Z}
    """)
    assert send(oracle, "A", "go").target == "Y"


@pytest.mark.parametrize("how", ["auto: true", "done: true"])
def test_rule_9_autos_and_completions_bring_no_trigger(how: str) -> None:
    oracle = machine(f"""
    states: [{{name: A, type: initial}}, {{name: M, initial_child: E}},
      {{name: E, parent: M, type: terminal}}, {{name: C, type: choice}},
      {{name: X}}, {{name: Y}}]
    transitions:
      - {{trigger: go, source: A, dest: M}}
      - {{{how}, source: M, dest: C}}
      - {{trigger: go, source: C, dest: X}}
      - {{auto: true, source: C, dest: Y, actions: act}}
    """)
    outcome = send(oracle, "A", "go")
    assert (outcome.target, names(outcome.actions)) == ("Y", ["act"])

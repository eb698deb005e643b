"""The oracle against outcomes worked out by hand, rule by rule.

A wrong oracle would make the product wrong with it, so nothing here is taken from a
run: every expected value follows from the rule that the test is named after.
"""

from __future__ import annotations

from copy import deepcopy
from textwrap import dedent

import pytest
import yaml

from tests.oracle import (
    Data,
    EvaluationError,
    Names,
    Oracle,
    OracleEvent,
    evaluate,
)
from tests.oracle_steps import NOON, answers, begin, machine, names, send

# Every state says when it is entered and left. A2 comes before A1 in the list; B is
# listed before its own parent's sibling, so that listing order and depth both matter.
TREE = """
states:
  - {name: A, type: initial, initial_child: A1, on_enter: +A, on_exit: -A}
  - {name: A2, parent: A, on_enter: +A2, on_exit: -A2}
  - {name: B1a, parent: B1, type: initial, on_enter: +B1a, on_exit: -B1a}
  - {name: A1, parent: A, on_enter: +A1, on_exit: -A1}
  - {name: B1, parent: B, on_enter: +B1, on_exit: -B1}
  - {name: B, initial_child: B1, on_enter: +B, on_exit: -B}
  - {name: B2, parent: B, on_enter: +B2, on_exit: -B2}
transitions:
  - {trigger: inside, source: A1, dest: A2, actions: act}
  - {trigger: across, source: A1, dest: B, actions: [act, {name: tell, params: {n: 1}}]}
  - {trigger: deep, source: A, dest: B1a}
  - {trigger: self, source: A, dest: A}
  - {trigger: leafself, source: A2, dest: A2}
  - {trigger: up, source: A2, dest: A}
  - {trigger: down, source: A, dest: A2}
  - {trigger: idown, source: A, dest: A2, internal: true}
  - {trigger: iself, source: A, dest: A, internal: true}
  - {trigger: iaway, source: A, dest: B2, internal: true}
  - {trigger: stay, source: A, internal: true, actions: act}
  - {trigger: jump, source: "*", dest: A2}
  - {trigger: out, source: B1a, dest: B2}
"""


@pytest.mark.parametrize(
    ("configuration", "trigger", "target", "expected"),
    [
        ("A1", "inside", "A2", "-A1 act +A2"),
        ("A1", "across", "B1a", "-A1 -A act tell +B +B1 +B1a"),
        ("A2", "deep", "B1a", "-A2 -A +B +B1 +B1a"),
        ("A2", "self", "A1", "-A2 -A +A +A1"),
        ("A2", "leafself", "A2", "-A2 +A2"),
        ("A2", "up", "A1", "-A2 -A +A +A1"),
        ("A1", "down", "A2", "-A1 -A +A +A2"),
        ("A1", "idown", "A2", "-A1 +A2"),
        ("A2", "iself", "A1", "-A2 -A +A +A1"),
        ("A1", "iaway", "B2", "-A1 -A +B +B2"),
        ("A1", "stay", "A1", "act"),
        ("A1", "jump", "A2", "-A1 -A +A +A2"),
        ("B1a", "jump", "A2", "-B1a -B1 -B +A +A2"),
        ("B1a", "out", "B2", "-B1a -B1 +B2"),
    ],
)
def test_rule_6_exits_deepest_first_acts_and_enters_outermost_first(
    configuration: str, trigger: str, target: str, expected: str
) -> None:
    outcome = send(machine(TREE), configuration, trigger)
    assert (outcome.accepted, outcome.handled) == (True, True)
    assert outcome.target == target
    assert names(outcome.actions) == expected.split()


def test_rule_14_actions_are_also_split_and_keep_their_params() -> None:
    outcome = send(machine(TREE), "A1", "across")
    assert names(outcome.exit) == ["-A1", "-A"]
    assert outcome.transition == (("act", {}), ("tell", {"n": 1}))
    assert names(outcome.enter) == ["+B", "+B1", "+B1a"]


def test_rule_1_a_compound_is_no_configuration() -> None:
    with pytest.raises(ValueError, match="not a leaf"):
        send(machine(TREE), "A", "self")


def test_rule_13_start_enters_the_defaults_and_settles() -> None:
    outcome = begin(machine(TREE))
    assert outcome.target == "A1"
    assert names(outcome.actions) == ["+A", "+A1"]
    assert names(outcome.enter) == ["+A", "+A1"]
    assert outcome.exit == outcome.transition == ()


CHOICES = """
states: [{name: P, type: initial, initial_child: C}, {name: C, parent: P},
  {name: D, parent: P}, {name: X}, {name: Y}, {name: Z}]
transitions:
  - {trigger: go, source: "*", dest: Z, priority: -9}
  - {trigger: go, source: P, dest: Y, guards: onp}
  - {trigger: go, source: C, dest: X, guards: onc}
  - {trigger: rank, source: C, dest: X, guards: g}
  - {trigger: rank, source: C, dest: Y, priority: -1}
  - {trigger: order, source: C, dest: X, guards: g}
  - {trigger: order, source: C, dest: Y}
  - {trigger: list, source: [D, X], dest: Z}
"""


@pytest.mark.parametrize(
    ("onc", "onp", "target"),
    [(True, True, "X"), (False, True, "Y"), (False, False, "Z")],
)
def test_rule_4_a_child_falls_through_to_its_ancestors_and_the_wildcard_is_last(
    onc: bool, onp: bool, target: str
) -> None:
    outcome = send(machine(CHOICES), "C", "go", guards=answers(onc=onc, onp=onp))
    assert outcome.target == target


@pytest.mark.parametrize(
    ("trigger", "g", "target"),
    [("rank", True, "Y"), ("order", True, "X"), ("order", False, "Y")],
)
def test_rule_4_priority_then_document_order(
    trigger: str, g: bool, target: str
) -> None:
    assert send(machine(CHOICES), "C", trigger, guards=answers(g=g)).target == target


def test_a_source_list_is_one_transition_per_source() -> None:
    oracle = machine(CHOICES)
    assert send(oracle, "D", "list").target == "Z"
    assert send(oracle, "X", "list").target == "Z"
    assert send(oracle, "C", "list").reason == "invalid_transition"


SETTLING = """
states: [{name: A, type: initial}, {name: B, on_enter: +B, on_exit: -B}, {name: C},
  {name: D, parent: C, type: initial, on_enter: +D}, {name: E, type: terminal}]
transitions:
  - {trigger: go, source: A, dest: B, actions: act1}
  - {auto: true, source: C, dest: E, guards: {expr: "ctx.x == 2"}, actions: act3}
  - {auto: true, source: B, dest: D, guards: {expr: "event.x > 0"},
     actions: [act2, {increment: x}]}
"""


def test_rule_7_autos_are_taken_until_none_is_enabled() -> None:
    outcome = send(machine(SETTLING), "A", "go", {"x": 1})
    assert outcome.target == "E"
    assert names(outcome.actions) == ["act1", "+B", "-B", "act2", "+D", "act3"]
    assert names(outcome.exit) == ["-B"]
    assert names(outcome.transition) == ["act1", "act2", "act3"]
    assert names(outcome.enter) == ["+B", "+D"]
    assert outcome.context == {"x": 2}


def test_rule_7_a_bare_name_is_still_the_payload_field_of_the_event_taken_last() -> (
    None
):
    # After `increment` the variable x is 1 + 1, but the event still says 1.
    declared = "events: [{name: go, payload: {x: integer}}]\n"
    settling = SETTLING.replace('"ctx.x == 2"', '"x == 1 and ctx.x == 2"')
    oracle = machine(declared + dedent(settling))
    assert send(oracle, "A", "go", {"x": 1}).target == "E"


def test_rule_7_at_start_there_is_no_event() -> None:
    text = """
    states: [{name: A, type: initial}, {name: B}]
    transitions: [{auto: true, source: A, dest: B, guards: {expr: GUARD}}]
    """
    bare = machine(text.replace("GUARD", "x > 0"))
    assert begin(bare, {"x": 1}).target == "B"
    assert begin(bare, {"x": 0}).target == "A"
    event = machine(text.replace("GUARD", "event.x > 0"))
    assert begin(event, {"x": 1}).reason == "guard_error"


def test_rule_7_the_innermost_auto_wins() -> None:
    oracle = machine("""
    states: [{name: P, type: initial, initial_child: C}, {name: C, parent: P},
      {name: X}, {name: Y}]
    transitions:
      - {auto: true, source: P, dest: X}
      - {auto: true, source: C, dest: Y, guards: g}
    """)
    assert begin(oracle, guards=answers(g=True)).target == "Y"
    assert begin(oracle, guards=answers(g=False)).target == "X"


EFFECTS = """
states:
  - {name: A, type: initial, on_exit: [{set: {x: 1}}, {append: {field: log, value: a}}]}
  - {name: B, on_enter: [{set: {z: {expr: "x + y"}}}, {append: {field: log, value: c}}]}
transitions:
  - {trigger: go, source: A, dest: B,
     actions: [{set: {y: {expr: "x * 10"}}}, {append: {field: log, value: b}}]}
"""


def test_rule_8_effects_apply_as_they_are_reached() -> None:
    context: Data = {"log": ["-"], "x": 5}
    kept = deepcopy(context)
    outcome = send(machine(EFFECTS), "A", "go", context=context)
    assert outcome.context == {"log": ["-", "a", "b", "c"], "x": 1, "y": 10, "z": 11}
    assert outcome.actions == ()
    assert context == kept


@pytest.mark.parametrize(
    ("effect", "before", "after"),
    [
        ("{set: {x: 3, y: null}}", {"x": 1}, {"x": 3, "y": None}),
        ("{set: {x: [1, {expr: 2}]}}", {}, {"x": [1, {"expr": 2}]}),
        ("{set: {x: {expr: y}, y: {expr: 'x + 1'}}}", {"y": 4}, {"x": 4, "y": 5}),
        ("{timestamp: x}", {}, {"x": NOON}),
        ("{increment: x}", {"x": 1}, {"x": 2}),
        ("{increment: x}", {"x": 0.5}, {"x": 1.5}),
        ("{decrement: x}", {"x": 1}, {"x": 0}),
        ("{append: {field: x, value: [2]}}", {"x": [1]}, {"x": [1, [2]]}),
        ("{clear: x}", {"x": 1}, {"x": None}),
        ("{clear: x}", {}, {"x": None}),
    ],
)
def test_each_effect(effect: str, before: Data, after: Data) -> None:
    oracle = machine(f"""
    states: [{{name: A, type: initial}}]
    transitions: [{{trigger: go, source: A, internal: true, actions: {effect}}}]
    """)
    outcome = send(oracle, "A", "go", context=before)
    assert (outcome.accepted, outcome.context) == (True, after)


@pytest.mark.parametrize(
    ("effect", "context"),
    [
        ("{increment: x}", {}),
        ("{increment: x}", {"x": "1"}),
        ("{increment: x}", {"x": True}),
        ("{decrement: x}", {"x": None}),
        ("{append: {field: x, value: 1}}", {}),
        ("{append: {field: x, value: 1}}", {"x": "text"}),
        ("{set: {x: {expr: missing}}}", {"x": 1}),
    ],
)
def test_rule_15_an_untyped_effect_may_fail_and_then_nothing_changes(
    effect: str, context: Data
) -> None:
    oracle = machine(f"""
    states: [{{name: A, type: initial}}, {{name: B, on_enter: {effect}}}]
    transitions:
      - {{trigger: go, source: A, dest: B, actions: [act, {{set: {{y: 1}}}}]}}
    """)
    outcome = send(oracle, "A", "go", context=context)
    assert (outcome.accepted, outcome.reason) == (False, "effect_error")
    assert (outcome.target, outcome.context) == ("A", context)
    assert (outcome.actions, outcome.error) == ((), True)


def test_rule_8_in_state_sees_the_configuration_before_the_microstep() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: P, initial_child: B},
      {name: B, parent: P}, {name: C, parent: P}, {name: D}]
    transitions:
      - {trigger: go, source: A, dest: P, guards: {in_state: A}}
      - {trigger: blocked, source: A, dest: P, guards: {in_state: P}}
      - {auto: true, source: B, dest: C, guards: [{in_state: P}, {not: {in_state: A}}]}
      - {auto: true, source: C, dest: D, guards: {in_state: B}}
    """)
    assert send(oracle, "A", "go").target == "C"
    assert send(oracle, "A", "blocked").reason == "guard_rejected"


def test_rule_3_only_a_machine_with_timestamp_needs_the_time() -> None:
    text = """
    states: [{name: A, type: initial, on_exit: EFFECT}]
    transitions: [{trigger: other, source: A, internal: true}]
    """
    with pytest.raises(TypeError):
        send(machine(text.replace("EFFECT", "{timestamp: t}")), "A", "other", now=None)
    untimed = machine(text.replace("EFFECT", "{name: timestamp}"))
    assert send(untimed, "A", "other", now=None).accepted


ENDING = """
states: [{name: A, type: initial, initial_child: A1}, {name: A1, parent: A},
  {name: A2, parent: A, type: terminal}, {name: END, type: terminal}]
transitions:
  - {trigger: finish, source: A1, dest: A2}
  - {trigger: leave, source: A, dest: END}
  - {trigger: any, source: "*", dest: A}
"""


def test_rule_11_a_terminal_child_of_the_root_ends_the_entity() -> None:
    oracle = machine(ENDING, strict_mode=False)
    assert oracle.is_final("END")
    for event in ("leave", "any", "unheard"):
        outcome = send(oracle, "END", event)
        assert (outcome.accepted, outcome.reason) == (False, "terminal_state")


def test_rule_11_nothing_settles_after_the_end() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: END, type: terminal}]
    transitions:
      - {trigger: finish, source: A, dest: END}
      - {auto: true, source: "*", dest: A, guards: g}
    """)
    outcome = send(oracle, "A", "finish", guards=answers(g=True))
    assert (outcome.target, outcome.guards_tried) == ("END", ())


def test_rule_11_a_nested_terminal_state_still_has_its_ancestors_transitions() -> None:
    oracle = machine(ENDING)
    assert not oracle.is_final("A2")
    assert send(oracle, "A2", "finish").reason == "invalid_transition"
    assert send(oracle, "A2", "leave").target == "END"
    assert send(oracle, "A2", "any").target == "A1"


COUNTING = """
states: [{name: A, type: initial}]
transitions:
  - {trigger: go, source: A, internal: true, actions: {set: {n: 0}}}
  - {auto: true, source: A, internal: true, guards: {expr: n < limit},
     actions: [{increment: n}, tick]}
"""


def test_rule_12_a_step_has_at_most_100_microsteps() -> None:
    oracle = machine(COUNTING)
    before: Data = {"n": 1000, "limit": 99}
    outcome = send(oracle, "A", "go", context=before)
    assert outcome.context == {"n": 99, "limit": 99}
    assert names(outcome.actions) == ["tick"] * 99
    before["limit"] = 100
    outcome = send(oracle, "A", "go", context=before)
    assert (outcome.reason, outcome.error) == ("livelock", False)
    assert (outcome.target, outcome.context) == ("A", before)
    assert outcome.actions == ()


def test_rule_12_the_first_entry_counts_at_start() -> None:
    oracle = machine(COUNTING)
    assert begin(oracle, {"n": 0, "limit": 99}).context["n"] == 99
    assert begin(oracle, {"n": 0, "limit": 100}).reason == "livelock"


GUARDED = """
states: [{name: A, type: initial}, {name: B}]
transitions:
  - {trigger: go, source: A, dest: B, guards: [good, bad, later]}
  - {trigger: go, source: A, dest: B, guards: [good, {expr: "x > 9"}]}
  - {trigger: go, source: "*", dest: B, guards: {name: last}}
  - {trigger: elsewhere, source: B, dest: A}
"""


def test_rule_14_guard_rejected_names_the_first_that_failed_and_all_tried() -> None:
    guards = answers(good=True, bad=False, last=False)
    outcome = send(machine(GUARDED), "A", "go", {"y": 1}, {"x": 1}, guards)
    assert (outcome.reason, outcome.guard_name) == ("guard_rejected", "bad")
    assert outcome.guards_tried == ("good", "bad", "x > 9", "last")
    assert outcome.context == {"x": 1}


def test_rule_14_an_accepted_step_says_which_guards_were_asked() -> None:
    outcome = send(
        machine(GUARDED), "A", "go", {}, {"x": 10}, answers(good=True, bad=False)
    )
    assert (outcome.accepted, outcome.guard_name) == (True, None)
    assert outcome.guards_tried == ("good", "bad", "x > 9")


def test_a_guard_is_asked_again_after_an_effect_only() -> None:
    text = """
    states: [{name: A, type: initial}, {name: B}, {name: C}]
    transitions:
      - {trigger: go, source: A, dest: B, guards: g, actions: ACTION}
      - {auto: true, source: B, dest: C, guards: [g, {name: g, params: {n: 1}}]}
    events: [{name: go}]
    """
    plain = send(
        machine(text.replace("ACTION", "act")), "A", "go", guards=answers(g=True)
    )
    assert plain.guards_tried == ("g", "g")  # g, then g with params
    effect = machine(text.replace("ACTION", "{set: {x: 1}}"))
    assert send(effect, "A", "go", guards=answers(g=True)).guards_tried == ("g",) * 3
    merging = Oracle(
        {
            **yaml.safe_load(text.replace("ACTION", "act")),
            "events": [{"name": "go", "payload": {"x": "integer"}}],
        }
    )
    merged = send(merging, "A", "go", {"x": 1}, guards=answers(g=True))
    assert merged.guards_tried == ("g",) * 3


@pytest.mark.parametrize(
    ("event", "reason"),
    [("unheard", "undefined_trigger"), ("elsewhere", "invalid_transition")],
)
def test_rule_14_unmatched_events(event: str, reason: str) -> None:
    strict = send(machine(GUARDED), "A", event, {"x": 2}, {"x": 1})
    assert (strict.accepted, strict.reason, strict.error) == (False, reason, False)
    lenient = send(machine(GUARDED, strict_mode=False), "A", event, {"x": 2}, {"x": 1})
    assert (lenient.accepted, lenient.handled, lenient.reason) == (True, False, None)
    assert (lenient.target, lenient.context) == ("A", {"x": 1})


def test_guard_failures_stay_rejected_when_the_machine_is_not_strict() -> None:
    oracle = machine(GUARDED, strict_mode=False)
    outcome = send(oracle, "A", "go", {}, {"x": 1}, answers(good=False, last=False))
    assert outcome.reason == "guard_rejected"


def test_rule_15_a_guard_that_raises_is_an_error_never_false() -> None:
    outcome = send(machine(GUARDED), "A", "go", guards=answers(good=True))
    assert (outcome.reason, outcome.error) == ("guard_error", True)
    assert (outcome.guard_name, outcome.target) == ("bad", "A")
    missing = send(machine(GUARDED), "A", "go", guards=answers(good=True, bad=False))
    assert (missing.reason, missing.guard_name) == ("guard_error", "x > 9")


def test_rule_15_a_later_guard_that_raises_undoes_the_whole_step() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: B}, {name: C}]
    transitions:
      - {trigger: go, source: A, dest: B, actions: [act, {set: {x: 1}}]}
      - {auto: true, source: B, dest: C, guards: g}
    """)
    outcome = send(oracle, "A", "go")
    assert (outcome.reason, outcome.target) == ("guard_error", "A")
    assert (outcome.context, outcome.actions) == ({}, ())


def test_rule_8_named_guards_get_the_context_of_the_moment_params_and_event() -> None:
    asked: list[tuple[str, Data, Data, OracleEvent | None]] = []

    def guard(
        name: str, params: Data, context: Data, event: OracleEvent | None
    ) -> bool:
        asked.append((name, params, context, event))
        return True

    oracle = machine("""
    states: [{name: A, type: initial}, {name: B}, {name: C}]
    transitions:
      - {trigger: go, source: A, dest: B, guards: {name: g, params: {n: 1}},
         actions: {set: {x: 2}}}
      - {auto: true, source: B, dest: C, guards: h}
    """)
    event = OracleEvent("go", {"p": 5})
    assert oracle.step("A", event, {"x": 1}, guard, None).target == "C"
    assert asked == [
        ("g", {"n": 1}, {"x": 1, "p": 5}, event),
        ("h", {}, {"x": 2, "p": 5}, event),
    ]


COMBINED = """
states: [{name: A, type: initial}, {name: B}]
transitions: [{trigger: go, source: A, dest: B, guards: GUARD}]
"""


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("{allOf: [good, good]}", "accepted"),
        ("{allOf: [bad, raises]}", "guard_rejected"),
        ("{allOf: [good, raises]}", "guard_error"),
        ("{anyOf: [good, raises]}", "accepted"),
        ("{anyOf: [bad, good]}", "accepted"),
        ("{anyOf: [bad, {allOf: [good, bad]}]}", "guard_rejected"),
        ("{not: bad}", "accepted"),
        ("{not: {anyOf: [bad, good]}}", "guard_rejected"),
        ("{not: raises}", "guard_error"),
        ("[{not: bad}, bad]", "guard_rejected"),
    ],
)
def test_combinators_stop_as_soon_as_they_know(guard: str, expected: str) -> None:
    outcome = send(
        machine(COMBINED.replace("GUARD", guard)),
        "A",
        "go",
        guards=answers(good=True, bad=False),
    )
    assert (outcome.reason or "accepted") == expected
    assert outcome.guard_name is None or guard.endswith("bad]")


@pytest.mark.parametrize(
    ("check", "value", "expected"),
    [
        ("op: eq, value: 3", 3, True),
        ("op: eq, value: 3", 4, False),
        ("op: eq, value: 1", True, False),
        ("op: neq, value: 3", 4, True),
        ("op: gt, value: 3", 3, False),
        ("op: gte, value: 3", 3, True),
        ("op: lt, value: 3", 2.5, True),
        ("op: lte, value: b", "c", False),
        ("op: in, values: [a, b]", "b", True),
        ("op: in, values: [a, b]", "c", False),
        ("op: not_in, values: [a, b]", "c", True),
        ("op: not_in, values: [a, b]", "a", False),
        ("op: is_set", 0, True),
        ("op: is_set", None, False),
        ("op: is_null", None, True),
        ("op: is_null", "", False),
        ("op: gt, value: 3", None, None),
        ("op: gt, value: 3", "4", None),
    ],
)
def test_check_guards(check: str, value: object, expected: bool | None) -> None:
    oracle = machine(COMBINED.replace("GUARD", f"{{check: {{field: x, {check}}}}}"))
    outcome = send(oracle, "A", "go", context={"x": value})
    reasons = {True: None, False: "guard_rejected", None: "guard_error"}
    assert outcome.reason == reasons[expected]


def test_a_check_may_say_where_its_field_is() -> None:
    text = COMBINED.replace("GUARD", "{check: {field: FIELD, op: eq, value: 1}}")
    context: Data = {"x": 2, "o": {"a-b": 1}}
    for path, expected in (("x", True), ("event.x", True), ("ctx.x", True)):
        outcome = send(
            machine(text.replace("FIELD", path)), "A", "go", {"x": 1}, context
        )
        assert outcome.accepted is expected
    assert send(
        machine(text.replace("FIELD", "o.a-b")), "A", "go", {}, context
    ).accepted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 // 3", 6),
        ("7 % 4 == 3 and 1 / 2 == 0.5", True),
        ("-x + 1", -2),
        ("1 < x <= 3 < 4", True),
        ("1 < x < 3", False),
        ("x in (1, 3) and x not in (2, 4)", True),
        ("2 in items", True),
        ("null is None and true is not false or nothing", True),
        ("text == 'aB' and text + 'c' == \"aBc\"", True),
        ("lower(text) == 'ab' and upper(text) == 'AB'", True),
        ("startswith(text, 'a') and endswith(text, 'B')", True),
        ("contains(text, 'B') and contains(items, 1)", True),
        ("len(text) + len(items)", 4),
        ("min(3, 1, 2) + max(items)", 3),
        ("abs(-3) + round(2.6)", 6),
        ("round(2.345, 1)", 2.3),
        ("any(flags) and not all(flags)", True),
        ("1 if x > 5 else 2", 2),
        ("x if true else missing", 3),
        ("false and missing", False),
        ("true or missing", True),
        ("p == 8 and ctx.p == 7 and event.p == 8", True),
        ("o.inner.n", 4),
        ('ctx["o"].inner.n', 4),
        ("true == 1", False),
        ("x == '3'", False),
    ],
)
def test_expressions(text: str, expected: object) -> None:
    context: Data = {"x": 3, "items": [1, 2], "text": "aB", "flags": [True, False]}
    context |= {"p": 7, "o": {"inner": {"n": 4}}}
    assert evaluate(text, Names(context, {"p": 8})) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("missing", "ctx.missing", "event.x", "o.missing", "x.y", "x and true"),
        *("not x", "1 if x else 2", "x < 'a'", "x + 'a'", "flag + 1", "nil > 1"),
        *("1 / 0", "1 // 0", "1 % 0", "1 in x", "len(x)", "min(empty)", "lower(x)"),
        *("true and missing", "false or x", "any(items)", "flag < true"),
    ],
)
def test_what_an_untyped_expression_leaves_to_run_time_raises(text: str) -> None:
    context: Data = {"x": 3, "o": {}, "nil": None, "empty": [], "flag": True}
    with pytest.raises(EvaluationError):
        evaluate(text, Names({**context, "items": [1]}, {}))


VARIABLES = "state_variables: [x, {key: y, type: integer}]\n"
EVENTS = """
events:
  - name: go
    payload: {x: integer, p: "integer?", y: {type: integer, default: 9}}
"""
PLAIN = """
states: [{name: A, type: initial}, {name: B}]
transitions:
  - {trigger: go, source: A, dest: B, guards: GUARD}
  - {trigger: bare, source: A, internal: true}
"""


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ("", {"x": 1, "p": 2, "q": 3, "k": 0}),
        (VARIABLES, {"x": 1, "k": 0}),
        (EVENTS, {"x": 1, "p": 2, "y": 9, "k": 0}),
        (VARIABLES + EVENTS, {"x": 1, "y": 9, "k": 0}),
    ],
)
def test_the_payload_is_merged_when_a_real_event_is_taken(
    sections: str, expected: Data
) -> None:
    oracle = machine(sections + PLAIN.replace("GUARD", "[]"))
    payload: Data = {"x": 1, "p": 2, "q": 3}
    outcome = send(oracle, "A", "go", payload, {"x": 0, "k": 0})
    assert outcome.context == expected


def test_a_trigger_outside_the_events_section_has_no_payload() -> None:
    oracle = machine(VARIABLES + EVENTS + PLAIN.replace("GUARD", "[]"))
    assert send(oracle, "A", "bare", {"x": 1}, {"x": 0}).context == {"x": 0}


def test_an_open_payload_is_merged_before_guards_are_asked() -> None:
    text = PLAIN.replace("GUARD", '{expr: "x == 1 and ctx.x == 1 and event.x == 1"}')
    oracle = machine(
        text.replace("type: initial}", "type: initial, on_exit: {increment: x}}")
    )
    assert send(oracle, "A", "go", {"x": 1}, {"x": 0}).context == {"x": 2}
    assert send(oracle, "A", "go", {"x": 2}, {"x": 1}).reason == "guard_rejected"


TIMED = """
states:
  - {name: P, type: initial, initial_child: C}
  - {name: C, parent: P, timeout: {seconds: 0.25, destination: X}}
  - {name: D, parent: P}
  - {name: X}
  - {name: Q}
transitions:
  - {after: 1.5s, source: C, dest: D, guards: g, priority: 5}
  - {after: 700, source: [P, C], dest: X, trigger: hurry, priority: 1}
  - {trigger: sibling, source: C, dest: D}
  - {trigger: back, source: D, dest: C}
  - {trigger: again, source: C, dest: C}
  - {trigger: restart, source: P, dest: P}
  - {trigger: stay, source: P, internal: true}
  - {trigger: inner, source: P, dest: D, internal: true}
  - {trigger: out, source: P, dest: X}
  - {trigger: in, source: X, dest: C}
  - {trigger: through, source: X, dest: Q}
  - {after: 2d, source: Q, dest: X}
  - {auto: true, source: Q, dest: P}
"""
OF_C = (("C", 0, 1500), ("C", 1, 700), ("C", 2, 250))
OF_P = (("P", 0, 700),)
LEFT_C = (("C", 0), ("C", 1), ("C", 2))
LEFT_P = (("P", 0),)


def test_rule_17_start_starts_the_timers_of_the_initial_states() -> None:
    outcome = begin(machine(TIMED))
    assert (outcome.started, outcome.cancelled) == (OF_P + OF_C, ())


@pytest.mark.parametrize(
    ("configuration", "event", "started", "cancelled"),
    [
        ("C", "sibling", (), LEFT_C),
        ("D", "back", OF_C, ()),
        ("C", "again", OF_C, LEFT_C),
        ("C", "restart", OF_P + OF_C, LEFT_P + LEFT_C),
        ("D", "restart", OF_P + OF_C, LEFT_P),
        ("C", "stay", (), ()),
        ("C", "inner", (), LEFT_C),
        ("C", "out", (), LEFT_P + LEFT_C),
        ("X", "in", OF_P + OF_C, ()),
        ("X", "through", OF_P + OF_C, ()),
    ],
)
def test_rule_17_entering_starts_and_leaving_cancels(
    configuration: str, event: str, started: object, cancelled: object
) -> None:
    outcome = send(machine(TIMED), configuration, event)
    assert (outcome.started, outcome.cancelled) == (started, cancelled)


def test_rule_17_a_rejected_step_starts_and_cancels_nothing() -> None:
    outcome = send(machine(TIMED), "C", ("C", 0), guards=answers(g=False))
    assert (outcome.started, outcome.cancelled) == ((), ())


def test_rule_18_a_firing_is_handled_by_the_state_of_the_timer() -> None:
    oracle = machine(TIMED)
    assert send(oracle, "C", ("C", 0), guards=answers(g=True)).target == "D"
    assert send(oracle, "C", ("C", 1)).target == "X"
    assert send(oracle, "C", ("C", 2)).target == "X"
    assert send(oracle, "D", ("P", 0)).target == "X"
    refused = send(oracle, "C", ("C", 0), guards=answers(g=False))
    assert (refused.reason, refused.guard_name) == ("guard_rejected", "g")
    assert send(oracle, "D", ("C", 0)).reason == "invalid_transition"


def test_rule_18_a_trigger_beside_after_can_be_sent_as_an_event() -> None:
    oracle = machine(TIMED)
    assert send(oracle, "C", "hurry").cancelled == LEFT_P + LEFT_C
    assert send(oracle, "X", "hurry").reason == "invalid_transition"


def test_a_firing_brings_no_payload() -> None:
    oracle = machine("""
    states: [{name: A, type: initial}, {name: B}]
    transitions: [{after: 1h, trigger: go, source: A, dest: B,
      guards: {expr: "x == 1"}, actions: {set: {y: {expr: x}}}}]
    """)
    fired = send(oracle, "A", ("A", 0), context={"x": 1})
    assert fired.context == {"x": 1, "y": 1}
    assert send(oracle, "A", "go", {"x": 1}, {"x": 2}).context == {"x": 1, "y": 1}


@pytest.mark.parametrize(
    ("after", "delay"),
    [
        *(("5", 5), ("500ms", 500), ("1.5s", 1_500), ("10m", 600_000)),
        *(("1h", 3_600_000), ("2d", 172_800_000), ("0.1s", 100)),
    ],
)
def test_delays_are_milliseconds(after: str, delay: int) -> None:
    oracle = machine(f"""
    states: [{{name: A, type: initial}}]
    transitions: [{{after: {after}, source: A, dest: A}}]
    """)
    assert begin(oracle).started == (("A", 0, delay),)


@pytest.mark.parametrize(("normalizer", "sent"), [("lower", "GO"), ("upper", "gO")])
def test_the_normalizer_applies_to_triggers_and_to_what_arrives(
    normalizer: str, sent: str
) -> None:
    text = VARIABLES + EVENTS + PLAIN.replace("GUARD", "[]")
    outcome = send(
        machine(text.replace("go", "Go"), event_normalizer=normalizer),
        "A",
        sent,
        {"x": 1},
    )
    assert (outcome.target, outcome.context) == ("B", {"x": 1, "y": 9})
    assert send(machine(text), "A", "Go").reason == "undefined_trigger"

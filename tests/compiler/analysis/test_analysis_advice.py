"""What a message says beside its sentence: the other places, the reasons, the help."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pystator.compiler.pipeline import check


def told(text: str) -> list[str]:
    """All that stands below the sentences, in order."""
    found: list[str] = []
    for item in check(text, "m.yaml").report:
        if item.label:
            found.append(f"{item.primary.line} {item.label}")
        found += (f"{label.span.line} {label.message}" for label in item.secondary)
        found += (f"note: {note}" for note in item.notes)
        found += (f"help: {help}" for help in item.help)
    return found


def machine(*transitions: str, states: str = "", more: str = "") -> str:
    """`A` and `B` on lines 2 and 3, then `states` and `more`, then the transitions."""
    listed = "".join(f"  - {{{transition}}}\n" for transition in transitions)
    return (
        "states:\n  - {name: A, type: initial}\n  - {name: B}\n"
        f"{states}{more}transitions:\n{listed}"
    )


TO_B = "trigger: to_b, source: A, dest: B"
NESTED = "".join(f"  - {{name: {name}, parent: B}}\n" for name in "VWXYZ").replace(
    "name: V,", "name: V, type: initial,"
)


class TestNeverTaken:
    """The places are lines: the first transition is on line 5 without more states."""

    def test_the_one_before_it_has_no_guard(self) -> None:
        text = machine(
            "trigger: go, source: A, dest: B", "trigger: go, source: A, dest: A"
        )
        assert told(text) == [
            "5 this one has no guard: it wins",
            "help: give the earlier one a guard, put this one before it, or remove it",
        ]

    def test_the_guards_of_the_one_before_it_always_hold(self) -> None:
        text = machine(
            "trigger: go, source: A, dest: B, guards: {expr: 1 < 2}",
            "trigger: go, source: A, dest: A",
        )
        assert told(text)[0] == "5 its guards always hold: it wins"

    @pytest.mark.parametrize(
        ("first", "second", "label"),
        [
            ("g", "g", "asks the same and comes first"),
            ("[g, h]", "[h, g]", "asks the same and comes first"),
            ("g", "[g, h]", "asks no more than this one and comes first"),
        ],
    )
    def test_it_has_been_asked_before(
        self, first: str, second: str, label: str
    ) -> None:
        text = machine(
            f"trigger: go, source: A, dest: B, guards: {first}",
            f"trigger: go, source: A, dest: A, guards: {second}",
        )
        assert told(text) == [
            f"5 {label}",
            "help: ask something else in one of the two, or remove one",
        ]

    def test_nested_states_have_their_own(self) -> None:
        text = machine(
            "trigger: to, source: A, dest: B",
            "trigger: go, source: [V, W], dest: A",
            "trigger: go, source: [X, Y, Z], dest: A",
            "trigger: go, source: B, dest: B",
            "auto: true, source: V, dest: W, guards: a",
            "auto: true, source: W, dest: X, guards: b",
            "auto: true, source: X, dest: Y, guards: c",
            "auto: true, source: Y, dest: Z, guards: d",
            states=NESTED,
        )
        assert told(text) == [
            "11 `V` has its own, unguarded",
            "11 `W` has its own, unguarded",
            "12 `X` has its own, unguarded",
            "note: what is nested comes before what is around it",
            "note: 2 more are before it in the same way",
            "help: give one of these a guard, or remove this one",
        ]

    def test_one_nested_state_has_its_own_where_its_guard_holds(self) -> None:
        text = (
            "states:\n  - {name: P, type: initial, initial_child: A}\n"
            "  - {name: A, parent: P}\ntransitions:\n"
            "  - {trigger: go, source: A, dest: A, guards: {in_state: P}}\n"
            "  - {trigger: go, source: P, dest: A}\n"
        )
        assert told(text) == [
            "5 `A` has its own",
            "note: what is nested comes before what is around it",
            "help: give the nested one a guard, or remove this one",
        ]

    def test_in_state_never_holds_there(self) -> None:
        text = machine(TO_B, "trigger: go, source: A, dest: B, guards: {in_state: B}")
        assert told(text) == [
            "note: where it could be taken, `in_state` keeps its guards from holding",
            "help: correct the state that `in_state` asks for, or remove it",
        ]

    def test_several_together_leave_nothing(self) -> None:
        text = machine(
            "auto: true, source: A, dest: B, guards: g",
            "auto: true, source: B, dest: C, guards: g",
            "auto: true, source: B, dest: A, guards: h",
            states="  - {name: C}\n",
        )
        assert told(text) == [
            "note: wherever it could be taken, other transitions come first, or its "
            "guards have been refused already",
            "help: change the order with `priority`, or remove it",
        ]

    CURE = (
        "help: let an `auto` transition on the way wait for a trigger or a delay, or "
        "give it a guard that an effect on the way changes"
    )

    def test_it_leads_round_in_a_circle(self) -> None:
        text = machine(
            TO_B,
            "auto: true, source: B, dest: C",
            "auto: true, source: C, dest: B, guards: g",
            states="  - {name: C}\n",
        )
        assert told(text) == [
            "7 then from `B`",
            "note: every step that takes it goes round without end and is rejected "
            "(livelock): `C` -> `B` -> `C`",
            self.CURE,
        ]

    def test_what_leads_into_the_circle_is_told_with_it(self) -> None:
        text = machine(
            *(f"after: {n}s, source: A, dest: B, guards: g" for n in range(1, 6)),
            "auto: true, source: B, dest: B, guards: g",
        )
        assert told(text) == [
            "5 never taken either",
            "6 never taken either",
            "7 never taken either",
            "note: every step that takes it goes round without end and is rejected "
            "(livelock): `B` -> `B`",
            "note: 2 more are never taken for the same reason",
            self.CURE,
        ]

    def test_a_chain_that_is_too_long(self) -> None:
        names = ["B", *(f"S{number}" for number in range(100))]
        text = machine(
            TO_B,
            *(
                f"auto: true, source: {one}, dest: {other}"
                for one, other in pairwise(names)
            ),
            states="".join(f"  - {{name: {name}}}\n" for name in names[1:]),
        )
        assert told(text)[-3:] == [
            "note: every step that takes it goes on for more than 100 transitions and "
            "is rejected (livelock)",
            "note: 96 more are never taken for the same reason",
            self.CURE,
        ]


class TestNeverEntered:
    def test_nothing_leads_to_it(self) -> None:
        assert told(machine("trigger: go, source: A, dest: A")) == [
            "help: add a transition that leads to it, or remove it"
        ]

    @pytest.mark.parametrize(
        ("children", "label"),
        [(1, "nor is the state inside it"), (2, "nor are the 2 states inside it")],
    )
    def test_with_what_is_inside_it(self, children: int, label: str) -> None:
        states = "".join(
            f"  - {{name: C{number}, parent: B{', type: initial' * (number == 0)}}}\n"
            for number in range(children)
        )
        text = machine("trigger: go, source: A, dest: A", states=states)
        assert told(text)[0] == f"3 {label}"

    def test_what_leads_to_it_starts_in_a_lost_state(self) -> None:
        text = machine(
            "trigger: go, source: C, dest: B",
            "trigger: go, source: B, dest: B",
            states="  - {name: C}\n",
        )
        assert told(text) == [
            "6 leads to it, but `C` is never entered either",
            "help: add a transition that leads to it or to `C`, or remove both",
            "help: add a transition that leads to it, or remove it",
        ]

    def test_what_leads_to_it_is_never_taken(self) -> None:
        text = machine('trigger: go, source: A, dest: B, guards: {expr: "false"}')
        assert told(text)[:2] == [
            "5 leads to it, but is never taken",
            "help: let this transition be taken, or remove the state",
        ]


class TestStates:
    def test_a_nested_initial_state_shows_where_to_start(self) -> None:
        text = (
            "states:\n  - {name: END, type: terminal}\n  - {name: N}\n  - {name: P}\n"
            "  - {name: A, parent: P, type: initial}\n"
        )
        assert told(text) == [
            "2 a machine starts in one of its outermost states",
            "5 `P` starts here, but not the machine",
            "help: add `type: initial` to the state it starts in, perhaps `P`",
        ]

    def test_a_terminal_state_is_no_place_to_start(self) -> None:
        text = "states:\n  - {name: END, type: terminal}\n"
        assert told(text) == ["2 a machine starts in one of its outermost states"]
        assert told(text + "  - {name: B}\n")[1:] == [
            "help: add `type: initial` to the state it starts in, perhaps `B`"
        ]

    def test_a_terminal_child_is_no_place_to_start(self) -> None:
        text = (
            "states:\n  - {name: P, type: initial}\n"
            "  - {name: END, parent: P, type: terminal}\n  - {name: A, parent: P}\n"
        )
        assert told(text) == ["2 it has 2 children", "help: add `initial_child: A`"]

    def test_the_one_that_is_named_and_one_that_is_marked(self) -> None:
        text = (
            "states:\n  - {name: P, type: initial, initial_child: A}\n"
            "  - {name: A, parent: P}\n  - {name: B, parent: P, type: initial}\n"
        )
        assert told(text) == [
            "2 `A` is the initial child too",
            "4 `B` is initial",
            "help: keep one of them",
        ]

    def test_a_circle_of_parents(self) -> None:
        text = (
            "states:\n  - {name: A, parent: B}\n  - {name: B, parent: C}\n"
            "  - {name: C, parent: A}\n  - {name: D, type: initial}\n"
        )
        assert told(text) == [
            "2 closes the circle",
            "3 the parent of `B`",
            "4 the parent of `C`",
            "note: `A` is in `B`, which is in `C`, which is in `A`",
            "help: an outermost state has no `parent`",
        ]

    def test_a_long_circle_of_parents_is_cut(self) -> None:
        states = "".join(
            f"  - {{name: S{number}, parent: S{(number + 1) % 9}}}\n"
            for number in range(9)
        )
        notes = [line for line in told(f"states:\n{states}") if line.startswith("note")]
        assert notes == [
            "note: `S0` is in `S1`, which is in `S2`, which is in `S3`, which is in "
            "`S4`, and so on, until `S8` is in `S0`"
        ]

    def test_a_state_in_itself(self) -> None:
        text = "states:\n  - {name: A, parent: A}\n  - {name: B, type: initial}\n"
        assert told(text) == [
            "2 a state is not its own parent",
            "help: an outermost state has no `parent`",
        ]

    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            (
                ("P, type: initial, initial_child: C", "A, parent: P", "C"),
                [
                    "4 `C` has no parent",
                    "note: the children of `P` are `A`",
                    "help: name one of its children",
                ],
            ),
            (
                (
                    "P, type: initial, initial_child: B",
                    "A, parent: P, initial_child: B",
                    "B, parent: A",
                ),
                [
                    "4 `B` is a child of `A`",
                    "note: the children of `P` are `A`",
                    "help: name one of its children",
                ],
            ),
            (
                ("P, type: initial, initial_child: AXLE", "AXE, parent: P", "AXLE"),
                [
                    "4 `AXLE` has no parent",
                    "note: the children of `P` are `AXE`",
                    "help: did you mean `AXE`?",
                ],
            ),
            (
                ("P, type: initial, initial_child: B", "B"),
                [
                    "3 `B` has no parent",
                    "note: `P` has no children",
                    "help: leave `initial_child` out",
                ],
            ),
        ],
        ids=["outside", "below", "near", "none"],
    )
    def test_no_child(self, states: tuple[str, ...], expected: list[str]) -> None:
        listed = "".join(f"  - {{name: {state}}}\n" for state in states)
        assert told(f"states:\n{listed}") == expected

    def test_children_of_a_terminal_state(self) -> None:
        text = (
            "states:\n  - {name: A, type: initial}\n  - name: END\n"
            "    type: terminal\n  - {name: B, parent: END}\n"
        )
        assert told(text)[:3] == [
            "4 a terminal state has no children",
            "5 `B` is nested in it",
            "help: remove `type: terminal`, and make a child terminal",
        ]


class TestNames:
    def test_a_state_is_declared_twice(self) -> None:
        text = "states:\n  - {name: A, type: initial}\n  - {name: A}\n"
        assert told(text) == [
            "3 declared again here",
            "2 first declared here",
            "help: rename one of them, or remove it",
        ]

    def test_a_source_is_named_twice(self) -> None:
        assert told(machine(TO_B, "trigger: go, source: [A, A], dest: B")) == [
            "6 named again here",
            "6 first named here",
            "help: remove one of them",
        ]

    def test_events_that_are_one_when_normalized(self) -> None:
        text = "meta: {event_normalizer: lower}\n" + machine(
            TO_B, more="events:\n  - {name: Go}\n  - {name: GO}\n"
        )
        (found,) = check(text, "m.yaml").report
        assert found.message == "events `Go` and `GO` are one"
        assert found.notes == ("`event_normalizer: lower` makes both `go`",)

    def test_a_region(self) -> None:
        assert told(machine(TO_B + ", region: r")) == [
            "note: this machine has no parallel state",
            "help: leave `region` out: it is not needed",
        ]

    @pytest.mark.parametrize(
        ("first", "second", "message", "help"),
        [
            (
                "{channel: 1}",
                "{chanel: 1}",
                "action `f` is called with the parameter `chanel` here, but with "
                "`channel` elsewhere",
                "did you mean `channel`?",
            ),
            (
                "{a: 1, channel: 1}",
                "{a: 1, chanel: 1}",
                "action `f` is called with the parameters `a`, `chanel` here, but with "
                "`a`, `channel` elsewhere",
                "did you mean `channel`?",
            ),
            (
                "{a: 1}",
                "{}",
                "action `f` is called with no parameters here, but with `a` elsewhere",
                "give every call the same parameters, or use two names",
            ),
            (
                "{}",
                "{a: 1}",
                "action `f` is called with the parameter `a` here, but with none "
                "elsewhere",
                "give every call the same parameters, or use two names",
            ),
        ],
    )
    def test_parameters(self, first: str, second: str, message: str, help: str) -> None:
        (found,) = check(
            machine(
                f"{TO_B}, actions: {{name: f, params: {first}}}",
                "auto: true, source: B, dest: A, "
                f"actions: {{name: f, params: {second}}}",
            ),
            "m.yaml",
        ).report
        assert (found.message, found.help) == (message, (help,))

    def test_names_that_meet_in_python(self) -> None:
        text = machine("trigger: to-b, source: A, dest: B", TO_B)
        (found,) = check(text, "m.yaml").report
        assert found.message == "triggers `to-b` and `to_b` become one name in Python"
        assert told(text) == [
            "6 both become `TO_B`",
            "5 the other one",
            "help: rename one of them",
        ]


def effect(variable: str, action: str) -> str:
    """The variable is on line 5, the effect on line 7."""
    variables = f"state_variables:\n  - {{key: v, {variable}}}\n"
    return machine(f"{TO_B}, actions: {{{action}}}", more=variables)


class TestEffects:
    @pytest.mark.parametrize(
        ("variable", "reason", "help"),
        [
            (
                "type: integer?, required: true",
                "its type `integer?` allows null",
                "write `integer` instead of `integer?`",
            ),
            (
                "type: integer?, default: 3",
                "its type `integer?` allows null",
                "write `integer` instead of `integer?`",
            ),
            (
                "type: integer, default: null",
                "its default is null",
                "give it `default: 0`",
            ),
            (
                "type: integer",
                "neither required nor with a default",
                "give it `default: 0`, or `required: true`",
            ),
        ],
    )
    def test_why_it_may_be_null(self, variable: str, reason: str, help: str) -> None:
        assert told(effect(variable, "increment: v")) == [
            "7 null cannot be counted",
            f"5 {reason}",
            f"help: {help}",
        ]

    def test_nothing_to_append_to(self) -> None:
        text = effect("type: list, default: null", "append: {field: v, value: 1}")
        assert told(text) == [
            "7 nothing can be appended to null",
            "5 its default is null",
            "help: give it `default: []`",
        ]

    @pytest.mark.parametrize(
        ("variable", "action", "label", "help"),
        [
            (
                'type: string, default: ""',
                "increment: v",
                "`increment` needs an integer or a number",
                "",
            ),
            (
                'type: string, default: ""',
                "decrement: v",
                "`decrement` needs an integer or a number",
                "",
            ),
            (
                'type: string, default: ""',
                "append: {field: v, value: 1}",
                "`append` needs a list",
                "",
            ),
            (
                "type: integer, default: 0",
                "timestamp: v",
                "`timestamp` needs a datetime or a string",
                "",
            ),
            (
                "type: string, required: true",
                "clear: v",
                "a required variable cannot be cleared",
                "give it a `default`, or make its type optional",
            ),
            (
                "type: integer, default: 0",
                'set: {v: "7"}',
                "expected an integer",
                "remove the quotes",
            ),
            (
                "type: 'list[boolean]', default: []",
                'append: {field: v, value: "true"}',
                "expected a boolean",
                "remove the quotes",
            ),
            (
                "type: datetime",
                "set: {v: '2020-01-01'}",
                "a datetime cannot be written here",
                "use `timestamp`, or `expr` with a payload field",
            ),
        ],
    )
    def test_what_does_not_fit(
        self, variable: str, action: str, label: str, help: str
    ) -> None:
        assert told(effect(variable, action)) == [
            f"7 {label}",
            "5 declared here",
            *([f"help: {help}"] if help else []),
        ]

    @pytest.mark.parametrize(
        ("variable", "label", "help"),
        [
            ('type: integer, default: "-3"', "expected an integer", True),
            ('type: integer, default: "3.5"', "expected an integer", False),
            ('type: number, default: "3.5"', "expected a number", True),
            ('type: boolean, default: "False"', "expected a boolean", True),
            ('type: boolean, default: "no"', "expected a boolean", False),
            ("type: integer, default: false", "expected an integer", False),
        ],
    )
    def test_a_default_in_quotes(self, variable: str, label: str, help: bool) -> None:
        assert told(effect(variable, "set: {v: null}"))[:3] == [
            f"5 {label}",
            "5 its type",
            (
                "help: remove the quotes"
                if help
                else "7 expected " + label[9:] + ", not null"
            ),
        ]

    def test_a_default_that_cannot_be_written(self) -> None:
        text = effect("type: datetime, default: '2020-01-01'", "clear: v")
        assert told(text) == [
            "5 a datetime cannot be written here",
            "5 its type",
            "help: leave the default out",
        ]

    def test_an_unknown_variable_that_is_near_another(self) -> None:
        text = effect("type: integer", "set: {w: 1}").replace("key: v", "key: ww")
        assert told(text) == [
            "7 not among `state_variables`",
            "help: did you mean `ww`?",
            "help: declare `w` under `state_variables`",
        ]

    def test_a_payload_field_of_another_type(self) -> None:
        text = machine(
            TO_B,
            more="state_variables:\n  - {key: v, type: integer}\n"
            "events:\n  - {name: to_b, payload: {v: string?}}\n",
        )
        (found,) = check(text, "m.yaml").report
        assert found.message == (
            "payload field `v` of `to_b` is `string`, but the state variable `v` is "
            "`integer`"
        )


class TestInternal:
    def test_a_state_without_children_has_nothing_inside(self) -> None:
        assert told(machine("trigger: go, source: A, dest: B, internal: true")) == [
            "5 is left as by an external transition",
            "help: remove `internal: true` or `dest`",
        ]

    def test_a_compound_state_has(self) -> None:
        text = machine(
            TO_B, "trigger: go, source: B, dest: A, internal: true", states=NESTED
        )
        assert (
            "help: remove `internal: true` or `dest`, or choose a state inside `B`"
            in told(text)
        )

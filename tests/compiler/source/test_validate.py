"""The schema: what is accepted and how it comes out, and each fault with its place."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pystator.compiler.diagnostics.model import Report, Severity
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.arrange import ExprSource
from pystator.compiler.source.model import (
    AllOfSource,
    AnyOfSource,
    AppendSource,
    CheckGuardSource,
    ClearSource,
    DecrementSource,
    ExprGuardSource,
    GuardSource,
    IncrementSource,
    InStateSource,
    MachineSource,
    NamedActionSource,
    NamedGuardSource,
    NotSource,
    SetSource,
    TimestampSource,
    TransitionSource,
)
from pystator.compiler.source.reader import read_text
from pystator.compiler.source.text import Value
from pystator.compiler.source.validate import validate

STATES = "states:\n  - {name: A, type: initial}\n"
HEAD = STATES + "transitions:\n"


@dataclass(frozen=True)
class Found:
    code: str
    line: int
    column: int
    message: str


def run(text: str) -> tuple[MachineSource | None, list[Found]]:
    document, report = read_text(text, "m.yaml")
    assert document is not None, list(report)
    source = validate(document, report)
    assert (source is None) == report.has_errors
    return source, [
        Found(item.code, item.primary.line, item.primary.column, item.message)
        for item in report
    ]


def accepted(text: str) -> MachineSource:
    source, found = run(text)
    assert source is not None, found
    assert found == []
    return source


def transition(text: str) -> TransitionSource:
    """The one transition whose keys are given in flow style."""
    (found,) = accepted(f"{HEAD}  - {{source: A, {text}}}\n").transitions
    return found


def guard(text: str) -> GuardSource:
    (found,) = transition(f"trigger: t, dest: A, guards: {text}").guards
    return found


def test_smallest_machine() -> None:
    source = accepted("states: [{name: A}]")
    assert source.path == "m.yaml"
    assert [state.name for state in source.states] == ["A"]
    assert source.transitions == ()
    assert source.state_variables is None
    assert source.events is None
    assert source.groups is None
    assert source.error_policy is None
    assert source.meta.machine_name is None
    assert source.meta.strict_mode is True
    assert source.meta.validate_context is False
    assert source.meta.extra.data == {}


def test_empty_is_not_absent() -> None:
    source = accepted(STATES + "events: []\nstate_variables: []\n")
    assert source.events == ()
    assert source.state_variables == ()


def test_meta() -> None:
    source = accepted(
        "meta: {machine_name: 3, version: 1.10, description: d, strict_mode: false,\n"
        "  event_normalizer: upper, validate_context: true, owner: {team: [a, 1]}}\n"
        + STATES
    )
    meta = source.meta
    assert (meta.machine_name, meta.version, meta.description) == ("3", "1.10", "d")
    assert (meta.strict_mode, meta.validate_context) == (False, True)
    assert meta.event_normalizer == "upper"
    assert meta.event_normalizer.span.line == 2
    assert meta.extra.data == {"owner": {"team": ("a", 1)}}


def test_state() -> None:
    source = accepted("""
states:
  - name: NO
    type: stable
    parent: P
    initial_child: C
    on_enter: [a, {name: b, params: {x: 1}}]
    on_exit: c
    timeout: {seconds: 0.5, destination: B}
    description: 12
    group: g
    metadata: {x: [1]}
""")
    (state,) = source.states
    assert (state.name, state.type, state.parent) == ("NO", "stable", "P")
    assert state.name.span.line == 3
    assert (state.initial_child, state.group, state.description) == ("C", "g", "12")
    first, second = state.on_enter
    assert isinstance(first, NamedActionSource) and first.name == "a"
    assert isinstance(second, NamedActionSource) and second.name == "b"
    assert second.params is not None and second.params.data == {"x": 1}
    assert [action.span.line for action in (*state.on_enter, *state.on_exit)] == [
        7,
        7,
        8,
    ]
    assert state.timeout is not None
    assert (state.timeout.delay_ms, state.timeout.destination) == (500, "B")
    assert state.metadata is not None and state.metadata.data == {"x": (1,)}
    assert (state.span.line, state.span.column) == (3, 5)


@pytest.mark.parametrize("name", ["ON", "NO", "Null", "NULL", "true", "a.b:c-d", "_"])
def test_names_are_what_was_typed(name: str) -> None:
    text = f"states: [{{name: {name}}}]\ntransitions:\n"
    text += f"  - {{trigger: {name}, source: [{name}], dest: {name}}}\n"
    source = accepted(text)
    (found,) = source.transitions
    assert (found.trigger, found.source) == (name, (name,))
    assert [target.state for target in found.dest] == [name]


def test_transition() -> None:
    source = accepted(HEAD + """
  - trigger: t
    source: [A, B]
    dest: C
    guards: [g, {name: h, params: {x: 1}}]
    actions: a
    after: 1.5s
    internal: true
    priority: -1
    region: r
    description: d
    ref: R1
    refs: [R2, 3]
    metadata: {k: v}
    x-own: {anything: 1}
    x_own: 2
""")
    (found,) = source.transitions
    assert (found.trigger, found.source) == ("t", ("A", "B"))
    assert [target.state for target in found.dest] == ["C"]
    assert [type(item) for item in found.guards] == [NamedGuardSource] * 2
    assert (found.delay_ms, found.after) == (1500, "1.5s")
    assert found.after_span is not None and found.after_span.column == 12
    assert (found.internal, found.auto, found.priority) == (True, False, -1)
    assert (found.region, found.description) == ("r", "d")
    assert found.refs == ("R1", "R2", "3")
    assert found.metadata is not None and found.metadata.data == {"k": "v"}


def test_star_source() -> None:
    assert transition("trigger: t, dest: A").source == ("A",)
    text = HEAD + '  - {trigger: t, source: "*", dest: A}\n'
    assert accepted(text).transitions[0].source == ("*",)


def test_what_needs_no_destination_or_trigger() -> None:
    assert transition("trigger: t, internal: true").dest == ()
    assert transition("auto: true, dest: A").trigger is None
    assert transition("after: 5000, dest: A").delay_ms == 5000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B", [("B", "")]),
        ("H(P)", [("P", "H")]),
        ('"H*(P)"', [("P", "H*")]),
        ("[B, C.d, H*(P)]", [("B", ""), ("C.d", ""), ("P", "H*")]),
        ("H", [("H", "")]),
    ],
)
def test_destinations(text: str, expected: list[tuple[str, str]]) -> None:
    found = transition(f"trigger: t, dest: {text}").dest
    assert [(target.state, target.history) for target in found] == expected


def test_regions_and_services() -> None:
    (state,) = accepted("""
states:
  - name: P
    type: parallel
    regions:
      - {name: r, initial: A, states: [A, B], description: d}
      - {name: s, states: [C]}
    invoke:
      - {id: job, src: run, on_done: finished}
      - {id: other, src: run, on_error: failed}
""").states
    assert state.regions is not None
    first, second = state.regions
    assert (first.name, first.initial, first.states) == ("r", "A", ("A", "B"))
    assert (second.initial, second.states, second.description) == (None, ("C",), None)
    assert [(s.id, s.src, s.on_done, s.on_error) for s in state.invoke] == [
        ("job", "run", "finished", None),
        ("other", "run", None, "failed"),
    ]


def test_absent_values_count_as_not_written() -> None:
    source = accepted("""
meta: null
states:
  - {name: A, parent: null, type: ~, on_enter: }
transitions:
  - {trigger: t, source: A, dest: A, guards: null, after: null, auto: null}
state_variables:
groups: ~
""")
    assert source.states[0].parent is None
    assert source.transitions[0].guards == ()
    assert source.transitions[0].delay_ms is None
    assert source.state_variables is None


def test_quoted_null_is_a_name() -> None:
    assert accepted("states: [{name: 'null'}]").states[0].name == "null"


def test_guards() -> None:
    named = guard("{name: g, params: {limit: 5, deep: {x: null}}}")
    assert isinstance(named, NamedGuardSource)
    assert named.params is not None
    assert named.params.data == {"limit": 5, "deep": {"x": None}}
    expr = guard('{expr: "a >= b"}')
    assert isinstance(expr, ExprGuardSource)
    assert expr.text == "a >= b"
    assert expr.text.part(2, 2).column == expr.text.span.column + 3
    assert isinstance(guard("{in_state: S}"), InStateSource)
    nested = guard("{allOf: [a, {anyOf: [{not: b}, {in_state: S}]}]}")
    assert isinstance(nested, AllOfSource)
    inner = nested.guards[1]
    assert isinstance(inner, AnyOfSource)
    negated, in_state = inner.guards
    assert isinstance(negated, NotSource)
    assert isinstance(negated.guard, NamedGuardSource) and negated.guard.name == "b"
    assert isinstance(in_state, InStateSource) and in_state.state == "S"


@pytest.mark.parametrize(
    ("text", "value", "values"),
    [
        ("{field: ctx.a, op: gt, value: 5}", Value, None),
        ("{field: a.b, op: eq, value: null}", Value, None),
        ("{field: a, op: in, values: [1, x]}", None, Value),
        ("{field: a, op: not_in, value: [1, x]}", None, Value),
        ("{field: a, op: is_set}", None, None),
        ("{field: a, op: is_null}", None, None),
    ],
)
def test_check(text: str, value: type | None, values: type | None) -> None:
    found = guard(f"{{check: {text}}}")
    assert isinstance(found, CheckGuardSource)
    assert type(found.value) is (value or type(None))
    assert type(found.values) is (values or type(None))
    if found.values is not None:
        assert found.values.data == (1, "x")


def test_actions() -> None:
    found = transition(
        "trigger: t, dest: A, actions: [{set: {a: 1, b: {expr: a + 1}, c: {d: [x]}}}, "
        "{timestamp: f}, {increment: f}, {decrement: f}, "
        "{append: {field: l, value: {x: null}}}, {append: {field: l, value: null}}, "
        "{clear: f}]"
    ).actions
    setting, timestamp, increment, decrement, append, append_null, clear = found
    assert isinstance(setting, SetSource)
    (a, one), (b, expr), (c, deep) = setting.assignments
    assert (a, b, c) == ("a", "b", "c")
    assert isinstance(one, Value) and one.data == 1
    assert isinstance(expr, ExprSource) and expr.text == "a + 1"
    assert isinstance(deep, Value) and deep.data == {"d": ("x",)}
    assert isinstance(timestamp, TimestampSource) and timestamp.field == "f"
    assert isinstance(increment, IncrementSource) and increment.field == "f"
    assert isinstance(decrement, DecrementSource) and decrement.field == "f"
    assert isinstance(append, AppendSource) and append.value.data == {"x": None}
    assert isinstance(append_null, AppendSource) and append_null.value.data is None
    assert isinstance(clear, ClearSource) and clear.field == "f"


def test_variables() -> None:
    source = accepted(STATES + """
state_variables:
  - bare
  - {key: a, type: integer?, required: true, default: null, description: d}
  - {key: b, type: {enum: [x, 1.10]}, default: x}
  - {key: c, type: object, fields: {x: number, y: {type: object, fields: {z: list}}}}
  - {key: d, fields: {x: "enum[p, q]?"}}
""")
    assert source.state_variables is not None
    bare, a, b, c, d = source.state_variables
    assert (bare.key, bare.type, bare.required, bare.default) == (
        "bare",
        None,
        False,
        None,
    )
    assert a.type is not None and a.type.type == Type(Kind.INTEGER, optional=True)
    assert a.required is True
    assert a.default is not None and a.default.data is None
    assert b.type is not None
    assert b.type.type == Type(Kind.ENUM, values=("x", "1.10"))
    assert c.type is not None
    nested = Type(Kind.OBJECT, fields=(("z", Type(Kind.LIST)),))
    assert c.type.type.fields == (("x", Type(Kind.NUMBER)), ("y", nested))
    assert c.fields == c.type.type.fields
    assert c.fields is not None and c.fields[0][0].span.line == 8
    assert d.type is not None and d.type.type.kind is Kind.OBJECT


def test_events() -> None:
    source = accepted(STATES + """
events:
  - name: fill
    description: d
    payload:
      qty: integer
      note: string?
      side: {enum: [buy, sell]}
      price: {type: number, default: 1.5}
      fee: {type: number, required: false}
      tag: {type: string?, required: true}
      when: {type: datetime}
  - name: cancel
""")
    assert source.events is not None
    fill, cancel = source.events
    assert (fill.name, fill.description, cancel.payload) == ("fill", "d", ())
    required = {field.name: field.required for field in fill.payload}
    assert required == {
        "qty": True,
        "note": False,
        "side": True,
        "price": False,
        "fee": False,
        "tag": True,
        "when": True,
    }
    assert [str(field.type) for field in fill.payload] == [
        "integer",
        "string?",
        "enum[buy, sell]",
        "number",
        "number",
        "string?",
        "datetime",
    ]
    price = fill.payload[3]
    assert price.default is not None and price.default.data == 1.5
    assert price.name.span.line == 11


def test_policy_and_groups() -> None:
    source = accepted(
        STATES + "groups: {a: {label: x}}\n"
        "error_policy: {default_fallback: A, retry_attempts: 0}\n"
    )
    assert source.groups is not None and source.groups.data == {"a": {"label": "x"}}
    assert source.error_policy is not None
    assert source.error_policy.default_fallback == "A"
    assert source.error_policy.retry_attempts == 0


def test_json_definition() -> None:
    text = '{"states":[{"name":"A","type":"initial"}],"transitions":[\n'
    text += '{"trigger":"t","source":"A","dest":"A","guards":[{"expr":"a > 1"}]}]}'
    (found,) = accepted(text).transitions
    assert found.trigger is not None and found.trigger.span.column == 12


FLOW = "  - {source: A, dest: A, "
"""Its next character is in column 26."""


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "fragment"),
    [
        ("[]", "PS0122", 1, 1, "a machine definition must be a mapping, not a list"),
        ("hello", "PS0122", 1, 1, "must be a mapping, not `hello`"),
        ("meta: {}", "PS0121", 1, 1, "a machine definition needs `states`"),
        ("{}", "PS0121", 1, 1, "a machine definition needs `states`"),
        ("states:", "PS0121", 1, 1, "`states` of a machine definition has no value"),
        ("states: []", "PS0131", 1, 9, "`states` must not be empty"),
        ("states: {}", "PS0122", 1, 9, "`states` must be a list, not a mapping"),
        ("states: [A]", "PS0122", 1, 10, "an item of `states` must be a mapping"),
        ("states: [{}]", "PS0121", 1, 10, "a state needs `name`"),
        ("states: [{type: initial}]", "PS0121", 1, 11, "a state needs `name`"),
        ("states: [{name: }]", "PS0121", 1, 11, "`name` of a state has no value"),
        ("states: [{name: null}]", "PS0121", 1, 11, "has no value"),
        ("states: [{name: ''}]", "PS0123", 1, 17, "`name` must not be empty"),
        ("states: [{name: 1A}]", "PS0123", 1, 17, "`1A` is not a name"),
        ("states: [{name: a b}]", "PS0123", 1, 17, "`a b` is not a name"),
        ('states: [{name: "a\\nb"}]', "PS0123", 1, 17, "`a\\nb` is not a name"),
        ("states: [{name: é}]", "PS0123", 1, 17, "`é` is not a name"),
        ("states: [{name: [a]}]", "PS0122", 1, 17, "`name` must be a name, not a list"),
        (f"states: [{{name: {'x' * 129}}}]", "PS0123", 1, 17, "longer than 128"),
        ("states: [{nmae: A}]", "PS0120", 1, 11, "unknown key `nmae` in a state"),
        ("states: [{name: A, type: finl}]", "PS0124", 1, 26, "`type` must be one of"),
        ("stats: [{name: A}]", "PS0120", 1, 1, "unknown key `stats`"),
        (
            "states: [{name: A, metadata: }, {name: B, on_enter: [[]]}]",
            "PS0122",
            1,
            54,
            "an item of `on_enter` must be a name or a mapping",
        ),
        ("states: [{name: A, timeout: 5}]", "PS0122", 1, 29, "`timeout` must be a map"),
        ("states: [{name: A, timeout: {seconds: 5}}]", "PS0121", 1, 30, "destination"),
        (
            "states: [{name: A, timeout: {seconds: 0, destination: B}}]",
            "PS0127",
            1,
            39,
            "longer than 0",
        ),
        (
            "states: [{name: A, timeout: {seconds: 5s, destination: B}}]",
            "PS0127",
            1,
            39,
            "not a plain number of seconds",
        ),
        (
            "states: [{name: A, regions: r}]",
            "PS0122",
            1,
            29,
            "`regions` must be a list",
        ),
        (
            "states: [{name: A, regions: [{}]}]",
            "PS0121",
            1,
            30,
            "a region needs `name`",
        ),
        (
            "states: [{name: A, regions: [{name: r, initail: B}]}]",
            "PS0120",
            1,
            40,
            "unknown key `initail` in a region",
        ),
        ("states: [{name: A, invoke: [{id: x}]}]", "PS0121", 1, 30, "needs `src`"),
        ("states: [{name: A, invoke: {src: x}}]", "PS0121", 1, 29, "needs `id`"),
        (STATES + "properties: {}", "PS0122", 3, 13, "`properties` must be a list"),
        (STATES + "properties: [x]", "PS0122", 3, 14, "must be a mapping, not `x`"),
        (STATES + "properties: [{name: x}]", "PS0121", 3, 15, "one of `always`, "),
        (STATES + "properties: [{alway: A}]", "PS0120", 3, 15, "key `alway` in a pro"),
        (STATES + "properties: [{always: }]", "PS0121", 3, 15, "one of `always`, "),
        (STATES + "properties: [{always: [A]}]", "PS0122", 3, 23, "`always` must be a"),
        (STATES + "properties: [{reachable: 1}]", "PS0123", 3, 26, "`1` is not a name"),
        (STATES + "properties: [{terminates: no}]", "PS0122", 3, 27, "true or false"),
        (STATES + "properties: [{terminates: false}]", "PS0122", 3, 27, "must be true"),
        (STATES + "properties: [{leads_to: A}]", "PS0122", 3, 25, "must be a mapping"),
        (STATES + "properties: [{leads_to: {from: A}}]", "PS0121", 3, 26, "needs `to`"),
        (
            STATES + "properties: [{leads_to: {frm: A, to: A}}]",
            "PS0120",
            3,
            26,
            "`frm`",
        ),
        (
            STATES + "properties: [{name: x, never: A, always: A}]",
            "PS0128",
            3,
            34,
            "`always` does not go with `never` in a property",
        ),
        (STATES + "transitions: {}", "PS0122", 3, 14, "`transitions` must be a list"),
        (STATES + "meta: {strict_mode: yes}", "PS0122", 3, 21, "true or false"),
        (STATES + "meta: {event_normalizer: up}", "PS0124", 3, 26, "`lower`"),
        (STATES + "meta: 5", "PS0122", 3, 7, "`meta` must be a mapping, not `5`"),
        (STATES + "groups: [a]", "PS0122", 3, 9, "`groups` must be a mapping"),
        (STATES + "error_policy: {retry_attempts: -1}", "PS0122", 3, 32, "at least 0"),
        (STATES + "error_policy: {retries: 1}", "PS0120", 3, 16, "`error_policy`"),
        (HEAD + FLOW + "}", "PS0129", 4, 6, "one of `trigger`, `after`, `auto: true`"),
        (HEAD + FLOW + "auto: false}", "PS0129", 4, 6, "a transition needs one of"),
        (HEAD + FLOW + "triger: t}", "PS0120", 4, 26, "unknown key `triger`"),
        (HEAD + FLOW + "trigger: t, auto: true}", "PS0128", 4, 38, "`auto` does not"),
        (HEAD + FLOW + "after: 5s, auto: true}", "PS0128", 4, 37, "`auto` does not"),
        (HEAD + FLOW + "trigger: t, done: true}", "PS0128", 4, 38, "`done` does not"),
        (HEAD + FLOW + "auto: true, done: true}", "PS0128", 4, 38, "`done` does not"),
        (HEAD + FLOW + "trigger: t u}", "PS0123", 4, 35, "`t u` is not a name"),
        (HEAD + FLOW + "trigger: t, gaurds: g}", "PS0120", 4, 38, "`gaurds`"),
        (HEAD + FLOW + "trigger: t, priority: 1.5}", "PS0122", 4, 48, "an integer"),
        (HEAD + FLOW + "trigger: t, priority: true}", "PS0122", 4, 48, "an integer"),
        (HEAD + FLOW + "trigger: t, internal: 1}", "PS0122", 4, 48, "true or false"),
        (HEAD + FLOW + "after: -5}", "PS0127", 4, 33, "longer than 0"),
        (HEAD + FLOW + "after: 5 s}", "PS0127", 4, 33, "`5 s` is no delay"),
        (HEAD + FLOW + "after: [5s]}", "PS0122", 4, 33, "`after` must be a duration"),
        (HEAD + "  - {trigger: t, source: A}", "PS0130", 4, 6, "needs `dest`"),
        (HEAD + "  - {trigger: t, source: A, internal: false}", "PS0130", 4, 6, "dest"),
        (HEAD + "  - {trigger: t, source: A, dst: A}", "PS0120", 4, 29, "`dst`"),
        (HEAD + "  - {trigger: t, dest: A}", "PS0121", 4, 6, "needs `source`"),
        (HEAD + "  - {trigger: t, dest: A, source: []}", "PS0131", 4, 35, "`source`"),
        (HEAD + '  - {trigger: t, dest: A, source: [B, "*"]}', "PS0128", 4, 39, "`*`"),
        (HEAD + "  - {trigger: t, dest: A, source: [B, 1]}", "PS0123", 4, 39, "`1`"),
        (HEAD + "  - {trigger: t, dest: A, source: [[B]]}", "PS0122", 4, 36, "item of"),
        (HEAD + '  - {trigger: t, source: A, dest: "*"}', "PS0123", 4, 35, "`*`"),
        (HEAD + "  - {trigger: t, source: A, dest: []}", "PS0131", 4, 35, "`dest`"),
        (HEAD + "  - {trigger: t, source: A, dest: [B, 1]}", "PS0123", 4, 39, "`1`"),
        (HEAD + "  - {trigger: t, source: A, dest: H()}", "PS0123", 4, 35, "empty"),
        (HEAD + "  - {trigger: t, source: A, dest: H(1)}", "PS0123", 4, 35, "`1`"),
        (HEAD + "  - {trigger: t, source: A, dest: h(P)}", "PS0123", 4, 35, "`h(P)`"),
    ],
)
def test_fault(text: str, code: str, line: int, column: int, fragment: str) -> None:
    source, (found,) = run(text)
    assert source is None
    assert (found.code, found.line, found.column) == (code, line, column)
    assert fragment in found.message


@pytest.mark.parametrize(
    ("text", "code", "column", "fragment"),
    [
        ("[]", "", 0, ""),
        ("[[a]]", "PS0122", 47, "an item of `guards` must be a name or a mapping"),
        ("{}", "PS0121", 46, "a guard needs one of `expr`, `check`"),
        ("{params: {}}", "PS0121", 47, "a guard needs one of"),
        ("{exprr: a}", "PS0120", 47, "unknown key `exprr` in a guard"),
        ("{foo: a}", "PS0120", 47, "unknown key `foo` in a guard"),
        ("{expr: a, check: {}}", "PS0128", 56, "`check` does not go with `expr`"),
        ("{expr: a, params: {}}", "PS0128", 56, "`params` does not go with `expr`"),
        ("{expr: a, foo: 1}", "PS0120", 56, "unknown key `foo`"),
        ("{expr: [a]}", "PS0122", 53, "`expr` must be a text, not a list"),
        ("{name: g, params: [1]}", "PS0122", 64, "`params` must be a mapping"),
        ("{allOf: []}", "PS0131", 54, "`allOf` must not be empty"),
        ("{anyOf: a}", "PS0122", 54, "`anyOf` must be a list"),
        ("{not: [a]}", "PS0122", 52, "`not` must be a name or a mapping, not a list"),
        ("{allOf: [{not: 1}]}", "PS0123", 61, "`1` is not a name"),
        ("{in_state: }", "PS0121", 47, "`in_state` of a guard has no value"),
        ("{check: 5}", "PS0122", 54, "`check` must be a mapping, not `5`"),
        ("{check: {op: eq, value: 1}}", "PS0121", 55, "`check` needs `field`"),
        ("{check: {field: a, value: 1}}", "PS0121", 55, "`check` needs `op`"),
        ("{check: {field: a, op: eqq, value: 1}}", "PS0124", 69, "`op` must be one"),
        (
            "{check: {field: a, op: eq}}",
            "PS0121",
            55,
            "`check` with `eq` needs `value`",
        ),
        ("{check: {field: a, op: in}}", "PS0121", 55, "with `in` needs `values`"),
        ("{check: {field: a, op: in, values: 5}}", "PS0122", 81, "must be a list"),
        ("{check: {field: a, op: gt, values: [5]}}", "PS0128", 73, "takes no `values`"),
        ("{check: {field: a, op: is_set, value: 5}}", "PS0128", 77, "takes no `value`"),
        ("{check: {feld: a, op: is_set}}", "PS0120", 55, "unknown key `feld`"),
    ],
)
def test_guard_fault(text: str, code: str, column: int, fragment: str) -> None:
    _, found = run(f"{HEAD}{FLOW}trigger: t, guards: {text}}}\n")
    if not code:
        assert found == []
        return
    (fault,) = found
    assert (fault.code, fault.line, fault.column) == (code, 4, column)
    assert fragment in fault.message


@pytest.mark.parametrize(
    ("text", "code", "column", "fragment"),
    [
        ("{}", "PS0121", 47, "an action needs one of `set`"),
        ("{sett: {}}", "PS0120", 48, "unknown key `sett` in an action"),
        ("{set: 5}", "PS0122", 53, "`set` must be a mapping"),
        ("{set: {}}", "PS0131", 53, "`set` must not be empty"),
        ("{set: {1a: 5}}", "PS0123", 54, "`1a` is not a name"),
        ("{set: {a: {expr: [1]}}}", "PS0122", 64, "`a` must be a text"),
        ("{set: {a: {expr: b, c: 1}}}", "PS0120", 67, "unknown key `c` in a value"),
        ("{set: {a: 1}, clear: b}", "PS0128", 61, "`clear` does not go with `set`"),
        ("{append: f}", "PS0122", 56, "`append` must be a mapping"),
        ("{append: {field: f}}", "PS0121", 57, "`append` needs `value`"),
        ("{append: {field: f, value: 1, x: 2}}", "PS0120", 77, "unknown key `x`"),
        ("{clear: [f]}", "PS0122", 55, "`clear` must be a name"),
        ("{increment: 5}", "PS0123", 59, "`5` is not a name"),
        ("{raise: 5}", "PS0123", 55, "`5` is not a name"),
        ("{raise: t, set: {a: 1}}", "PS0128", 48, "`raise` does not go with `set`"),
    ],
)
def test_action_fault(text: str, code: str, column: int, fragment: str) -> None:
    _, (fault,) = run(f"{HEAD}{FLOW}trigger: t, actions: {text}}}\n")
    assert (fault.code, fault.line, fault.column) == (code, 4, column)
    assert fragment in fault.message


@pytest.mark.parametrize(
    ("text", "code", "column", "fragment"),
    [
        ("state_variables: [[]]", "PS0122", 19, "must be a name or a mapping"),
        ("state_variables: [{type: string}]", "PS0121", 20, "needs `key`"),
        ("state_variables: [{kye: a}]", "PS0120", 20, "`kye`"),
        ("state_variables: [{key: a, type: int}]", "PS0125", 34, "unknown type `int`"),
        ("state_variables: [{key: a, type: [x]}]", "PS0122", 34, "must be a type"),
        ("state_variables: [{key: a, type: 'list[x'}]", "PS0126", 41, "`]` is missing"),
        ("state_variables: [{key: a, type: {enum: []}}]", "PS0131", 41, "not be empty"),
        ("state_variables: [{key: a, type: {enum: [b, b]}}]", "PS0126", 45, "twice"),
        (
            "state_variables: [{key: a, type: {enum: [b], type: c}}]",
            "PS0128",
            46,
            "not",
        ),
        ("state_variables: [{key: a, type: {enm: [b]}}]", "PS0120", 35, "`enm`"),
        (
            "state_variables: [{key: a, type: string, fields: {b: string}}]",
            "PS0126",
            50,
            "`string` has no `fields`",
        ),
        ("state_variables: [{key: a, fields: [b]}]", "PS0122", 36, "`fields` must be"),
        ("state_variables: [{key: a, fields: {1: string}}]", "PS0123", 37, "`1`"),
        ("state_variables: [{key: a, fields: {b: itneger}}]", "PS0125", 40, "itneger"),
        ("state_variables: [{key: a, required: maybe}]", "PS0122", 38, "true or false"),
        ("events: [go]", "PS0122", 10, "an item of `events` must be a mapping"),
        ("events: [{payload: {}}]", "PS0121", 11, "an event needs `name`"),
        ("events: [{name: go, payload: [a]}]", "PS0122", 30, "`payload` must be"),
        ("events: [{name: go, payload: {a b: string}}]", "PS0123", 31, "`a b`"),
        ("events: [{name: go, payload: {a: }}]", "PS0121", 31, "`a` needs a type"),
        ("events: [{name: go, payload: {a: {default: 1}}}]", "PS0121", 35, "`type`"),
        ("events: [{name: go, payload: {a: {tpye: string}}}]", "PS0120", 35, "`tpye`"),
        ("events: [{name: go, payload: {a: [x]}}]", "PS0122", 34, "`a` must be a type"),
        (
            "events: [{name: go, payload: {a: {type: string, required: 1}}}]",
            "PS0122",
            59,
            "`required` must be true or false",
        ),
    ],
)
def test_declaration_fault(text: str, code: str, column: int, fragment: str) -> None:
    _, (fault,) = run(STATES + text)
    assert (fault.code, fault.line, fault.column) == (code, 3, column)
    assert fragment in fault.message


def test_all_faults_in_one_run() -> None:
    _, found = run("""
meta: {strict_mode: 1}
states:
  - {name: A, type: intial, paren: B}
  - {name: 1, on_enter: {clear: 2}}
transitions:
  - {triger: t, source: A, dest: A, priority: x}
  - trigger: t
    guards: [{expr: a, not: b}, {anyOf: [c, 3]}]
    after: never
events:
  - {name: go, payload: {a: strng, 2: string}}
""")
    assert [(item.code, item.line) for item in found] == [
        ("PS0122", 2),
        ("PS0124", 4),
        ("PS0120", 4),
        ("PS0123", 5),
        ("PS0123", 5),
        ("PS0120", 7),
        ("PS0122", 7),
        ("PS0121", 8),
        ("PS0130", 8),
        ("PS0128", 9),
        ("PS0123", 9),
        ("PS0127", 10),
        ("PS0125", 12),
        ("PS0123", 12),
    ]


def test_help_for_an_unknown_key() -> None:
    document, report = read_text(HEAD + FLOW + "trigger: t, gaurds: g}", "m.yaml")
    assert document is not None
    validate(document, report)
    (item,) = report
    assert item.help == ("did you mean `guards`?",)
    assert (item.primary.column, item.primary.end_column) == (38, 44)


def test_a_suggestion_is_not_a_key_already_there() -> None:
    _, (found,) = run("states: [{name: A, nam: B}]")
    assert found.code == "PS0120"
    document, report = read_text("states: [{name: A, nam: B}]", "m.yaml")
    assert document is not None
    validate(document, report)
    (item,) = report
    assert item.help[0].startswith("the keys of a state are `name`, `type`")


def test_unknown_keys_as_warnings() -> None:
    text = """
colour: red
states:
  - {name: A, color: red, metadata: {color: blue, x: 1}}
transitions:
  - {trigger: t, source: A, dest: A, gaurds: [1], x-y: 1}
"""
    document, report = read_text(text, "m.yaml")
    assert document is not None
    source = validate(document, report, unknown_keys="warning")
    assert source is not None
    assert {item.severity for item in report} == {Severity.WARNING}
    assert [item.code for item in report] == ["PS0120"] * 3
    (state,), (found,) = source.states, source.transitions
    assert state.metadata is not None
    assert state.metadata.data == {"color": "blue", "x": 1}
    assert found.metadata is not None and found.metadata.data == {"gaurds": (1,)}
    assert found.guards == ()


def test_warning_alone_gives_a_source() -> None:
    source, (found,) = run(STATES + "state_variables: [{key: a, type: float}]")
    assert source is not None and source.state_variables is not None
    assert found.code == "PS0125"
    declared = source.state_variables[0].type
    assert declared is not None and declared.type == Type(Kind.OBJECT)


def test_a_report_is_added_to() -> None:
    document, report = read_text("states: [A]", "m.yaml")
    assert document is not None
    other = Report()
    assert validate(document, other) is None
    assert len(report) == 0 and len(other) == 1


@pytest.mark.parametrize(
    "text",
    [
        "states: [{name: A}]\ntransitions: [" + "1," * 5_000 + "]",
        "states: [{name: A}]\ntransitions: [" + "{}," * 5_000 + "]",
        "states: [{name: A}]\ntransitions: [{source: [" + "1," * 5_000 + "]}]",
        "states: [{name: A}]\n" + "".join(f"k{i}: 1\n" for i in range(5_000)),
        "states: [{name: A}]\nstate_variables: [{key: a, fields: {"
        + "".join(f"f{i}: 1," for i in range(5_000))
        + "}}]",
    ],
)
def test_a_flood_of_faults_is_cut(text: str) -> None:
    source, found = run(text)
    assert source is None
    assert 1_000 <= len(found) <= 1_003
    assert (found[0].code, found[0].line, found[0].column) == ("PS0116", 1, 1)


def test_alias_points_at_what_was_written() -> None:
    text = "x-n: &n 1x\nstates: [{name: *n}]"
    _, (found,) = run(text)
    assert (found.code, found.line, found.column) == ("PS0123", 1, 6)

"""The whole schema, put together from the shapes and the words.

The keys of a mapping, whether it takes others, and most of what it requires come from
its `Shape`, which the reader uses too; what the values are, and what several keys mean
to each other, stands here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pystator.compiler.source import declared, shapes
from pystator.compiler.source.limits import STATE_LIMIT
from pystator.compiler.source.schema import values as v
from pystator.compiler.source.schema.values import Json
from pystator.compiler.source.schema.words import DEFINITIONS, KEYS, MINE
from pystator.compiler.source.shape import Shape

TITLE: Final = "pystator machine"
DRAFT: Final = "http://json-schema.org/draft-07/schema#"

_GUARD = v.reference("guard")
_ACTION = v.reference("action")
_TYPE = v.reference("type")
_ACTIONS = v.one_or_many(_ACTION)
_FIELDS = v.each_named(_TYPE)


@dataclass(frozen=True, slots=True)
class Part:
    """A mapping of the language.

    `required` are keys beside those of the shape, where the reader has words of its
    own for what is missing; `rules` are about several keys at once.
    """

    shape: Shape
    values: Mapping[str, Json]
    required: tuple[str, ...] = ()
    rules: tuple[Json, ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)


def _check_rules() -> Iterator[Json]:
    value, values = v.given("value"), v.given("values")
    ops = {op: v.valued("op", {"const": op}) for op in shapes.OPERATORS}
    sets, tests = (ops["in"], ops["not_in"]), (ops["is_set"], ops["is_null"])
    compares = [ops[op] for op in ("eq", "neq", "gt", "gte", "lt", "lte")]
    comparison: Json = {"required": ["value"], **v.none_of(values)}
    membership = v.exactly_one(values, v.valued("value", v.LIST))
    yield v.if_then(v.either(*compares), comparison)
    yield v.if_then(v.either(*sets), membership)
    yield v.if_then(v.either(*tests), v.none_of(value, values))


def _transition_rules() -> Iterator[Json]:
    trigger, after = v.given("trigger"), v.given("after")
    auto, done = v.valued("auto", v.TRUE), v.valued("done", v.TRUE)
    yield v.either(trigger, after, auto, done)
    yield v.if_then(auto, v.none_of(trigger, after, done))
    yield v.if_then(done, v.none_of(trigger, after))
    yield v.if_then(v.valued("internal", v.TRUE), v.ANYTHING, v.given("dest"))


PARTS: Final[Mapping[str, Part]] = {
    "machine": Part(
        shapes.MACHINE,
        {
            "meta": v.reference("meta"),
            "states": {**v.every(v.reference("state"), 1), "maxItems": STATE_LIMIT},
            "transitions": v.every(v.reference("transition")),
            "state_variables": v.every(v.either(v.NAME, v.reference("variable"))),
            "events": v.every(v.reference("event")),
            "groups": v.MAPPING,
            "error_policy": v.reference("error_policy"),
            "properties": v.every(v.reference("property")),
        },
    ),
    "meta": Part(
        shapes.META,
        {
            "machine_name": v.TEXT,
            "version": v.TEXT,
            "description": v.TEXT,
            "strict_mode": v.FLAG,
            "event_normalizer": v.words(*shapes.EVENT_NORMALIZERS),
            "validate_context": v.FLAG,
        },
        defaults={"strict_mode": True, "validate_context": False},
    ),
    "error_policy": Part(
        shapes.ERROR_POLICY,
        {"default_fallback": v.NAME, "retry_attempts": v.NATURAL},
    ),
    "state": Part(
        shapes.STATE,
        {
            "name": v.NAME,
            "type": v.words(*shapes.STATE_TYPES),
            "parent": v.NAME,
            "initial_child": v.NAME,
            "regions": v.every(v.reference("region"), 1),
            "on_enter": _ACTIONS,
            "on_exit": _ACTIONS,
            "timeout": v.reference("timeout"),
            "invoke": v.one_or_many(v.reference("invoke")),
            "description": v.TEXT,
            "group": v.TEXT,
            "metadata": v.ANYTHING,
        },
        rules=(
            v.if_then(
                v.valued("type", {"const": "parallel"}),
                {**v.given("regions"), **v.none_of(v.given("initial_child"))},
                v.none_of(v.given("regions")),
            ),
        ),
        defaults={"type": "stable"},
    ),
    "region": Part(
        Shape(
            "a region",
            keys=("name", "initial", "states", "description"),
            required=("name",),
        ),
        {
            "name": v.NAME,
            "initial": v.NAME,
            "states": v.every(v.NAME),
            "description": v.TEXT,
        },
    ),
    "timeout": Part(shapes.TIMEOUT, {"seconds": v.SECONDS, "destination": v.NAME}),
    "invoke": Part(
        Shape(
            "`invoke`",
            keys=("id", "src", "on_done", "on_error"),
            required=("id", "src"),
        ),
        {"id": v.NAME, "src": v.TEXT, "on_done": v.NAME, "on_error": v.NAME},
    ),
    "transition": Part(
        shapes.TRANSITION,
        {
            "trigger": v.NAME,
            "source": v.either(
                v.SOURCE_NAME,
                v.every(v.NAME, 1),
                {**v.every({"const": "*"}, 1), "maxItems": 1},
            ),
            "dest": v.one_or_many(v.TARGET, 1),
            "guards": v.one_or_many(_GUARD),
            "actions": _ACTIONS,
            "after": v.DELAY,
            "auto": v.FLAG,
            "done": v.FLAG,
            "internal": v.FLAG,
            "priority": v.INTEGER,
            "region": v.NAME,
            "description": v.TEXT,
            "ref": v.TEXT,
            "refs": v.one_or_many(v.TEXT),
            "metadata": v.ANYTHING,
        },
        rules=tuple(_transition_rules()),
        defaults={"auto": False, "done": False, "internal": False, "priority": 0},
    ),
    "variable": Part(
        shapes.VARIABLE,
        {
            "key": v.NAME,
            "type": _TYPE,
            "required": v.FLAG,
            "default": v.ANYTHING,
            "description": v.TEXT,
            "fields": _FIELDS,
        },
        defaults={"required": False},
    ),
    "event": Part(
        shapes.EVENT,
        {
            "name": v.NAME,
            "description": v.TEXT,
            "payload": v.each_named(v.either(_TYPE, v.reference("field"))),
        },
    ),
    "field": Part(
        shapes.FIELD,
        {
            "type": _TYPE,
            "required": v.FLAG,
            "default": v.ANYTHING,
            "description": v.TEXT,
            "fields": _FIELDS,
        },
        rules=(v.either(v.given("type"), v.given("fields")),),
    ),
    "enum_type": Part(
        declared.ENUM, {"enum": v.every(v.optional(v.TEXT), 1)}, required=("enum",)
    ),
    "object_type": Part(declared.LONG, {"type": _TYPE, "fields": _FIELDS}),
    "named_guard": Part(
        shapes.NAMED_GUARD, {"name": v.NAME, "params": v.MAPPING}, required=("name",)
    ),
    "expr_guard": Part(shapes.EXPR_GUARD, {"expr": v.TEXT}),
    "check_guard": Part(shapes.CHECK_GUARD, {"check": v.reference("check")}),
    "all_of_guard": Part(shapes.ALL_OF, {"allOf": v.every(_GUARD, 1)}),
    "any_of_guard": Part(shapes.ANY_OF, {"anyOf": v.every(_GUARD, 1)}),
    "not_guard": Part(shapes.NOT, {"not": _GUARD}),
    "in_state_guard": Part(shapes.IN_STATE, {"in_state": v.NAME}),
    "check": Part(
        shapes.CHECK,
        {
            "field": v.NAME,
            "op": v.words(*shapes.OPERATORS),
            "value": v.ANYTHING,
            "values": v.LIST,
        },
        rules=tuple(_check_rules()),
    ),
    "named_action": Part(
        shapes.NAMED_ACTION, {"name": v.NAME, "params": v.MAPPING}, required=("name",)
    ),
    "set_action": Part(
        shapes.SET,
        {
            "set": v.each_named(
                v.either(
                    v.reference("computed"),
                    {"not": {"type": "object", "required": ["expr"]}},
                ),
                1,
            )
        },
    ),
    "timestamp_action": Part(shapes.TIMESTAMP, {"timestamp": v.NAME}),
    "increment_action": Part(shapes.INCREMENT, {"increment": v.NAME}),
    "decrement_action": Part(shapes.DECREMENT, {"decrement": v.NAME}),
    "append_action": Part(shapes.APPEND_ACTION, {"append": v.reference("append")}),
    "clear_action": Part(shapes.CLEAR, {"clear": v.NAME}),
    "raise_action": Part(shapes.RAISE, {"raise": v.NAME}, required=("raise",)),
    "append": Part(shapes.APPEND, {"field": v.NAME, "value": v.ANYTHING}),
    "computed": Part(shapes.EXPR_VALUE, {"expr": v.TEXT}),
    "property": Part(
        shapes.PROPERTY,
        {
            "name": v.TEXT,
            "always": v.TEXT,
            "never": v.TEXT,
            "reachable": v.NAME,
            "leads_to": v.reference("leads_to"),
            "terminates": v.TRUE,
            "description": v.TEXT,
        },
        rules=(v.exactly_one(*map(v.given, shapes.PROPERTY_FORMS)),),
    ),
    "leads_to": Part(
        shapes.LEADS_TO,
        {"from": v.NAME, "to": v.NAME},
    ),
}


def _forms(ending: str) -> Json:
    """A name, or exactly one of the mappings that end so."""
    names = (name for name in PARTS if name.endswith(ending))
    return v.exactly_one(v.NAME, *map(v.reference, names))


_UNIONS: Final[Mapping[str, Json]] = {
    "guard": _forms("_guard"),
    "action": _forms("_action"),
    "type": v.either(v.TYPE_NAME, v.reference("enum_type"), v.reference("object_type")),
}


def schema() -> Json:
    """The schema of a machine definition, new each time."""
    definitions = {
        name: (
            {"description": text, **_UNIONS[name]}
            if name in _UNIONS
            else _mapping(name)
        )
        for name, text in DEFINITIONS.items()
    }
    machine = definitions.pop("machine")
    return {"$schema": DRAFT, "title": TITLE, **machine, "definitions": definitions}


def schema_text() -> str:
    return json.dumps(schema(), indent=2) + "\n"


def _mapping(name: str) -> Json:
    part = PARTS[name]
    required = [
        key
        for key in part.shape.keys
        if key in part.shape.required or key in part.required
    ]
    made: Json = {
        "description": DEFINITIONS[name],
        "type": "object",
        "properties": {
            key: _property(name, key, key in required) for key in part.shape.keys
        },
        "patternProperties": {"^x[-_]": {"description": MINE}},
        "additionalProperties": part.shape.open,
    }
    if required:
        made["required"] = required
    if part.rules:
        made["allOf"] = list(part.rules)
    return made


def _property(name: str, key: str, required: bool) -> Json:
    part = PARTS[name]
    value = part.values[key]
    if not (required or key in part.shape.null_counts):
        value = v.optional(value)
    if "$ref" in value:
        # what stands beside a reference is not read
        value = {"allOf": [value]}
    made: Json = {"description": KEYS[name][key], **value}
    return {**made, "default": part.defaults[key]} if key in part.defaults else made

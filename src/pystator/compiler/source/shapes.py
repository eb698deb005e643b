"""The keys of every mapping of a definition."""

from __future__ import annotations

from pystator.compiler.source.shape import Shape

MACHINE = Shape(
    "a machine definition",
    keys=(
        "meta",
        "states",
        "transitions",
        "state_variables",
        "events",
        "groups",
        "error_policy",
        "properties",
    ),
    required=("states",),
)
META = Shape(
    "`meta`",
    keys=(
        "machine_name",
        "version",
        "description",
        "strict_mode",
        "event_normalizer",
        "validate_context",
    ),
    open=True,
)
ERROR_POLICY = Shape("`error_policy`", keys=("default_fallback", "retry_attempts"))
STATE = Shape(
    "a state",
    keys=(
        "name",
        "type",
        "parent",
        "initial_child",
        "regions",
        "on_enter",
        "on_exit",
        "timeout",
        "invoke",
        "description",
        "group",
        "metadata",
    ),
    required=("name",),
)
REGION = Shape(
    "a region", keys=("name", "initial", "states", "description"), required=("name",)
)
INVOKE = Shape(
    "`invoke`", keys=("id", "src", "on_done", "on_error"), required=("id", "src")
)
TIMEOUT = Shape(
    "`timeout`",
    keys=("seconds", "destination"),
    required=("seconds", "destination"),
)
TRANSITION = Shape(
    "a transition",
    keys=(
        "trigger",
        "source",
        "dest",
        "guards",
        "actions",
        "after",
        "auto",
        "done",
        "internal",
        "priority",
        "region",
        "description",
        "ref",
        "refs",
        "metadata",
    ),
    required=("source",),
)
VARIABLE = Shape(
    "a state variable",
    keys=("key", "type", "required", "default", "description", "fields"),
    required=("key",),
    null_counts=("default",),
)
EVENT = Shape("an event", keys=("name", "description", "payload"), required=("name",))
FIELD = Shape(
    "a payload field",
    keys=("type", "required", "default", "description", "fields"),
    null_counts=("default",),
)

_GUARD_KEYS = (
    "expr",
    "check",
    "allOf",
    "anyOf",
    "not",
    "in_state",
    "name",
    "params",
)
_ACTION_KEYS = (
    "set",
    "timestamp",
    "increment",
    "decrement",
    "append",
    "clear",
    "raise",
    "name",
    "params",
)


def _form(place: str, all_keys: tuple[str, ...], key: str) -> Shape:
    """One of several forms of a thing, told apart by their first keys."""
    rivals = tuple(other for other in all_keys if other != key)
    return Shape(place, keys=(key,), required=(key,), rivals=rivals)


def _named(place: str, all_keys: tuple[str, ...]) -> Shape:
    """The form that stands for all where no key tells which was meant."""
    return Shape(place, keys=("name", "params"), rivals=all_keys[:-2])


GUARD_FORMS = _GUARD_KEYS[:7]
ACTION_FORMS = _ACTION_KEYS[:8]
NAMED_GUARD = _named("a guard", _GUARD_KEYS)
EXPR_GUARD = _form("a guard", _GUARD_KEYS, "expr")
CHECK_GUARD = _form("a guard", _GUARD_KEYS, "check")
ALL_OF = _form("a guard", _GUARD_KEYS, "allOf")
ANY_OF = _form("a guard", _GUARD_KEYS, "anyOf")
NOT = _form("a guard", _GUARD_KEYS, "not")
IN_STATE = _form("a guard", _GUARD_KEYS, "in_state")
CHECK = Shape(
    "`check`",
    keys=("field", "op", "value", "values"),
    required=("field", "op"),
    null_counts=("value",),
)
NAMED_ACTION = _named("an action", _ACTION_KEYS)
SET = _form("an action", _ACTION_KEYS, "set")
TIMESTAMP = _form("an action", _ACTION_KEYS, "timestamp")
INCREMENT = _form("an action", _ACTION_KEYS, "increment")
DECREMENT = _form("an action", _ACTION_KEYS, "decrement")
APPEND_ACTION = _form("an action", _ACTION_KEYS, "append")
CLEAR = _form("an action", _ACTION_KEYS, "clear")
RAISE = _form("an action", _ACTION_KEYS, "raise")
APPEND = Shape(
    "`append`",
    keys=("field", "value"),
    required=("field", "value"),
    null_counts=("value",),
)
EXPR_VALUE = Shape("a value", keys=("expr",), required=("expr",))
OPERATORS = (
    "eq",
    "neq",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "not_in",
    "is_set",
    "is_null",
)
PROPERTY_FORMS = ("always", "never", "reachable", "leads_to", "terminates")
PROPERTY = Shape("a property", keys=("name", *PROPERTY_FORMS, "description"))
LEADS_TO = Shape("`leads_to`", keys=("from", "to"), required=("from", "to"))
STATE_TYPES = ("initial", "stable", "terminal", "error", "parallel", "choice")
EVENT_NORMALIZERS = ("lower", "upper")

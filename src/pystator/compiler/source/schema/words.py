"""What an editor shows about each key: by the definition it stands in, then by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MINE: Final = (
    "Keys that start with `x-` or `x_` are yours: pystator does not read them."
)

DEFINITIONS: Final[Mapping[str, str]] = {
    "machine": "A state machine, to be compiled by pystator into a typed module.",
    "meta": "About the machine as a whole. Further keys are kept and readable.",
    "error_policy": "What the orchestrator does when a step fails.",
    "state": "A state of the machine.",
    "region": "One of the parts of a parallel state that are active side by side.",
    "timeout": "Leave the state after some time in it.",
    "invoke": "A service that runs while the state is active.",
    "transition": "What leads out of a state, and when.",
    "variable": "A variable of the context.",
    "event": "An event with the payload it carries.",
    "field": "A field of a payload, at length.",
    "type": "A type: a name like `list[string]?`, an enumeration, or an object.",
    "enum_type": "A text that is one of those listed.",
    "object_type": "A type at length; with `fields`, an object of known form.",
    "guard": "A condition. A name is a method that you write.",
    "named_guard": "A guard that you write in Python, called with parameters.",
    "expr_guard": "A condition written here.",
    "check_guard": "A comparison of one field with a value.",
    "all_of_guard": "Holds if all of its guards hold.",
    "any_of_guard": "Holds if one of its guards holds.",
    "not_guard": "Holds if its guard does not.",
    "in_state_guard": "Holds if a state is active.",
    "check": "A comparison: a field, an operator, and a value for most operators.",
    "action": "Something to do. A name is a side effect: a method that you write.",
    "named_action": "An action that you write in Python, called with parameters.",
    "set_action": "Set variables of the context.",
    "timestamp_action": "Set a variable to the time of the step.",
    "increment_action": "Add 1 to a variable.",
    "decrement_action": "Subtract 1 from a variable.",
    "append_action": "Add an item at the end of a list.",
    "clear_action": "Empty a variable.",
    "raise_action": "Send the machine an event from inside.",
    "append": "Which list gets which item.",
    "computed": "A value that is computed when the step is taken.",
    "property": "A property of all runs, checked when the machine is compiled.",
    "leads_to": "Whoever is in the one state comes to the other.",
}

_PARAMS: Final = "Parameters of the call. The same name has the same keys everywhere."
_TYPE: Final = (
    "`string`, `integer`, `number`, `boolean`, `datetime`, `object`, `list`, "
    "`list[T]`, `{enum: [a, b]}`; `?` after a type makes it optional."
)
_FIELDS: Final = "The fields of an object: from name to type."
_DATA: Final = "Data of yours: kept with the machine, without a meaning to pystator."

KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "machine": {
        "meta": "Name, version and general behaviour of the machine.",
        "states": "All states, in an order that decides ties.",
        "transitions": "All transitions, in an order that decides ties.",
        "state_variables": "The typed context. Without it the context is a mapping.",
        "events": "Triggers with typed payloads. Without it every event takes any "
        "payload.",
        "groups": "Labels for groups of states, in diagrams and documentation.",
        "error_policy": "What the orchestrator does when a step fails.",
        "properties": "Temporal properties, proved or refuted at compile time.",
    },
    "meta": {
        "machine_name": "Names the class: `order desk` becomes `OrderDesk`. Without it "
        "`Machine`.",
        "version": "The version of the definition, a text of any form.",
        "description": "What the machine is for; the docstring of its class.",
        "strict_mode": "`false`: an event without a transition is accepted and does "
        "nothing, instead of being rejected.",
        "event_normalizer": "Take triggers in lower or upper case, here and when they "
        "arrive.",
        "validate_context": "Check the context against its types at run time.",
    },
    "error_policy": {
        "default_fallback": "The state to go to when a step fails for good.",
        "retry_attempts": "How often to try a failed step again.",
    },
    "state": {
        "name": "The name of the state, unique in the machine.",
        "type": "`initial`: the machine, or the parent, starts here. `stable`: an "
        "ordinary state. `terminal`: nothing leads out. `error`: an ordinary state "
        "with a label. `parallel`: all its `regions` are active at once. `choice`: "
        "left at once by the first transition whose guards hold.",
        "parent": "The state that this one is nested in.",
        "initial_child": "The child that is entered with this state; a child with "
        "`type: initial` says the same.",
        "regions": "The regions of a parallel state, active side by side.",
        "on_enter": "Actions whenever the state is entered.",
        "on_exit": "Actions whenever the state is left.",
        "timeout": "Leave the state after some time in it.",
        "invoke": "Services, started on entry and stopped on exit.",
        "description": "What it means to be in this state.",
        "group": "The group that it is shown in; see `groups`.",
        "metadata": _DATA,
    },
    "region": {
        "name": "The name of the region, unique in its parallel state.",
        "initial": "The state that the region starts in.",
        "states": "The states of the region. Naming a state here declares it.",
        "description": "What the region is for.",
    },
    "timeout": {
        "seconds": "How long, in seconds: `30`, `0.5`.",
        "destination": "The state to go to then.",
    },
    "invoke": {
        "id": "What to call the running service, unique in its state.",
        "src": "The service to start, a name for whoever runs the machine.",
        "on_done": "The trigger that the service sends when it has succeeded.",
        "on_error": "The trigger that the service sends when it has failed.",
    },
    "transition": {
        "trigger": "The event that sets it off. One of `trigger`, `after`, "
        "`auto: true`, `done: true` is needed.",
        "source": 'The state it leads out of, a list of them, or `"*"` for any state, '
        "tried last of all.",
        "dest": "The state it leads to; `H(P)` for where P was left, `H*(P)` to any "
        "depth; a list of states in different regions of a parallel state.",
        "guards": "One guard or a list. All must hold; they are asked in order.",
        "actions": "One action or a list, done in order.",
        "after": "Taken after this time in the source: `500ms`, `1.5s`, `10m`, `1h`, "
        "`2d`, or milliseconds.",
        "auto": "`true`: taken without an event, as soon as the guards hold.",
        "done": "`true`: taken when the source, compound or parallel, has reached its "
        "terminal state.",
        "internal": "`true`: the source is neither left nor entered. Without `dest`, "
        "only the actions are done.",
        "priority": "Lower is tried first among transitions of one source.",
        "region": "The region that the source is in: checked, not needed.",
        "description": "Why there is this transition.",
        "ref": "A reference, to a ticket or a paragraph; reaches comments and reports.",
        "refs": "References, to tickets or paragraphs; they reach comments and "
        "reports.",
        "metadata": _DATA,
    },
    "variable": {
        "key": "The name of the variable, a field of the context.",
        "type": _TYPE,
        "required": "`true`: the context cannot be made without it.",
        "default": "Its value in a new context.",
        "description": "What the variable holds.",
        "fields": _FIELDS,
    },
    "event": {
        "name": "The trigger that transitions name.",
        "description": "When it happens.",
        "payload": "What comes with it: from field to type. A field that is also a "
        "state variable is stored in the context.",
    },
    "field": {
        "type": _TYPE,
        "required": "Whether the event cannot be made without it; by default if it "
        "has no default and is not optional.",
        "default": "Its value where the event does not say one.",
        "description": "What the field holds.",
        "fields": _FIELDS,
    },
    "enum_type": {"enum": "The texts that are allowed."},
    "object_type": {"type": _TYPE, "fields": _FIELDS},
    "named_guard": {"name": "The method that answers.", "params": _PARAMS},
    "expr_guard": {
        "expr": "A condition over payload fields and state variables, as "
        '`qty >= total and status != "held"`. `event.f` and `ctx.v` say which.',
    },
    "check_guard": {"check": "The comparison."},
    "all_of_guard": {"allOf": "All of these hold. The first that does not ends it."},
    "any_of_guard": {"anyOf": "One of these holds. The first that does ends it."},
    "not_guard": {"not": "This guard does not hold."},
    "in_state_guard": {"in_state": "This state, or a state in it, is active."},
    "check": {
        "field": "The payload field or state variable to compare.",
        "op": "`eq` `neq` `gt` `gte` `lt` `lte` take a `value`, `in` and `not_in` take "
        "`values`, `is_set` and `is_null` take neither.",
        "value": "What to compare with.",
        "values": "The list to look it up in.",
    },
    "named_action": {
        "name": "The method to call once the new state is stored.",
        "params": _PARAMS,
    },
    "set_action": {
        "set": "From variable to its new value: a literal, or `{expr: ...}`.",
    },
    "timestamp_action": {"timestamp": "The variable to set to the time of the step."},
    "increment_action": {"increment": "The variable to add 1 to."},
    "decrement_action": {"decrement": "The variable to subtract 1 from."},
    "append_action": {"append": "Which list gets which item."},
    "clear_action": {"clear": "The variable to empty."},
    "raise_action": {
        "raise": "The trigger to send, handled before the step ends. It cannot have a "
        "required payload.",
    },
    "append": {
        "field": "The variable, a list.",
        "value": "The item: a literal, or `{expr: ...}`.",
    },
    "computed": {"expr": "An expression without division, as `qty * 2`."},
    "property": {
        "name": "What to call it in reports.",
        "always": "An expression over states and state variables that holds whenever "
        "the machine is at rest: `SHIPPED and paid`, `ctx.total >= 0`, "
        '`not state["on-hold"]`.',
        "never": "An expression over states and state variables that never holds when "
        "the machine is at rest.",
        "reachable": "A state that some events lead to.",
        "leads_to": "Whoever is in one state comes to another, whatever happens.",
        "terminates": "`true`: wherever the machine is, an end can still be reached.",
        "description": "Why it must be so.",
    },
    "leads_to": {"from": "The state it begins in.", "to": "The state to come to."},
}

"""A machine as JSON, from which a page can draw it.

    {
      "format": 1,
      "generator": "pystator graph",
      "machine": {"name", "version", "description", "strict"},
      "initial": state,
      "states": [{
        "name", "kind": "atomic" | "compound" | "parallel" | "choice" | "terminal",
        "type": the word of the definition, or the kind,
        "parent": state | null, "region": region of the parent | null,
        "initial": state | null,
        "enter": [text], "exit": [text],
        "services": [{"id", "src", "on_done": trigger | null, "on_error": ...}],
        "group", "description"
      }],
      "regions": [{"parallel": state, "name", "initial": state, "states": [state],
        "description"}],
      "groups": [{"name", "label"}],
      "transitions": [{
        "id", "trigger": text | null, "after_ms": number | null,
        "timeout": bool, "auto": bool, "done": bool,
        "source": state | "*",
        "targets": [{"state", "history": null | "H" | "H*"}],
        "internal": bool, "priority": number,
        "guards": [text], "actions": [text], "refs": [text], "description"
      }]
    }

States and transitions are in document order. States go by their names, which are
unique; groups are the declared ones, then the others that states name; a
transition's `id` is `SOURCE/cause`, with `#2` for the second such. A
transition without targets has only actions. What is not said is "" or null. Keys may be
added without a new `format`.

The invariant: the text is ASCII and has no `<`, `>` or `&`, so that it may stand inside
a page.
"""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from pystator.compiler.ir.machine import (
    ROOT,
    Machine,
    Service,
    State,
    StateId,
    StateKind,
    Transition,
)
from pystator.compiler.ir.shown import (
    action_text,
    group_labels,
    guard_text,
    transition_names,
)

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"

FORMAT: Final = 1
MADE_BY: Final = '  "generator": "pystator graph",'
_IN_PAGE: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render_json(machine: Machine) -> str:
    """The text of the object; ends with a line feed."""
    text = json.dumps(_graph(machine), indent=2, allow_nan=False)
    # outside of strings JSON has none of these
    return text.translate(_IN_PAGE) + "\n"


def _graph(machine: Machine) -> dict[str, Json]:
    services: dict[StateId, list[Json]] = {}
    for service in machine.services:
        services.setdefault(service.state, []).append(_service(service))
    names = transition_names(machine)
    states: list[Json] = []
    regions: list[Json] = []
    for state in machine.states[1:]:
        if state.kind is StateKind.REGION:
            regions.append(_region(machine, state))
        else:
            states.append(_state(machine, state, services.get(state.id, [])))
    return {
        "format": FORMAT,
        "generator": "pystator graph",
        "machine": {
            "name": str(machine.name),
            "version": machine.version,
            "description": machine.description,
            "strict": machine.strict,
        },
        "initial": _name(machine, machine.states[ROOT].initial),
        "states": states,
        "regions": regions,
        "groups": [
            {"name": name, "label": label}
            for name, label in group_labels(machine).items()
        ],
        "transitions": [
            _transition(machine, transition, names[transition.id])
            for transition in machine.transitions
        ],
    }


def _name(machine: Machine, state: StateId | None) -> str | None:
    return None if state is None else str(machine.states[state].name)


def _state(machine: Machine, state: State, services: list[Json]) -> Json:
    around = machine.states[state.parent]
    region: str | None = None
    if around.kind is StateKind.REGION:
        region = str(around.name)
        around = machine.states[around.parent]
    return {
        "name": str(state.name),
        "kind": str(state.kind),
        "type": state.type,
        "parent": None if around.id == ROOT else str(around.name),
        "region": region,
        "initial": _name(machine, state.initial),
        "enter": [action_text(action) for action in state.on_enter],
        "exit": [action_text(action) for action in state.on_exit],
        "services": services,
        "group": state.group,
        "description": state.description,
    }


def _service(service: Service) -> Json:
    return {
        "id": str(service.name),
        "src": str(service.source),
        "on_done": None if service.on_done is None else str(service.on_done),
        "on_error": None if service.on_error is None else str(service.on_error),
    }


def _region(machine: Machine, region: State) -> Json:
    return {
        "parallel": _name(machine, region.parent),
        "name": str(region.name),
        "initial": _name(machine, region.initial),
        "states": [_name(machine, child) for child in region.children],
        "description": region.description,
    }


def _transition(machine: Machine, transition: Transition, name: str) -> Json:
    return {
        "id": name,
        "trigger": None if transition.trigger is None else str(transition.trigger),
        "after_ms": transition.delay_ms,
        "timeout": transition.timeout,
        "auto": transition.auto,
        "done": transition.done,
        "source": _name(machine, transition.source),
        "targets": [
            {
                "state": str(target.name),
                "history": None if target.history is None else str(target.history),
            }
            for target in transition.targets
        ],
        "internal": transition.internal,
        "priority": transition.priority,
        "guards": [guard_text(guard) for guard in transition.guards],
        "actions": [action_text(action) for action in transition.actions],
        "refs": list(transition.refs),
        "description": transition.description,
    }

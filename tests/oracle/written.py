"""What a definition says besides its states: transitions, timers, payloads."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from tests.oracle.model import ROOT, Data, Definition, Transition
from tests.oracle.tree import Tree

REQUIRED = object()
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
EFFECTS = frozenset({"set", "timestamp", "increment", "decrement", "append", "clear"})


class Transitions:
    """The transitions of each state, those to be tried first standing first."""

    def __init__(
        self,
        tree: Tree,
        definition: Definition,
        normal: Callable[[str | None], str | None],
    ) -> None:
        self.normal = normal
        self.timers: dict[str, list[int]] = {name: [] for name in tree.order}
        self.outgoing: dict[str, list[Transition]] = {name: [] for name in tree.order}
        # A transition with several sources is one transition per source. Rule 4:
        # within one state priority, then document order. `"*"` belongs to the root.
        number = 0
        for written in definition.get("transitions") or ():
            number += 1
            for source in listed(written["source"]):
                self._add(ROOT if source == "*" else source, number, written)
        for name, state in tree.states.items():
            if "timeout" in state:
                number += 1
                timeout = state["timeout"]
                delay = int(Decimal(str(timeout["seconds"])) * 1000)
                written = {"dest": timeout["destination"], "after": delay}
                self._add(name, number, written)
        for transitions in self.outgoing.values():
            transitions.sort(key=lambda t: (t.priority, t.number))

    def _add(self, source: str, number: int, written: Definition) -> None:
        timer = None
        if "after" in written:
            timer = len(self.timers[source])
            self.timers[source].append(milliseconds(written["after"]))
        self.outgoing[source].append(
            Transition(
                source,
                number,
                written.get("priority", 0),
                self.normal(written.get("trigger")),
                timer,
                written.get("auto", False),
                written.get("done", False),
                written.get("internal", False),
                tuple(listed(written.get("dest"))),
                tuple(listed(written.get("guards"))),
                tuple(listed(written.get("actions"))),
            )
        )


def listed(written: Any) -> list[Any]:
    if written is None:
        return []
    return written if isinstance(written, list) else [written]


def variable_names(definition: Definition) -> frozenset[str] | None:
    written = definition.get("state_variables")
    if written is None:
        return None
    return frozenset(v if isinstance(v, str) else v["key"] for v in written)


def cleared_values(definition: Definition) -> Data:
    """What `clear` leaves in the variables that cannot be null: their defaults."""
    return {
        variable["key"]: variable["default"]
        for variable in definition.get("state_variables") or ()
        if isinstance(variable, dict)
        and variable.get("default") is not None
        and "type" in variable
        and not str(variable["type"]).endswith("?")
    }


def payload_default(spec: Any) -> object:
    """The value of a field that an event leaves out, or REQUIRED."""
    if not isinstance(spec, dict) or "enum" in spec:
        return None if str(spec).endswith("?") else REQUIRED
    optional = str(spec.get("type", "")).endswith("?")
    if "default" in spec or not spec.get("required", not optional):
        return deepcopy(spec.get("default"))
    return REQUIRED


def payload_fields_of(event: Definition) -> Data:
    """The default of each field that an event declares."""
    payload = event.get("payload") or {}
    return {name: payload_default(spec) for name, spec in payload.items()}


def effect_kinds(data: object) -> set[str]:
    """The effects written anywhere in a definition."""
    if isinstance(data, list):
        return {kind for item in data for kind in effect_kinds(item)}
    if not isinstance(data, dict):
        return set()
    own = {str(key) for key in data if len(data) == 1 and key in EFFECTS}
    parts = ("states", "transitions", "on_enter", "on_exit", "actions")
    return own | {kind for p in parts for kind in effect_kinds(data.get(p))}


def milliseconds(after: int | str) -> int:
    if isinstance(after, int):
        return after
    number = after.rstrip("mshd")
    return int(Decimal(number) * UNITS[after[len(number) :] or "ms"])

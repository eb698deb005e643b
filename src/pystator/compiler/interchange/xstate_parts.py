"""Guards and actions of XState's JSON -> ours.

{type: "not", guards: ["ready"]}        ->  {not: ready}
{type: "notify", params: {to: "me"}}    ->  {name: notify, params: {to: me}}
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.naming import fitted
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.source.nodes import Mapping, Node, Scalar, Sequence, to_data


def entries(node: Node | None) -> dict[str, Node]:
    """The entries of an object, none of anything else."""
    if not isinstance(node, Mapping):
        return {}
    return {
        key.text: value
        for key, value in node.entries
        if not (isinstance(value, Scalar) and value.absent)
    }


def items(node: Node | None) -> tuple[Node, ...]:
    """One, or those of a list."""
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def data_of(node: Node | None) -> Json:
    if node is None:
        return None
    found: Json = json.loads(json.dumps(to_data(node)))
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """`event` gives an event's name here, `state` that of a state, if there is one."""

    notes: Notes
    event: Callable[[str, Span], str]
    state: Callable[[str], str | None]
    variables: frozenset[str]

    def guards(self, node: Node | None) -> list[Json]:
        return [] if node is None else [self._guard(node)]

    def _guard(self, node: Node) -> Json:
        said = entries(node)
        type = _type(node)
        short = type.removeprefix("xstate.").removeprefix("guard.")
        inner = said.get("guards") or entries(said.get("params")).get("guards")
        parts = items(inner or said.get("guard"))
        match short:
            case "and" | "or" if parts:
                word = "allOf" if short == "and" else "anyOf"
                return {word: [self._guard(part) for part in parts]}
            case "not" if len(parts) == 1:
                return {"not": self._guard(parts[0])}
            case "stateIn" | "in":
                value = said.get("stateValue") or entries(said.get("params")).get(
                    "stateValue"
                )
                state = self.state(value.text) if isinstance(value, Scalar) else None
                if state is not None:
                    return {"in_state": state}
        return self._call(node, "guard")

    def actions(self, node: Node | None) -> list[Json]:
        return [self._action(item) for item in items(node)]

    def _action(self, node: Node) -> Json:
        said = entries(node)
        inner = said | entries(said.get("params"))
        match _type(node).removeprefix("xstate."):
            case "raise" if "delay" not in inner and "event" in inner:
                event = inner["event"]
                name = (
                    entries(event).get("type") if isinstance(event, Mapping) else event
                )
                if isinstance(name, Scalar):
                    return {"raise": self.event(name.text, name.span)}
            case "assign" if isinstance(inner.get("assignment"), Mapping):
                values = data_of(inner["assignment"])
                assert isinstance(values, dict)
                if values.keys() <= self.variables and not any(
                    isinstance(value, dict) for value in values.values()
                ):
                    return {"set": values}
        return self._call(node, "action")

    def _call(self, node: Node, what: str) -> Json:
        wanted = _type(node)
        name = fitted(wanted or f"inline_{what}")
        if name != wanted:
            self.notes.named(
                node.span, f"the {what} {quoted(wanted)} became {quoted(name)}"
            )
        elif wanted.startswith("xstate."):
            self.notes.named(node.span, f"{quoted(wanted)} became a named {what}")
        params = data_of(entries(node).get("params")) or {}
        for key, value in entries(node).items():
            if key not in ("type", "params") and isinstance(params, dict):
                params[key] = data_of(value)
        return {"name": name, "params": params} if params else name


def _type(node: Node) -> str:
    written = entries(node).get("type") if isinstance(node, Mapping) else node
    return written.text if isinstance(written, Scalar) else ""

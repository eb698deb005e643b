"""Reads `scenarios/*.yaml`: definitions in our language, with what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml

from benchmarks.engines.model import Node, Scenario, Transition

FOLDER = Path(__file__).with_name("scenarios")


def read_scenarios() -> tuple[Scenario, ...]:
    return tuple(read_scenario(path) for path in sorted(FOLDER.glob("*.yaml")))


def read_scenario(path: Path) -> Scenario:
    definition = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = definition.pop("x-scenario")
    states = _Tree(definition["states"]).states()
    [initial] = [s["name"] for s in definition["states"] if s.get("type") == "initial"]
    return Scenario(
        key=path.stem.partition("_")[2],
        question=asked["question"],
        path=str(path),
        definition=definition,
        initial=initial,
        states=states,
        transitions=tuple(
            _transition(source, written)
            for written in definition["transitions"]
            for source in _listed(written["source"])
        ),
        events=tuple(asked["events"]),
        guards=asked.get("guards", {}),
        raises=tuple(asked.get("raises", ())),
        show_guards=asked.get("show_guards", False),
        expected=asked["expected"],
    )


class _Tree:
    def __init__(self, written: list[dict[str, Any]]) -> None:
        self._written = {state["name"]: state for state in written}
        self._members = {
            member
            for state in written
            for region in state.get("regions", ())
            for member in region["states"]
        }

    def states(self) -> tuple[Node, ...]:
        return tuple(
            self._node(name)
            for name, state in self._written.items()
            if "parent" not in state and name not in self._members
        )

    def _node(self, name: str) -> Node:
        state = self._written.get(name, {"name": name})
        children = tuple(
            self._node(child)
            for child, written in self._written.items()
            if written.get("parent") == name
        )
        children += tuple(self._region(region) for region in state.get("regions", ()))
        kind: Literal["atomic", "compound", "parallel", "final"] = "atomic"
        if state.get("type") == "terminal":
            kind = "final"
        elif state.get("type") == "parallel":
            kind = "parallel"
        elif children:
            kind = "compound"
        return Node(
            name=name,
            kind=kind,
            initial=state.get("initial_child"),
            enter=_actions(state.get("on_enter", [])),
            exit=_actions(state.get("on_exit", [])),
            children=children,
        )

    def _region(self, region: Mapping[str, Any]) -> Node:
        children = tuple(self._node(name) for name in region["states"])
        return Node(region["name"], "region", region["initial"], (), (), children)


def _transition(source: str, written: Mapping[str, Any]) -> Transition:
    kind: Literal["event", "auto", "done", "after"] = "event"
    if written.get("auto"):
        kind = "auto"
    elif written.get("done"):
        kind = "done"
    elif "after" in written:
        kind = "after"
    return Transition(
        kind=kind,
        source=source,
        event=written.get("trigger", ""),
        delay_ms=int(str(written.get("after", "0ms")).removesuffix("ms")),
        target=written.get("dest"),
        internal=written.get("internal", False),
        guards=tuple(
            guard if isinstance(guard, str) else guard["expr"]
            for guard in _listed(written.get("guards", []))
        ),
        actions=_actions(written.get("actions", [])),
    )


def _actions(written: object) -> tuple[str, ...]:
    found: list[str] = []
    for action in _listed(written):
        match action:
            case str():
                found.append(action)
            case {"raise": str(event)}:
                found.append(f"raise:{event}")
            case {"increment": str(variable)}:
                found.append(f"increment:{variable}")
            case _:
                raise ValueError(f"an action that no adapter knows: {action}")
    return tuple(found)


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]

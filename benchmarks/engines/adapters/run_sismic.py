"""sismic: `Interpreter.execute()` after each event, with its defaults.

https://sismic.readthedocs.io: the chapters on the definition of statecharts, on their
execution (conflicts are errors) and on time (`after` in a guard, the simulated clock).
There is no transition from any state: it is written at the root.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The packages of engines are in the environment of their adapter only.
from sismic.interpreter import Interpreter  # type: ignore
from sismic.io.datadict import import_from_dict  # type: ignore

from benchmarks.engines.adapters.recording import Cannot, Recorder, main
from benchmarks.engines.model import Node, Scenario, Transition


def build(scenario: Scenario, recorder: Recorder) -> Sismic:
    if scenario.has("done"):
        raise Cannot("no completion")
    return Sismic(scenario, recorder)


class Sismic:
    def __init__(self, scenario: Scenario, recorder: Recorder) -> None:
        self._scenario = scenario
        root: dict[str, Any] = {
            "name": "root",
            "initial": scenario.initial,
            "states": [self._state(node) for node in scenario.states],
            "transitions": self._transitions("*"),
        }
        chart = {"name": "scenario", "root state": root}
        context = {"act": recorder.act, "ask": recorder.ask}
        self._interpreter = Interpreter(
            import_from_dict({"statechart": chart}), initial_context=context
        )
        self._interpreter.execute()

    def send(self, event: str) -> str:
        self._interpreter.queue(event).execute()
        return ""

    def wait(self, milliseconds: int) -> None:
        self._interpreter.clock.time += milliseconds / 1000
        self._interpreter.execute()

    def active(self) -> list[str]:
        inner = {"root", *self._scenario.parents().values()}
        return [name for name in self._interpreter.configuration if name not in inner]

    def _state(self, node: Node) -> dict[str, Any]:
        state: dict[str, Any] = {"name": node.name}
        if node.enter:
            state["on entry"] = _code(node.enter)
        if node.exit:
            state["on exit"] = _code(node.exit)
        if node.kind == "final":
            return {**state, "type": "final"}
        children = [self._state(child) for child in node.children]
        children += self._history(node)
        if node.kind == "parallel":
            state["parallel states"] = children
        elif children:
            state |= {"states": children, "initial": node.initial}
        transitions = self._transitions(node.name)
        if transitions:
            state["transitions"] = transitions
        return state

    def _history(self, node: Node) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for transition in self._scenario.transitions:
            match transition.history:
                case (node.name, deep):
                    kind = "deep history" if deep else "shallow history"
                    name = f"history_of_{node.name}"
                    found.append({"name": name, "type": kind, "memory": node.initial})
        return found

    def _transitions(self, source: str) -> list[dict[str, Any]]:
        return [
            _transition(transition)
            for transition in self._scenario.transitions
            if transition.source == source
        ]


def _transition(transition: Transition) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if transition.kind == "event":
        written["event"] = transition.event
    if transition.history:
        written["target"] = f"history_of_{transition.history[0]}"
    elif transition.target is not None:
        written["target"] = transition.target
    guards = [f"ask({guard!r})" for guard in transition.guards]
    if transition.kind == "after":
        guards.insert(0, f"after({transition.delay_ms / 1000})")
    if guards:
        written["guard"] = " and ".join(guards)
    if transition.actions:
        written["action"] = _code(transition.actions)
    return written


def _code(actions: Iterable[str]) -> str:
    lines: list[str] = []
    for action in actions:
        if action.startswith("raise:"):
            lines.append(f"send({action.removeprefix('raise:')!r})")
        else:
            lines.append(f"act({action!r})")
    return "\n".join(lines)


if __name__ == "__main__":
    main(build)

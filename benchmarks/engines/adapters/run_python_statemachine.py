"""python-statemachine: `StateChart` with its defaults.

https://python-statemachine.readthedocs.io/en/stable/transitions.html, the docstrings of
`StateChart` (`catch_errors_as_events`, `allow_event_without_transition` are True), and
those of `statemachine.io` (a class from a definition). A delay is a `send` with `delay`
at entry and a `cancel_event` at exit, as in SCXML.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

# The packages of engines are in the environment of their adapter only.
from statemachine.io import create_machine_class_from_definition  # type: ignore

from benchmarks.engines.adapters.recording import Recorder, main
from benchmarks.engines.model import Node, Scenario, Transition


def build(scenario: Scenario, recorder: Recorder) -> PythonStatemachine:
    return PythonStatemachine(scenario, recorder)


class PythonStatemachine:
    def __init__(self, scenario: Scenario, recorder: Recorder) -> None:
        self._scenario = scenario
        self._recorder = recorder
        made = create_machine_class_from_definition(
            "Machine",
            states={
                node.name: self._state(node, node.name == scenario.initial)
                for node in scenario.states
            },
            # The scenarios are small: states that nothing leaves are no mistakes here.
            validate_trap_states=False,
            validate_final_reachability=False,
            validate_disconnected_states=False,
        )
        self._machine = made()

    def send(self, event: str) -> str:
        self._machine.send(event)
        return ""

    def wait(self, milliseconds: int) -> None:
        time.sleep(milliseconds / 1000)
        self._machine._processing_loop()

    def active(self) -> list[str]:
        inner = set(self._scenario.parents().values())
        return [s.id for s in self._machine.configuration if s.id not in inner]

    def _state(self, node: Node, initial: bool) -> dict[str, Any]:
        state: dict[str, Any] = {
            "enter": self._calls(node.enter),
            "exit": self._calls(node.exit),
        }
        # Only what a class by hand would say: False is not always as if it was not.
        if initial:
            state["initial"] = True
        if node.kind == "final":
            state["final"] = True
        if node.kind == "parallel":
            state["parallel"] = True
        if node.children:
            state["states"] = {
                child.name: self._state(child, child.name == node.initial)
                for child in node.children
            }
        history = self._history(node)
        if history:
            state["history"] = history
        for transition in self._scenario.transitions:
            if transition.source == node.name:
                self._add(state, transition)
        if node.kind != "final":
            # What `State.from_.any()` does: a transition of every state, after its own.
            for transition in self._scenario.transitions:
                if transition.source == "*":
                    self._add(state, transition)
        return state

    def _history(self, node: Node) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for transition in self._scenario.transitions:
            match transition.history:
                case (node.name, deep):
                    default = {"target": node.initial}
                    history: dict[str, Any] = {"transitions": [default]}
                    if deep:
                        history["type"] = "deep"
                    found[f"history_of_{node.name}"] = history
        return found

    def _add(self, state: dict[str, Any], transition: Transition) -> None:
        target = transition.target
        if transition.history:
            target = f"history_of_{transition.history[0]}"
        written: dict[str, Any] = {
            "target": target,
            "cond": [self._guard(guard) for guard in transition.guards],
            "on": self._calls(transition.actions),
        }
        if transition.internal and target:
            written["internal"] = True
        name = transition.source
        match transition.kind:
            case "auto":
                state.setdefault("transitions", []).append(written)
                return
            case "after":
                event = f"after_{name}"
                delay = transition.delay_ms

                def start(machine: Any) -> None:
                    machine.send(event, delay=delay, send_id=event)

                def stop(machine: Any) -> None:
                    machine.cancel_event(event)

                state["enter"] = [*state["enter"], start]
                state["exit"] = [*state["exit"], stop]
            case "done":
                event = f"done.state.{name}"
            case _:
                event = transition.event
        state.setdefault("on", {}).setdefault(event, []).append(written)

    def _calls(self, actions: Iterable[str]) -> list[Callable[..., None]]:
        return [self._action(action) for action in actions]

    def _action(self, action: str) -> Callable[..., None]:
        if action.startswith("raise:"):
            event = action.removeprefix("raise:")

            def raise_event(machine: Any) -> None:
                machine.raise_(event)

            return raise_event

        def act() -> None:
            self._recorder.act(action)

        return act

    def _guard(self, guard: str) -> Callable[[], bool]:
        def ask() -> bool:
            return self._recorder.ask(guard)

        return ask


if __name__ == "__main__":
    main(build)

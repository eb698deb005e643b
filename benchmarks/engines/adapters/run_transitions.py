"""transitions: `HierarchicalMachine` with its defaults.

https://github.com/pytransitions/transitions#hsm (nesting, parallel states)
https://github.com/pytransitions/transitions#order-of-execution (callbacks): the action
of a transition is its `before` callback; there is none between exit and entry.
https://github.com/pytransitions/transitions#state-features (Timeout)
`queued=False` is the default: an event that a callback triggers is handled at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

# The packages of engines are in the environment of their adapter only.
from transitions.extensions import HierarchicalMachine  # type: ignore
from transitions.extensions.states import Timeout, add_state_features  # type: ignore

from benchmarks.engines.adapters.recording import Cannot, Recorder, main
from benchmarks.engines.model import Node, Scenario, Transition


def build(scenario: Scenario, recorder: Recorder) -> Transitions:
    if scenario.has("auto"):
        raise Cannot("no eventless")
    if any(t.history for t in scenario.transitions):
        raise Cannot("no history")
    return Transitions(scenario, recorder)


class _Model:
    state: Any
    trigger: Callable[[str], bool]


class Transitions:
    def __init__(self, scenario: Scenario, recorder: Recorder) -> None:
        self._scenario = scenario
        self._recorder = recorder
        self._model = _Model()
        timed = scenario.has("after")
        machine = HierarchicalMachine
        if timed:
            machine = add_state_features(Timeout)(HierarchicalMachine)
        machine(
            self._model,
            states=[self._state(node) for node in scenario.states],
            transitions=[self._transition(t) for t in scenario.transitions],
            initial=scenario.initial,
        )

    def send(self, event: str) -> str:
        return "" if self._model.trigger(event) else "returns False"

    def wait(self, milliseconds: int) -> None:
        time.sleep(milliseconds / 1000)

    def active(self) -> list[str]:
        return [path.rpartition("_")[2] for path in _flat(self._model.state)]

    def _state(self, node: Node) -> dict[str, Any]:
        state: dict[str, Any] = {
            "name": node.name,
            "on_enter": self._calls(node.enter),
            "on_exit": self._calls(node.exit),
            "final": node.kind == "final",
        }
        children = [self._state(child) for child in node.children]
        if node.kind == "parallel":
            state["parallel"] = children
        elif children:
            state |= {"children": children, "initial": node.initial}
        for transition in self._scenario.transitions:
            if transition.source != node.name:
                continue
            # Neither feature names a transition: both call back, and trigger an event.
            if transition.kind == "done":
                state["on_final"] = self._trigger(_event(transition))
            if transition.kind == "after":
                state["timeout"] = transition.delay_ms / 1000
                state["on_timeout"] = self._trigger(_event(transition))
        return state

    def _transition(self, transition: Transition) -> dict[str, Any]:
        target = transition.target
        return {
            "trigger": _event(transition),
            "source": self._path(transition.source),
            "dest": None if target is None else self._path(target),
            "conditions": [self._guard(guard) for guard in transition.guards],
            "before": self._calls(transition.actions),
        }

    def _path(self, name: str) -> str:
        return name if name == "*" else "_".join(self._scenario.path_of(name))

    def _calls(self, actions: Iterable[str]) -> list[Callable[[], None]]:
        return [self._action(action) for action in actions]

    def _action(self, action: str) -> Callable[[], None]:
        if action.startswith("raise:"):
            return self._trigger(action.removeprefix("raise:"))
        return lambda: self._recorder.act(action)

    def _trigger(self, event: str) -> Callable[..., None]:
        def trigger(*_: Any) -> None:
            self._model.trigger(event)

        return trigger

    def _guard(self, guard: str) -> Callable[[], bool]:
        return lambda: self._recorder.ask(guard)


def _event(transition: Transition) -> str:
    return transition.event or f"{transition.kind}-{transition.source}"


def _flat(state: Any) -> list[str]:
    if isinstance(state, str):
        return [state]
    return [path for part in state for path in _flat(part)]


if __name__ == "__main__":
    main(build)

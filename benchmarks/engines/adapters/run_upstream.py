"""pystator 0.0.x from the package index: its orchestrator, memory store and scheduler.

The guides of the package (`pystator docs`): reference/fsm-config, guides/architecture.
It reads the definition as it stands; actions run in the orchestrator, inline.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable
from typing import Any

from benchmarks.engines.adapters.recording import Cannot, Recorder, main
from benchmarks.engines.model import Scenario


def build(scenario: Scenario, recorder: Recorder) -> Upstream:
    if scenario.has("done"):
        raise Cannot("no completion")
    if any(a.startswith("raise:") for t in scenario.transitions for a in t.actions):
        raise Cannot("no raise")
    return Upstream(scenario, recorder)


class Upstream:
    def __init__(self, scenario: Scenario, recorder: Recorder) -> None:
        # In the environment of this adapter the package is the upstream one.
        import pystator
        from pystator.scheduler import AsyncioScheduler  # type: ignore
        from pystator.stores import InMemoryStateStore  # type: ignore

        package: Any = pystator
        machine = package.StateMachine
        problems = machine.validate_config(scenario.definition)
        if problems:
            raise ValueError("; ".join(problems))
        self._machine = machine.from_dict(scenario.definition)
        self._recorder = recorder
        for name in _names(scenario):
            self._machine.action(name)(self._action(name))
        for name in scenario.guards:
            self._machine.guard(name)(self._guard(name))
        self._loop = asyncio.new_event_loop()
        self._store = InMemoryStateStore()
        self._orchestrator = package.Orchestrator(
            self._machine, self._store, scheduler=AsyncioScheduler()
        )

    def send(self, event: str) -> str:
        sent = self._orchestrator.async_process_event("entity", event)
        result = self._run(sent)
        if result.success:
            return ""
        return f"rejected: {type(result.error).__name__}"

    def wait(self, milliseconds: int) -> None:
        self._run(asyncio.sleep(milliseconds / 1000))

    def active(self) -> list[str]:
        text = self._store.get_state("entity")
        if text is None:
            return [self._machine.get_initial_state().name]
        if ":" not in text:
            return [text]
        regions = text.partition(":")[2].split(",")
        return [region.partition("=")[2] for region in regions]

    def _run(self, awaitable: Any) -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            return self._loop.run_until_complete(awaitable)

    def _action(self, name: str) -> Callable[[Any], None]:
        return lambda context: self._recorder.act(name)

    def _guard(self, name: str) -> Callable[[Any], bool]:
        return lambda context: self._recorder.ask(name)


def _names(scenario: Scenario) -> set[str]:
    called = [t.actions for t in scenario.transitions]
    called += [part for node in scenario.nodes() for part in (node.enter, node.exit)]
    return {name for actions in called for name in actions if ":" not in name}


if __name__ == "__main__":
    main(build)

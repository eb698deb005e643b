"""pystator 0.0.x from the package index: its orchestrator, memory store and scheduler.

The guides of the package (`pystator docs`): reference/fsm-config, guides/architecture.
It reads our definition, but wants names in lower case, milliseconds as a number, a
`dest` of an internal transition and the `region` of one in a region; all members of
regions are states of their own. Actions run in the orchestrator, inline.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
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
        from pystator.scheduler import AsyncioScheduler  # type: ignore
        from pystator.stores import InMemoryStateStore  # type: ignore

        import pystator

        package: Any = pystator
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "machine.yaml"
            path.write_text(json.dumps(_spelled(scenario)), encoding="utf-8")
            # Its validator refuses `source: "*"`, which its guide describes.
            validate = all(t.source != "*" for t in scenario.transitions)
            self._machine = package.StateMachine.from_yaml(path, validate=validate)
        self._recorder = recorder
        self._written = {node.name.lower(): node.name for node in scenario.nodes()}
        for name in _names(scenario):
            self._machine.action(name.lower())(self._action(name))
        for name in scenario.guards:
            self._machine.guard(name)(self._guard(name))
        variables = scenario.definition.get("state_variables", [])
        self._context = {v["key"]: v["default"] for v in variables}
        self._loop = asyncio.new_event_loop()
        self._store = InMemoryStateStore()
        self._orchestrator = package.Orchestrator(
            self._machine, self._store, scheduler=AsyncioScheduler()
        )

    def send(self, event: str) -> str:
        sent = self._orchestrator.async_process_event("entity", event, self._context)
        self._context = {}
        result = self._run(sent)
        if result.success:
            return ""
        return f"rejected: {type(result.error).__name__}"

    def wait(self, milliseconds: int) -> None:
        self._run(asyncio.sleep(milliseconds / 1000))

    def active(self) -> list[str]:
        text = self._store.get_state("entity")
        if text is None:
            text = self._machine.get_initial_state().name
        if ":" not in text:
            return [self._written[text]]
        regions = text.partition(":")[2].split(",")
        return [self._written[region.partition("=")[2]] for region in regions]

    def _run(self, awaitable: Any) -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            return self._loop.run_until_complete(awaitable)

    def _action(self, name: str) -> Callable[[Any], None]:
        return lambda context: self._recorder.act(name)

    def _guard(self, name: str) -> Callable[[Any], bool]:
        return lambda context: self._recorder.ask(name)


def _spelled(scenario: Scenario) -> dict[str, Any]:
    definition: dict[str, Any] = _lower(scenario.definition)
    known = {state["name"] for state in definition["states"]}
    region_of: dict[str, str] = {}
    for node in scenario.nodes():
        if node.kind == "region":
            members = [child.name.lower() for child in node.children]
            region_of |= dict.fromkeys(members, node.name)
            new = [{"name": name} for name in members if name not in known]
            definition["states"] += new
    for transition in definition["transitions"]:
        source = transition["source"]
        if transition.get("internal"):
            transition.setdefault("dest", source)
        if "after" in transition:
            transition["after"] = int(transition["after"].removesuffix("ms"))
        if isinstance(source, str) and source in region_of:
            transition["region"] = region_of[source]
    return definition


def _lower(value: Any) -> Any:
    match value:
        case dict():
            return {key: _lower(item) for key, item in value.items()}
        case list():
            return [_lower(item) for item in value]
        case str() if value.startswith("H"):
            return "H" + value.removeprefix("H").lower()
        case str():
            return value.lower()
    return value


def _names(scenario: Scenario) -> set[str]:
    called = [t.actions for t in scenario.transitions]
    called += [part for node in scenario.nodes() for part in (node.enter, node.exit)]
    return {name for actions in called for name in actions if ":" not in name}


if __name__ == "__main__":
    main(build)

"""This project: the module compiled from the definition, run as its users do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.engines.adapters.recording import Recorder, main
from benchmarks.engines.model import Scenario
from pystator.compiler.pipeline import check, compile_text


class Refused(Exception):
    """The diagnostics of a definition that does not compile."""


def build(scenario: Scenario, recorder: Recorder) -> Pystator:
    path = Path(scenario.path)
    checked = check(path.read_text(encoding="utf-8"), path.name)
    if checked.report.has_errors:
        raise Refused(" ".join(d.code for d in checked.report))
    module = ModuleType("scenario_fsm")
    sys.modules[module.__name__] = module
    text = compile_text(checked, path.name)
    exec(compile(text, "scenario_fsm.py", "exec"), module.__dict__)
    variables = "state_variables" in scenario.definition
    return Pystator(module, module.Context() if variables else {}, recorder)


class _Guards:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __getattr__(self, name: str) -> Callable[..., bool]:
        return lambda context, event: self._recorder.ask(name)


class Pystator:
    """Keeps what its users keep: the state, the context, the clock of the timers."""

    def __init__(self, module: ModuleType, context: Any, recorder: Recorder) -> None:
        self._module = module
        self._recorder = recorder
        self._now = 0
        self._due: dict[Any, int] = {}
        has_guards = hasattr(module, "Guards")
        made = module.Machine(_Guards(recorder)) if has_guards else module.Machine()
        self._machine: Any = made
        self._context = context
        self._take(self._machine.start(self._context), None)

    def send(self, event: str) -> str:
        return self._step(self._module.parse_event(event, {}))

    def wait(self, milliseconds: int) -> None:
        until = self._now + milliseconds
        while self._due and min(self._due.values()) <= until:
            timer = min(self._due, key=self._due.__getitem__)
            self._now = self._due.pop(timer)
            self._step(self._module.Elapsed(timer))
        self._now = until

    def active(self) -> list[str]:
        text = str(self._state)
        if ":" not in text:
            return [text.partition(";")[0]]
        regions = text.partition(";")[0].partition(":")[2].split(",")
        return [region.partition("=")[2] for region in regions]

    def _step(self, event: Any) -> str:
        outcome = self._machine.process(self._state, event, self._context)
        if not outcome:
            return f"rejected: {outcome.reason.value}"
        self._take(outcome, event)
        return ""

    def _take(self, outcome: Any, event: Any) -> None:
        """The new state is stored first; then the actions are called."""
        self._state = outcome.target
        self._context = outcome.apply(self._context, event)
        for timer in getattr(outcome, "cancelled", ()):
            self._due.pop(timer, None)
        for timer in getattr(outcome, "started", ()):
            self._due[timer] = self._now + self._module.DELAY_MS[timer]
        for action in outcome.actions:
            self._recorder.act(action.name)


if __name__ == "__main__":
    main(build)

"""What an adapter in Python shares with the others: actions, guards, and its report.

An adapter reads a scenario from standard input and prints one line of JSON a step, as
soon as it is over, so that it is seen how far an engine came that never returns.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from benchmarks.engines.model import Scenario, scenario_from_json


class Cannot(Exception):
    """The engine has no way to say this; the text is the reason, in a word or two."""


class Broken(Exception):
    """What the guards and actions raise that are to raise."""


class Engine(Protocol):
    def send(self, event: str) -> str:
        """Send one event. What is notable about its end, or nothing."""

    def wait(self, milliseconds: int) -> None: ...

    def active(self) -> list[str]:
        """The names of the active states without active children."""


class Recorder:
    """Runs the scenario's guards and actions and keeps the log of one step."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.log: list[str] = []
        self.counts: dict[str, int] = {}

    def act(self, action: str) -> None:
        """An action that has a name, or that increments a variable."""
        kind, _, rest = action.partition(":")
        if kind == "increment":
            self.counts[rest] = self.counts.get(rest, 0) + 1
            return
        self.log.append(action)
        if action in self.scenario.raises:
            raise Broken(action)

    def ask(self, guard: str) -> bool:
        match guard.split():
            case [variable, "<", number]:
                return self.counts.get(variable, 0) < int(number)
            case [variable, ">=", number]:
                return self.counts.get(variable, 0) >= int(number)
        if self.scenario.show_guards:
            self.log.append(f"?{guard}")
        answer = self.scenario.guards[guard]
        if answer == "raises":
            raise Broken(guard)
        return answer


def steps(
    scenario: Scenario, build: Callable[[Scenario, Recorder], Engine]
) -> Iterator[dict[str, Any]]:
    """What happens: a line before each event, one after it; or why nothing does."""
    recorder = Recorder(scenario)
    try:
        engine = build(scenario, recorder)
    except Cannot as reason:
        yield {"cannot": str(reason)}
        return
    except ImportError:
        raise  # the environment lacks something: no result
    except Exception as error:
        yield {"refused": type(error).__name__, "message": str(error)}
        return
    for event in scenario.events:
        recorder.log.clear()
        note = ""
        yield {"begins": event}
        try:
            if event.startswith("wait "):
                engine.wait(int(event.removeprefix("wait ")))
            else:
                note = engine.send(event)
        except Exception as error:
            note = f"raises {type(error).__name__}"
        active = sorted(engine.active())
        yield {"event": event, "log": [*recorder.log], "active": active, "note": note}


def main(build: Callable[[Scenario, Recorder], Engine]) -> None:
    """Run the scenario that stands on standard input."""
    scenario = scenario_from_json(json.load(sys.stdin))
    for line in steps(scenario, build):
        print(json.dumps(line), flush=True)

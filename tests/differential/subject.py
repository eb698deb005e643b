"""One definition, in all its implementations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import pytest

from pystator.compiler.flatten import configurations
from tests.case_cells import LazyCells, cell_step
from tests.case_kernel import kernel_step
from tests.differential.difference import (
    Difference,
    Step,
    comparable,
    fields_that_differ,
)
from tests.differential.watch import WatchedOracle
from tests.modules import Generated
from tests.oracle import Definition, OracleOutcome
from tests.strategies import dump_yaml, guard_answers, moment

LIVELOCKS = 2
"""How many livelocks one subject takes asynchronously: such a step is begun anew for
each guard that it asks, which are hundreds."""


class Subject:
    """A definition that the compiler accepts. `limit` is that of written-out rows."""

    def __init__(self, definition: Definition, limit: int | None = None) -> None:
        self.definition = definition
        self.oracle = WatchedOracle(definition)
        with pytest.MonkeyPatch.context() as patched:
            if limit is not None:
                patched.setattr(configurations, "WRITTEN_LIMIT", limit)
            self.machine = Generated(dump_yaml(definition))
        self.cells = LazyCells(self.machine.flat)
        self.livelocks = 0

    def take(self, step: Step) -> tuple[OracleOutcome, Difference | None]:
        """What the oracle says, and the first that says something else."""
        given = (step.context, guard_answers(step.salt), moment(step.seconds))
        if step.event is None:
            expected = self.oracle.start(*given)
        else:
            expected = self.oracle.step(step.state, step.event, *given)
        expected = replace(
            expected, target=expected.target if expected.accepted else step.state
        )
        livelock = expected.reason == "livelock"
        self.livelocks += livelock
        for kind, taken in self._ways(step, brief=self.livelocks > LIVELOCKS):
            try:
                found = taken()
            except Exception as error:
                return expected, Difference(
                    f"{kind} raises {type(error).__name__}", f"{error}"
                )
            if found is not None and comparable(found) != comparable(expected):
                return expected, _difference(kind, comparable(expected), found)
        return expected, None

    def _ways(
        self, step: Step, *, brief: bool
    ) -> Iterator[tuple[str, Callable[[], OracleOutcome | None]]]:
        machine, event = self.machine, step.event
        ask, now = guard_answers(step.salt), moment(step.seconds)
        given = (step.state, event, step.context, ask, now)
        yield "kernel", lambda: kernel_step(machine.flat, *given)
        yield "cell", lambda: cell_step(self.cells, *given)
        rest = (step.context, ask, now)
        if event is None:
            yield "start", lambda: machine.start(*rest)
            if not brief:
                yield "astart", lambda: machine.start(*rest, asynchronous=True)
        elif event.timer is not None or self._knows(event.trigger):
            yield "process", lambda: machine.step(step.state, event, *rest)
            yield "method", lambda: machine.step(
                step.state, event, *rest, by_method=True
            )
            if not brief:
                yield "aprocess", lambda: machine.step(
                    step.state, event, *rest, asynchronous=True
                )

    def _knows(self, trigger: str | None) -> bool:
        """A module cannot be sent what its machine does not know."""
        return self.oracle.normal(trigger) in self.oracle.triggers


def resting(machine: Generated) -> list[str]:
    """Some configurations of a machine, as texts."""
    found = islice(configurations.configurations(machine.flat.machine), 50)
    return [machine.text_of(place) for place in found]


def _difference(kind: str, expected: OracleOutcome, found: OracleOutcome) -> Difference:
    found = comparable(found)
    names = fields_that_differ(expected, found)
    lines = [f"{n}: {getattr(found, n)!r}, not {getattr(expected, n)!r}" for n in names]
    return Difference(f"{kind} differs", "\n".join(lines))

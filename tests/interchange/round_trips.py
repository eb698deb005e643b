"""Definitions and their ways through SCXML, and what both do with the same events."""

from __future__ import annotations

import random
from dataclasses import replace

from pystator.compiler.diagnostics.model import Report
from pystator.compiler.emit.diagrams.scxml import render_scxml
from pystator.compiler.interchange.importer import Format, import_text
from pystator.compiler.pipeline import check
from pystator.compiler.source.nodes import Document, Mapping, Node, Scalar, Sequence
from tests.oracle import Data, Definition, Guards, Oracle, OracleEvent, OracleOutcome
from tests.strategies import moment, random_event


def plain(node: Node) -> object:
    """The data of a document with lists as lists, as YAML loaders give it."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries}


def definition_of(document: Document) -> Definition:
    found = plain(document.root)
    assert isinstance(found, dict)
    return found


def read(text: str, path: str = "machine.yaml") -> Definition:
    """The definition of a text without errors."""
    checked = check(text, path)
    errors = [d for d in checked.report if d.severity.value == "error"]
    assert not errors, (errors, text)
    assert checked.document is not None
    return definition_of(checked.document)


def exported(text: str, path: str = "machine.yaml") -> tuple[str, Report]:
    checked = check(text, path)
    assert checked.flat is not None, list(checked.report)
    return render_scxml(checked.flat.machine)


def imported(text: str, format: Format = Format.SCXML) -> tuple[str, Report]:
    found = import_text(text.encode(), "machine", format)
    assert found.text is not None, list(found.report)
    return found.text, found.report


def codes(report: Report) -> list[str]:
    return [diagnostic.code for diagnostic in report]


def said(report: Report) -> list[str]:
    return [f"{d.code} {d.message}" for d in report]


class Pair:
    """Two machines that should do the same; timers are compared by what they do."""

    def __init__(self, one: Definition, other: Definition) -> None:
        self.definition = one
        self.one, self.other = Oracle(one), Oracle(other)
        self.places = _places(self.one, self.other)

    def start(self, context: Data, guards: Guards) -> OracleOutcome:
        first = self.one.start(context, guards, moment(0))
        second = self.other.start(context, guards, moment(0))
        assert self.comparable(second) == self.comparable(self.moved(first))
        return first

    def step(
        self, state: str, event: OracleEvent, context: Data, guards: Guards, now: int
    ) -> OracleOutcome:
        first = self.one.step(state, event, context, guards, moment(now))
        sent = event
        if event.timer is not None:
            sent = replace(event, timer=self.places[event.timer])
        second = self.other.step(state, sent, context, guards, moment(now))
        assert self.comparable(second) == self.comparable(self.moved(first)), event
        return first

    def moved(self, outcome: OracleOutcome) -> OracleOutcome:
        """The outcome with the timers as the other machine numbers them."""
        started = [(*self.places[s, i], ms) for s, i, ms in outcome.started]
        cancelled = [self.places[timer] for timer in outcome.cancelled]
        return replace(outcome, started=tuple(started), cancelled=tuple(cancelled))

    def comparable(self, outcome: OracleOutcome) -> OracleOutcome:
        """Without what guards are called, and timers in an order of their own."""
        return replace(
            outcome,
            guard_name=None,
            guards_tried=(),
            started=tuple(sorted(outcome.started)),
            cancelled=tuple(sorted(outcome.cancelled)),
        )

    def walk(self, rng: random.Random, context: Data, guards: Guards, n: int) -> int:
        """Compares a random walk; the number of steps that were accepted."""
        outcome = self.start(context, guards)
        if not outcome.accepted:
            return 0
        accepted = 0
        state, context = outcome.target, outcome.context
        for now in range(n):
            event = random_event(rng, self.definition, self.one, state)
            outcome = self.step(state, event, context, guards, now)
            if outcome.accepted:
                accepted += outcome.handled
                state, context = outcome.target, outcome.context
        return accepted


def _places(one: Oracle, other: Oracle) -> dict[tuple[str, int], tuple[str, int]]:
    """Timers of one machine by those of the other: as they are tried, a `timeout` last,
    since priorities have become an order.
    """
    places = {}
    for state in one.outgoing:
        mine, yours = _timers(one, state), _timers(other, state)
        assert len(mine) == len(yours), state
        for here, there in zip(mine, yours, strict=True):
            places[state, here] = (state, there)
    return places


def _timers(oracle: Oracle, state: str) -> list[int]:
    tried = [t.timer for t in oracle.outgoing[state] if t.timer is not None]
    if "timeout" in oracle.states.get(state, {}):
        last = len(tried) - 1
        tried = [*(timer for timer in tried if timer != last), last]
    return tried

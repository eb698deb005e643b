"""What is said never to happen does not happen, on random machines with everything."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from pystator import kernel
from pystator.compiler.analysis import steps
from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.flatten.tables import Flat, flatten
from pystator.compiler.ir.build import build
from pystator.compiler.ir.machine import StateKind
from pystator.compiler.pipeline import check
from pystator.compiler.source.reader import read_text
from pystator.compiler.source.validate import validate

TRIGGERS = ("a", "b", "c")
MACHINES = 120
STEPS = 150


class Writer:
    """A definition of about a dozen states, most of which is well formed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.states: list[str] = []
        self.homes: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.lines = ["states:"]
        self.fill(None, 3, 3)

    def fill(self, parent: str | None, depth: int, count: int) -> list[str]:
        names: list[str] = []
        for number in range(count):
            name = f"S{len(self.states)}"
            self.states.append(name)
            names.append(name)
            kinds = ["plain"] * 4 + ["choice", "terminal"] * (number > 0)
            if depth:
                kinds += ["compound", "parallel"] * 2
            kind = self.rng.choice(kinds)
            self.kinds[name] = kind
            place = "" if parent is None else f", parent: {parent}"
            enter = ""
            if kind not in ("choice", "parallel") and self.rng.random() < 0.15:
                enter = f", on_enter: {{raise: {self.rng.choice(TRIGGERS)}}}"
            position = len(self.lines)
            if kind == "parallel":
                regions = []
                for region in ("r", "s"):
                    inside = self.fill(None, depth - 1, self.rng.randint(1, 3))
                    regions.append(
                        f"{{name: {region}, initial: {inside[0]}, "
                        f"states: [{', '.join(inside)}]}}"
                    )
                text = f"type: parallel, regions: [{', '.join(regions)}]"
                for line in range(position, len(self.lines)):
                    self.lines[line] = self.lines[line].replace(", type: initial", "")
            elif kind == "compound":
                inside = self.fill(name, depth - 1, self.rng.randint(1, 3))
                text = f"initial_child: {inside[0]}"
                for line in range(position, len(self.lines)):
                    self.lines[line] = self.lines[line].replace(", type: initial", "")
            else:
                text = f"type: {kind}" if kind != "plain" else "description: x"
            self.lines.append(f"  - {{name: {name}, {text}{place}{enter}}}")
        return names

    def text(self) -> str:
        self.lines.append("  - {name: START, type: initial}")
        lines = [*self.lines, "transitions:"]
        lines.append("  - {trigger: a, source: START, dest: S0}")
        for name in self.states:
            if self.kinds[name] == "choice":
                lines.append(f"  - {{auto: true, source: {name}, dest: {self.dest()}}}")
        for _ in range(self.rng.randint(6, 14)):
            lines.append(self.transition())
        return "\n".join(lines) + "\n"

    def transition(self) -> str:
        rng = self.rng
        source = rng.choice(
            [n for n in self.states if self.kinds[n] != "terminal"] or ["START"]
        )
        cause = f"trigger: {rng.choice(TRIGGERS)}"
        kind = self.kinds.get(source, "plain")
        chance = rng.random()
        if chance < 0.12:
            cause = "auto: true"
        elif chance < 0.2 and kind != "choice":
            cause = "after: 1s"
        elif chance < 0.5 and kind in ("compound", "parallel"):
            cause = "done: true"
        parts = [cause, f"source: {source}", f"dest: {self.dest()}"]
        guards = [rng.choice(("g", "h", "{not: g}", f"{{in_state: {self.any()}}}"))]
        if rng.random() < 0.5:
            parts.append(f"guards: [{', '.join(guards)}]")
        if rng.random() < 0.15:
            parts.append(f"actions: {{raise: {rng.choice(TRIGGERS)}}}")
        if rng.random() < 0.1:
            parts.append(f"priority: {rng.choice((-1, 1))}")
        return f"  - {{{', '.join(parts)}}}"

    def any(self) -> str:
        return self.rng.choice(self.states)

    def dest(self) -> str:
        name = self.any()
        if self.kinds[name] in ("compound", "parallel") and self.rng.random() < 0.3:
            return self.rng.choice((f"H({name})", f"H*({name})"))
        return name


def walked(flat: Flat, rng: random.Random) -> tuple[set[int], set[int]]:
    """States that are active and transitions that are taken on a random walk."""
    states: set[int] = set()
    taken: set[int] = set()
    leaves: kernel.Configuration = (kernel.ROOT,)
    trigger = kernel.START
    records: dict[int, kernel.Configuration] = {}

    def answer(question: kernel.Question) -> kernel.Answer:
        if isinstance(question, kernel.Recall):
            return records.get(question.memory, ())
        return rng.random() < 0.5

    for _ in range(STEPS):
        outcome = kernel.drive(flat.tables, leaves, trigger, answer)
        if outcome.reason is None:
            records.update(outcome.history)
            taken.update(outcome.taken)
            leaves = outcome.target
            states.update(s for leaf in leaves for s in flat.tables.path[leaf])
        elif trigger == kernel.START:
            break
        if leaves[0] in flat.tables.final or rng.random() < 0.03:
            leaves, trigger, records = (kernel.ROOT,), kernel.START, {}
        else:
            trigger = rng.randrange(flat.external)
    return states, taken


def flattened(text: str) -> Flat:
    """The tables of a machine although steps of it never end."""
    document, report = read_text(text, "m.yaml")
    assert document is not None
    source = validate(document, report)
    assert source is not None
    return flatten(build(source, report))


@pytest.mark.parametrize("limit", [0, steps.WALK_LIMIT])
def test_what_is_never_done_is_not_done(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "WALK_LIMIT", limit)
    seen: Counter[str] = Counter()
    for seed in range(MACHINES):
        text = Writer(seed).text()
        checked = check(text, "m.yaml")
        seen.update({d.code for d in checked.report})
        seen["clean"] += not len(checked.report)
        errors = {d.code for d in checked.report if d.severity is Severity.ERROR}
        if not errors <= {"PS0403"}:
            continue
        flat = checked.flat or flattened(text)
        states, taken = walked(flat, random.Random(seed))
        said = {(d.code, d.primary.line, d.primary.column): d for d in checked.report}
        for number in states:
            state = flat.machine.states[number]
            if state.kind not in (StateKind.ROOT, StateKind.REGION):
                place = state.name.span
                assert ("PS0401", place.line, place.column) not in said, text
        for number in taken - {flat.tables.start}:
            place = flat.machine.transitions[number].source_span
            for code in ("PS0402", "PS0403", "PS0404", "PS0407"):
                assert (code, place.line, place.column) not in said, text
    # the machines are of all kinds
    assert {"clean", "PS0401", "PS0402", "PS0403", "PS0404"} <= seen.keys(), seen
    if limit:
        assert "PS0406" in seen

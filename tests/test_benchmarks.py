"""The benchmarks run, and report every row. What they measure is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import pystator
from benchmarks.modules import generated
from benchmarks.peers import by_match, by_table, flat, nested
from benchmarks.peers.outcomes import Context
from benchmarks.regions import REGION_STEPS
from benchmarks.shapes import SHAPES
from benchmarks.sizes import SIZED
from benchmarks.steps import PARSE, STEPS
from pystator.compiler.pipeline import check

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    [package] = pystator.__path__
    paths = [str(Path(package).parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        (sys.executable, "-m", "benchmarks", *arguments),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


def test_quick_run_reports_every_row(tmp_path: Path) -> None:
    output = tmp_path / "figures.json"
    done = run(
        *("--quick", "--repetitions", "1", "--sizes", "10", "--json", str(output))
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(output.read_text(encoding="ascii"))

    rows = {(row["name"], row["event_built"]): row for row in found["steps"]}
    expected = {(step.name, built) for step in STEPS for built in (False, True)}
    assert set(rows) == expected | {(PARSE, False)}
    for key in expected:
        assert set(rows[key]["timings"]) == {
            *("floor", "dict", "match", "process", "method")
        }
        assert rows[key]["timings"]["floor"]["ratio"] == 1
    assert all(step.name in done.stdout for step in STEPS)

    regions = [row["name"] for row in found["regions"]]
    assert regions == [step.name for step in REGION_STEPS]

    compiled = {(row["shape"], row["transitions"]) for row in found["compile"]}
    assert compiled == {(shape, 10) for shape in SHAPES}
    assert all(row["output_bytes"] > 0 for row in found["compile"])
    assert [row["shape"] for row in found["sizes"]] == list(SIZED)
    assert [row["name"] for row in found["import"]] == [
        *("50 states, chain", "50 states, guarded", "50 states, hierarchy")
    ]
    assert [row["name"] for row in found["commands"]] == [
        "python, nothing",
        "pystator check, 10 states",
        "pystator compile, 50 states",
    ]


def test_one_section_can_be_run_alone(tmp_path: Path) -> None:
    output = tmp_path / "figures.json"
    done = run(
        *("--quick", "--repetitions", "1", "--only", "compile", "--sizes", "10"),
        *("--json", str(output)),
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(output.read_text(encoding="ascii"))) == {"machine", "compile"}


def test_profile_finds_every_stage() -> None:
    done = run("--profile", "hierarchy:50")
    assert done.returncode == 0, done.stderr
    assert "explore_all" in done.stdout
    assert "not found" not in done.stdout


class Answering:
    """The named guard, saying one thing: an answer, or an exception."""

    def __init__(self, answer: bool | Exception) -> None:
        self.answer = answer

    def may_cancel(self, context: object, event: object, /, *, limit: int) -> bool:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def cells(
    words: ModuleType, machines: ModuleType, context: object, guards: Answering
) -> dict[tuple[str, str], tuple[object, ...]]:
    """What a machine says to every event in every state."""
    if hasattr(words.State, "NEW"):
        machine = machines.Nested()
    else:
        machine = machines.Flat(guards)
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    for trigger in words.Trigger:
        event_class = getattr(words, trigger.value.title())
        amounts = (0, 1, 9) if trigger == "fill" else (None,)
        for amount in amounts:
            event = event_class() if amount is None else event_class(amount=amount)
            for state in words.State:
                outcome = machine.process(state, event, context)
                found[f"{trigger}({amount})", str(state)] = (
                    str(getattr(outcome, "target", None)),
                    str(getattr(outcome, "reason", None)),
                    [str(action) for action in getattr(outcome, "actions", ())],
                    getattr(outcome, "guard", None),
                    getattr(outcome, "error", None),
                )
    return found


@pytest.mark.parametrize("answer", [True, False, ValueError("refuses to say")])
@pytest.mark.parametrize("words", [flat, nested])
def test_hand_written_peers_answer_like_the_module(
    words: ModuleType, answer: bool | Exception
) -> None:
    module = generated(words.__name__.rpartition(".")[2])
    guards = Answering(answer)
    expected = cells(module, module, module.Context(qty=5), guards)
    assert len(expected) == len(words.State) * (len(words.Trigger) + 2)
    assert cells(words, by_table, Context(qty=5), guards) == expected
    assert cells(words, by_match, Context(qty=5), guards) == expected


def test_shapes_have_the_size_asked_for_and_no_errors() -> None:
    for shape, make in SHAPES.items():
        for size in (1, 10, 57, 300):
            text = make(size)
            assert text.count("{trigger: ") == size, shape
            checked = check(text, f"{shape}.yaml")
            assert not checked.report.has_errors, (shape, size, list(checked.report))

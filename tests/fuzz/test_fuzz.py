"""A short run of the fuzzer, always of the same inputs, and how it keeps what fails."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from tests.fuzz.__main__ import main
from tests.fuzz.examine import Answer, Failure, examine
from tests.fuzz.generators import GENERATORS
from tests.fuzz.run import Plan, run
from tests.fuzz.shrink import shrunk

INPUTS = 30 * len(GENERATORS)

MACHINE = b"""\
states:
  - {name: A, type: initial}
  - {name: B}
transitions:
  - {trigger: go, source: A, dest: B}
"""


def test_nothing_but_diagnostics_and_modules_comes_out(tmp_path: Path) -> None:
    said: list[str] = []
    summary = run(Plan(GENERATORS, 1, tmp_path, inputs=INPUTS), said.append)
    assert said == []
    assert summary.inputs == dict.fromkeys(GENERATORS, 30)
    assert summary.modules.total() > 30
    assert {code[:4] for code in summary.codes} >= {"PS01", "PS02", "PS03", "PS04"}
    assert len(summary.codes) > 30


def test_a_seed_names_the_inputs(tmp_path: Path) -> None:
    seen: list[list[bytes]] = []
    for seed in (7, 7, 8):
        inputs: list[bytes] = []

        def keep(data: bytes, formatted: bool, to: list[bytes] = inputs) -> Answer:
            to.append(data)
            return Answer(frozenset(), False)

        run(Plan(GENERATORS, seed, tmp_path, inputs=22, examine=keep))
        seen.append(inputs)
    assert seen[0] == seen[1] != seen[2]
    assert len(seen[0]) == 22


def test_workers_share_the_inputs(tmp_path: Path) -> None:
    halves = [
        run(Plan(GENERATORS, 1, tmp_path, first, step=2, inputs=44)) for first in (0, 1)
    ]
    halves[0].add(halves[1])
    whole = run(Plan(GENERATORS, 1, tmp_path, inputs=44))
    assert halves[0] == whole


def test_a_failure_is_stored_once_and_made_small(tmp_path: Path) -> None:
    def examine_badly(data: bytes, formatted: bool) -> Answer | Failure:
        if b"go" in data and b"A" in data:
            return Failure("AssertionError at x.py:1 in f", "the trace")
        return examine(data, formatted)

    said: list[str] = []
    plan = Plan(
        {"machine": lambda rng: MACHINE},
        1,
        tmp_path / "found",
        inputs=3,
        examine=examine_badly,
    )
    summary = run(plan, said.append)
    (path,) = summary.stored.values()
    assert summary.failures.total() == 3
    assert sorted(path.read_bytes()) == sorted(b"Ago")
    assert path.with_suffix(".original").read_bytes() == MACHINE
    assert path.with_suffix(".txt").read_text() == "the trace"
    assert "the trace" in said[0]
    assert f"--replay {path}" in said[1]
    assert "3 x AssertionError at x.py:1 in f" in "\n".join(summary.lines())


def test_shrinking_stops_after_so_many_tries() -> None:
    asked: list[bytes] = []

    def fails(data: bytes) -> bool:
        asked.append(data)
        return False

    assert shrunk(bytes(1_000), fails, 30) == bytes(1_000)
    assert len(asked) == 30


def test_an_input_that_takes_too_long_hangs() -> None:
    found = examine(MACHINE + b"x: [" + b"{}," * 200_000 + b"]", False, 0.05)
    assert isinstance(found, Failure)
    assert found.kind == "Hang"


def test_the_kind_says_where() -> None:
    found = examine(cast("bytes", None), False)
    assert isinstance(found, Failure)
    assert "answer.py" in found.kind or "reader.py" in found.kind


def test_the_command(tmp_path: Path) -> None:
    assert main(["--inputs", "11", "--seed", "3", "--folder", str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "m.yaml"
    path.write_bytes(MACHINE)
    assert main(["--replay", str(path)]) == 0

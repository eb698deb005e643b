"""The command that looks for differences, with a kernel that is made wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pystator import kernel
from tests.differential import Difference, Step, walk
from tests.differential.__main__ import main
from tests.differential.smaller import smaller
from tests.differential.stored import load, store
from tests.differential.summary import Summary
from tests.differential.watch import FEATURES, WatchedOracle
from tests.oracle import Definition, OracleEvent
from tests.oracle_steps import answers
from tests.strategies import moment


def forgetful(
    tables: kernel.Tables,
    leaves: kernel.Configuration,
    trigger: int,
    answer: Callable[[kernel.Question], kernel.Answer],
) -> kernel.Outcome:
    """The kernel, which has forgotten that timers are cancelled."""
    return replace(DRIVE(tables, leaves, trigger, answer), cancelled=())


DRIVE = kernel.drive


def test_a_difference_is_found_made_small_and_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(kernel, "drive", forgetful)
        assert main(["--machines", "4", "--folder", str(tmp_path)]) == 1
        said = capsys.readouterr().out.splitlines()
        assert any(line.endswith("kernel differs") for line in said)
        (line,) = [line for line in said if line.startswith("run it again")]
        path = Path(line.split()[-1])
        definition = load(path)[0]
        assert len(definition["states"]) <= 4
        assert len(definition.get("transitions", ())) <= 2
        assert main(["--replay", str(path)]) == 1
    stored = sorted(tmp_path.glob("*.yaml"))
    assert len(stored) == 2
    for path in stored:  # with the kernel as it is
        assert main(["--replay", str(path)]) == 0


def test_two_workers_walk_as_one_does() -> None:
    one, other, both = Summary(), Summary(), Summary()
    for number, summary in ((4, one), (5, other)):
        summary.note(walk(number, events=10))
    for number in (4, 5):
        both.note(walk(number, events=10))
    one.add(other)
    assert one == both
    assert both.machines.total() == 2
    assert both.steps <= 22


MACHINE: Definition = {
    "states": [
        {"name": "A", "type": "initial"},
        {"name": "W", "initial_child": "P"},
        {
            "name": "P",
            "parent": "W",
            "type": "parallel",
            "regions": [
                {"name": "r", "initial": "B", "states": ["B"]},
                {"name": "s", "initial": "C", "states": ["C", "D"]},
            ],
        },
    ],
    "transitions": [
        {"trigger": "go", "source": "A", "dest": ["B", "D"]},
        {"trigger": "go", "source": ["B", "C"], "dest": "D", "guards": ["f", "g"]},
        {"trigger": "up", "source": "W", "dest": "H*(P)"},
        {"trigger": "up", "source": "*", "dest": "A"},
    ],
}


def test_what_a_step_uses_is_noted() -> None:
    oracle = WatchedOracle(MACHINE)

    def met(state: str, trigger: str, **given: bool) -> set[str]:
        oracle.step(state, OracleEvent(trigger), {}, answers(**given), None)
        return oracle.met - {"dynamic"}

    assert met("A", "go") == {"fork", "regions"}
    assert met("A", "up") == {"any"}
    assert met("P:r=B,s=C", "up") == {"ancestor's", "deep history", "record", "regions"}
    refused = {"named guard", "no guard holds"}
    assert met("P:r=B,s=C", "go", f=True, g=False) == refused
    taken = met("P:r=B,s=C", "go", f=True, g=True)
    assert taken == {"named guard", "conflict", "regions"}
    assert met("P:r=B,s=C", "gone") == set()
    assert taken < set(FEATURES)


def test_smaller_definitions_lack_something() -> None:
    found = list(smaller(MACHINE))
    assert all(definition != MACHINE for definition in found)
    names = [[state["name"] for state in d["states"]] for d in found]
    assert ["A"] in names and ["A", "W"] in names
    without_region = [d for d in found if len(d["states"][-1].get("regions", ())) == 1]
    assert without_region
    forks = [d["transitions"][0]["dest"] for d in without_region]
    assert "B" in forks and "D" in forks
    guards = [t.get("guards") for d in found for t in d.get("transitions", ())]
    assert ["g"] in guards and ["f"] in guards


def test_a_step_is_read_as_it_was_written(tmp_path: Path) -> None:
    step = Step("A", OracleEvent(timer=("A", 0)), {"seen": moment(1)}, 3, 4)
    path = store(tmp_path, "one", MACHINE, step, Difference("kernel", "x"), 0)
    assert load(path) == (MACHINE, step, 0)

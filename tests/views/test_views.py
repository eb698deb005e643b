"""The committed views are what is made of their definitions, and well formed.

`pytest tests/views --bless` writes them anew: look at what changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import StateKind
from pystator.compiler.ir.shown import transition_names
from tests.views.dot_tokens import check_dot
from tests.views.mermaid_lines import check_mermaid
from tests.views.views import VIEWS, flat_of

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DEFINITIONS = sorted(
    [*HERE.glob("*.yaml"), *ROOT.glob("generated_examples/*/*.yaml")],
    key=lambda path: path.stem,
)
MORE = [
    ROOT / "tests" / "acceptance" / "claim.yaml",
    *sorted((ROOT / "tests" / "variations").glob("*.yaml")),
]


def name(path: Path) -> str:
    return path.stem


def read(path: Path) -> Flat:
    flat = flat_of(path.read_bytes())
    assert flat is not None, f"{path} has errors"
    return flat


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", DEFINITIONS, ids=name)
def test_the_view_is_the_committed_one(
    path: Path, view: str, request: pytest.FixtureRequest
) -> None:
    made = VIEWS[view](read(path))
    expected = HERE / "expected" / f"{path.stem}.{view}"
    if request.config.getoption("--bless"):
        expected.write_text(made, encoding="utf-8", newline="\n")
    assert made == expected.read_text(encoding="utf-8")


def test_every_committed_view_has_its_definition() -> None:
    names = {f"{path.stem}.{view}" for path in DEFINITIONS for view in VIEWS}
    assert {path.name for path in (HERE / "expected").iterdir()} == names


def test_the_machines_use_everything() -> None:
    """Every key of the JSON, every kind of state: a new one needs a golden."""
    kinds: set[str] = set()
    unused = Counter[str]()
    for path in HERE.glob("*.yaml"):
        graph = json.loads(VIEWS["json"](read(path)))
        kinds |= {state["kind"] for state in graph["states"]}
        for part in ("states", "regions", "groups", "transitions"):
            for item in graph[part]:
                unused.update({f"{part} {key}": bool(item[key]) for key in item})
    assert kinds == {*StateKind} - {StateKind.ROOT, StateKind.REGION}
    assert [key for key, count in unused.items() if not count] == []


@pytest.mark.parametrize("path", [*DEFINITIONS, *MORE], ids=name)
def test_diagrams_are_well_formed(path: Path) -> None:
    flat = read(path)
    machine = flat.machine
    targets = sum(bool(transition.targets) for transition in machine.transitions)
    arrows = [line for line in check_mermaid(VIEWS["mmd"](flat)) if " : ..." in line]
    assert sum(" --> " in line for line in arrows) == targets
    tokens = check_dot(VIEWS["dot"](flat))
    initial = sum(state.initial is not None for state in machine.states)
    forked = sum(len(t.targets) for t in machine.transitions if len(t.targets) > 1)
    assert tokens.count("->") == targets + initial + forked


@pytest.mark.parametrize("path", [*DEFINITIONS, *MORE], ids=name)
def test_json_says_where_everything_is(path: Path) -> None:
    machine = read(path).machine
    graph = json.loads(VIEWS["json"](read(path)))
    names = {state["name"] for state in graph["states"]}
    assert len(names) == len(graph["states"])
    regions = {(r["parallel"], r["name"]): r["states"] for r in graph["regions"]}
    for state in graph["states"]:
        assert state["parent"] is None or state["parent"] in names
        if state["region"] is not None:
            assert state["name"] in regions[state["parent"], state["region"]]
    assert sum(map(len, regions.values())) == sum(
        state["region"] is not None for state in graph["states"]
    )
    ids = [transition["id"] for transition in graph["transitions"]]
    assert ids == list(transition_names(machine))
    assert len(set(ids)) == len(ids)
    for transition in graph["transitions"]:
        assert transition["source"] in names | {"*"}
        assert {target["state"] for target in transition["targets"]} <= names


def test_what_is_added_shifts_nothing_else() -> None:
    """A state in front and a transition of it: the other lines of the dump stay."""
    text = (HERE / "fulfilment.yaml").read_text()
    more = text.replace("states:\n", "states:\n  - {name: EARLY}\n", 1).replace(
        "transitions:\n",
        "transitions:\n  - {trigger: early, source: EARLY, dest: CART, actions: new}\n",
        1,
    )
    before, after = flat_of(text), flat_of(more)
    assert before is not None and after is not None
    old = VIEWS["txt"](before).splitlines()
    new = VIEWS["txt"](after).splitlines()
    rest = iter(new)
    assert all(line in rest for line in old), "lines were changed, or moved"
    assert "  row EARLY: EARLY/early" in new


@pytest.mark.parametrize("parallel", [False, True])
def test_states_may_nest_deeply(parallel: bool) -> None:
    """As deep as the compiler goes, which does not recurse either."""
    depth = 64 if parallel else 3_000
    states: list[dict[str, object]] = [{"name": "S0"}]
    for number in range(1, depth):
        inner = f"S{number}"
        if parallel:
            region = {"name": "r", "initial": inner, "states": [inner]}
            states[-1] |= {"type": "parallel", "regions": [region]}
            states.append({"name": inner})
        else:
            states[-1]["initial_child"] = inner
            states.append({"name": inner, "parent": f"S{number - 1}"})
    start = {"name": "A", "type": "initial"}
    move = {"trigger": "go", "source": "A", "dest": "S0"}
    flat = flat_of(json.dumps({"states": [start, *states], "transitions": [move]}))
    assert flat is not None
    made = {name: view(flat) for name, view in VIEWS.items()}
    assert len(json.loads(made["json"])["states"]) == depth + 1
    assert sum("{" in line for line in check_mermaid(made["mmd"])) == depth - 1
    assert max(map(len, made["dot"].split("\n"))) < 200
    assert made["dot"].count("subgraph") == (depth - 1) * (1 + parallel)


@pytest.mark.parametrize("seed", ["1", "42"])
def test_the_hash_seed_does_not_count(seed: str) -> None:
    program = (
        "import sys; from tests.views.views import VIEWS, flat_of\n"
        "for path in sys.argv[1:]:\n"
        "    flat = flat_of(open(path, 'rb').read())\n"
        "    for view in VIEWS.values(): sys.stdout.write(view(flat))\n"
    )
    paths = sorted(HERE.glob("*.yaml"))
    expected = "".join(view(read(path)) for path in paths for view in VIEWS.values())
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, *map(str, paths)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == expected

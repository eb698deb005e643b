"""Cells that leaves share are those that each of them has when it is explored alone."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from pystator.cells import CellTooLarge, explore
from pystator.compiler.flatten import alike
from pystator.compiler.flatten.explore import Large
from pystator.compiler.pipeline import check

MACHINES = 400
TRIGGERS = ("go", "on", "out", "tell")


def machine(rng: random.Random) -> dict[str, Any]:
    """Nested states of which most say nothing, so that many leaves are alike."""
    states: list[dict[str, Any]] = []

    def grow(name: str, parent: str | None, depth: int) -> None:
        state: dict[str, Any] = {"name": name}
        states.append(state)
        if parent is not None:
            state["parent"] = parent
        if rng.random() < 0.1:
            state["on_exit"] = rng.choice(["bye", {"raise": "tell"}])
        if rng.random() < 0.1:
            state["on_enter"] = rng.choice(["hello", {"raise": "tell"}])
        if rng.random() < 0.05:
            state["timeout"] = {"seconds": 1, "destination": "S"}
        if rng.random() < 0.05:
            state["invoke"] = [{"id": "feed", "src": "feed"}]
        if depth and rng.random() < 0.8:
            children = [f"{name}{n}" for n in range(rng.randint(2, 3))]
            state["initial_child"] = children[0]
            for child in children:
                grow(child, name, depth - 1)
        elif parent is not None and rng.random() < 0.1:
            state["type"] = "terminal"

    states.append({"name": "S", "type": "initial"})
    for name in "PQ":
        grow(name, None, 3)
    names = [state["name"] for state in states]
    ended = {state["name"] for state in states if state.get("type") == "terminal"}
    inner = [n for n in names if any(state.get("parent") == n for state in states)]
    transitions: list[dict[str, Any]] = []
    for _ in range(rng.randint(4, 10)):
        source = rng.choice([*inner, *inner, *(n for n in names if n not in ended)])
        move: dict[str, Any] = {"source": source, "dest": rng.choice(names)}
        kind = rng.random()
        if kind < 0.08 and source in inner:
            move["done"] = True
        elif kind < 0.16:
            move |= {"auto": True, "guards": "g0"}
        else:
            move["trigger"] = rng.choice(TRIGGERS)
        if rng.random() < 0.4:
            move["internal"] = True
            if rng.random() < 0.6 and "trigger" in move:
                del move["dest"]
        if rng.random() < 0.4:
            move["actions"] = rng.choice(["act", {"raise": "tell"}, {"raise": "on"}])
        if rng.random() < 0.3:
            guard = {"in_state": rng.choice(names)}
            move["guards"] = rng.choice(["g1", guard, {"not": guard}])
        transitions.append(move)
    return {"states": states, "transitions": transitions}


@pytest.mark.parametrize("first", range(0, MACHINES, 100))
def test_shared_cells_are_the_cells(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    explored = cells = compiled = 0

    def counted(*arguments: Any) -> object:
        nonlocal explored
        explored += 1
        return explore(*arguments)

    monkeypatch.setattr(alike, "explore", counted)
    for seed in range(first, first + 100):
        text = json.dumps(machine(random.Random(seed)))
        checked = check(text, "m.json")
        if checked.flat is None or checked.cells is None:
            continue  # what is raised goes round for ever
        compiled += 1
        for trigger, column in enumerate(checked.cells.columns):
            cells += len(column)
            for place, cell in column.items():
                try:
                    alone = explore(checked.flat.tables, place, trigger)
                except CellTooLarge:
                    assert cell == Large(trigger, place)
                else:
                    assert cell == alone, (place, trigger, text)
    assert compiled > 50 and explored < 0.85 * cells, "hardly anything is shared"


NESTED = """
states:
  - {name: P, type: initial, initial_child: A}
  - {name: A, parent: P%s}
  - {name: B, parent: P%s}
  - {name: C, parent: P%s}
  - {name: X}
transitions:
  - {trigger: go, source: P, dest: X%s}
  - {trigger: on, source: X, dest: P}
  - {trigger: stay, source: P, internal: true, guards: g0, actions: log}
  - {trigger: next, source: A, dest: B}
  - {trigger: next, source: B, dest: C}
"""


@pytest.mark.parametrize(
    ("filling", "explored"),
    [
        (("", "", "", ""), {"A"}),
        (("", ", on_exit: [bye]", "", ""), {"A", "B"}),
        (("", "", ", timeout: {seconds: 1, destination: X}", ""), {"A", "C"}),
        (("", "", "", ", guards: {in_state: C}"), {"A", "C"}),
    ],
)
def test_what_tells_leaves_apart(
    filling: tuple[str, ...], explored: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[int, ...], int]] = []

    def noted(tables: Any, leaves: tuple[int, ...], trigger: int) -> object:
        asked.append((leaves, trigger))
        return explore(tables, leaves, trigger)

    monkeypatch.setattr(alike, "explore", noted)
    checked = check(NESTED % filling, "m.yaml")
    assert checked.flat is not None, list(checked.report)
    machine = checked.flat.machine
    go = [str(event.name) for event in machine.events].index("go")
    names = {str(machine.states[leaf].name) for (leaf,), t in asked if t == go}
    assert names == explored

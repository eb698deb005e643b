"""Cells that leaves share are those that each of them has when it is explored alone."""

from __future__ import annotations

import random

import pytest

from pystator.cells import CellTooLarge, explore
from pystator.compiler.flatten import alike
from pystator.compiler.flatten.explore import Large
from pystator.compiler.pipeline import check
from tests.strategies import PLAIN, dump_yaml, random_features, random_machine

MACHINES = 200


@pytest.mark.parametrize("first", range(0, MACHINES, 50))
def test_shared_cells_are_the_cells(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = 0
    instead = alike._instead

    def counted(*arguments: object) -> object:
        nonlocal shared
        found = instead(*arguments)  # type: ignore[arg-type]
        shared += found is not None
        return found

    monkeypatch.setattr(alike, "_instead", counted)
    for seed in range(first, first + 50):
        rng = random.Random(seed)
        definition = random_machine(rng, random_features(rng, PLAIN))
        for state in definition["states"]:
            if rng.random() < 0.8:  # most leaves say nothing when they are left
                state.pop("on_exit", None)
                state.pop("timeout", None)
        text = dump_yaml(definition)
        checked = check(text, "m.yaml")
        assert checked.flat is not None and checked.cells is not None
        for trigger, column in enumerate(checked.cells.columns):
            for place, cell in column.items():
                try:
                    alone = explore(checked.flat.tables, place, trigger)
                except CellTooLarge:
                    assert cell == Large(trigger, place)
                else:
                    assert cell == alone, (place, trigger, text)
    assert shared > 50, "hardly anything is shared"


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

    def noted(tables: object, leaves: tuple[int, ...], trigger: int) -> object:
        asked.append((leaves, trigger))
        return explore(tables, leaves, trigger)  # type: ignore[arg-type]

    monkeypatch.setattr(alike, "explore", noted)
    checked = check(NESTED % filling, "m.yaml")
    assert checked.flat is not None, list(checked.report)
    machine = checked.flat.machine
    go = [str(event.name) for event in machine.events].index("go")
    names = {str(machine.states[leaf].name) for (leaf,), t in asked if t == go}
    assert names == explored

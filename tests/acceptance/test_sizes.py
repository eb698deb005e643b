"""Modules grow with their definitions, not with what those multiply to.

How long compiling takes is for `benchmarks`; how large a module is, is the same on
every machine.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.shapes import chain
from benchmarks.sizes import (
    SIZED,
    autos,
    guarded_regions,
    guards,
    inherited,
    regions,
    sparse,
)
from pystator.compiler.pipeline import check, compile_text
from tests.modules import module_of


def size_of(text: str) -> int:
    checked = check(text, "m.yaml")
    assert checked.flat is not None, list(checked.report)
    return len(compile_text(checked, "m.yaml"))


@pytest.mark.parametrize("name", SIZED)
def test_the_module_is_not_larger_than_its_goal(name: str) -> None:
    assert size_of(SIZED[name].text) <= SIZED[name].goal_kib * 1024


GROWTH: dict[str, Callable[[int], str]] = {
    "states of a chain": lambda n: chain(200 * n),
    "regions": lambda n: regions(3 * n, 10),
    "states of a region": lambda n: regions(6, 10 * n),
    "regions with guards": lambda n: guarded_regions(10 * n),
    "guards of a cell": lambda n: guards(10 * n),
    "autos in a row": lambda n: autos(10 * n),
    "leaves that inherit": lambda n: inherited(100 * n, 30),
    "transitions inherited": lambda n: inherited(200, 25 * n),
    "states with exit actions": lambda n: inherited(100 * n, 20, 10),
    "states and triggers": lambda n: sparse(100 * n, 3),
}


@pytest.mark.parametrize("what", GROWTH)
def test_twice_as_much_makes_at_most_twice_the_module(what: str) -> None:
    """Of what is added: three times as much against twice as much."""
    small, middle, large = (size_of(GROWTH[what](n)) for n in (1, 2, 3))
    assert large - middle <= 1.25 * (middle - small)


def test_rows_of_few_cells_answer_for_all_states() -> None:
    count, each = 80, 3
    text = sparse(count, each)
    checked = check(text, "m.yaml")
    module = module_of(compile_text(checked, "m.yaml"))
    assert checked.flat is not None
    tables = checked.flat.tables
    machine = module.Sparse()
    context: dict[str, object] = {}
    accepted = 0
    for trigger in module.Trigger:
        event = module.parse_event(trigger.value, {})
        number = int(trigger.value[1:])
        for state in module.State:
            outcome = machine.process(state, event, context)
            at = int(state.value[1:])
            listens = any((number * 7 + n * 13) % count == at for n in range(each))
            assert bool(outcome) is listens, (state, trigger)
            if listens:
                assert outcome.target is module.State(f"S{(at + 1) % count}")
                accepted += 1
            else:
                assert outcome.reason == "invalid_transition"
    assert accepted == sum(len(row) for row in tables.rows.values())
    with pytest.raises(KeyError):
        machine.process("S9999", module.parse_event("t0", {}), context)

"""The target modules keep the contract that the templates reproduce."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.flat import flat_fsm as flat
from tests.contract.flat import good_caller as flat_caller
from tests.contract.hierarchical import good_caller as hierarchical_caller
from tests.contract.hierarchical import hierarchical_fsm as hierarchical
from tests.contract.parallel import good_caller as parallel_caller
from tests.contract.parallel import parallel_fsm as parallel
from tests.contract.steps import (
    ANSWERS,
    NOON,
    AsyncGuards,
    Broken,
    Guards,
    flat_steps,
    hierarchical_steps,
    parallel_steps,
)
from tests.typing_harness import mismatches

HERE = Path(__file__).parent
MODULES = sorted(HERE.glob("*/*_fsm.py"))


class TestCheckers:
    def test_every_error_is_where_it_is_expected(self) -> None:
        files = (*MODULES, *sorted(HERE.glob("*/*_caller.py")))
        found = mismatches(HERE, files, mypy_options=("--disallow-any-expr",))
        assert found == ()

    @pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
    def test_nothing_is_suppressed(self, module: Path) -> None:
        text = module.read_text(encoding="utf-8")
        assert text.isascii()
        for word in ("type: ignore", "pyright:", "noqa", "cast(", "Any", "fmt:"):
            assert word not in text

    def test_black_changes_nothing(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "black", "--check", "--quiet", *map(str, MODULES)],
            check=False,
        )
        assert done.returncode == 0

    @pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
    def test_it_imports_alone(self, module: Path) -> None:
        program = (
            "import sys; sys.path.insert(0, sys.argv[1]); "
            f"import {module.stem} as made; "
            "loaded = {name.partition('.')[0] for name in sys.modules}; "
            "print(*(loaded - sys.stdlib_module_names - {'__main__'})); "
            "print(*(name for name in made.__all__ if not hasattr(made, name)))"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", program, str(module.parent)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == f"{module.stem}\n\n"


class TestSyncIsAsync:
    def test_flat(self) -> None:
        async def steps() -> None:
            for given in ANSWERS:
                sync = flat.OrderManagement(Guards(given))
                remote = flat.OrderManagement(AsyncGuards(given))
                for state, event, context in flat_steps():
                    expected = sync.process(state, event, context)
                    for machine in (sync, remote):
                        outcome = await machine.aprocess(state, event, context)
                        assert_identical(outcome, expected)

        asyncio.run(steps())

    def test_hierarchical(self) -> None:
        async def steps() -> None:
            for given in ANSWERS:
                sync = hierarchical.OrderDesk(Guards(given))
                remote = hierarchical.OrderDesk(AsyncGuards(given))
                for state, event, context in hierarchical_steps():
                    expected = sync.process(state, event, context, now=NOON)
                    outcome = await remote.aprocess(state, event, context, now=NOON)
                    assert_identical(outcome, expected)
                fresh = hierarchical.Context(order_qty=5)
                assert_identical(
                    await remote.astart(fresh, now=NOON), sync.start(fresh, now=NOON)
                )

        asyncio.run(steps())

    def test_parallel(self) -> None:
        async def steps() -> None:
            for given in ANSWERS:
                sync = parallel.Purchase(Guards(given))
                remote = parallel.Purchase(AsyncGuards(given))
                for state, event, context in parallel_steps():
                    expected = sync.process(state, event, context)
                    outcome = await remote.aprocess(state, event, context)
                    assert_identical(outcome, expected)

        asyncio.run(steps())


def assert_identical(outcome: Any, expected: Any) -> None:
    """Outcomes are shared constants, but for the failure of a guard."""
    if expected or expected.error is None:
        assert outcome is expected
    else:
        assert outcome.reason == expected.reason
        assert (outcome.guard, outcome.guards) == (expected.guard, expected.guards)
        assert isinstance(outcome.error, Broken)


class TestMethodsAreProcess:
    def test_flat(self) -> None:
        machine = flat.OrderManagement(Guards(True))
        for state, event, context in flat_steps():
            method = getattr(machine, event.trigger)
            assert method(state, event, context) is machine.process(
                state, event, context
            )

    def test_hierarchical(self) -> None:
        machine = hierarchical.OrderDesk(Guards(True))
        for state, event, context in hierarchical_steps():
            if isinstance(event, hierarchical.Elapsed):
                continue
            method = getattr(machine, event.trigger)
            assert method(state, event, context, now=NOON) is machine.process(
                state, event, context, now=NOON
            )

    def test_parallel(self) -> None:
        machine = parallel.Purchase(Guards(True))
        for state, event, context in parallel_steps():
            method = getattr(machine, event.trigger)
            assert method(state, event, context) is machine.process(
                state, event, context
            )


class TestCallers:
    def test_flat(self) -> None:
        expected = (
            flat.State.FILLED,
            flat.Context(order_qty=5, filled_qty=5, fills=2),
            ["announce", "notify 5.0 by mail"],
        )
        assert flat_caller.whole_life() == expected
        assert asyncio.run(flat_caller.whole_life_async()) == expected
        assert flat_caller.legal_steps_need_no_test() is flat.State.OPEN
        assert flat_caller.guarded_steps_are_narrowed() is flat.State.PARTIALLY_FILLED
        assert flat_caller.illegal_steps_are_known() == "terminal_state"
        assert flat_caller.unknown_states_are_total("OPEN") is None
        assert flat_caller.unknown_states_are_total("FILLED") == "terminal_state"
        assert flat_caller.events_are_exhaustive(flat.Cancel(reason="late")) == "late"
        assert flat_caller.triggers_compare_with_text(flat.Fill(fill_qty=1))
        assert asyncio.run(flat_caller.sync_parts_serve_async_machines())

    def test_hierarchical(self) -> None:
        done, context, due = hierarchical_caller.whole_life()
        assert done == [
            "subscribe",
            "log by phone",
            "unsubscribe",
            "notify still halted HALTED/after",
            "subscribe",
            "unsubscribe",
            "release",
            "settle 5.0",
        ]
        assert context == hierarchical.Context(
            order_qty=5,
            filled_qty=5,
            notes=1,
            checked_at=NOON,
            closed_at=NOON.replace(second=6),
        )
        assert due == {}
        assert hierarchical_caller.the_start_may_be_refused() == "OPEN"
        assert hierarchical_caller.inherited_steps_are_typed_for_every_leaf() == (
            "HALTED",
            "CANCELLED",
            "OPEN",
        )
        reason = hierarchical_caller.unguarded_from_everywhere_but_the_end
        assert reason("EXPIRED") is None
        assert reason("ARCHIVED") == "terminal_state"
        compounds = hierarchical_caller.compounds_are_asked_for_by_node
        assert compounds(hierarchical.State.OPEN) == (True, True)
        assert compounds(hierarchical.State.HALTED) == (True, False)
        assert compounds(hierarchical.State.FILLED) == (False, False)
        assert asyncio.run(hierarchical_caller.an_asynchronous_start()) == "OPEN"

    def test_parallel(self) -> None:
        assert parallel_caller.whole_life() == (
            "CLOSED",
            parallel.Context(total=10, paid=10, reminders=1, cases=1),
            [
                "reserve",
                "answer late",
                "unreserve",
                "remind 1",
                "reserve",
                "unreserve",
                "archive",
            ],
        )
        assert parallel_caller.regions_are_attributes() == "DUE"
        inside = parallel_caller.steps_inside_keep_the_other_regions()
        assert str(inside) == "ACTIVE:payment=PARTLY,shipping=PACKING,support=CASE"
        assert parallel_caller.leaving_the_parallel_state_is_typed() == "CLOSED"
        exhaustive = parallel_caller.configurations_are_exhaustive
        assert exhaustive(inside) == "PARTLY"
        assert exhaustive(parallel.State.DRAFT) == "DRAFT"
        text = parallel_caller.text_goes_both_ways
        assert text(str(inside)) == (str(inside), True, True)
        assert text("DRAFT") == ("DRAFT", False, False)

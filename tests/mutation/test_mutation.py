"""A sample of the mutants of generated code: the comparison of traces notices them.

All of them: `python -m tests.mutation`.
"""

from __future__ import annotations

import pytest

from tests.mutation.__main__ import survivors
from tests.mutation.mutants import KINDS, mutants
from tests.mutation.traces import MACHINES, record

EVERY = 29


@pytest.mark.parametrize("name", MACHINES)
def test_mutants_are_noticed(name: str) -> None:
    counted, left = survivors(name, EVERY)
    assert counted.total() > 2
    # not every mutant is wrong: a test may be true wherever it is asked
    assert len(left) <= 1, "\n".join(map(str, left))


def test_every_kind_of_mistake_is_planted() -> None:
    text = record("tcp_connection").machine.text
    assert {mutant.kind for mutant in mutants(text)} == set(KINDS)

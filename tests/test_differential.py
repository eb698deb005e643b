"""Random machines: kernel, cells and generated modules = the oracle, in every field."""

from __future__ import annotations

import os

import pytest

from tests.differential import walk

MACHINES = int(os.environ.get("PYSTATOR_MACHINES", "2000"))
FIRST = int(os.environ.get("PYSTATOR_SEED", "0"))
BATCH = 40


@pytest.mark.parametrize("first", range(FIRST, FIRST + MACHINES, BATCH))
def test_all_implementations_agree_with_the_oracle(first: int) -> None:
    accepted = 0
    for seed in range(first, min(first + BATCH, FIRST + MACHINES)):
        walked = walk(seed)
        assert walked.found is None, (seed, *walked.found)
        accepted += walked.accepted
    assert accepted > BATCH * 5, "the walks take too few steps to show anything"

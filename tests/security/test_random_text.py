"""Whatever the text, the answer is a module or diagnostics that point into the text."""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.security.answer import answer
from tests.security.random_text import (
    Generate,
    misshapen,
    skeleton_texts,
    soup,
    spoiled,
)

DEEP = os.environ.get("PYSTATOR_DEEP") == "1"
TEXTS = 20_000 if DEEP else 2_000
BATCH = 100

SMALL = tuple(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parents[1].joinpath("variations").glob("*.yaml"))
)
KINDS: dict[str, Generate] = {
    "soup": soup,
    "spoiled": partial(spoiled, definitions=(*skeleton_texts(), *SMALL)),
    "misshapen": misshapen,
}
SHARES = {"soup": 4, "spoiled": 8, "misshapen": 8}


def batches() -> list[tuple[str, int]]:
    unit = TEXTS // sum(SHARES.values()) // BATCH
    return [(kind, n) for kind, share in SHARES.items() for n in range(share * unit)]


@pytest.mark.parametrize(("kind", "batch"), batches())
def test_any_text_has_an_answer(kind: str, batch: int) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        data = KINDS[kind](random.Random(f"{kind} {number}"))
        try:
            answer(data)
        except Exception as error:
            error.add_note(f"the text is {data!r}")
            raise


def test_random_texts_reach_every_stage() -> None:
    """They are no test of the reader alone: many codes, and some modules."""
    codes: Counter[str] = Counter()
    modules = 0
    for kind in KINDS:
        for number in range(150):
            checked, module = answer(KINDS[kind](random.Random(f"{kind} {number}")))
            codes.update({item.code for item in checked.report})
            modules += module is not None
    assert modules > 20
    assert {code[:4] for code in codes} >= {"PS01", "PS02", "PS03", "PS04", "PS05"}
    assert len(codes) > 25

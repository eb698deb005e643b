"""Random steps of an accepted machine: each of them ends, and ends somewhere.

Guards are answered by chance, each time anew, and effects do nothing; what is asserted
holds for any machine and any answers.
"""

from __future__ import annotations

import random

from pystator.compiler.flatten.tables import Flat
from pystator.configuration import read_configuration, write_configuration
from pystator.kernel import (
    MICROSTEP_LIMIT,
    ROOT,
    START,
    Answer,
    Ask,
    Change,
    Configuration,
    Question,
    Tables,
    drive,
)

STEPS = 25


def take_steps(flat: Flat, seed: int) -> int:
    """Walk from the start; the number of steps that were accepted."""
    rng = random.Random(seed)
    tables = flat.tables
    history: dict[int, Configuration] = {}

    def answer(question: Question) -> Answer:
        match question:
            case Ask():
                return rng.random() < 0.5
            case Change():
                return True
            case _:
                return history.get(question.memory, ())

    accepted = 0
    leaves: Configuration = (ROOT,)
    for step in range(STEPS):
        trigger = rng.randrange(flat.external) if step and flat.external else START
        if trigger == START:
            leaves, history = (ROOT,), {}
        outcome = drive(tables, leaves, trigger, answer)
        if outcome.reason is not None:
            assert outcome.target == leaves
            assert outcome.error is None, "nothing has raised"
            if trigger == START:
                break
            continue
        accepted += 1
        assert len(outcome.microsteps) <= MICROSTEP_LIMIT
        leaves = outcome.target
        history.update(outcome.history)
        _is_configuration(tables, leaves)
        text = write_configuration(tables, flat.names, leaves, history)
        found, records = read_configuration(tables, flat.names, text)
        assert found == leaves
        assert {k: v for k, v in records.items() if v} == history
    return accepted


def _is_configuration(tables: Tables, leaves: Configuration) -> None:
    """Closed under parents, one child of each compound state, all regions."""
    active = {state for leaf in leaves for state in tables.path[leaf]}
    assert leaves == tuple(sorted(leaves)) and not set(leaves) & set(tables.choices)
    inside: dict[int, list[int]] = {}
    for state in active:
        if len(tables.path[state]) > 1:
            inside.setdefault(tables.path[state][-2], []).append(state)
    for state in active:
        if state in tables.regions:
            assert sorted(inside[state]) == sorted(tables.regions[state])
        elif state in leaves:
            assert state not in inside
        else:
            assert len(inside[state]) == 1

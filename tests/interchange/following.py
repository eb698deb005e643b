"""A processor of SCXML and the oracle of a definition, side by side."""

from __future__ import annotations

from collections.abc import Callable

from tests.interchange.processor import Processor
from tests.oracle import Oracle, OracleEvent
from tests.strategies import guard_answers, moment

EVENTS = 30


def asking(seed: int) -> Callable[[str], bool]:
    """Answers by name alone: a processor hands on no parameters."""
    salted = guard_answers(seed)

    def ask(name: str) -> bool:
        return seed % 2 == 0 if name in ("g1", "g3") else salted(name, {}, {}, None)

    return ask


def follow(
    scxml: str,
    oracle: Oracle,
    seed: int,
    choose: Callable[[str], OracleEvent | None],
    called: Callable[[Processor, OracleEvent], str],
) -> int:
    """Both take the events that are chosen; how many they took.

    `choose` gives one for the state, or None where there is none; `called` is its name
    in the document.
    """
    ask = asking(seed)
    processor = Processor(scxml, ask)
    outcome = oracle.start({}, lambda name, *_: ask(name), moment(0))
    if not outcome.accepted:
        return 0
    processor.start()
    state, steps = outcome.target, 0
    for _ in range(EVENTS):
        leaves = oracle.tree.leaves(oracle.active(state))
        assert processor.leaves() == frozenset(leaves), (seed, state)
        assert processor.done == [name for name, _ in outcome.actions], (seed, state)
        event = None if oracle.is_final(state) else choose(state)
        if event is None:
            break
        outcome = oracle.step(state, event, {}, lambda name, *_: ask(name), moment(0))
        if outcome.reason == "livelock":
            break  # the processor would go on
        processor.send(called(processor, event), {})
        state = outcome.target
        steps += 1
    return steps

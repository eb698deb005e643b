"""Mutate the reference machines: `python -m tests.mutation [--every N] [NAME ...]`.

Prints how many mutants the comparison of traces notices, and those it does not.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import islice

from tests.mutation.mutants import KINDS, Mutant, mutants
from tests.mutation.traces import MACHINES, differs, record

ENOUGH = 0.98


def survivors(
    name: str, every: int, first: int = 0
) -> tuple[Counter[str], list[Mutant]]:
    """How many mutants there are of each kind, and those that go unnoticed."""
    recorded = record(name)
    text = recorded.machine.text
    assert not differs(recorded, text), "the module itself does not follow the trace"
    counted: Counter[str] = Counter()
    left: list[Mutant] = []
    for mutant in islice(mutants(text), first, None, every):
        counted[mutant.kind] += 1
        if not differs(recorded, mutant.text):
            left.append(mutant)
    return counted, left


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m tests.mutation", description=__doc__)
    parser.add_argument("names", nargs="*", default=tuple(MACHINES))
    parser.add_argument("--every", type=int, default=1, help="only one in so many")
    options = parser.parse_args(arguments)
    counted: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for name in options.names:
        kinds, left = survivors(name, options.every)
        counted += kinds
        lost += Counter(mutant.kind for mutant in left)
        print(f"{name}: {kinds.total() - len(left)} of {kinds.total()}", flush=True)
        for mutant in left:
            print(f"  {mutant}", flush=True)
    for kind in KINDS:
        print(f"{kind:10} {counted[kind] - lost[kind]:5} of {counted[kind]:5}")
    noticed = 1 - lost.total() / max(1, counted.total())
    print(f"all        {counted.total() - lost.total():5} of {counted.total():5}")
    print(f"{noticed:.1%} are noticed")
    return 0 if noticed >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

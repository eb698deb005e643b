"""Compare all implementations: `python -m tests.differential --machines 50000`.

The step of a difference is stored with a machine made as small as possible, and can be
taken again with `--replay FILE`. It exits with 1 if there is a difference, or if one
pair of features was met by too few machines.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.differential.difference import Difference
from tests.differential.shrink import differs, shrunk
from tests.differential.stored import load, store
from tests.differential.subject import Subject
from tests.differential.summary import Summary
from tests.differential.walk import KINDS, Walked, walk


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.replay is not None:
        return _replay(options.replay)
    print(
        f"machines {options.seed} to {options.seed + options.machines - 1}", flush=True
    )
    until = None
    if options.minutes is not None:
        until = time.monotonic() + 60 * options.minutes
    summary = Summary()
    if options.workers == 1:
        summary.add(_work(options, 0, until))
    else:
        with ProcessPoolExecutor(options.workers) as pool:
            workers = range(options.workers)
            for task in [pool.submit(_work, options, n, until) for n in workers]:
                summary.add(task.result())
    print("\n".join(summary.lines()))
    return 1 if summary.differences or summary.seldom() else 0


def _work(options: argparse.Namespace, first: int, until: float | None) -> Summary:
    summary = Summary()
    last = options.seed + options.machines
    for seed in range(options.seed + first, last, options.workers):
        if until is not None and time.monotonic() >= until:
            break
        walked = walk(seed)
        if walked.found is not None and walked.found[1].kind not in summary.stored:
            kind = walked.found[1].kind
            summary.stored[kind] = _keep(options.folder, seed, walked)
            print(f"machine {seed}: {kind}", flush=True)
            print(f"run it again: --replay {summary.stored[kind]}", flush=True)
        summary.note(walked)
        if summary.machines.total() % 500 == 0:
            print(f"{summary.machines.total()} machines of worker {first}", flush=True)
    return summary


def _keep(folder: Path, seed: int, walked: Walked) -> Path:
    assert walked.found is not None
    step, difference = walked.found
    limit = KINDS[walked.kind].limit
    store(folder, f"{seed}-as-found", walked.definition, step, difference, limit)
    small = shrunk(walked.definition, step, difference, differs(limit))
    return store(folder, str(seed), *small, limit)


def _replay(path: Path) -> int:
    definition, step, limit = load(path)
    try:
        found = Subject(definition, limit).take(step)[1]
    except AssertionError as error:
        found = Difference("compiler refuses", str(error))
    print("no difference" if found is None else f"{found.kind}\n{found.text}")
    return 0 if found is None else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.differential", description=__doc__
    )
    parser.add_argument("--machines", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0, help="the first machine")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("build/differential"))
    parser.add_argument("--replay", type=Path, metavar="FILE", help="one step only")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Fuzz the compiler: `python -m tests.fuzz --minutes 60`.

Whatever the input, diagnostics or a module come out. An input of which that is not
true is stored, made smaller, and can be run again with `--replay FILE`.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.examine import Failure, examine
from tests.fuzz.generators import GENERATORS
from tests.fuzz.run import Plan, Summary, run


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.replay is not None:
        return _replay(options.replay)
    seed = time.time_ns() // 1_000_000 if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    summary = Summary()
    if options.workers == 1:
        summary.add(_work(options, seed, 0))
    else:
        with ProcessPoolExecutor(options.workers) as pool:
            firsts = range(options.workers)
            for task in [pool.submit(_work, options, seed, first) for first in firsts]:
                summary.add(task.result())
    print("\n".join(summary.lines()))
    return 1 if summary.failures else 0


def _work(options: argparse.Namespace, seed: int, first: int) -> Summary:
    # a plan has functions, which cannot be sent to another process
    plan = Plan(
        GENERATORS,
        seed,
        options.folder,
        first,
        options.workers,
        options.inputs,
        None if options.inputs else time.monotonic() + 60 * options.minutes,
    )
    return run(plan, lambda text: print(text, flush=True))


def _replay(path: Path) -> int:
    found = examine(path.read_bytes(), True)
    if isinstance(found, Failure):
        print(found.trace)
        return 1
    kept = "a module" if found.compiled else "no module"
    print(f"{kept}; {' '.join(sorted(found.codes)) or 'no diagnostics'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--inputs", type=int, help="so many inputs, however long")
    parser.add_argument("--seed", type=int, help="another one each time if left out")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--replay", type=Path, metavar="FILE", help="one input only")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

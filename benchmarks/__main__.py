"""`python -m benchmarks`: every figure in one run, as tables and, if asked, as JSON."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.commands import measure_commands
from benchmarks.compiling import measure_compilations, measure_sizes
from benchmarks.loading import measure_fifty_states, measure_large
from benchmarks.regions import measure_regions
from benchmarks.report import (
    commands_table,
    compilations_table,
    loading_table,
    regions_table,
    sizes_table,
    steps_table,
)
from benchmarks.shapes import SHAPES
from benchmarks.stages import profile
from benchmarks.steps import measure_steps
from benchmarks.timing import load_of_machine

_SECTIONS = ("steps", "compile", "sizes", "import", "commands")
_SIZES = (10, 100, 200, 1_000, 10_000)
_QUICK_SIZES = (10, 100, 1_000)


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.profile:
        shape, _, size = options.profile.partition(":")
        print(profile(shape, int(size or "1000")))
        return 0
    quick: bool = options.quick
    repetitions: int = options.repetitions or (3 if quick else 11)
    sections: tuple[str, ...] = tuple(options.only or _SECTIONS)
    sizes: tuple[int, ...] = tuple(options.sizes or (_QUICK_SIZES if quick else _SIZES))
    load = load_of_machine()
    machine = {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.platform(),
        "processor": _processor(),
        "load": load,
        "repetitions": repetitions,
    }
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    if load is not None and load > 1:
        print("warning: the machine is busy: repeat this later", file=sys.stderr)
    found: dict[str, object] = {"machine": machine}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "steps" in sections:
            steps = measure_steps(repetitions, 10_000 if quick else 50_000)
            found["steps"] = [asdict(row) for row in steps]
            print("\n" + steps_table(steps))
            regions = measure_regions(repetitions, 10_000 if quick else 50_000)
            found["regions"] = [asdict(row) for row in regions]
            print("\n" + regions_table(regions))
        if "compile" in sections:
            compilations = tuple(
                measure_compilations(tuple(SHAPES), sizes, repetitions, folder)
            )
            found["compile"] = [asdict(row) for row in compilations]
            print("\n" + compilations_table(compilations))
        if "sizes" in sections:
            sized = tuple(measure_sizes((repetitions + 1) // 2, folder))
            found["sizes"] = [asdict(row) for row in sized]
            print("\n" + sizes_table(sized))
        if "import" in sections:
            loadings = measure_fifty_states(repetitions, folder)
            large = [folder / f"{shape}_10000.py" for shape in SHAPES]
            loadings += tuple(
                measure_large(module, 1) for module in large if module.exists()
            )
            found["import"] = [asdict(row) for row in loadings]
            print("\n" + loading_table(loadings))
        if "commands" in sections:
            commands = measure_commands((repetitions + 1) // 2, folder)
            found["commands"] = [asdict(row) for row in commands]
            print("\n" + commands_table(commands))
    if options.json:
        text = json.dumps(found, indent=1) + "\n"
        Path(options.json).write_text(text, encoding="ascii")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="rough, in 20 seconds")
    parser.add_argument("--json", metavar="FILE", help="write the figures as data too")
    parser.add_argument(
        "--only", action="append", choices=_SECTIONS, help="a section; may be repeated"
    )
    parser.add_argument("--repetitions", type=int, metavar="N", help="11; quick: 3")
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="N", help="transitions to compile"
    )
    parser.add_argument(
        "--profile",
        metavar="SHAPE[:SIZE]",
        help="instead: where the time of one compilation goes",
    )
    return parser


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return f"{len(models)} x {models[0]}" if models else platform.processor()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

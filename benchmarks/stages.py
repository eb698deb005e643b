"""Where the time of one compilation goes: by stage of the pipeline, then by function.

The profiler slows small functions down more than large ones, so these are shares to
look for hot spots with, not times to quote.
"""

from __future__ import annotations

import cProfile
import io
import pstats
from collections.abc import Mapping

from benchmarks.modules import compiled
from benchmarks.shapes import SHAPES

_STAGES: Mapping[str, str] = {
    "read_text": "source/reader.py",
    "validate": "source/validate.py",
    "build": "ir/build.py",
    "check_machine": "analysis/before.py",
    "check_names": "emit/clashes.py",
    "flatten": "flatten/tables.py",
    "explore_all": "flatten/explore.py",
    "check_cells": "analysis/after.py",
    "vocabulary": "emit/vocabulary.py",
    "plan": "emit/plan.py",
    "render": "emit/render.py",
    "with_header": "emit/header.py",
}
_FUNCTIONS = 15


def profile(shape: str, size: int) -> str:
    """A table of stages and the functions with the most time of their own."""
    compiled(SHAPES[shape](10), "tiny.yaml")
    text = SHAPES[shape](size)
    profiler = cProfile.Profile()
    profiler.runcall(compiled, text, f"{shape}.yaml")
    output = io.StringIO()
    stats = pstats.Stats(profiler, stream=output)
    stats.strip_dirs()
    total = _total(profiler)
    lines = [f"{shape}, {size} transitions, {total * 1e3:.0f} ms under the profiler"]
    times = _cumulative(profiler)
    for stage, file in _STAGES.items():
        spent = times.get((stage, file))
        if spent is None:
            lines.append(f"{stage:16}not found in {file}")
        else:
            lines.append(f"{stage:16}{spent * 1e3:10.1f} ms{spent / total:8.1%}")
    stats.sort_stats("tottime").print_stats(_FUNCTIONS)
    return "\n".join(lines) + "\n" + output.getvalue()


def _total(profiler: cProfile.Profile) -> float:
    return sum(entry.inlinetime for entry in profiler.getstats())


def _cumulative(profiler: cProfile.Profile) -> dict[tuple[str, str], float]:
    """Time inside each stage, keyed like `_STAGES`."""
    found: dict[tuple[str, str], float] = {}
    for entry in profiler.getstats():
        code = entry.code
        if isinstance(code, str):
            continue
        file = _STAGES.get(code.co_name)
        if file is not None and code.co_filename.replace("\\", "/").endswith(file):
            key = code.co_name, file
            found[key] = found.get(key, 0.0) + entry.totaltime
    return found

"""Generated modules of the definitions beside this file, compiled in this process."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from pystator.compiler.pipeline import check, compile_text

ROOT = Path(__file__).parents[1]
MACHINES = Path(__file__).with_name("machines")


def compiled(text: str, path: str) -> str:
    """The generated text. Raises ValueError for a definition with errors."""
    checked = check(text, path)
    if checked.report.has_errors:
        problems = "; ".join(f"{d.code} {d.message}" for d in checked.report)
        raise ValueError(f"{path}: {problems}")
    return compile_text(checked, path)


def generated(name: str) -> ModuleType:
    """The module of machines/NAME.yaml, ready to be called."""
    path = MACHINES / f"{name}.yaml"
    module = ModuleType(f"benchmarks_generated_{name}")
    sys.modules[module.__name__] = module
    text = compiled(path.read_text(encoding="utf-8"), path.name)
    exec(compile(text, f"<{name}_fsm.py>", "exec"), module.__dict__)
    return module

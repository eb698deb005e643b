"""Makes the environments of the engines: one of Python, one of npm, in a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pystator

ROOT = Path(__file__).parents[2]
_ADAPTERS = Path(__file__).with_name("adapters")
_HEAP_MIB = 512
PYTHON_PACKAGES = (
    "transitions==0.9.3",
    "python-statemachine==3.2.2",
    "sismic==1.6.14",
    # Without its server `import pystator` fails: fastapi and others are missing.
    "pystator[api]==0.0.47",
)
NPM_PACKAGES = ("xstate@5.33.3", "@scion-scxml/core@2.6.24")


@dataclass(frozen=True, slots=True)
class Engine:
    name: str
    version: str
    program: str
    """The file of its adapter, without the folder."""


ENGINES = (
    Engine("pystator", pystator.__version__, "run_pystator.py"),
    Engine("pystator 0.0", "0.0.47", "run_upstream.py"),
    Engine("transitions", "0.9.3", "run_transitions.py"),
    Engine("python-statemachine", "3.2.2", "run_python_statemachine.py"),
    Engine("sismic", "1.6.14", "run_sismic.py"),
    Engine("XState", "5.33.3", "run_xstate.mjs"),
    Engine("SCION", "2.6.24", "run_scion.mjs"),
)
OURS = ENGINES[0]


class Environments:
    """Two environments in a folder, made as they are needed and kept in it."""

    def __init__(self, folder: Path) -> None:
        self._python = folder / "python"
        self._npm = folder / "npm"

    def prepare(self, engines: tuple[Engine, ...]) -> None:
        peers = [engine for engine in engines if engine is not OURS]
        if any(engine.program.endswith(".py") for engine in peers):
            self._prepare_python()
        if any(engine.program.endswith(".mjs") for engine in peers):
            self._prepare_npm()

    def command(self, engine: Engine) -> tuple[list[str], dict[str, str]]:
        """The command of an engine's adapter, and its environment variables."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        if engine.program.endswith(".mjs"):
            limit = f"--max-old-space-size={_HEAP_MIB}"
            return ["node", limit, str(self._npm / engine.program)], inherited
        module = f"benchmarks.engines.adapters.{engine.program.removesuffix('.py')}"
        paths, python = [str(ROOT)], _python_of(self._python)
        if engine is OURS:
            python = sys.executable
            paths += [str(Path(place).parent) for place in pystator.__path__]
        path = os.pathsep.join(paths)
        return [python, "-m", module], {**inherited, "PYTHONPATH": path}

    def _prepare_python(self) -> None:
        python = _python_of(self._python)
        if not Path(python).exists():
            venv.create(self._python, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run(
            [*install, "--disable-pip-version-check", *PYTHON_PACKAGES], check=True
        )

    def _prepare_npm(self) -> None:
        self._npm.mkdir(parents=True, exist_ok=True)
        for program in _ADAPTERS.glob("*.mjs"):
            # Node looks for packages beside the file that imports them.
            (self._npm / program.name).write_bytes(program.read_bytes())
        package = {"name": "engines", "private": True}
        (self._npm / "package.json").write_text(json.dumps(package), encoding="utf-8")
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(
            [*install, "--ignore-scripts", *NPM_PACKAGES], cwd=self._npm, check=True
        )


def _python_of(folder: Path) -> str:
    return str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")

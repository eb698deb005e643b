"""A module is a pure function of its source: not of hash seed, folder or Python.

Other interpreters are taken from the PATH or from pyenv, and what they lack is
installed into a temporary environment. One that is missing is skipped with the reason;
with PYSTATOR_REQUIRE_PYTHONS=1 it is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.case_files import read_cases

HERE = Path(__file__).parent
ROOT = HERE.parent
PROGRAM = HERE / "determinism.py"
DEFINITIONS = sorted(
    [
        *ROOT.glob("generated_examples/*/*.yaml"),
        *(
            HERE / "contract" / name / f"{name}.yaml"
            for name in ("flat", "hierarchical")
        ),
    ]
)
PYTHONS = ("python3.11", "python3.13")
DEPENDENCIES = ("pyyaml", "pydantic", "jinja2", "click", "black")
IMPORTS = ("yaml", "pydantic", "jinja2", "click", "black")
REQUIRED = os.environ.get("PYSTATOR_REQUIRE_PYTHONS") == "1"


def hashes(
    files: list[Path | str],
    *,
    python: str = sys.executable,
    cwd: Path = ROOT,
    seed: str = "0",
) -> str:
    command = [python, str(PROGRAM), str(ROOT / "src"), *map(str, files)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path | str]:
    """The examples, and the definitions of all case files that compile."""
    folder = tmp_path_factory.mktemp("definitions")
    found: list[Path | str] = [*DEFINITIONS]
    for path in sorted((HERE / "cases").rglob("*.md")):
        for number, case in enumerate(read_cases(path)):
            if "trace" in case.expected:
                file = folder / f"{path.stem}-{number}.{case.definition.kind}"
                file.write_text(case.definition.text, encoding="utf-8")
                found.append(file)
    return found


@pytest.fixture(scope="module")
def expected(files: list[Path | str]) -> str:
    found = hashes(files)
    assert len(found.splitlines()) == len(files) > 100
    return found


@pytest.mark.parametrize("seed", ["1", "42", "random"])
def test_the_hash_seed_does_not_count(
    files: list[Path | str], expected: str, seed: str
) -> None:
    assert hashes(files, seed=seed) == expected


def test_the_folder_does_not_count(tmp_path: Path) -> None:
    """Neither where the definitions lie nor how their paths are written."""
    for file in DEFINITIONS:
        shutil.copy(file, tmp_path)
    names: list[Path | str] = [file.name for file in DEFINITIONS]
    assert hashes(names, cwd=tmp_path) == hashes([*DEFINITIONS])


def test_line_ends_and_comments_do_not_count_for_the_source_hash(
    tmp_path: Path,
) -> None:
    names: list[Path | str] = []
    for file in DEFINITIONS:
        text = file.read_text(encoding="utf-8")
        with_returns = f"# another comment\n{text}".replace("\n", "\r\n")
        (tmp_path / file.name).write_bytes(with_returns.encode())
        names.append(file.name)
    assert hashes(names, cwd=tmp_path) == hashes([*DEFINITIONS])


@pytest.mark.parametrize("name", PYTHONS)
def test_the_python_does_not_count(
    files: list[Path | str],
    expected: str,
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    python = interpreter(name, tmp_path_factory)
    assert hashes(files, python=python) == expected


def interpreter(name: str, folders: pytest.TempPathFactory) -> str:
    """A Python of this version with the dependencies, installed if need be; or skip."""
    current = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if name == current:
        return sys.executable
    kept = Path.home() / ".pyenv" / "versions"
    candidates = [shutil.which(name) or "", *kept.glob(f"{name[6:]}.*/bin/{name}")]
    found = next((str(c) for c in candidates if c and runs(str(c), "pass")), None)
    if found is None:
        return missing(f"{name} is neither on the PATH nor kept by pyenv")
    if runs(found, f"import {', '.join(IMPORTS)}"):
        return found
    folder = folders.mktemp(name)
    subprocess.run([found, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", *DEPENDENCIES]
    subprocess.run(install, check=True)
    return python


def missing(reason: str) -> str:
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


def runs(python: str, program: str) -> bool:
    done = subprocess.run([python, "-c", program], capture_output=True)
    return done.returncode == 0

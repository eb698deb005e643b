"""The wheel and the sdist, installed into environments of their own.

Needs a package index; each environment is made once and used by all tests.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEFINITION = ROOT / "generated_examples/loan_workflow/loan_workflow.yaml"
MODULE = DEFINITION.with_name("loan_workflow_fsm.py")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_what_is_inside(built: Path) -> None:
    templates = {f"pystator/templates/{p.name}" for p in ROOT.glob("templates/*.j2")}
    pages = {
        f"pystator/compiler/diagnostics/explain/{p.name}"
        for p in ROOT.glob("src/pystator/compiler/diagnostics/explain/*.md")
    }
    with zipfile.ZipFile(only(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
    assert templates and templates <= names
    assert pages and pages <= names
    assert "pystator/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "benchmarks"))]
    with tarfile.open(only(built, "*.tar.gz")) as sdist:
        files = {name.split("/", 1)[-1] for name in sdist.getnames()}
    wanted = {"README.md", "LICENSE", "templates/module.py.j2", "tests/README.md"}
    assert wanted <= files


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_an_installed_distribution_compiles(
    built: Path, kind: str, tmp_path: Path
) -> None:
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", only(built, kind), cwd=tmp_path)
    command = environment / "bin" / "pystator"
    run(command, "compile", DEFINITION, "-o", "loan_workflow_fsm.py", cwd=tmp_path)
    assert (tmp_path / "loan_workflow_fsm.py").read_bytes() == MODULE.read_bytes()
    assert "PS0201" in run(command, "explain", "PS0201", cwd=tmp_path)

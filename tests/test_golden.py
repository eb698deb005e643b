"""The committed modules are what the compiler makes, and hold what they promise.

`generated_examples/` are the goldens. What is promised of a module holds for those of
the contract too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pystator.compiler.pipeline import check, compile_text
from tests.typing_harness import mismatches

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(
    path
    for path in (ROOT / "generated_examples").iterdir()
    if path.is_dir() and path.name.isidentifier() and path.name != "__pycache__"
)
CONTRACT = [
    ROOT / "tests" / "contract" / name for name in ("flat", "hierarchical", "parallel")
]
FOLDERS = [*EXAMPLES, *CONTRACT]


def name(folder: Path) -> str:
    return folder.name


def module_path(folder: Path) -> Path:
    return folder / f"{folder.name}_fsm.py"


def run(*command: str, cwd: Path | None = None) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_module_is_what_the_compiler_makes(folder: Path) -> None:
    source = folder / f"{folder.name}.yaml"
    checked = check(source.read_bytes(), source.name)
    assert [found.message for found in checked.report] == []
    made = compile_text(checked, source.name).encode("ascii")
    assert made == module_path(folder).read_bytes(), f"compile {source} again"


@pytest.mark.parametrize("folder", EXAMPLES, ids=name)
def test_a_folder_has_a_definition_a_module_and_a_caller(folder: Path) -> None:
    found = {path.name for path in folder.iterdir() if path.is_file()}
    assert found == {f"{folder.name}.yaml", f"{folder.name}_fsm.py", "usage.py"}


def test_formatters_and_linters_change_nothing(tmp_path: Path) -> None:
    """Without the settings of this project; of linters, the rules that are its own."""
    modules = [str(module_path(folder)) for folder in FOLDERS]
    run(sys.executable, "-m", "black", "--check", "--quiet", *modules, cwd=tmp_path)
    ruff = (sys.executable, "-m", "ruff")
    run(*ruff, "format", "--isolated", "--no-cache", "--check", *modules)
    # A string longer than a line, such as the name of a guard, is not broken.
    rules = ["--select=E,F,I,UP,B,SIM,RUF", "--ignore=E501"]
    run(*ruff, "check", "--isolated", "--no-cache", *rules, *modules)


def test_modules_and_callers_are_strictly_typed(tmp_path: Path) -> None:
    """One run of mypy for all: the callers get names of their own in one folder.

    In the modules no expression has the type Any; callers may use what has.
    """
    files: list[str] = []
    settings = ["[mypy]", "strict = true", "incremental = false"]
    for folder in EXAMPLES:
        for source, target in (
            (module_path(folder), module_path(folder).name),
            (folder / "usage.py", f"{folder.name}_usage.py"),
        ):
            shutil.copy(source, tmp_path / target)
            files.append(target)
        settings += [f"[mypy-{folder.name}_fsm]", "disallow_any_expr = true"]
    (tmp_path / "mypy.ini").write_text("\n".join(settings), encoding="utf-8")
    run(sys.executable, "-m", "mypy", *files, cwd=tmp_path)


def test_pyright_finds_nothing(tmp_path: Path) -> None:
    """In strict mode, in modules and callers alike."""
    copies: list[Path] = []
    for folder in EXAMPLES:
        module, caller = module_path(folder), folder / "usage.py"
        copies.append(tmp_path / module.name)
        copies.append(tmp_path / f"{folder.name}_usage.py")
        shutil.copy(module, copies[-2])
        shutil.copy(caller, copies[-1])
    assert mismatches(tmp_path, copies) == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_the_module_imports_alone(folder: Path) -> None:
    program = f"import sys; sys.path.insert(0, sys.argv[1]); import {folder.name}_fsm"
    run(sys.executable, "-I", "-S", "-B", "-c", program, str(folder))


@pytest.mark.parametrize("folder", EXAMPLES, ids=name)
def test_the_caller_runs_with_nothing_installed(folder: Path) -> None:
    """Its own assertions are what it shows; `-S` leaves site-packages out."""
    assert run(sys.executable, "-S", "-B", "usage.py", cwd=folder).strip()

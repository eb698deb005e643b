"""Modules under type checkers and formatters at their strictest.

Of random machines, PYSTATOR_TYPED_MACHINES says how many, and of `variations/`: small
definitions for every type, effect and check, and for names of every kind.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pystator.compiler.pipeline import check, compile_text
from tests.strategies import (
    EVERYTHING,
    PLAIN,
    dump_yaml,
    random_features,
    random_machine,
)
from tests.typing_harness import mismatches

MACHINES = int(os.environ.get("PYSTATOR_TYPED_MACHINES", "40"))
FIRST = 70_000
VARIATIONS = sorted((Path(__file__).parent / "variations").glob("*.yaml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the modules of the machines."""
    made = tmp_path_factory.mktemp("modules")
    for seed in range(FIRST, FIRST + MACHINES):
        rng = random.Random(seed)
        among = EVERYTHING if seed % 2 else PLAIN
        text = dump_yaml(random_machine(rng, random_features(rng, among)))
        checked = check(text, f"machine_{seed}.yaml")
        module = compile_text(checked, f"machine_{seed}.yaml")
        (made / f"machine_{seed}_fsm.py").write_text(module, encoding="ascii")
    for definition in VARIATIONS:
        checked = check(definition.read_bytes(), definition.name)
        module = compile_text(checked, definition.name)
        (made / f"{definition.stem}_fsm.py").write_text(module, encoding="ascii")
    return made


def test_type_checkers_find_nothing(folder: Path) -> None:
    files = sorted(folder.glob("*.py"))
    assert len(files) == MACHINES + len(VARIATIONS) > MACHINES
    assert mismatches(folder, files, mypy_options=("--disallow-any-expr",)) == ()


@pytest.mark.parametrize(
    "command",
    [
        ["black", "--check", "--quiet", "--line-length=88"],
        ["ruff", "format", "--isolated", "--check"],
        [
            "ruff",
            "check",
            "--isolated",
            "--select=E,F,I,UP,B,RUF",
            "--ignore=E501,E741",
        ],
    ],
    ids=["black", "ruff format", "ruff check"],
)
def test_formatters_and_linters_change_nothing(
    folder: Path, command: list[str]
) -> None:
    files = sorted(map(str, folder.glob("*.py")))
    done = subprocess.run(
        [sys.executable, "-m", *command, *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

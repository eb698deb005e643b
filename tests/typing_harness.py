"""Run mypy and pyright over files whose lines say which errors they must report.

A line that ends in `# E: mypy,pyright` must get an error from each checker named, and
no other line may get one from any. Both checkers run once for all files, because
starting them costs more than checking. Their settings come from here alone, never from
the project or the user, so that no configuration hides an error.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

CHECKERS = ("mypy", "pyright")
_MARKER = re.compile(r"#\s*E:\s*(?P<checkers>[a-z]+(?:\s*,\s*[a-z]+)*)\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An error that `checker` reports. `line` counts from 1."""

    path: str
    line: int
    checker: str
    message: str


def mismatches(
    folder: Path, files: Sequence[Path], *, mypy_options: Sequence[str] = ()
) -> tuple[str, ...]:
    """One sentence for every unmarked error and every unmet marker of `files`.

    `folder` is the root for imports: `folder/a/b.py` is the module `a.b`. Raises
    RuntimeError when a checker fails to run.
    """
    findings = sorted(
        (
            *_mypy(folder, files, mypy_options),
            *_pyright(folder, files),
        )
    )
    reported = {(found.path, found.line, found.checker) for found in findings}
    expected = {
        (_relative(file, folder), line, checker)
        for file in files
        for line, checkers in markers(file.read_text(encoding="utf-8")).items()
        for checker in checkers
    }
    return (
        *(
            f"{found.path}:{found.line}: {found.checker}: {found.message}"
            for found in findings
            if (found.path, found.line, found.checker) not in expected
        ),
        *(
            f"{path}:{line}: {checker}: the marked error was not reported"
            for path, line, checker in sorted(expected - reported)
        ),
    )


def markers(text: str) -> dict[int, tuple[str, ...]]:
    """The checkers that each marked line names. Raises ValueError for others."""
    found: dict[int, tuple[str, ...]] = {}
    for line, content in enumerate(text.splitlines(), start=1):
        match = _MARKER.search(content)
        if match is None:
            continue
        checkers = tuple(name.strip() for name in match["checkers"].split(","))
        for name in checkers:
            if name not in CHECKERS:
                raise ValueError(f"line {line}: unknown checker: {name}")
        found[line] = checkers
    return found


class _MypyLine(TypedDict):
    file: str
    line: int
    message: str
    severity: str


class _Position(TypedDict):
    line: int


class _Range(TypedDict):
    start: _Position


class _PyrightDiagnostic(TypedDict):
    file: str
    severity: str
    message: str
    range: _Range


class _PyrightOutput(TypedDict):
    generalDiagnostics: list[_PyrightDiagnostic]


def _mypy(
    folder: Path, files: Sequence[Path], options: Sequence[str]
) -> Iterable[Finding]:
    output = _run(
        folder,
        "mypy",
        "--strict",
        f"--config-file={os.devnull}",
        f"--cache-dir={os.devnull}",
        "--explicit-package-bases",
        "--no-error-summary",
        "--output=json",
        *options,
        "--",
        *(str(file.resolve()) for file in files),
    )
    for text in output.splitlines():
        try:
            line: _MypyLine = json.loads(text)
        except ValueError:
            raise RuntimeError(f"mypy did not run: {output}") from None
        if line["severity"] == "error":
            yield Finding(
                _relative(folder / line["file"], folder),
                line["line"],
                "mypy",
                line["message"],
            )


def _pyright(folder: Path, files: Sequence[Path]) -> Iterable[Finding]:
    with TemporaryDirectory() as scratch:
        # Pyright reads `include` only relative to the project file.
        home = Path(scratch).resolve()
        settings = {
            "include": [os.path.relpath(file.resolve(), home) for file in files],
            "extraPaths": [str(folder.resolve())],
            "typeCheckingMode": "strict",
            "pythonVersion": f"{sys.version_info.major}.{sys.version_info.minor}",
        }
        project = home / "pyrightconfig.json"
        project.write_text(json.dumps(settings), encoding="utf-8")
        output = _run(
            folder,
            "pyright",
            f"--project={project}",
            f"--pythonpath={sys.executable}",
            "--outputjson",
        )
    try:
        result: _PyrightOutput = json.loads(output)
    except ValueError:
        raise RuntimeError(f"pyright did not run: {output}") from None
    for found in result["generalDiagnostics"]:
        if found["severity"] == "error":
            yield Finding(
                _relative(Path(found["file"]), folder),
                found["range"]["start"]["line"] + 1,
                "pyright",
                found["message"].splitlines()[0],
            )


def _run(folder: Path, module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{module} did not run: {done.stdout}{done.stderr}")
    return done.stdout


def _relative(file: Path, folder: Path) -> str:
    return os.path.relpath(file.resolve(), folder.resolve()).replace(os.sep, "/")

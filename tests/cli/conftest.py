"""A command line in a folder of its own, run in this process."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from pystator.cli import main
from tests.cli.commands import FAULTY, LOST, ORDER, Cli, Run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a definition, one with a warning, a faulty one."""
    for name in ("NO_COLOR", "FORCE_COLOR", "PYSTATOR_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "order.yaml").write_text(ORDER)
    (tmp_path / "lost.yaml").write_text(LOST)
    (tmp_path / "faulty.yaml").write_text(FAULTY)
    return tmp_path


@pytest.fixture
def cli(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Cli:
    def run(*arguments: str, stdin: str | None = None) -> Run:
        if stdin is not None:
            bytes_in = io.BytesIO(stdin.encode())
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(bytes_in))
        capsys.readouterr()
        code = main(arguments)
        shown = capsys.readouterr()
        return Run(code, shown.out, shown.err)

    return run


@pytest.fixture
def environment() -> dict[str, str]:
    """For a process of its own that runs the same pystator."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

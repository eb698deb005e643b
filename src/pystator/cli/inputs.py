"""The definitions a command works on: files, standard input, or the project's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from pystator.cli.project import Project, included, shown
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.reader import SIZE_LIMIT, UnreadableError, file_bytes

STDIN = "-"
_STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class Input:
    """One definition; `path` is what messages call it, `named` unless we made it up."""

    path: str
    is_stdin: bool = False
    named: bool = True

    def read(self) -> bytes:
        """Raises UnreadableError."""
        if not self.is_stdin:
            return file_bytes(self.path)
        if sys.stdin is None:
            raise UnreadableError("cannot read standard input: it is closed")
        try:
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        except OSError as error:
            message = f"cannot read standard input: {error.strerror}"
            raise UnreadableError(message) from error


def inputs(
    files: Sequence[str], project: Project, stdin_name: str | None
) -> list[Input]:
    """The files of the command line, else those of the project, each once."""
    if stdin_name is not None and STDIN not in files:
        raise click.UsageError("--stdin-filename goes with `-`, standard input")
    if files:
        return [
            _stdin(stdin_name) if file == STDIN else Input(file)
            for file in dict.fromkeys(files)
        ]
    if project.include:
        return [Input(shown(path)) for path in included(project)]
    if project.file is None:
        where = "list them as `include` of [tool.pystator] in pyproject.toml"
    else:
        where = f"add `include` to [tool.pystator] of {quoted(str(project.file))}"
    raise click.UsageError(f"no files: name them on the command line, or {where}")


def _stdin(name: str | None) -> Input:
    return Input(name or _STDIN_NAME, is_stdin=True, named=bool(name))

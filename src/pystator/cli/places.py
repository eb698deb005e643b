"""Where the modules of a run go.

The invariant: no two definitions go to one place, and none onto a definition.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pystator.cli.inputs import STDIN, Input
from pystator.cli.project import Project, shown
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.files import module_name

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """A definition with the place of its module; None is standard output."""

    definition: Input
    module: Path | None


def place(
    definitions: Sequence[Input], output: str | None, project: Project
) -> list[Job]:
    """`output` is that of the command line. Raises UsageError."""
    jobs = [
        Job(definition, _place(definition, output, project, len(definitions) > 1))
        for definition in definitions
    ]
    if len(jobs) > 1 and any(job.module is None for job in jobs):
        raise click.UsageError("several definitions need a folder: add -o FOLDER")
    _refuse_meetings(jobs)
    return jobs


def project_folder(project: Project) -> Path | None:
    """The folder that the project keeps its modules in, if it has one of its own."""
    if project.output is None:
        return None
    return Path(shown(project.root / project.output))


def _place(
    definition: Input, output: str | None, project: Project, several: bool
) -> Path | None:
    if output is not None:
        if output == STDOUT:
            return None
        if several or _is_folder(output):
            return Path(output) / _name(definition)
        return Path(output)
    if definition.is_stdin or not project.places_modules:
        return None
    folder = project_folder(project)
    if folder is None:
        folder = Path(definition.path).parent
    return folder / _name(definition)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _name(definition: Input) -> str:
    if definition.is_stdin and not definition.named:
        raise click.UsageError(
            f"`{STDIN}` into a folder needs --stdin-filename to name the module"
        )
    return module_name(definition.path)


def _refuse_meetings(jobs: Sequence[Job]) -> None:
    taken: dict[Path, Input] = {}
    for job in jobs:
        if job.module is None:
            continue
        other = taken.setdefault(job.module, job.definition)
        if other is not job.definition:
            raise click.UsageError(
                f"{quoted(other.path)} and {quoted(job.definition.path)} would both "
                f"be written to {quoted(str(job.module))}"
            )
        for owner in jobs:
            if not owner.definition.is_stdin and same_file(
                job.module, Path(owner.definition.path)
            ):
                raise click.UsageError(
                    f"{quoted(str(job.module))} would overwrite a definition"
                )


def same_file(one: Path, other: Path) -> bool:
    """Whether both are there, and one file."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one is not there, or cannot be
        return False

"""What several commands share: the options, and what the project says about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from pystator.cli.console import ProjectError
from pystator.cli.findings import Chosen, Format, UnknownCodeError, choose
from pystator.cli.project import Project, find_project

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def files_argument(function: _Decorated) -> _Decorated:
    return click.argument("files", nargs=-1)(function)


def format_option(function: _Decorated) -> _Decorated:
    return click.option(
        "--format",
        "format_",
        type=click.Choice([format_.value for format_ in Format]),
        default=Format.TEXT.value,
        show_default=True,
        help="How diagnostics are shown; json is one object a line.",
    )(function)


def stdin_option(function: _Decorated) -> _Decorated:
    return click.option(
        "--stdin-filename",
        metavar="NAME",
        help="What to call the definition read from standard input.",
    )(function)


def here() -> Project:
    """The project of the working directory. Raises ProjectError."""
    return find_project(Path.cwd())


def chosen(
    project: Project,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> Chosen:
    """The command line's choice, where it says nothing the project's.

    Raises UsageError or ProjectError for a code that does not exist.
    """
    try:
        choose(select, ignore)
    except UnknownCodeError as error:
        raise click.UsageError(str(error)) from error
    try:
        choose(project.select, project.ignore)
    except UnknownCodeError as error:
        message = f"{project.file}: [tool.pystator]: {error}"
        raise ProjectError(message) from error
    return choose(
        project.select if select is None else select,
        project.ignore if ignore is None else ignore,
    )

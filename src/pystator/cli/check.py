"""`pystator check`: everything that can be said about definitions."""

from __future__ import annotations

import sys

import click

from pystator.cli.console import complain
from pystator.cli.exits import Exit
from pystator.cli.findings import Format, Printer, split_codes
from pystator.cli.inputs import Input, inputs
from pystator.cli.options import (
    chosen,
    files_argument,
    format_option,
    here,
    stdin_option,
)
from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.pipeline import check
from pystator.compiler.source.reader import UnreadableError, shown_text


@click.command("check")
@files_argument
@format_option
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="The least severity that makes the exit code 1.  [default: warning]",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODE,..",
    help="Show only these warnings: codes, names, or a range like PS04.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE,..",
    help="Leave these warnings out. Errors are always shown.",
)
@stdin_option
def command(
    files: tuple[str, ...],
    format_: str,
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    stdin_filename: str | None,
) -> int:
    """Report the faults of state machine definitions.

    Without FILES: those that [tool.pystator] in pyproject.toml includes. `-` is
    standard input.

    \b
    Example:
      pystator check order.yaml
      pystator check --format json --fail-on error machines/*.yaml
    """
    project = here()
    choice = chosen(project, split_codes(select), split_codes(ignore))
    printer = Printer(sys.stdout, Format(format_), choice)
    unreadable = False
    for definition in inputs(files, project, stdin_filename):
        unreadable |= not _checked(definition, printer)
    if printer.files:
        printer.summary()
    if unreadable:
        return Exit.UNREADABLE
    least = Severity(fail_on) if fail_on else project.fail_on or Severity.WARNING
    return Exit.FINDINGS if printer.fails(least) else Exit.CLEAN


def _checked(definition: Input, printer: Printer) -> bool:
    """Print what there is to say; False if the file cannot be read."""
    try:
        data = definition.read()
    except UnreadableError as error:
        complain(str(error))
        return False
    checked = check(data, definition.path)
    report = checked.report
    printer.print(report, definition.path, shown_text(data) if len(report) else "")
    if not checked.followed:
        printer.note(
            f"{definition.path}: not every step can be followed: what never happens "
            "was judged by the tree and the transitions"
        )
    return True

"""`pystator dump`: what a definition means, as text."""

from __future__ import annotations

import click

from pystator.cli.exits import Exit
from pystator.cli.options import stdin_option
from pystator.cli.output import Made
from pystator.cli.single import output_options, show
from pystator.compiler.flatten.pprint import print_tables
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.pprint import print_machine

_MARK = "# pystator dump"


@click.command("dump")
@click.argument("file", required=False)
@click.option(
    "--what",
    type=click.Choice(["machine", "tables", "all"]),
    default="all",
    show_default=True,
    help="What the definition means, what a step looks up, or both.",
)
@output_options
@stdin_option
def command(
    file: str | None,
    what: str,
    output: str | None,
    force: bool,
    stdin_filename: str | None,
) -> Exit:
    """Show what a definition means: all names resolved, all defaults filled in.

    One line for each fact, the same for the same definition. Without FILE: the only
    one that [tool.pystator] in pyproject.toml includes. `-` is standard input.

    \b
    Example:
      pystator dump order.yaml
      pystator dump --what tables order.yaml | grep 'row OPEN'
    """

    def make(flat: Flat) -> Made:
        parts = [f"{_MARK}\n"]
        if what != "tables":
            parts.append(print_machine(flat.machine))
        if what != "machine":
            parts.append(print_tables(flat))
        return Made("".join(parts), _MARK)

    return show(file, stdin_filename, output, make, force=force)

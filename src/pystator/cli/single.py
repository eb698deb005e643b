"""Commands about one definition: which it is, and whether it is without errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from pystator.cli.console import complain
from pystator.cli.exits import Exit
from pystator.cli.findings import Format, Printer
from pystator.cli.inputs import inputs
from pystator.cli.options import chosen, here
from pystator.cli.output import Made, put
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.pipeline import check
from pystator.compiler.source.reader import UnreadableError, shown_text

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def output_options(function: _Decorated) -> _Decorated:
    function = click.option(
        "--force",
        is_flag=True,
        help="Overwrite a file that this command has not written.",
    )(function)
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        help="Where the text goes.  [default: standard output]",
    )(function)


def show(
    file: str | None,
    stdin_name: str | None,
    output: str | None,
    make: Callable[[Flat], Made],
    *,
    force: bool,
) -> Exit:
    """Check the definition, print what there is to say, and put what is made of it."""
    project = here()
    printer = Printer(sys.stderr, Format.TEXT, chosen(project))
    found = inputs(() if file is None else (file,), project, stdin_name)
    if len(found) > 1:
        names = ", ".join(quoted(each.path) for each in found[:3])
        raise click.UsageError(
            f"the project has several definitions: name one ({names})"
        )
    definition = found[0]
    try:
        data = definition.read()
    except UnreadableError as error:
        complain(str(error))
        return Exit.UNREADABLE
    checked = check(data, definition.path)
    made = None if checked.flat is None else make(checked.flat)
    told = [*checked.report, *(() if made is None else made.notes)]
    printer.print(told, definition.path, shown_text(data) if told else "")
    if printer.found:
        printer.summary()
    if made is None:
        return Exit.FINDINGS
    return put(made, output, definition, force=force)

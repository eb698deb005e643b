"""`pystator import`: a statechart in another notation as a definition."""

from __future__ import annotations

import sys

import click

from pystator.cli.console import complain
from pystator.cli.exits import Exit
from pystator.cli.findings import Format, Printer
from pystator.cli.inputs import inputs
from pystator.cli.options import chosen, here, stdin_option
from pystator.cli.output import Made, put
from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.interchange import importer
from pystator.compiler.pipeline import check
from pystator.compiler.source.reader import UnreadableError, shown_text


@click.command("import")
@click.argument("file")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where the definition goes.  [default: standard output]",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([format_.value for format_ in importer.Format]),
    help="What the file is.  [default: by its name, else by how it begins]",
)
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 if anything was lost, named, renamed or changed.",
)
@stdin_option
def command(
    file: str,
    output: str | None,
    format_: str | None,
    force: bool,
    strict: bool,
    stdin_filename: str | None,
) -> Exit:
    """Turn SCXML, or an XState machine as JSON, into a definition.

    What has no words in our language, or does not mean quite the same, is listed on
    standard error; conditions and actions outside of it become names of guards and
    actions that somebody has to write. `-` is standard input.

    \b
    Example:
      pystator import order.scxml -o order.yaml
      pystator import machine.json --format xstate --strict
    """
    project = here()
    printer = Printer(sys.stderr, Format.TEXT, chosen(project))
    source = inputs((file,), project, stdin_filename)[0]
    try:
        data = source.read()
    except UnreadableError as error:
        complain(str(error))
        return Exit.UNREADABLE
    format = None if format_ is None else importer.Format(format_)
    imported = importer.import_text(data, source.path, format)
    shown = shown_text(data) if len(imported.report) else ""
    printer.print(imported.report, source.path, shown)
    if printer.found:
        printer.summary()
    if imported.text is None:
        return Exit.FINDINGS
    if not _is_sound(imported.text, output or "the definition"):
        return Exit.FINDINGS
    ended = put(Made(imported.text, None), output, source, force=force)
    if ended is Exit.CLEAN and strict and len(imported.report):
        return Exit.FINDINGS
    return ended


def _is_sound(text: str, path: str) -> bool:
    """Whether the definition has no errors; else they are shown, in its own lines."""
    report = check(text, path).report
    if not report.has_errors:
        return True
    printer = Printer(sys.stderr, Format.TEXT, chosen(here()))
    errors = [item for item in report if item.severity is Severity.ERROR]
    printer.print(errors, path, text)
    complain("what was imported has faults, so nothing was written")
    return False

"""`pystator graph`: a definition as a diagram."""

from __future__ import annotations

import click

from pystator.cli.exits import Exit
from pystator.cli.options import stdin_option
from pystator.cli.output import Made
from pystator.cli.single import output_options, show
from pystator.compiler.emit.diagrams import dot, json, mermaid, scxml
from pystator.compiler.flatten.tables import Flat


@click.command("graph")
@click.argument("file")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["mermaid", "dot", "json", "scxml"]),
    default="mermaid",
    show_default=True,
    help="For mermaid, for graphviz, as data, or as a W3C statechart.",
)
@output_options
@stdin_option
def command(
    file: str,
    format_: str,
    output: str | None,
    force: bool,
    stdin_filename: str | None,
) -> Exit:
    """Draw a definition: states in states, regions, and what leads where.

    `-` is standard input. What SCXML cannot say is listed on standard error. The shape
    of the JSON is written down in pystator/compiler/emit/diagrams/json.py.

    \b
    Example:
      pystator graph order.yaml -o order.mmd
      pystator graph order.yaml --format dot | dot -Tsvg -o order.svg
    """

    def make(flat: Flat) -> Made:
        match format_:
            case "dot":
                return Made(dot.render_dot(flat.machine), dot.MADE_BY)
            case "json":
                return Made(json.render_json(flat.machine), json.MADE_BY)
            case "scxml":
                text, report = scxml.render_scxml(flat.machine)
                return Made(text, scxml.MADE_BY, tuple(report))
            case _:
                return Made(mermaid.render_mermaid(flat.machine), mermaid.MADE_BY)

    return show(file, stdin_filename, output, make, force=force)

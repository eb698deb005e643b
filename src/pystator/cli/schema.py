"""`pystator schema`: the language as a JSON Schema, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from pystator.cli.console import complain, say
from pystator.cli.exits import Exit
from pystator.cli.places import STDOUT
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.files import (
    Existing,
    Kind,
    RefusedError,
    encoded,
    existing,
    replace,
)
from pystator.compiler.source.schema.document import TITLE, schema_text


@click.command("schema")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default=STDOUT,
    help="Where the schema goes, by default and with `-` to standard output.",
)
def command(output: str) -> int:
    """Print the JSON Schema of machine definitions.

    With it an editor completes keys, explains them, and underlines faults of form as
    you type. It is draft-07, which all editors read. What the names in a definition
    refer to is for `pystator check`.

    \b
    Example:
      pystator schema -o machine.schema.json

    \b
    Then say in the first line of order.yaml, for editors with YAML support:
      # yaml-language-server: $schema=machine.schema.json
    """
    text = schema_text()
    if output == STDOUT:
        click.echo(text, nl=False)
        return Exit.CLEAN
    path = Path(output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = _write(path, text)
    except RefusedError as error:
        complain(str(error))
        return Exit.FINDINGS
    except OSError as error:
        complain(f"cannot write `{path}`: {error.strerror}")
        return Exit.UNREADABLE
    say(f"{'wrote' if written else 'unchanged'} {path}")
    return Exit.CLEAN


def _write(path: Path, text: str) -> bool:
    """False if it is there already. Nothing but a schema of ours is overwritten."""
    found = existing(path)
    if found.kind is not Kind.NOTHING and not _is_ours(found):
        reason = found.kind.value
        if found.kind in (Kind.FOREIGN, Kind.MODULE, Kind.EDITED):
            reason = "is not a schema of pystator"
        raise RefusedError(f"{quoted(str(path))} {reason}; it is left as it is")
    data = encoded(found, text)
    if found.data == data:
        return False
    replace(found, data)
    return True


def _is_ours(found: Existing) -> bool:
    # whatever release wrote it, the title is among the first lines
    start = "".join(found.text()[:200].split())
    title = f'"title":"{TITLE}"'.replace(" ", "")
    return found.kind is Kind.FOREIGN and title in start

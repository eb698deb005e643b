"""`pystator explain`: the page about a diagnostic."""

from __future__ import annotations

from pathlib import Path

import click

from pystator.cli.exits import Exit
from pystator.compiler import diagnostics
from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean

_PAGES = Path(diagnostics.__file__).parent / "explain"


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain a diagnostic, with examples.

    CODE is a code or a name. Without it: the list of all.

    \b
    Example:
      pystator explain PS0104
      pystator explain duplicate-key
    """
    if code is None:
        width = max(len(row.slug) for row in CODES.values())
        for row in CODES.values():
            click.echo(
                f"{row.code}  {row.slug:<{width}}  {row.severity:<7}  {row.title}"
            )
        return Exit.CLEAN
    page = _PAGES / f"{_found(code)}.md"
    click.echo(page.read_text(encoding="utf-8"), nl=False)
    return Exit.CLEAN


def _found(text: str) -> str:
    codes = {code.casefold(): code for code in CODES}
    codes |= {row.slug: code for code, row in CODES.items()}
    found = codes.get(text.casefold())
    if found is None:
        message = f"there is no diagnostic {quoted(text)}"
        names = [*CODES, *(row.slug for row in CODES.values())]
        raise click.UsageError("; ".join([message, *did_you_mean(text, names)]))
    return found

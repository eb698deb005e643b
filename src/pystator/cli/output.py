"""Texts made from one definition: to standard output, or into a file.

The invariant: what was not written by the same command is never overwritten without
force, and a definition or what is no regular file not even then.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from pystator.cli.console import complain, say
from pystator.cli.exits import Exit
from pystator.cli.inputs import Input
from pystator.cli.places import STDOUT, same_file
from pystator.compiler.diagnostics.model import Diagnostic
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.files import Kind, existing, replace

_HEAD: Final = 5
"""The mark of the command is one of so many first lines."""


@dataclass(frozen=True, slots=True)
class Made:
    """`mark` is the line by which its files are known, `notes` what it does not say.

    Without a mark the text is the user's own from then on: only force overwrites it.
    """

    text: str
    mark: str | None
    notes: tuple[Diagnostic, ...] = ()


def put(made: Made, output: str | None, source: Input, *, force: bool) -> Exit:
    """Write what was made of `source`; `output` is that of the command line."""
    if output is None or output == STDOUT:
        click.echo(made.text, nl=False)
        return Exit.CLEAN
    path = Path(output)
    if not source.is_stdin and same_file(path, Path(source.path)):
        what = "what is imported" if made.mark is None else "a definition"
        raise click.UsageError(f"{quoted(output)} would overwrite {what}")
    data = made.text.encode("utf-8", errors="backslashreplace")
    try:
        found = existing(path)
        if found.data == data:
            say(f"unchanged {output}")
            return Exit.CLEAN
        reason = _refusal(found.kind, found.data, made.mark, force=force)
        if reason:
            complain(f"{quoted(output)} {reason}")
            return Exit.FINDINGS
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(found, data)
    except OSError as error:
        complain(f"cannot write {quoted(output)}: {error.strerror}")
        return Exit.UNREADABLE
    say(f"wrote {output}")
    return Exit.CLEAN


def _refusal(kind: Kind, data: bytes, mark: str | None, *, force: bool) -> str:
    """Why a file stays as it is; empty if it need not."""
    match kind:
        case Kind.NOTHING:
            return ""
        case Kind.NO_FILE:
            return Kind.NO_FILE.value
        case Kind.LINK if mark is None:
            return Kind.LINK.value
        case _ if force:
            return ""
        case _ if mark is None:
            return "exists; --force overwrites it"
        case Kind.LINK:
            return f"{Kind.LINK.value}; --force replaces it"
        case _ if mark.encode() in data.splitlines()[:_HEAD]:
            return ""
        case _:
            return "was not written by this command; --force overwrites it"

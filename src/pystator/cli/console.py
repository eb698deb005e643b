"""What goes to the terminal besides diagnostics, and whether in colour."""

from __future__ import annotations

import os
from typing import TextIO

import click

from pystator.compiler.diagnostics.quote import visible

_traceback = False


def say(text: str) -> None:
    """A line of the answer, to standard output."""
    click.echo(visible(text))


def complain(text: str) -> None:
    """Something that stopped the run or a part of it, to standard error."""
    click.echo(f"error: {visible(text)}", err=True)


def in_color(stream: TextIO | None) -> bool:
    """NO_COLOR beats FORCE_COLOR, and both beat what the stream is.

    It is None where the process was started without it.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def want_traceback(wanted: bool) -> None:
    global _traceback
    _traceback = wanted


def traceback_wanted() -> bool:
    return _traceback or os.environ.get("PYSTATOR_TRACEBACK", "0") not in ("", "0")


class ProjectError(click.ClickException):
    """The configuration is wrong; `message` names the file."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        complain(self.message)

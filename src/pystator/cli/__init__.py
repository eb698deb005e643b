"""The command line: how a run begins and ends.

The invariant: every run ends with one of the codes in `exits.py`, and shows a
traceback only to somebody who asked for one.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from pystator.cli.exits import Exit

_COMPLETE = "_PYSTATOR_COMPLETE"
"""Set by the shell's completion script, as click writes it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process; the exit code of the run."""
    try:
        code = _run(arguments)
        if sys.stdout is not None:
            # here, so that a reader who has gone is met while it can be handled
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _silence()
        return Exit.BROKEN_PIPE
    except OSError as error:
        return _ended(Exit.UNREADABLE, str(error))
    except Exception as error:
        return _ended(
            Exit.INTERNAL,
            f"internal error: {type(error).__name__}: {error}; please report it "
            "(`pystator --traceback ...` shows where)",
        )


def _run(arguments: Sequence[str] | None) -> int:
    # imported here, so that an interrupt while it loads is as quiet as any other
    import click

    from pystator.cli.program import program

    _forgive_narrow_terminals()
    completion = os.environ.get(_COMPLETE)
    if completion:
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, "pystator", _COMPLETE, completion)
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        # not `program.main`, which gives a broken pipe the exit code of a finding
        with program.make_context("pystator", given) as context:
            code: object = program.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    assert isinstance(code, int), "a command returns its exit code"
    return code


def _ended(code: Exit, message: str) -> Exit:
    from pystator.cli.console import complain, traceback_wanted

    if traceback_wanted():
        traceback.print_exc()
    complain(" ".join(message.split()))
    return code


def _forgive_narrow_terminals() -> None:
    """Show an escape for a character that the stream's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Nobody reads any more: keep the interpreter's last flush from complaining."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(null, stream.fileno())
        except (AttributeError, OSError, ValueError):
            continue
    os.close(null)

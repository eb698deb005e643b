"""The commands, each in a file of its own that is imported when it is asked for."""

from __future__ import annotations

import importlib

import click

from pystator.cli.console import want_traceback

_COMMANDS = {
    "check": "check",
    "compile": "compile",
    "dump": "dump",
    "explain": "explain",
    "graph": "graph",
    "import": "import_",
    "schema": "schema",
}
"""The commands, and the modules that hold them."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"pystator.cli.{_COMMANDS[cmd_name]}")
        command: object = module.command
        assert isinstance(command, click.Command), "a command file has its `command`"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            from pystator.compiler.diagnostics.quote import quoted
            from pystator.compiler.diagnostics.suggest import did_you_mean

            message = f"there is no command {quoted(args[0])}"
            raise click.UsageError(
                "; ".join([message, *did_you_mean(args[0], _COMMANDS)]), ctx
            )
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, option: click.Parameter, given: bool) -> None:
    if not given or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("pystator")
    except PackageNotFoundError:
        number = "(not installed)"
    click.echo(f"pystator {number}")
    ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option(
    "--traceback",
    is_flag=True,
    help="Show where an internal error happened, as PYSTATOR_TRACEBACK=1 does.",
)
def program(traceback: bool) -> None:
    """Compile state machines, written in YAML, into typed Python modules.

    \b
    Example:
      pystator check order.yaml
      pystator compile order.yaml -o order_fsm.py

    \b
    Exit codes:
      0   clean
      1   faults in a definition, or files that are not up to date
      2   wrong command line or configuration
      3   a file cannot be read or written
      70  an internal error
    """
    want_traceback(traceback)

"""`pystator compile`: definitions into modules, or what that would change."""

from __future__ import annotations

import difflib
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import click

from pystator.cli.console import complain, say
from pystator.cli.exits import Exit
from pystator.cli.findings import Format, Printer, counted
from pystator.cli.inputs import inputs
from pystator.cli.options import (
    chosen,
    files_argument,
    format_option,
    here,
    stdin_option,
)
from pystator.cli.places import Job, place, project_folder
from pystator.cli.project import Project
from pystator.compiler.files import (
    Existing,
    Kind,
    RefusedError,
    Standing,
    encoded,
    existing,
    orphans,
    standing,
    write,
)
from pystator.compiler.pipeline import check, compile_text
from pystator.compiler.source.reader import UnreadableError, read_text, shown_text


@click.command("compile")
@files_argument
@click.option(
    "-o",
    "--output",
    metavar="FILE|FOLDER",
    help="Where the module goes; several FILES need a folder. `-` is standard output.",
)
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Write nothing; list stale, missing, hand-edited and orphaned modules.",
)
@click.option(
    "--diff",
    "differing",
    is_flag=True,
    help="Write nothing; show what would change. Counts reformatting as a change.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite hand-edited and foreign files, and replace symbolic links.",
)
@format_option
@stdin_option
def command(
    files: tuple[str, ...],
    output: str | None,
    checking: bool,
    differing: bool,
    force: bool,
    format_: str,
    stdin_filename: str | None,
) -> int:
    """Compile state machine definitions into Python modules.

    Without FILES: those that [tool.pystator] in pyproject.toml includes. `-` is
    standard input. Without -o the module of order.yaml goes to order_fsm.py where
    [tool.pystator] says, and without that table to standard output.

    \b
    Example:
      pystator compile order.yaml -o order_fsm.py
      pystator compile machines/*.yaml -o src/app/machines/
      pystator compile --check
    """
    if checking + differing + force > 1:
        raise click.UsageError("--check, --diff and --force exclude each other")
    project = here()
    printer = Printer(sys.stderr, Format(format_), chosen(project))
    jobs = place(inputs(files, project, stdin_filename), output, project)
    if (checking or differing) and any(job.module is None for job in jobs):
        raise click.UsageError(
            "there is no module to compare with: add -o, or `output` or `include` to "
            "[tool.pystator] in pyproject.toml"
        )
    if checking:
        whole = not files and output is None
        return _check(jobs, printer, project if whole else Project())
    if differing:
        return _each(jobs, lambda job: _diff(job, printer), printer)
    return _each(jobs, lambda job: _write(job, printer, force=force), printer)


def _each(jobs: Sequence[Job], work: Callable[[Job], Exit], printer: Printer) -> Exit:
    """All jobs, whatever becomes of one; the worst of their exits."""
    worst = Exit.CLEAN
    for job in jobs:
        try:
            code = work(job)
        except UnreadableError as error:
            complain(str(error))
            code = Exit.UNREADABLE
        except RefusedError as error:
            complain(str(error))
            code = Exit.FINDINGS
        worst = max(worst, code)
    if printer.found:
        printer.summary()
    return worst


def _compiled(job: Job, printer: Printer) -> str | None:
    """The module; None if the definition has errors. Prints what there is to say."""
    data = job.definition.read()
    path = job.definition.path
    checked = check(data, path)
    report = checked.report
    printer.print(report, path, shown_text(data) if len(report) else "")
    return None if report.has_errors else compile_text(checked, path)


def _write(job: Job, printer: Printer, *, force: bool) -> Exit:
    text = _compiled(job, printer)
    if text is None:
        return Exit.FINDINGS
    if job.module is None:
        click.echo(text, nl=False)
        return Exit.CLEAN
    try:
        job.module.parent.mkdir(parents=True, exist_ok=True)
        written = write(job.module, text, force=force)
    except OSError as error:
        complain(f"cannot write `{job.module}`: {error.strerror}")
        return Exit.UNREADABLE
    say(f"{'wrote' if written else 'unchanged'} {job.module}")
    return Exit.CLEAN


def _diff(job: Job, printer: Printer) -> Exit:
    text = _compiled(job, printer)
    if text is None:
        return Exit.FINDINGS
    found = _existing(job)
    match found.kind:
        case Kind.NOTHING:
            say(f"missing: {found.path}")
        case Kind.FOREIGN | Kind.LINK | Kind.NO_FILE:
            say(f"foreign: {found.path} {found.kind.value}")
        case Kind.MODULE | Kind.EDITED:
            data = encoded(found, text)
            if data == found.data:
                return Exit.CLEAN
            click.echo("".join(_unified(found, data)), nl=False)
    return Exit.FINDINGS


def _unified(found: Existing, data: bytes) -> Iterator[str]:
    """In the form that `patch` reads."""
    # lines end with a line feed and nothing else, as `patch` has it
    old, new = (
        list(io.StringIO(part.decode(errors="replace"), newline="\n"))
        for part in (found.data, data)
    )
    name = found.path.as_posix()
    for line in difflib.unified_diff(old, new, name, name):
        yield line
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _check(jobs: Sequence[Job], printer: Printer, project: Project) -> Exit:
    """`project` is the one whose folder is looked through for orphans."""
    counts: Counter[str] = Counter()

    def look(job: Job) -> Exit:
        data = job.definition.read()
        document, report = read_text(data, job.definition.path)
        if document is None:
            printer.print(report, job.definition.path, shown_text(data))
            return Exit.FINDINGS
        found = _existing(job)
        kind = standing(found, document)
        counts[kind] += 1
        if kind is Standing.CURRENT:
            return Exit.CLEAN
        reason = f" {found.kind.value}" if kind is Standing.FOREIGN else ""
        say(f"{kind}: {found.path}{reason} (from {job.definition.path})")
        return Exit.FINDINGS

    worst = _each(jobs, look, printer)
    folder = project_folder(project)
    if folder is not None:
        for path in orphans(folder, [job.module for job in jobs if job.module]):
            counts["orphaned"] += 1
            say(f"orphaned: {path}")
            worst = max(worst, Exit.FINDINGS)
    del counts[Standing.CURRENT]
    if counts:
        say(", ".join(f"{number} {kind}" for kind, number in counts.items()))
    elif worst is Exit.CLEAN:
        say(f"ok: {counted(len(jobs), 'module')}")
    return worst


def _existing(job: Job) -> Existing:
    assert job.module is not None, "standard output is never compared with"
    try:
        return existing(job.module)
    except OSError as error:
        message = f"cannot read `{job.module}`: {error.strerror}"
        raise UnreadableError(message) from error

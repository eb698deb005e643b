"""The compiler, as the list of what it does.

    text -> Document -> MachineSource -> Machine -> Tables -> cells -> plan -> text

Each stage takes what the one before gave and adds to the report. A definition with
errors goes on as far as its parts can be checked one by one, so that one run finds all
its faults; it is not flattened.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from pystator.compiler.analysis.after import check_cells
from pystator.compiler.analysis.before import check_machine
from pystator.compiler.diagnostics.model import Report, TooManyErrors
from pystator.compiler.emit.clashes import check_names
from pystator.compiler.emit.vocabulary import vocabulary
from pystator.compiler.flatten.explore import Cells, explore_all
from pystator.compiler.flatten.tables import Flat, flatten
from pystator.compiler.ir.build import build
from pystator.compiler.ir.machine import Machine
from pystator.compiler.ir.scope import Expressions
from pystator.compiler.source.limits import LISTED_LIMIT, too_many_faults
from pystator.compiler.source.nodes import Document
from pystator.compiler.source.reader import read_text
from pystator.compiler.source.salvage import salvage
from pystator.compiler.source.validate import validate


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition that has been through all checks.

    `flat`, `cells` and `expressions` are None when the report has errors, `document`
    also when the text could not be read. `followed` is False where a machine has too
    many configurations, or too much history, to follow all its steps.
    """

    report: Report
    document: Document | None
    flat: Flat | None = None
    cells: Cells | None = None
    expressions: Expressions | None = None
    followed: bool = True


def check(text: str | bytes, path: str) -> Checked:
    """Everything up to the cells: all that can be said about a definition."""
    with _collector_off():
        document, report = read_text(text, path)
        if document is None or report.has_errors:
            return Checked(report, document)
        try:
            return _checked(document, report)
        except TooManyErrors:
            report.limit = None
            report.add(too_many_faults(document.start))
            return Checked(report, document)


def _checked(document: Document, report: Report) -> Checked:
    """The stages behind the reader. Raises TooManyErrors where the report is full."""
    source = validate(document, report)
    refused = Checked(report, document)
    if any(diagnostic.code == "PS0116" for diagnostic in report):
        return refused
    report.limit = LISTED_LIMIT
    machine = _rest(document, report) if source is None else build(source, report)
    if machine is None:
        return refused
    expressions = Expressions(machine)
    check_machine(expressions, report)
    check_names(machine, report)
    if report.has_errors:
        return refused
    flat = flatten(machine)
    cells = explore_all(flat)
    followed = check_cells(flat, cells, expressions, report)
    if report.has_errors:
        return refused
    return Checked(report, document, flat, cells, expressions, followed)


def _rest(document: Document, report: Report) -> Machine | None:
    """The machine of what is left of a refused definition.

    A missing initial state is not reported, since it may be what was refused, nor a
    condition with keys that exclude each other.
    """
    source = salvage(document)
    if source is None:
        return None
    found = Report(LISTED_LIMIT)
    try:
        return build(source, found)
    finally:
        contradictory = {d.primary.line for d in report if d.code == "PS0128"}
        report.extend(
            d
            for d in found
            if d.code not in ("PS0301", "PS0302")
            and not (d.code == "PS0501" and d.primary.line in contradictory)
        )


def compile_text(checked: Checked, file_name: str) -> str:
    """The module of a definition without errors; `file_name` is for its header."""
    from pystator.compiler.emit.header import with_header
    from pystator.compiler.emit.plan import plan
    from pystator.compiler.emit.render import render

    flat, cells, expressions = checked.flat, checked.cells, checked.expressions
    document = checked.document
    assert flat is not None and cells is not None
    assert expressions is not None and document is not None
    with _collector_off():
        module = plan(flat, cells, vocabulary(flat, expressions))
        return with_header(render(module), PurePath(file_name).name, document)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Compiling allocates much and drops little: collecting costs a third of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

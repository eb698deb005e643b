"""What a choice cannot have: it is left as soon as it is entered, and never at rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.model import StateSource, TransitionSource
from pystator.compiler.source.text import Text


def check_choice(source: StateSource, children: Iterable[Text], report: Report) -> None:
    """`children` are the `parent` keys of the states that are nested in it."""
    for what, span in chain(_owned(source), (("children", c.span) for c in children)):
        _report(source, f"a choice has no {what}", span, report)


def check_way_out(
    source: StateSource, written: TransitionSource, place: Span, report: Report
) -> None:
    """`place` is where the transition names the choice as its source."""
    if written.delay_ms is not None:
        message = "nothing waits in a choice: a delay never starts there"
    elif written.done:
        message = "a choice has nothing inside that could be done"
    elif written.internal and not written.dest:
        message = "a choice is always left: this transition needs `dest`"
    else:
        return
    _report(source, message, place, report)


def _owned(source: StateSource) -> Iterator[tuple[str, Span]]:
    if source.on_enter:
        yield "`on_enter`", source.on_enter[0].span
    if source.on_exit:
        yield "`on_exit`", source.on_exit[0].span
    if source.timeout is not None:
        yield "`timeout`", source.timeout.span
    if source.invoke:
        yield "`invoke`", source.invoke[0].span
    if source.initial_child is not None:
        yield "`initial_child`", source.initial_child.span


def _report(source: StateSource, message: str, span: Span, report: Report) -> None:
    assert source.type is not None, "a choice says that it is one"
    report.add(
        diagnostic(
            "PS0316",
            message,
            span,
            label=f"{quoted(source.name)} is left as soon as it is entered",
            secondary=(Label(source.type.span, "declared as a choice here"),),
            help=(
                "put actions on the transitions of the choice, and all else on the "
                "states they lead to",
            ),
        )
    )

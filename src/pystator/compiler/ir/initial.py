"""Where the machine and each compound state start: one child, named in one way.

    P {A type: initial, B}  or  P initial_child: A {A, B}  ->  A

Without a fault nothing is guessed; after one, some child stands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.regions import Region
from pystator.compiler.ir.unknown import unknown_state
from pystator.compiler.source.model import StateSource
from pystator.compiler.source.text import Text

_SHOWN: Final = 5
"""The names that one message lists, and the places that it points at, at most."""


def initial_state(
    tops: Sequence[str],
    states: Mapping[str, StateSource],
    parents: Mapping[str, str | None],
    report: Report,
) -> str | None:
    """The outermost state that the machine starts in; None if there is none."""
    marked = _marked(tops, states)
    if not marked and states:
        _report_none(tops, states, parents, report)
    elif len(marked) > 1:
        message = f"the machine has {_number(len(marked))} initial states"
        _report_several(message, _claims(marked, states), report)
    return next(iter(marked), None)


def initial_child(
    source: StateSource,
    children: Sequence[str],
    states: Mapping[str, StateSource],
    parents: Mapping[str, str | None],
    report: Report,
) -> str | None:
    """The default child of a compound state; None for a state without children."""
    first = next(iter(children), None)
    chosen = source.initial_child
    if chosen is not None and chosen not in states:
        report.add(unknown_state(chosen, children or states))
        return first
    if chosen is not None and chosen not in children:
        _report_no_child(source, chosen, children, states, parents, report)
        return first
    if first is None or source.type == "terminal":
        return None
    marked = _marked(children, states)
    if chosen is None and not marked:
        _report_no_initial_child(source, children, states, report)
        return first
    claims = _claims([name for name in marked if name != chosen], states)
    if chosen is not None:
        claims.insert(1, (chosen.span, f"{quoted(chosen)} is the initial child"))
    if len(claims) > 1:
        count = _number(len(claims))
        message = f"{quoted(source.name)} has {count} initial children"
        _report_several(message, claims, report)
    return marked[0] if chosen is None else chosen


def initial_of_region(
    region: Region,
    members: Sequence[str],
    states: Mapping[str, StateSource],
    report: Report,
) -> str | None:
    """The state that a region starts in; None for a region without states."""
    first = next(iter(members), None)
    chosen, name = region.source.initial, region.source.name
    if chosen is not None and chosen not in members:
        others = ", ".join(map(quoted, members[:_SHOWN]))
        report.add(
            diagnostic(
                "PS0305",
                f"{quoted(chosen)} is not in the region {quoted(name)}",
                chosen.span,
                notes=(f"its states are {others}",) if members else (),
                help=did_you_mean(chosen, members) or ("name one of its states",),
            )
        )
        return first
    marked = _marked(members, states)
    if chosen is None and not marked and members:
        report.add(
            diagnostic(
                "PS0302",
                f"region {quoted(name)} has no initial state",
                name.span,
                label=f"it has {len(members)} states",
                help=tuple(f"add `initial: {m}`" for m in _lasting(members, states))[
                    :1
                ],
            )
        )
        return first
    claims = _claims([m for m in marked if m != chosen], states)
    if chosen is not None:
        claims.insert(1, (chosen.span, f"{quoted(chosen)} is the initial one"))
    if len(claims) > 1:
        count = _number(len(claims))
        _report_several(
            f"region {quoted(name)} has {count} initial states", claims, report
        )
    return marked[0] if chosen is None and marked else chosen


def _marked(names: Sequence[str], states: Mapping[str, StateSource]) -> list[str]:
    return [name for name in names if states[name].type == "initial"]


def _lasting(names: Sequence[str], states: Mapping[str, StateSource]) -> list[str]:
    return [name for name in names if states[name].type != "terminal"]


def _claims(
    marked: Sequence[str], states: Mapping[str, StateSource]
) -> list[tuple[Span, str]]:
    """Where each of the states with `type: initial` says so."""
    return [
        (word.span, f"{quoted(name)} is initial")
        for name in marked
        if (word := states[name].type) is not None
    ]


def _number(count: int) -> str:
    return "two" if count == 2 else str(count)


def _report_several(
    message: str, claims: list[tuple[Span, str]], report: Report
) -> None:
    """One diagnostic for all of them, at the second."""
    (first, claim), (second, again), *others = claims
    report.add(
        diagnostic(
            "PS0303",
            message,
            second,
            label=f"{again} too",
            secondary=(
                Label(first, claim),
                *(Label(span, f"{text} too") for span, text in others[:_SHOWN]),
            ),
            help=("keep one of them",),
        )
    )


def _report_none(
    tops: Sequence[str],
    states: Mapping[str, StateSource],
    parents: Mapping[str, str | None],
    report: Report,
) -> None:
    """A nested state with `type: initial` may be what the author means by it."""
    lasting = dict.fromkeys(_lasting(tops, states))
    likely: list[str] = []
    secondary: list[Label] = []
    for name, source in states.items():
        word, parent = source.type, parents[name]
        if word is not None and word == "initial" and parent is not None:
            text = f"{quoted(parent)} starts here, but not the machine"
            secondary.append(Label(word.span, text))
            if parent in lasting:
                likely.append(parent)
    likely += lasting
    report.add(
        diagnostic(
            "PS0301",
            "no outermost state has `type: initial`",
            next(iter(states.values())).name.span,
            label="a machine starts in one of its outermost states",
            secondary=secondary[:_SHOWN],
            help=tuple(
                "add `type: initial` to the state it starts in, perhaps "
                f"{quoted(name)}"
                for name in likely[:1]
            ),
        )
    )


def _report_no_initial_child(
    source: StateSource,
    children: Sequence[str],
    states: Mapping[str, StateSource],
    report: Report,
) -> None:
    several = len(children) > 1
    report.add(
        diagnostic(
            "PS0302",
            f"compound state {quoted(source.name)} has no initial child",
            source.name.span,
            label=(
                f"it has {len(children)} children"
                if several
                else f"its child is {quoted(children[0])}"
            ),
            help=tuple(
                f"add `initial_child: {name}`" for name in _lasting(children, states)
            )[:1],
        )
    )


def _report_no_child(
    source: StateSource,
    chosen: Text,
    children: Sequence[str],
    states: Mapping[str, StateSource],
    parents: Mapping[str, str | None],
    report: Report,
) -> None:
    parent = parents[chosen]
    has = "has no parent" if parent is None else f"is a child of {quoted(parent)}"
    if not children:
        note = f"{quoted(source.name)} has no children"
        help = "leave `initial_child` out"
    else:
        listed = ", ".join(map(quoted, children[:_SHOWN]))
        more = ", ..." if len(children) > _SHOWN else ""
        note = f"the children of {quoted(source.name)} are {listed}{more}"
        help = "name one of its children"
    report.add(
        diagnostic(
            "PS0305",
            f"{quoted(chosen)} is not a child of {quoted(source.name)}",
            chosen.span,
            secondary=(Label(states[chosen].name.span, f"{quoted(chosen)} {has}"),),
            notes=(note,),
            help=did_you_mean(chosen, children) or (help,),
        )
    )

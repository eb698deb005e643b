"""Transitions that are never taken, and what keeps each of them from it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import partial
from typing import Final

from pystator.compiler.analysis.cycles import labels_of, printed
from pystator.compiler.analysis.earlier import Blocked, Earlier
from pystator.compiler.analysis.folding import folded
from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.livelock import Circle, Livelock
from pystator.compiler.analysis.spread import completing
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.keys import guard_key
from pystator.compiler.ir.machine import ROOT, Machine, StateKind, Transition
from pystator.kernel import MICROSTEP_LIMIT

_PLACES: Final = 3
"""Other transitions that one message points at."""


@dataclass(frozen=True, slots=True)
class _Why:
    secondary: tuple[Label, ...]
    notes: tuple[str, ...]
    help: str


_SOMEHOW: Final = _Why(
    (),
    (
        "wherever it could be taken, other transitions come first, or its guards have "
        "been refused already",
    ),
    "change the order with `priority`, or remove it",
)
_ELSEWHERE: Final = _Why(
    (),
    ("where it could be taken, `in_state` keeps its guards from holding",),
    "correct the state that `in_state` asks for, or remove it",
)


def check_taken(flat: Flat, known: Known, report: Report) -> None:
    """One fault is reported once. So nothing is said of a transition whose own guard
    never holds, nor of an `auto` transition of a state that is never entered, and those
    that one circle keeps from being taken are reported together. Completions have a
    check of their own.
    """
    if report.has_errors:
        return
    machine = flat.machine
    if not known.complete:
        _check_without_cells(flat, known, report)
        return
    missing = {
        transition.id: transition
        for transition in machine.transitions
        if transition.id not in known.taken and not _never_holds(transition)
    }
    if not missing:
        return
    for circle, members in _by_circle(missing, known.livelocks).items():
        report.add(_endless(machine, circle, members))
        for member in members:
            del missing[member.id]
    reached = known.reached
    earlier = Earlier(flat, known)
    for transition in missing.values():
        kind = machine.states[transition.source].kind
        at_once = transition.auto or transition.done or kind is StateKind.CHOICE
        if not at_once and not known.steps.written:
            if transition.source not in known.resting:
                continue
        elif at_once and transition.source not in reached:
            continue
        if kind is StateKind.CHOICE:
            why = _why_of_choice(machine, transition, earlier, known)
        elif transition.done and not _completes(machine, transition, reached):
            continue
        else:
            why = _why(machine, transition, earlier.blocking(transition))
        report.add(_diagnostic(machine, transition, why))


def _check_without_cells(flat: Flat, known: Known, report: Report) -> None:
    """What is true of every configuration, where there are too many to look at each."""
    machine, found = flat.machine, known.spread
    earlier = Earlier(flat, known)
    for transition in machine.transitions:
        if transition.source not in found.states or _never_holds(transition):
            continue
        if machine.states[transition.source].kind is StateKind.CHOICE:
            blocked = earlier.before_choice(transition)
            if blocked is not None or transition.id not in found.transitions:
                why = _why_of_choice(machine, transition, earlier, known)
                report.add(_diagnostic(machine, transition, why))
            continue
        if transition.done and not _completes(machine, transition, found.states):
            continue
        blocked = earlier.blocking(transition)
        if blocked is not None:
            report.add(
                _diagnostic(machine, transition, _why(machine, transition, blocked))
            )
        elif transition.id not in found.transitions:
            report.add(_diagnostic(machine, transition, _ELSEWHERE))


def _completes(machine: Machine, transition: Transition, reached: Set[int]) -> bool:
    parts = completing(machine, transition.source)
    return not any(reached.isdisjoint(children) for children in parts)


def _why_of_choice(
    machine: Machine, transition: Transition, earlier: Earlier, known: Known
) -> _Why:
    blocked = earlier.before_choice(transition)
    if blocked is not None:
        return _why(machine, transition, blocked)
    if transition.trigger is not None and transition.id not in known.spread.transitions:
        name = quoted(machine.states[transition.source].name)
        note = f"nothing that {quoted(transition.trigger)} sets off enters {name}"
        return _Why(
            (), (note,), "say `auto: true` instead of the trigger, or remove it"
        )
    return _SOMEHOW


def _never_holds(transition: Transition) -> bool:
    return any(folded(guard) is False for guard in transition.guards)


def _by_circle(
    missing: dict[int, Transition], endless: Iterable[Livelock]
) -> dict[Circle, list[Transition]]:
    """For each circle, what is never taken because of it; what is in it comes first."""
    found: dict[int, Livelock] = {}
    for livelock in endless:
        inside = {number for _, number in livelock.circle}
        for number in livelock.taken & missing.keys():
            if number in inside:
                found[number] = livelock
            else:
                found.setdefault(number, livelock)
    groups: dict[Circle, list[Transition]] = {}
    for number in sorted(found):
        groups.setdefault(found[number].circle, []).append(missing[number])
    for circle, members in groups.items():
        members.sort(key=partial(_position, [number for _, number in circle]))
    return groups


def _position(order: list[int], member: Transition) -> tuple[int, int]:
    if member.id in order:
        return order.index(member.id), member.id
    return len(order), member.id


def _endless(
    machine: Machine,
    circle: Circle,
    members: list[Transition],
) -> Diagnostic:
    first = members[0]
    order = [number for _, number in circle]
    if first.id in order:
        circle = (*circle[order.index(first.id) :], *circle[: order.index(first.id)])
        labels = labels_of(machine, circle)[1:]
    else:
        labels = labels_of(machine, circle)
    others = [member for member in members[1:] if member.id not in order]
    labels += tuple(
        Label(other.source_span, "never taken either") for other in others[:_PLACES]
    )
    if circle:
        note = (
            "every step that takes it goes round without end and is rejected "
            f"(livelock): {printed(machine, circle)}"
        )
    else:
        note = (
            f"every step that takes it goes on for more than {MICROSTEP_LIMIT} "
            "transitions and is rejected (livelock)"
        )
    why = _Why(
        labels,
        (note, *_more(len(others) - _PLACES, "never taken for the same reason")),
        "let an `auto` transition on the way wait for a trigger or a delay, or give it "
        "a guard that an effect on the way changes",
    )
    return _diagnostic(machine, first, why)


def _why(machine: Machine, transition: Transition, blocked: Blocked | None) -> _Why:
    if blocked is None:
        return _SOMEHOW
    if not blocked.certain and not blocked.same:
        return _ELSEWHERE
    others = [machine.transitions[n] for n in (*blocked.certain, *blocked.same)]
    labels = tuple(
        Label(other.source_span, _label(machine, transition, other, blocked))
        for other in others[:_PLACES]
    )
    more = _more(len(others) - _PLACES, "before it in the same way")
    if any(other.source != transition.source for other in others):
        note = "what is nested comes before what is around it"
        those = "one of these" if len(others) > 1 else "the nested one"
        return _Why(labels, (note, *more), f"give {those} a guard, or remove this one")
    if blocked.same:
        return _Why(labels, more, "ask something else in one of the two, or remove one")
    help = "give the earlier one a guard, put this one before it, or remove it"
    return _Why(labels, more, help)


def _label(
    machine: Machine, transition: Transition, other: Transition, blocked: Blocked
) -> str:
    if other.id in blocked.same:
        if set(map(guard_key, other.guards)) == set(map(guard_key, transition.guards)):
            return "asks the same and comes first"
        return "asks no more than this one and comes first"
    if other.source == transition.source:
        wins = "its guards always hold" if other.guards else "this one has no guard"
        return f"{wins}: it wins"
    name = quoted(machine.states[other.source].name)
    return f"{name} has its own" if other.guards else f"{name} has its own, unguarded"


def _more(count: int, what: str) -> tuple[str, ...]:
    if count < 1:
        return ()
    return (f"{count} more {'is' if count == 1 else 'are'} {what}",)


def _diagnostic(machine: Machine, transition: Transition, why: _Why) -> Diagnostic:
    return diagnostic(
        "PS0402",
        f"{_subject(machine, transition)} is never taken",
        transition.source_span,
        secondary=why.secondary,
        notes=why.notes,
        help=(why.help,),
    )


def _subject(machine: Machine, transition: Transition) -> str:
    name = quoted(machine.states[transition.source].name)
    of, source = ("of", name) if transition.source != ROOT else ("from", "any state")
    if transition.trigger is not None:
        return f"this transition {of} {source} on {quoted(transition.trigger)}"
    if transition.timeout:
        return f"the timeout of {name}"
    if transition.done:
        return f"this `done` transition of {name}"
    return f"this {'`auto`' if transition.auto else 'delayed'} transition {of} {source}"

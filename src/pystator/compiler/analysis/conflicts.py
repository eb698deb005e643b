"""Transitions of different regions of which a step can take only one.

    P {r: A --go--> OUT; s: B --go--> C}  ->  with both enabled, `B` stays behind

The transition of the earlier leaf wins. That is seldom what either author meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import combinations
from typing import TypeAlias

from pystator import kernel
from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.logic import Logic
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir import machine as ir

_Row: TypeAlias = Mapping[int, tuple[int, ...]]


def check_conflicts(flat: Flat, known: Known, report: Report) -> None:
    """Each pair of written transitions once, where a step comes to both.

    Only configurations that are reached count, so nothing is said of those that were
    not walked to.
    """
    if report.has_errors or not flat.tables.regions:
        return
    tables = flat.tables
    rows = [tables.rows.get(trigger, {}) for trigger in range(len(flat.machine.events))]
    finder = _Finder(flat)
    candidates = [row for row in (*rows, tables.auto) if finder.pairs(row)]
    if not candidates:
        return
    told: set[tuple[Span, Span]] = set()
    for place in sorted(known.visited):
        for row in candidates:
            for winner, loser in finder.found(row, place):
                pair = (winner.span, loser.span)
                if pair not in told:
                    told.add(pair)
                    _report(flat.machine, winner, loser, report)


class _Finder:
    def __init__(self, flat: Flat) -> None:
        self.machine = flat.machine
        self.tables = flat.tables
        self.logic = Logic(flat.machine)
        self.known: dict[kernel.Guard, bool] = {}

    def pairs(self, row: _Row) -> Set[tuple[int, int]]:
        """Transitions from different regions, one of which leaves them all."""
        numbers = sorted({number for found in row.values() for number in found})
        leaving = [n for n in numbers if self.left(n)]
        return {
            (one, other)
            for one in leaving
            for other in numbers
            if one != other and self.clash(one, other)
        }

    def left(self, number: int) -> frozenset[int]:
        """The parallel states around its source that a transition leaves."""
        transition = self.tables.transitions[number]
        if not transition.targets and not transition.recalls:
            return frozenset()
        path = self.tables.path[transition.source][:-1]
        return frozenset(
            state
            for state in path
            if state in self.tables.regions and state > transition.domain
        )

    def clash(self, one: int, other: int) -> bool:
        """Whether their sources are in different regions that either leaves."""
        first, second = (self.tables.transitions[n] for n in (one, other))
        if not (second.targets or second.recalls):
            return False
        common = kernel.ROOT
        for here, there in zip(
            self.tables.path[first.source],
            self.tables.path[second.source],
            strict=False,
        ):
            if here != there:
                break
            common = here
        if common in (first.source, second.source):
            return False
        return common in self.left(one) and common in self.tables.regions

    def found(
        self, row: _Row, place: kernel.Configuration
    ) -> Iterator[tuple[ir.Transition, ir.Transition]]:
        """The winner and the loser of each pair that can be selected together."""
        if place[0] in self.tables.final:
            return
        active = frozenset(state for leaf in place for state in self.tables.path[leaf])
        lists = [list(self.candidates(row, leaf, active)) for leaf in place]
        for earlier, later in combinations(lists, 2):
            for one, when in earlier:
                for other, then in later:
                    if one == other:
                        continue
                    if not self.clash(one, other) and not self.clash(other, one):
                        continue
                    if self.possible(kernel.AllOf((when, then))):
                        transitions = self.machine.transitions
                        yield transitions[one], transitions[other]

    def candidates(
        self, row: _Row, leaf: int, active: Set[int]
    ) -> Iterator[tuple[int, kernel.Guard]]:
        """What the leaf may select, each with when it does."""
        refused: list[kernel.Guard] = []
        for state in reversed(self.tables.path[leaf]):
            for number in row.get(state, ()):
                guards = self.machine.transitions[number].guards
                holds = self.logic.all_of(guards, active)
                yield number, kernel.AllOf((*refused, holds))
                refused.append(kernel.Not(holds))
                if not guards:
                    return

    def possible(self, wanted: kernel.Guard) -> bool:
        if wanted not in self.known:
            self.known[wanted] = self.logic.possible(wanted)
        return self.known[wanted]


def _report(
    machine: ir.Machine, winner: ir.Transition, loser: ir.Transition, report: Report
) -> None:
    first, second = (machine.states[t.source] for t in (winner, loser))
    if loser.trigger is None:
        when = "one of these `auto` transitions is taken"
        message = f"of {quoted(first.name)} and {quoted(second.name)}, only {when}"
    else:
        message = (
            f"on {quoted(loser.trigger)}, only one of {quoted(first.name)} and "
            f"{quoted(second.name)} is left"
        )
    report.add(
        diagnostic(
            "PS0406",
            message,
            loser.source_span,
            label="not taken when the other one is",
            secondary=(Label(winner.source_span, "in another region: it wins"),),
            notes=("both leave the same states, and the region listed first wins",),
            help=(
                "let one region stay where it is, or give guards that exclude each "
                "other",
            ),
        )
    )

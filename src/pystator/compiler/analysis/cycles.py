"""Transitions that lead round in a circle without end, whatever is answered.

    A --auto--> B, B --auto--> A  ->  `A` -> `B` -> `A`

A cycle that a guard can end is bounded at run time instead. `auto` transitions are
followed from every leaf; what goes round by `done`, `raise` or across regions shows in
the cells, since their steps never end.
"""

from __future__ import annotations

from pystator import kernel
from pystator.compiler.analysis.entry import entered, is_leaf
from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.livelock import Circle
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, StateKind, Transition


def check_cycles(flat: Flat, known: Known, report: Report) -> None:
    """Each cycle once, from its first state in document order."""
    told: set[int] = set()
    for cycle in _followed(flat):
        told.update(number for _, number in cycle)
        _report(flat, cycle, report)
    if not known.steps.endless:
        return
    for livelock in known.livelocks:
        taken = {number for _, number in livelock.circle}
        if not livelock.certain or not taken or not told.isdisjoint(livelock.taken):
            continue
        if livelock.place in known.visited:
            told |= taken
            _report(flat, list(livelock.circle), report)


def _followed(flat: Flat) -> list[list[tuple[int, int]]]:
    tables = flat.tables
    cycles: list[list[tuple[int, int]]] = []
    following = _Following(flat)
    done: set[int] = set()
    for state in flat.machine.states:
        if not is_leaf(tables, state.id):
            continue
        trail: list[tuple[int, int]] = []
        seen: dict[int, int] = {}
        here = int(state.id)
        while here not in done and here not in seen:
            seen[here] = len(trail)
            step = following.step(here)
            if step is None:
                break
            chosen, there = step
            trail.append((here, chosen))
            here = there
        else:
            if here in seen and here not in done:
                cycles.append(trail[seen[here] :])
        done.update(seen)
    return cycles


class _Following:
    """What is certainly taken from one leaf, whatever the other regions do."""

    def __init__(self, flat: Flat) -> None:
        self.machine = flat.machine
        self.tables = flat.tables
        at_once = [
            number for numbers in flat.tables.auto.values() for number in numbers
        ]
        for waiting in flat.tables.choices.values():
            at_once += (number for _, number in waiting)
        self.at_once = [flat.tables.transitions[number] for number in at_once]
        self.exposed: dict[int, bool] = {}

    def step(self, leaf: int) -> tuple[int, int] | None:
        """The transition and the leaf that it leads to, in the same region."""
        region = self.region_of(leaf)
        if region != kernel.ROOT and self.is_exposed(region):
            return None
        chosen = self.certain(leaf, region)
        if chosen is None:
            return None
        transition = self.tables.transitions[chosen]
        if transition.recalls:
            return None
        if not transition.targets:
            return chosen, leaf
        if not region <= transition.domain <= self.tables.last[region]:
            return None
        leaves = [s for s in entered(self.tables, chosen) if is_leaf(self.tables, s)]
        if len(leaves) != 1:
            return None
        return chosen, leaves[0]

    def certain(self, leaf: int, region: int) -> int | None:
        tables = self.tables
        if leaf in tables.final:
            return None
        if leaf in tables.choices:
            for trigger, candidate in tables.choices[leaf]:
                answer = self.holds(candidate, leaf, region)
                if answer is False:
                    continue
                return candidate if answer and trigger == kernel.NO_TRIGGER else None
            return None
        for state in reversed(tables.path[leaf]):
            for candidate in tables.auto.get(state, ()):
                answer = self.holds(candidate, leaf, region)
                if answer is not False:
                    return candidate if answer else None
        return None

    def holds(self, transition: int, leaf: int, region: int) -> bool | None:
        """None if it depends."""
        tables = self.tables
        answers: list[bool | None] = []
        for guard in tables.transitions[transition].guards:
            residue = kernel.fold(tables.guards[guard], tables.path[leaf])
            if region != kernel.ROOT and _asks_state(tables.guards[guard]):
                answers.append(None)
            else:
                answers.append(residue if isinstance(residue, bool) else None)
        if False in answers:
            return False
        return None if None in answers else True

    def region_of(self, leaf: int) -> int:
        for state in reversed(self.tables.path[leaf]):
            if self.machine.states[state].kind is StateKind.REGION:
                return state
        return kernel.ROOT

    def is_exposed(self, region: int) -> bool:
        """Whether something in another region may leave this one in the meantime."""
        if region not in self.exposed:
            last = self.tables.last[region]
            around = (s for s in self.tables.path[region] if s in self.tables.regions)
            outermost = next(around)
            self.exposed[region] = any(
                (transition.targets or transition.recalls)
                and outermost < transition.source <= self.tables.last[outermost]
                and not region <= transition.source <= last
                and transition.domain < region <= self.tables.last[transition.domain]
                for transition in self.at_once
            )
        return self.exposed[region]


def _asks_state(guard: kernel.Guard) -> bool:
    match guard:
        case kernel.InState():
            return True
        case kernel.Not(inner):
            return _asks_state(inner)
        case kernel.AllOf(guards) | kernel.AnyOf(guards):
            return any(map(_asks_state, guards))
        case kernel.Asked():
            return False


def _report(flat: Flat, cycle: list[tuple[int, int]], report: Report) -> None:
    machine = flat.machine
    first = cycle.index(min(cycle))
    circle = (*cycle[first:], *cycle[:first])
    transitions = [machine.transitions[number] for _, number in circle]
    kind = "`auto` transitions" if all(t.auto for t in transitions) else "transitions"
    those, come = "these", "come"
    if len(circle) == 1:
        those, kind, come = "this", kind.removesuffix("s"), "comes"
    report.add(
        diagnostic(
            "PS0403",
            f"{those} {kind} never {come} to rest: {printed(machine, circle)}",
            transitions[0].source_span,
            label="taken again and again",
            secondary=labels_of(machine, circle)[1:],
            help=(
                "let one of them wait for a trigger or a delay, or give it a guard "
                "that an effect on the way changes",
            ),
        )
    )


def printed(machine: Machine, circle: Circle) -> str:
    """The states of a circle of leaves with what is taken there, closed."""
    states = [
        quoted(machine.states[leaf].name) + _cause(machine.transitions[transition])
        for leaf, transition in circle
    ]
    return " -> ".join([*states, quoted(machine.states[circle[0][0]].name)])


def _cause(transition: Transition) -> str:
    if transition.done:
        return " done"
    return "" if transition.trigger is None else f" on {quoted(transition.trigger)}"


def labels_of(machine: Machine, circle: Circle) -> tuple[Label, ...]:
    return tuple(
        Label(
            machine.transitions[transition].source_span,
            f"then from {quoted(machine.states[leaf].name)}",
        )
        for leaf, transition in circle
    )

"""Eventless transitions without guards that never come to rest.

    A --auto--> B, B --auto--> A  ->  `A` -> `B` -> `A`

A cycle that a guard can end is bounded at run time instead.
"""

from __future__ import annotations

from pystator import kernel
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine


def check_cycles(flat: Flat, cells: Cells, report: Report) -> None:
    """Each cycle once, from its first state in document order."""
    tables = flat.tables
    known: set[int] = set()
    for leaf in flat.machine.leaves:
        trail: list[tuple[int, int]] = []
        seen: dict[int, int] = {}
        here = int(leaf.id)
        while here not in known and here not in seen:
            seen[here] = len(trail)
            chosen = _certain(tables, here)
            if chosen is None:
                break
            trail.append((here, chosen))
            here = _after(tables, here, chosen)
        else:
            if here in seen and here not in known:
                _report(flat, trail[seen[here] :], report)
        known.update(seen)


def _certain(tables: kernel.Tables, leaf: int) -> int | None:
    """The transition that is taken from `leaf` whatever is answered, if any."""
    if leaf in tables.final:
        return None
    for state in reversed(tables.path[leaf]):
        for candidate in tables.auto.get(state, ()):
            answers = [
                kernel.fold(tables.guards[guard], tables.path[leaf])
                for guard in tables.transitions[candidate].guards
            ]
            if all(answer is True for answer in answers):
                return candidate
            if not any(answer is False for answer in answers):
                return None
    return None


def _after(tables: kernel.Tables, leaf: int, transition: int) -> int:
    target = tables.transitions[transition].target
    if target == kernel.NOWHERE:
        return leaf
    while tables.initial[target] != kernel.NOWHERE:
        target = tables.initial[target]
    return target


def _report(flat: Flat, cycle: list[tuple[int, int]], report: Report) -> None:
    first = cycle.index(min(cycle))
    circle = (*cycle[first:], *cycle[:first])
    report.add(
        diagnostic(
            "PS0403",
            "these `auto` transitions never come to rest: "
            f"{printed(flat.machine, circle)}",
            flat.machine.transitions[circle[0][1]].source_span,
            label="taken again and again",
            secondary=labels_of(flat.machine, circle)[1:],
            help=(
                "let one of them wait for a trigger or a delay, or give it a guard "
                "that an effect on the way changes",
            ),
        )
    )


def printed(machine: Machine, circle: tuple[tuple[int, int], ...]) -> str:
    """The states of a circle of leaves with what is taken there, closed."""
    states = [machine.states[leaf].name for leaf, _ in circle]
    return " -> ".join(map(quoted, [*states, states[0]]))


def labels_of(
    machine: Machine, circle: tuple[tuple[int, int], ...]
) -> tuple[Label, ...]:
    return tuple(
        Label(
            machine.transitions[transition].source_span,
            f"then from {quoted(machine.states[leaf].name)}",
        )
        for leaf, transition in circle
    )

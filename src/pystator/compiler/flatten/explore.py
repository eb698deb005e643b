"""Tables -> cells: what every trigger does in every leaf, decided once.

Triggers that no active state listens to have no cell: they are rejected as the kernel
rejects them without asking anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pystator.cells import Cell, CellTooLarge, Done, explore
from pystator.compiler.flatten.alike import Explorer
from pystator.compiler.flatten.configurations import (
    configurations,
    is_written_out,
    written_out,
)
from pystator.compiler.flatten.independence import Route, routes
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import StateId
from pystator.kernel import ROOT, START, Configuration, Outcome


@dataclass(frozen=True, slots=True)
class Large:
    """A cell with more outcomes than are written out: the kernel steps it."""

    trigger: int
    leaves: Configuration


@dataclass(frozen=True, slots=True)
class Routed:
    """A trigger that regions take by themselves: `columns[region][part]`.

    A part is what is active in the region. Where nothing listens there is no cell.
    """

    route: Route
    columns: Mapping[StateId, Mapping[Configuration, Cell]]


@dataclass(frozen=True, slots=True)
class Cells:
    """`columns[trigger][configuration]`, and what is explored region by region."""

    start: Cell | Large
    columns: tuple[Mapping[Configuration, Cell | Large], ...]
    routed: tuple[Routed, ...] = ()


def explore_all(flat: Flat) -> Cells:
    tables = flat.tables
    places = [p for p in written_out(flat.machine) if p[0] not in tables.final]
    active: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        for state in {state for leaf in place for state in tables.path[leaf]}:
            active.setdefault(state, []).append(number)
    explorer = Explorer(flat)
    columns: list[dict[Configuration, Cell | Large]] = []
    for trigger in range(flat.external):
        row = tables.rows.get(trigger, {})
        listening = {number for state in row for number in active.get(state, ())}
        columns.append(
            {
                places[number]: _explore(explorer, places[number], trigger)
                for number in sorted(listening)
            }
        )
    return Cells(_start(flat), tuple(columns), _routed(flat))


def _start(flat: Flat) -> Cell | Large:
    cell = _explore(Explorer(flat), (ROOT,), START)
    if not isinstance(cell, Large) and any(o.history for o in outcomes_of(cell)):
        return Large(START, (ROOT,))  # what is remembered is written at run time
    return cell


def _routed(flat: Flat) -> tuple[Routed, ...]:
    if is_written_out(flat.machine):
        return ()
    found: list[Routed] = []
    for route in routes(flat):
        try:
            columns = {region: _part(flat, route, region) for region in route.regions}
        except CellTooLarge:
            continue
        found.append(Routed(route, columns))
    return tuple(found)


def _part(flat: Flat, route: Route, region: StateId) -> dict[Configuration, Cell]:
    tables = flat.tables
    row = tables.rows.get(route.trigger, {})
    return {
        part: explore(tables, part, route.trigger)
        for part in configurations(flat.machine, region)
        if any(state in row for leaf in part for state in tables.path[leaf])
    }


def _explore(explorer: Explorer, leaves: Configuration, trigger: int) -> Cell | Large:
    try:
        return explorer.explore(leaves, trigger)
    except CellTooLarge:
        return Large(trigger, leaves)


def outcomes_of(cell: Cell) -> list[Outcome]:
    """The outcomes of a cell, those of yes before those of no."""
    found: list[Outcome] = []
    pending = [cell]
    while pending:
        match pending.pop():
            case Done(outcome):
                found.append(outcome)
            case test:
                pending += [test.no, test.yes]
    return found

"""Events that regions take by themselves -> columns of parts, and what joins them.

    P {r: A --e--> B; s: C}, e  ->  _P_E_R = {A: _A_E}; def _p_e(..., state): ...

A part is an outcome whose target is only what is active in one region. The function of
a trigger asks the regions that react and puts the parts together, once for each
combination that it meets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pystator.compiler.emit.cells import CellWriter, Entry
from pystator.compiler.emit.layout import Group, define, lay_out
from pystator.compiler.emit.names import Identifier, Namespace, PartNames
from pystator.compiler.emit.outcomes import Where
from pystator.compiler.emit.places import place_of
from pystator.compiler.emit.sinks import Code
from pystator.compiler.flatten.explore import Routed
from pystator.compiler.ir.machine import StateId
from pystator.kernel import Change, Configuration

_ERRORS: Final = frozenset(["guard_error", "effect_error"])


@dataclass(frozen=True, slots=True)
class PartColumn:
    """What one region does: its entries by what is active in it.

    `fails` if a guard or an effect of it may raise.
    """

    name: Identifier
    attribute: Identifier
    part: Identifier
    event: str
    entries: tuple[Code, ...]
    guarded: bool
    fails: bool


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """The function of one trigger in one parallel state.

    `nothing` is the outcome where no region reacts. `target` puts the parts of
    `columns` and the other regions together; `first` is the effect that brings the
    payload into the context, if any.
    """

    function: Identifier
    head: Code
    owner: Identifier
    trigger: int
    columns: tuple[PartColumn, ...]
    target: Code
    nothing: Code
    first: Identifier | None

    @property
    def several(self) -> bool:
        return len(self.columns) > 1

    @property
    def asks(self) -> bool:
        """Whether the step depends on more than the configuration."""
        return any(column.guarded for column in self.columns)


class RouteWriter:
    """Writes the parts of all routes."""

    def __init__(self, writer: CellWriter, names: Namespace) -> None:
        self.writer = writer
        self.words = writer.words
        self.names = names

    def write(self) -> tuple[RoutePlan, ...]:
        return tuple(self._route(routed) for routed in self.writer.cells.routed)

    def _route(self, routed: Routed) -> RoutePlan:
        words, route = self.words, routed.route
        state = words.machine.states[route.parallel]
        names = words.names.parts[state.name]
        trigger = words.trigger_name(route.trigger)
        node = words.names.nodes[state.name]
        self.writer.open(f"{state.name}, {words.trigger_text(route.trigger)}")
        columns = tuple(
            self._column(routed, region, f"{node}_{trigger}")
            for region in route.regions
        )
        params = [
            *(["guards: Guards"] if words.has_guards else []),
            "context: Context",
            f"event: {words.event_type(route.trigger)}",
            *(["now: datetime"] if words.has_now else []),
            f"state: {names.name}",
        ]
        function = self.names.take(f"_{node}_{trigger}".lower())
        return RoutePlan(
            function=function,
            head=define(f"def {function}(", params, "Outcome", ":", 0),
            owner=names.name,
            trigger=route.trigger,
            columns=columns,
            target=self._target(routed, names),
            nothing=self._nothing(route.trigger),
            first=self._merge(route.trigger) if len(columns) > 1 else None,
        )

    def _nothing(self, trigger: int) -> Code:
        if not self.words.machine.strict:
            return Code("Accepted(state, handled=False)")
        known = trigger in self.words.flat.tables.rows
        return Code("_INVALID" if known else "_UNDEFINED")

    def _target(self, routed: Routed, names: PartNames) -> Code:
        states, reacting = self.words.machine.states, list(routed.route.regions)
        found: list[str] = []
        for region in states[routed.route.parallel].children:
            same = f"state.{names.attributes[states[region].name]}"
            if region not in reacting:
                found.append(same)
            elif len(reacting) == 1:
                found.append("part_0.target")
            else:
                part = f"part_{reacting.index(region)}"
                found.append(f"{part}.target if {part} else {same}")
        return lay_out(Group(f"target = {names.name}.of(", tuple(found), ")"), 4)

    def _merge(self, trigger: int) -> Identifier | None:
        merges = self.words.flat.tables.merges
        if trigger not in merges:
            return None
        return self.writer.effect(Change(merges[trigger], trigger))

    def _column(self, routed: Routed, region: StateId, base: str) -> PartColumn:
        words, route = self.words, routed.route
        names = words.names.parts[words.machine.states[route.parallel].name]
        name = words.machine.states[region].name
        where = Where(region, names.aliases[name])
        entries: dict[Configuration, Entry] = {}
        fails = False
        for part, cell in routed.columns[region].items():
            label = f"{words.place_name(part)}_{words.trigger_name(route.trigger)}"
            entries[part], result = self.writer.part(
                route.trigger, cell, label, where, phased=len(route.regions) > 1
            )
            fails = fails or not _ERRORS.isdisjoint(result.reasons)
        guarded = any(entry.decide is not None for entry in entries.values())
        attribute = names.attributes[name]
        return PartColumn(
            name=self.names.take(f"_{base}_{attribute}".upper()),
            attribute=attribute,
            part=names.aliases[name],
            event=words.event_type(route.trigger),
            entries=tuple(
                self._entry(part, entry, region, guarded)
                for part, entry in entries.items()
            ),
            guarded=guarded,
            fails=fails,
        )

    def _entry(
        self, part: Configuration, entry: Entry, region: StateId, guarded: bool
    ) -> Code:
        key = lay_out(place_of(self.words, part, region), 4, 2)
        if not guarded:
            return Code(f"{key}: {entry.outcome}")
        value = Group(f"{key}: (", (entry.outcome, str(entry.decide)), ")")
        return lay_out(value, 4, 1)

"""Whether the regions of a parallel state can each take an event by themselves.

    P {r: A --e--> B; s: C}      e only concerns r: its cells are those of r alone

For a trigger and an outermost parallel state P, with A for P and what is around it, the
regions that have a row for the trigger *react*. They are independent when

1. nothing on A has a row for the trigger, and nothing on A is eventless;
2. no eventless transition in any region has a guard, unless one region reacts and only
   that one has them: what rests is asked again in every step that is accepted;
3. whatever a reacting region can do (its rows for the trigger, its eventless and choice
   transitions, and all they raise or complete) starts in the region and stays in it;
   the completion of P counts as such a thing where the region can be completed;
4. if several react, none raises or completes anything that a row listens to, none has
   effects that may fail, and no two different guards have one name;
5. `in_state` asks in a reacting region only for what is in it or on A.

Then all guards come before all effects and every region does what it would do alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pystator import kernel
from pystator.compiler.flatten.configurations import count_of, outer_parallels
from pystator.compiler.flatten.guards import states_in
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import State, StateId, StateKind

PART_LIMIT: Final = 256
"""What can be active in one region, beyond which its cells are not written out."""


@dataclass(frozen=True, slots=True)
class Route:
    """The regions of `parallel` that react to `trigger`, in document order."""

    parallel: StateId
    trigger: int
    regions: tuple[StateId, ...]


def routes(flat: Flat) -> Iterator[Route]:
    """Every pair of parallel state and event whose regions are independent.

    Delays are left to the kernel, since they end seldom. None of them are in a machine
    with history, which is asked of the whole configuration.
    """
    if flat.tables.memories:
        return
    for parallel in outer_parallels(flat.machine):
        reader = _Reader(flat, parallel)
        for trigger in range(len(flat.machine.events)):
            regions = reader.independent(trigger)
            if regions is not None:
                yield Route(parallel.id, trigger, regions)


class _Reader:
    def __init__(self, flat: Flat, parallel: State) -> None:
        self.flat = flat
        self.tables = flat.tables
        self.parallel = parallel
        self.regions = [flat.machine.states[child] for child in parallel.children]
        self.around = frozenset(flat.machine.path_to(parallel.id))
        self.guarded = {
            region.id
            for region in self.regions
            if any(self.tables.transitions[n].guards for n in self._autos(region))
        }
        self.resting = self.around.isdisjoint(self.tables.auto)
        self.small = {
            region.id
            for region in self.regions
            if count_of(flat.machine, region.id) <= PART_LIMIT
        }

    def independent(self, trigger: int) -> tuple[StateId, ...] | None:
        """The regions that react, if each can do so by itself."""
        row = self.tables.rows.get(trigger, {})
        if not self.resting or any(state in row for state in self.around):
            return None
        reacting = tuple(
            region
            for region in self.regions
            if any(region.id < state <= region.last for state in row)
        )
        ids = {region.id for region in reacting}
        if not ids <= self.small or len(self.guarded - ids) > 0:
            return None
        several = len(reacting) > 1
        if several and self.guarded:
            return None
        closures = [self._closure(region, trigger) for region in reacting]
        if any(
            not self._is_closed(region, closure)
            for region, closure in zip(reacting, closures, strict=True)
        ):
            return None
        if several and not self._merge(closures):
            return None
        return tuple(region.id for region in reacting)

    def _autos(self, region: State) -> list[int]:
        return [
            number
            for state, found in self.tables.auto.items()
            if region.id < state <= region.last
            for number in found
        ]

    def _closure(self, region: State, trigger: int) -> _Closure:
        """All that may be taken in a step that begins with the region's own rows."""
        tables = self.tables
        row = tables.rows.get(trigger, {})
        taken = {
            number
            for state, found in row.items()
            if region.id < state <= region.last
            for number in found
        }
        taken.update(self._autos(region))
        for choice, waiting in tables.choices.items():
            if region.id < choice <= region.last:
                taken.update(number for _, number in waiting)
        heard = self._heard(region, taken)
        pending = list(heard)
        while pending:
            for found in tables.rows.get(pending.pop(), {}).values():
                taken.update(found)
            more = self._heard(region, taken) - heard
            heard |= more
            pending += more
        return _Closure(frozenset(taken), frozenset(heard))

    def _heard(self, region: State, taken: set[int]) -> set[int]:
        """The internal events of these transitions that some row listens to."""
        tables = self.tables
        inside = range(region.id, region.last + 1)
        listed = [tables.transitions[number].actions for number in taken]
        listed += [tables.enter[state] for state in inside]
        listed += [tables.exit[state] for state in inside]
        heard = {
            action.trigger
            for actions in listed
            for action in actions
            if isinstance(action, kernel.Raise) and tables.rows.get(action.trigger)
        }
        for state, trigger in tables.done.items():
            if state in inside or state == self.parallel.id:
                heard.add(trigger)
        if not any(
            self.flat.machine.states[state].kind is StateKind.TERMINAL
            for state in region.children
        ):
            heard.discard(tables.done.get(self.parallel.id, kernel.NO_TRIGGER))
        return heard

    def _is_closed(self, region: State, closure: _Closure) -> bool:
        """Whether nothing begins, leads or looks outside the region."""
        for number in closure.taken:
            transition = self.tables.transitions[number]
            moves = bool(transition.targets or transition.recalls)
            if not region.id < transition.source <= region.last:
                return False
            if moves and not region.id <= transition.domain <= region.last:
                return False
            for guard in transition.guards:
                for state in states_in(self.tables.guards[guard]):
                    inside = region.id < state <= region.last
                    if not inside and state not in self.around:
                        return False
        return True

    def _merge(self, closures: list[_Closure]) -> bool:
        """Whether the parts of several regions make up the whole."""
        if any(closure.heard for closure in closures):
            return False
        names: dict[str, int] = {}
        for closure in closures:
            for number in closure.taken:
                for guard in self.tables.transitions[number].guards:
                    name = self.flat.guard_names[guard]
                    if names.setdefault(name, guard) != guard:
                        return False
        return self.flat.machine.variables is not None


@dataclass(frozen=True, slots=True)
class _Closure:
    """`taken` are transitions, `heard` the internal triggers that rows listen to."""

    taken: frozenset[int]
    heard: frozenset[int]

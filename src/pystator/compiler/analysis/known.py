"""What the steps and the tree tell of a machine, each thing worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pystator.compiler.analysis.entry import reached_by
from pystator.compiler.analysis.livelock import Livelock, livelocks, only_there
from pystator.compiler.analysis.spread import Spread, spread
from pystator.compiler.analysis.steps import Steps, read_steps
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat
from pystator.kernel import Configuration


class Known:
    """Where all steps are known, what none of them does is never done. Else only
    `spread` tells what may happen.
    """

    def __init__(self, flat: Flat, cells: Cells) -> None:
        self._flat = flat
        self._cells = cells

    @cached_property
    def steps(self) -> Steps:
        return read_steps(self._flat, self._cells)

    @property
    def complete(self) -> bool:
        return self.steps.written or self.steps.walked

    @cached_property
    def taken(self) -> frozenset[int]:
        """What the steps take; where all are written, also those that never come."""
        found = self.steps.possible.values()
        return frozenset(number for numbers, _ in found for number in numbers)

    @cached_property
    def livelocks(self) -> tuple[Livelock, ...]:
        return livelocks(self._flat, self.steps)

    @cached_property
    def led_into(self) -> Mapping[int, frozenset[int]]:
        """The triggers that may lead into each choice, whatever follows."""
        return spread(self._flat).brought

    @cached_property
    def spread(self) -> Spread:
        """What may happen; steps that never come to rest count too."""
        if not self.complete:
            return spread(self._flat)
        endless = (livelock.taken for livelock in self.livelocks)
        return spread(self._flat, self.taken.union(*endless))

    @cached_property
    def reached(self) -> frozenset[int]:
        """The states that accepted steps may enter."""
        if self.exact:
            return frozenset(self._reached[0])
        if not self.complete:
            return self.spread.states
        return spread(self._flat, self.taken).states

    @cached_property
    def entered(self) -> frozenset[int]:
        """The states that any step may enter, be it accepted or not."""
        if not self.exact:
            return self.spread.states
        possible = self.steps.possible
        endless = only_there(self.livelocks, possible)
        return frozenset(reached_by(self._flat, possible, endless)[0])

    @property
    def visited(self) -> set[Configuration]:
        """The configurations that accepted steps may come to, as far as is known."""
        return self._reached[1]

    @cached_property
    def resting(self) -> frozenset[int]:
        """The states that are active in some configuration that is come to."""
        path = self._flat.tables.path
        return frozenset(
            s for place in self.visited for leaf in place for s in path[leaf]
        )

    @property
    def exact(self) -> bool:
        """Whether the steps tell all states: what a record brings back they do not."""
        return self.steps.walked and not self._flat.tables.memories

    @cached_property
    def _reached(self) -> tuple[set[int], set[Configuration]]:
        return reached_by(self._flat, self.steps.possible, {})

"""Whether the answers on a way can all be given in one run.

What the graph does not know it takes for possible. A way is only told as a fact when
values are found for the variables and payloads with which each step asks the same
questions and gets the same answers. Guards written in Python answer as they must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from pystator.compiler.analysis.properties.candidates import Candidates
from pystator.compiler.analysis.properties.conditions import decide
from pystator.compiler.analysis.properties.evaluate import Failed
from pystator.compiler.analysis.properties.graph import Edge, Graph
from pystator.compiler.analysis.properties.relevant import names_read
from pystator.compiler.analysis.properties.steps import Asked
from pystator.compiler.analysis.properties.values import Value
from pystator.compiler.analysis.properties.world import Moment
from pystator.kernel import ROOT

_TRIES: Final = 4_000
"""Steps that are tried for one way, with one choice of values each."""
_LONGEST: Final = 200


class Witness:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._world = graph.world
        self._candidates = Candidates(graph.world.flat)
        self._read = names_read(graph.world.flat)
        self._room = 0

    def confirms(self, way: Sequence[Edge]) -> bool:
        """Whether some run is known to go this way.

        Where the context is dynamic nothing can be tried: values have any type.
        """
        if self._world.flat.machine.variables is None:
            return True
        if not any(edge.given for edge in way):
            return True
        if len(way) > _LONGEST:
            return False
        self._room = _TRIES
        initial = self._world.initial()
        choices = {
            name: self._candidates.of(field.type)
            for name, field in self._world.fields.items()
            if field.required
        }
        for chosen in _each(choices):
            if self._goes_on({**initial, **chosen}, way, 0):
                return True
            if self._room == 0:
                break
        return False

    def _goes_on(
        self, context: dict[str, Value], way: Sequence[Edge], number: int
    ) -> bool:
        if number == len(way):
            return True
        for sent in _each(self._payloads(way[number])):
            if self._room == 0:
                return False
            self._room -= 1
            moment = Moment(dict(context), way[number].trigger, sent)
            if self._same(moment, way, number) and self._goes_on(
                moment.context, way, number + 1
            ):
                return True
        return False

    def _payloads(self, edge: Edge) -> Mapping[str, tuple[Value, ...]]:
        """Of the fields that are read or stored: an open payload has any variable."""
        event = self._world.event_of(edge.trigger)
        if event is None:
            return {}
        if event.payload is None:
            return {
                name: (None, *self._candidates.of(field.type))
                for name, field in self._world.fields.items()
            }
        return {
            str(field.name): self._candidates.of(field.type)
            for field in event.payload
            if field.name in self._read or field.name in self._world.fields
        }

    def _same(self, moment: Moment, way: Sequence[Edge], number: int) -> bool:
        """Whether the step asks and is answered as on the way; makes its effects."""
        edge, steps = way[number], self._graph.steps
        if number:
            before = self._graph.nodes[way[number - 1].target]
            key = before.leaves, before.history, edge.trigger
        else:
            key = (ROOT,), tuple(() for _ in steps.tables.memories), edge.trigger
        step = steps.first(*key)
        answered = 0
        try:
            while True:
                for change in step.changes:
                    self._world.apply(change, moment)
                if not isinstance(step, Asked):
                    return True
                moment.event = step.ask.event
                answer = decide(self._world, step.ask.residue, moment)
                told = edge.told[: answered + 1]
                if isinstance(answer, bool):
                    if answer is not told[-1]:
                        return False
                elif answer.reads or answer.payload:
                    return False
                step = steps.after(step, key, told)
                answered += 1
        except Failed:
            return False


def _each(choices: Mapping[str, tuple[Value, ...]]) -> Iterator[dict[str, Value]]:
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))

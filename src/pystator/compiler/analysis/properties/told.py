"""Runs and values in words, for messages.

`place` (if `len(skus) > 0`), `pay` (unless `amount >= total`), `PAID/after`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pystator.compiler.analysis.properties.graph import Edge, Graph, Node
from pystator.compiler.analysis.properties.values import UNKNOWN, Unknown, Value, shown
from pystator.compiler.diagnostics.quote import LIMIT, quoted, visible
from pystator.compiler.ir import machine as ir
from pystator.compiler.ir.keys import guard_name
from pystator.configuration import write_configuration
from pystator.kernel import START

_MOST_STEPS: Final = 30


def steps_text(graph: Graph, way: Sequence[Edge]) -> str:
    """The steps of a run; the start is only told where something was asked there."""
    if len(way) <= _MOST_STEPS:
        return ", ".join(_step(graph, edge) for edge in way)
    first, last = way[: _MOST_STEPS - 5], way[-5:]
    left_out = len(way) - len(first) - len(last)
    return (
        f"{steps_text(graph, first)}, {left_out} more steps, {steps_text(graph, last)}"
    )


def after_text(graph: Graph, way: Sequence[Edge]) -> str:
    """When it is so: `at the start`, or `after ...`."""
    start, *more = way
    if not more:
        return f"at the start{_conditions(start)}"
    if start.given:
        return f"after {steps_text(graph, way)}"
    return f"after {steps_text(graph, more)}"


def _step(graph: Graph, edge: Edge) -> str:
    if edge.trigger == START:
        return f"the start{_conditions(edge)}"
    flat = graph.world.flat
    timer = flat.timer_of(edge.trigger)
    name = flat.machine.events[edge.trigger].name if timer is None else timer.name
    return f"{quoted(name)}{_conditions(edge)}"


def _conditions(edge: Edge) -> str:
    yes: dict[str, None] = {}
    no: dict[str, None] = {}
    for guard, answer in edge.given:
        if isinstance(guard, ir.Not):
            guard, answer = guard.guard, not answer
        (yes if answer else no)[quoted(guard_name(guard))] = None
    parts: list[str] = []
    if yes:
        parts.append(f"if {' and '.join(yes)}")
    if no:
        parts.append(f"unless {' or '.join(no)}")
    return f" ({', '.join(parts)})" if parts else ""


def place_text(graph: Graph, node: Node) -> str:
    names = graph.world.flat.names
    return quoted(write_configuration(graph.steps.tables, names, node.leaves, {}))


def values_text(graph: Graph, node: Node, wanted: Iterable[str]) -> str:
    """What those of the variables are that are known: `paid` = false."""
    values: Mapping[str, Value] = dict(zip(graph.world.names, node.values, strict=True))
    known = [n for n in wanted if not isinstance(values.get(n, UNKNOWN), Unknown)]
    return " and ".join(f"{quoted(n)} = {_cut(shown(values[n]))}" for n in known)


def _cut(text: str) -> str:
    return visible(text if len(text) <= LIMIT else f"{text[: LIMIT - 3]}...")


def end_of(graph: Graph, way: Sequence[Edge]) -> Node:
    return graph.nodes[way[-1].target]

"""The properties of a machine: each proved, refuted, or said to be undecided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pystator.compiler.analysis.properties.beliefs import Beliefs
from pystator.compiler.analysis.properties.claims import (
    Confirms,
    invariant,
    reachable,
    terminates,
)
from pystator.compiler.analysis.properties.graph import (
    Detail,
    Graph,
    explore,
)
from pystator.compiler.analysis.properties.leading import leads_to
from pystator.compiler.analysis.properties.messages import (
    failure,
    too_much,
    undecided,
)
from pystator.compiler.analysis.properties.steps import Steps
from pystator.compiler.analysis.properties.verdict import (
    Fails,
    Undecided,
    Verdict,
)
from pystator.compiler.analysis.properties.witness import Witness
from pystator.compiler.analysis.properties.world import World
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import (
    Invariant,
    LeadsTo,
    Property,
    Reachable,
    Terminates,
)
from pystator.compiler.ir.scope import Expressions

DETAILS: Final = (
    Detail(nodes=8_000, values=64, facts=True),
    Detail(nodes=3_000, values=8, facts=True),
    Detail(nodes=3_000, values=1, facts=False),
)
"""From close to coarse: where there is too much to follow, less is told apart.

The numbers keep a check below some seconds.
"""
LOOKS: Final = 200_000
"""Nodes times properties: with many properties there may be fewer nodes."""


def check_properties(flat: Flat, expressions: Expressions, report: Report) -> None:
    if report.has_errors or not flat.machine.properties:
        return
    pending = dict.fromkeys(flat.machine.properties)
    followed = 0
    for graph in _graphs(flat, expressions):
        confirms = Witness(graph).confirms
        for each in list(pending):
            verdict = _verdict(graph, each, confirms)
            if isinstance(verdict, Fails):
                report.add(failure(graph, each, verdict))
            elif isinstance(verdict, Undecided):
                if not graph.complete:
                    continue
                report.add(undecided(graph, each, verdict))
            del pending[each]
        if not pending:
            return
        followed = max(followed, len(graph.nodes))
    for each in pending:
        report.add(too_much(each, followed))


def _graphs(flat: Flat, expressions: Expressions) -> Iterator[Graph]:
    world, steps = World(flat, expressions), Steps(flat.tables)
    beliefs = Beliefs(flat.machine)
    most = max(LOOKS // len(flat.machine.properties), 1)
    for detail in DETAILS:
        limited = replace(detail, nodes=min(detail.nodes, most))
        yield explore(world, steps, beliefs, limited)
        if not world.names:
            return  # there are only configurations, which are all told apart


def _verdict(graph: Graph, each: Property, confirms: Confirms) -> Verdict:
    match each.claim:
        case Invariant() as claim:
            return invariant(graph, claim, confirms)
        case Reachable() as claim:
            return reachable(graph, claim, confirms)
        case LeadsTo() as claim:
            return leads_to(graph, claim, confirms)
        case Terminates():
            return terminates(graph, confirms)

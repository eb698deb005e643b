"""The regions of parallel states: which states they hold, and what is wrong with them.

    P regions: [{name: r, states: [A, B]}]  ->  P has the child `P r`, which has A and B

A region is a place in the tree like any state, under a key that no state can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.machine import ROOT, StateId, StateKind
from pystator.compiler.source.limits import DEPTH_LIMIT
from pystator.compiler.source.model import RegionSource, StateSource
from pystator.compiler.source.text import Text

_RESTING: Final = (StateKind.ATOMIC, StateKind.TERMINAL)

if TYPE_CHECKING:
    from pystator.compiler.ir.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Region:
    """`key` stands for it among the names of the states; `members` are its states."""

    key: str
    parent: str
    source: RegionSource
    members: tuple[Text, ...]


def find_regions(states: dict[str, StateSource], report: Report) -> dict[str, Region]:
    """All regions by key. States that only a region names are added to `states`."""
    regions: dict[str, Region] = {}
    for source in list(states.values()):
        if source.type != "parallel":
            if source.regions is not None:
                _report_elsewhere(source, report)
                for region in source.regions:
                    _declare(_members(region), states)
            continue
        if not source.regions:
            _report_none(source, report)
        named: dict[str, Text] = {}
        for region in source.regions or ():
            first = named.setdefault(region.name, region.name)
            if first is not region.name:
                _report_twice(region.name, first, report)
                continue
            found = Region(
                f"{source.name} {region.name}", source.name, region, _members(region)
            )
            if not found.members:
                _report_empty(region, report)
            regions[found.key] = found
            _declare(found.members, states)
    return regions


def _members(region: RegionSource) -> tuple[Text, ...]:
    if region.states or region.initial is None:
        return region.states
    return (region.initial,)


def _declare(names: Iterable[Text], states: dict[str, StateSource]) -> None:
    for name in names:
        if name not in states:
            states[name] = StateSource.model_construct(span=name.span, name=name)


def members_of(
    regions: Mapping[str, Region], states: Mapping[str, StateSource], report: Report
) -> dict[str, str]:
    """The region of each state that is named in one; the first counts."""
    homes: dict[str, str] = {}
    places: dict[str, Text] = {}
    for region in regions.values():
        for name in region.members:
            first = places.setdefault(name, name)
            if first is not name and homes[name] == region.key:
                _report_named_twice(name, first, report)
                continue
            if first is not name:
                _report_two_places(name, first, "is in another region", report)
                continue
            homes[name] = region.key
            parent = states[name].parent
            if parent is not None and parent != region.parent:
                _report_two_places(
                    name, parent, f"{quoted(parent)} is its parent here", report
                )
    return homes


def check_depth(nodes: Sequence[Node], report: Report) -> None:
    """Parallel states are nested to a bound; the first beyond it is told."""
    depths = [0] * len(nodes)
    for node in nodes[1:]:
        parallel = node.kind is StateKind.PARALLEL
        depth = depths[node.id] = depths[node.parent] + parallel
        if depth > DEPTH_LIMIT:
            message = f"parallel states are nested deeper than {DEPTH_LIMIT} levels"
            report.add(diagnostic("PS0112", message, node.name.span))
            return


def check_rest(nodes: Sequence[Node], report: Report) -> None:
    """A region has a state that can be active between two events."""
    rests = [node.kind in _RESTING for node in nodes]
    for node in reversed(nodes[1:]):
        rests[node.parent] = rests[node.parent] or rests[node.id]
    for node in nodes[1:]:
        if node.kind is StateKind.REGION and node.children and not rests[node.id]:
            choice = nodes[node.children[0]].name
            report.add(
                diagnostic(
                    "PS0313",
                    f"region {quoted(node.name)} has no state to rest in",
                    node.name.span,
                    label="there are only choices in it",
                    secondary=(Label(choice.span, "a choice is left at once"),),
                    help=("add the state in which a choice ends to its `states`",),
                )
            )


def check_region(tree: Tree, source: StateId, region: Text, report: Report) -> None:
    """A transition may say in which region its source is."""
    around: list[str] = []
    here = source
    while here != ROOT:
        here = tree.nodes[here].parent
        if tree.nodes[here].kind is StateKind.REGION:
            around.append(tree.nodes[here].name)
    if region in around:
        return
    known = [n.name for n in tree.nodes if n.kind is StateKind.REGION]
    if region in known:
        report.add(
            diagnostic(
                "PS0314",
                f"{quoted(tree.nodes[source].name)} is not in the region "
                f"{quoted(region)}",
                region.span,
                label=(
                    f"it is in the region {quoted(around[0])}"
                    if around
                    else "it is in no region"
                ),
                help=("leave `region` out: it is not needed",),
            )
        )
        return
    report.add(
        diagnostic(
            "PS0203",
            f"unknown region {quoted(region)}",
            region.span,
            notes=() if known else ("this machine has no parallel state",),
            help=did_you_mean(region, known)
            or ("leave `region` out: it is not needed",),
        )
    )


def report_no_region(
    name: str, source: StateSource, regions: Mapping[str, Region], report: Report
) -> None:
    """A state whose parent is parallel, but that none of its regions names."""
    assert source.parent is not None, "the parent is the parallel state"
    names = [r.source.name for r in regions.values() if r.parent == source.parent]
    report.add(
        diagnostic(
            "PS0311",
            f"{quoted(name)} is in none of the regions of {quoted(source.parent)}",
            source.parent.span,
            label="this is a parallel state",
            secondary=tuple(
                Label(region.span, f"the region {quoted(region)}")
                for region in names[:3]
            ),
            help=tuple(
                f"name it in the `states` of a region, perhaps of {quoted(region)}"
                for region in names[:1]
            ),
        )
    )


def _report_elsewhere(source: StateSource, report: Report) -> None:
    assert source.regions is not None, "it has regions"
    place = source.type.span if source.type is not None else source.name.span
    report.add(
        diagnostic(
            "PS0310",
            f"state {quoted(source.name)} has regions but is not parallel",
            place,
            label="only a parallel state has regions",
            help=("say `type: parallel`, or nest its states with `parent`",),
        )
    )


def _report_none(source: StateSource, report: Report) -> None:
    assert source.type is not None, "it is parallel"
    report.add(
        diagnostic(
            "PS0309",
            f"parallel state {quoted(source.name)} has no regions",
            source.type.span,
            label="a parallel state is made of regions",
            help=("list its `regions`, each with its `states`",),
        )
    )


def _report_empty(region: RegionSource, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0313",
            f"region {quoted(region.name)} has no states",
            region.name.span,
            help=("list the names of its `states`",),
        )
    )


def _report_twice(again: Text, first: Text, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0202",
            f"region {quoted(again)} is declared twice",
            again.span,
            label="declared again here",
            secondary=(Label(first.span, "first declared here"),),
            help=("rename one of them, or remove it",),
        )
    )


def _report_named_twice(again: Text, first: Text, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0202",
            f"state {quoted(again)} is named twice in one region",
            again.span,
            label="named again here",
            secondary=(Label(first.span, "first named here"),),
            help=("remove one of them",),
        )
    )


def _report_two_places(name: Text, other: Text, label: str, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0312",
            f"state {quoted(name)} has two places in the tree",
            name.span,
            label="in this region",
            secondary=(Label(other.span, label),),
            help=("a state is in one region or in one parent: remove one of them",),
        )
    )

"""The state tree: parents, children, default children, document order.

[B in A, A, C]  ->  * 0, A 1, B 2, C 3        (preorder, siblings as listed)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.initial import (
    initial_child,
    initial_of_region,
    initial_state,
)
from pystator.compiler.ir.machine import ROOT, StateId, StateKind
from pystator.compiler.ir.regions import (
    Region,
    check_depth,
    check_rest,
    find_regions,
    members_of,
    report_no_region,
)
from pystator.compiler.ir.unknown import unknown_state
from pystator.compiler.source.model import StateSource
from pystator.compiler.source.text import Text

_SHOWN: Final = 5
"""The names that one message lists, or the places that it points at, at most."""


@dataclass(frozen=True, slots=True)
class Node:
    """One place in the tree; `source` is None for the root and for regions."""

    id: StateId
    name: Text
    source: StateSource | None
    description: Text | None
    kind: StateKind
    parent: StateId
    children: tuple[StateId, ...]
    last: StateId
    initial: StateId | None


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by id, and the ids of the names."""

    nodes: tuple[Node, ...]
    ids: Mapping[str, StateId]


def build_tree(sources: Sequence[StateSource], report: Report) -> Tree:
    """Arrange the states. A faulty parent leaves its child at the top."""
    states = _unique(sources, report)
    regions = find_regions(states, report)
    parents = _parents(states, members_of(regions, states, report), regions, report)
    listed: dict[str | None, list[str]] = {None: []}
    for region in regions.values():
        listed.setdefault(region.parent, []).append(region.key)
        here = [name for name in region.members if parents[name] == region.key]
        listed[region.key] = list(dict.fromkeys(here))
    for name in states:
        parent = parents[name]
        if parent not in regions or name not in listed[parent]:
            listed.setdefault(parent, []).append(name)

    order: list[str] = []
    pending = list(reversed(listed[None]))
    while pending:
        name = pending.pop()
        order.append(name)
        pending.extend(reversed(listed.get(name, [])))
    ids = {name: StateId(number) for number, name in enumerate(order, 1)}

    last = [StateId(number) for number in range(len(order) + 1)]
    for name in reversed(order):
        parent = parents[name]
        above = ROOT if parent is None else ids[parent]
        last[above] = max(last[above], last[ids[name]])

    start = initial_state(listed[None], states, parents, report)
    root = Node(
        id=ROOT,
        name=Text("*", next(iter(states.values())).span),
        source=None,
        description=None,
        kind=StateKind.ROOT,
        parent=ROOT,
        children=tuple(ids[name] for name in listed[None]),
        last=last[ROOT],
        initial=None if start is None else ids[start],
    )
    nodes = [root]
    for name in order:
        parent = parents[name]
        children = listed.get(name, [])
        home = regions.get(name)
        initial: str | None = None
        if home is not None:
            initial = initial_of_region(home, children, states, report)
        elif states[name].type == "choice":
            pass  # a choice with children has none that it starts in
        elif states[name].type != "parallel":
            initial = initial_child(states[name], children, states, parents, report)
        elif (chosen := states[name].initial_child) is not None:
            _report_parallel_initial(chosen, report)
        nodes.append(
            Node(
                id=ids[name],
                name=states[name].name if home is None else home.source.name,
                source=None if home is not None else states[name],
                description=(
                    states[name].description
                    if home is None
                    else home.source.description
                ),
                kind=(
                    _kind(states[name], children, states, report)
                    if home is None
                    else StateKind.REGION
                ),
                parent=ROOT if parent is None else ids[parent],
                children=tuple(ids[child] for child in children),
                last=last[ids[name]],
                initial=None if initial is None else ids[initial],
            )
        )
    check_depth(nodes, report)
    check_rest(nodes, report)
    return Tree(
        tuple(nodes), {name: id for name, id in ids.items() if name not in regions}
    )


def _unique(sources: Sequence[StateSource], report: Report) -> dict[str, StateSource]:
    states: dict[str, StateSource] = {}
    for source in sources:
        first = states.setdefault(source.name, source)
        if first is not source:
            report.add(
                diagnostic(
                    "PS0202",
                    f"state {quoted(source.name)} is declared twice",
                    source.name.span,
                    label="declared again here",
                    secondary=(Label(first.name.span, "first declared here"),),
                    help=("rename one of them, or remove it",),
                )
            )
    return states


def _parents(
    states: dict[str, StateSource],
    homes: Mapping[str, str],
    regions: Mapping[str, Region],
    report: Report,
) -> dict[str, str | None]:
    parents: dict[str, str | None] = {key: r.parent for key, r in regions.items()}
    for name, source in states.items():
        parent: str | None = source.parent
        if source.parent is not None and source.parent not in states:
            report.add(unknown_state(source.parent, states))
            parent = None
        if name in homes:
            parent = homes[name]
        elif parent is not None and states[parent].type == "parallel":
            report_no_region(name, source, regions, report)
            inside = (key for key, r in regions.items() if r.parent == parent)
            parent = next(inside, None)
        parents[name] = parent
    done: set[str] = set()
    for name in states:
        trail: dict[str, None] = {}
        here: str | None = name
        while here is not None and here not in done:
            if here in trail:
                _report_cycle(here, list(trail), states, regions, report)
                for member in list(trail)[list(trail).index(here) :]:
                    parents[member] = None
                break
            trail[here] = None
            here = parents[here]
        done.update(trail)
    return parents


def _report_cycle(
    name: str,
    trail: list[str],
    states: dict[str, StateSource],
    regions: Mapping[str, Region],
    report: Report,
) -> None:
    """Each state of the circle is named by its `parent`, or in a region of it."""
    first, *others = [key for key in trail[trail.index(name) :] if key in states]
    members: dict[str, Text] = {
        member: member
        for key in trail[trail.index(name) :]
        if key in regions
        for member in regions[key].members
    }
    secondary: list[Label] = []
    for other in others[:_SHOWN]:
        if other in members:
            label = Label(members[other].span, f"{quoted(other)} is in this region")
        else:
            around = states[other].parent or states[other].name
            label = Label(around.span, f"the parent of {quoted(other)}")
        secondary.append(label)
    if first in members:
        place, help = members[first], "remove it from the `states` of this region"
        alone = "a state is in no region of its own"
    else:
        place = states[first].parent or states[first].name
        help = "an outermost state has no `parent`"
        alone = "a state is not its own parent"
    report.add(
        diagnostic(
            "PS0304",
            f"state {quoted(first)} is nested in itself",
            place.span,
            label="closes the circle" if others else alone,
            secondary=secondary,
            notes=(_circle(first, others),) if others else (),
            help=(help,),
        )
    )


def _circle(first: str, others: list[str]) -> str:
    around = [*others, first]
    if len(around) > _SHOWN:
        around = around[: _SHOWN - 1]
    text = f"{quoted(first)} is in {', which is in '.join(map(quoted, around))}"
    if around[-1] == first:
        return text
    return f"{text}, and so on, until {quoted(others[-1])} is in {quoted(first)}"


def _kind(
    source: StateSource,
    children: list[str],
    states: dict[str, StateSource],
    report: Report,
) -> StateKind:
    if source.type == "terminal":
        if children:
            child = states[children[0]]
            report.add(
                diagnostic(
                    "PS0307",
                    f"terminal state {quoted(source.name)} has children",
                    source.type.span,
                    label="a terminal state has no children",
                    secondary=(
                        Label(child.name.span, f"{quoted(child.name)} is nested in it"),
                    ),
                    help=("remove `type: terminal`, and make a child terminal",),
                )
            )
        return StateKind.TERMINAL
    if source.type == "parallel":
        return StateKind.PARALLEL
    if source.type == "choice":
        return StateKind.CHOICE
    return StateKind.COMPOUND if children else StateKind.ATOMIC


def _report_parallel_initial(chosen: Text, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0305",
            "a parallel state has no initial child: all its regions are entered",
            chosen.span,
            help=("give each region its `initial` instead",),
        )
    )

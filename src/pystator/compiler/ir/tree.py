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
from pystator.compiler.ir.initial import initial_child, initial_state
from pystator.compiler.ir.machine import ROOT, StateId, StateKind
from pystator.compiler.ir.unknown import unknown_state
from pystator.compiler.source.model import StateSource

_SHOWN: Final = 5
"""The names that one message lists, or the places that it points at, at most."""


@dataclass(frozen=True, slots=True)
class Node:
    """One place in the tree; `source` is None for the root."""

    id: StateId
    source: StateSource | None
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
    parents = _parents(states, report)
    listed: dict[str | None, list[str]] = {None: []}
    for name in states:
        listed.setdefault(parents[name], []).append(name)

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
        source=None,
        kind=StateKind.ROOT,
        parent=ROOT,
        children=tuple(ids[name] for name in listed[None]),
        last=last[ROOT],
        initial=None if start is None else ids[start],
    )
    nodes = [root]
    for name in order:
        parent = parents[name]
        source = states[name]
        children = listed.get(name, [])
        initial = initial_child(source, children, states, parents, report)
        nodes.append(
            Node(
                id=ids[name],
                source=source,
                kind=_kind(source, children, states, report),
                parent=ROOT if parent is None else ids[parent],
                children=tuple(ids[child] for child in children),
                last=last[ids[name]],
                initial=None if initial is None else ids[initial],
            )
        )
    return Tree(tuple(nodes), ids)


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


def _parents(states: dict[str, StateSource], report: Report) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    for name, source in states.items():
        parent = source.parent
        if parent is not None and parent not in states:
            report.add(unknown_state(parent, states))
            parent = None
        parents[name] = parent
    done: set[str] = set()
    for name in states:
        trail: dict[str, None] = {}
        here: str | None = name
        while here is not None and here not in done:
            if here in trail:
                _report_cycle(here, list(trail), states, report)
                for member in list(trail)[list(trail).index(here) :]:
                    parents[member] = None
                break
            trail[here] = None
            here = parents[here]
        done.update(trail)
    return parents


def _report_cycle(
    name: str, trail: list[str], states: dict[str, StateSource], report: Report
) -> None:
    first, *others = trail[trail.index(name) :]
    parent = states[first].parent
    assert parent is not None, "a state in a circle of parents has one"
    secondary: list[Label] = []
    for other in others[:_SHOWN]:
        around = states[other].parent
        assert around is not None, "a state in a circle of parents has one"
        secondary.append(Label(around.span, f"the parent of {quoted(other)}"))
    report.add(
        diagnostic(
            "PS0304",
            f"state {quoted(first)} is nested in itself",
            parent.span,
            label="closes the circle" if others else "a state is not its own parent",
            secondary=secondary,
            notes=(_circle(first, others),) if others else (),
            help=("an outermost state has no `parent`",),
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
    return StateKind.COMPOUND if children else StateKind.ATOMIC

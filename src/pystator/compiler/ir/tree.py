"""The state tree: parents, children, default children, document order.

[B in A, A, C]  ->  * 0, A 1, B 2, C 3        (preorder, siblings as listed)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.machine import ROOT, StateId, StateKind
from pystator.compiler.source.model import StateSource
from pystator.compiler.source.text import Text


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

    nodes = [_root(states, listed, ids, last, report)]
    for name in order:
        parent = parents[name]
        source = states[name]
        children = listed.get(name, [])
        nodes.append(
            Node(
                id=ids[name],
                source=source,
                kind=_kind(source, children, states, report),
                parent=ROOT if parent is None else ids[parent],
                children=tuple(ids[child] for child in children),
                last=last[ids[name]],
                initial=_initial(source, children, states, ids, report),
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
    cycle = [*trail[trail.index(name) :], name]
    parent = states[name].parent
    assert parent is not None, "a state in a cycle of parents has one"
    report.add(
        diagnostic(
            "PS0304",
            f"state {quoted(name)} is nested in itself",
            parent.span,
            notes=("its parents are " + " -> ".join(map(quoted, cycle[1:])),),
        )
    )


def unknown_state(name: Text, known: Mapping[str, object]) -> Diagnostic:
    return diagnostic(
        "PS0201",
        f"unknown state {quoted(name)}",
        name.span,
        label="no state has this name",
        help=did_you_mean(name, known),
    )


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
                    source.name.span,
                    secondary=(
                        Label(child.name.span, f"{quoted(child.name)} is nested in it"),
                    ),
                )
            )
        return StateKind.TERMINAL
    return StateKind.COMPOUND if children else StateKind.ATOMIC


def _root(
    states: dict[str, StateSource],
    listed: dict[str | None, list[str]],
    ids: Mapping[str, StateId],
    last: list[StateId],
    report: Report,
) -> Node:
    tops = listed[None]
    marked = _marked(tops, states, report, "the machine")
    if not marked and states:
        first = next(iter(states.values()))
        report.add(
            diagnostic(
                "PS0301",
                "no outermost state has `type: initial`",
                first.name.span,
                label="a machine starts in one of its outermost states",
                help=tuple(
                    f"add `type: initial` to the state it starts in, "
                    f"perhaps {quoted(name)}"
                    for name in _lasting(tops, states)[:1]
                ),
            )
        )
    return Node(
        id=ROOT,
        source=None,
        kind=StateKind.ROOT,
        parent=ROOT,
        children=tuple(ids[name] for name in tops),
        last=last[ROOT],
        initial=ids[marked[0]] if marked else None,
    )


def _initial(
    source: StateSource,
    children: list[str],
    states: dict[str, StateSource],
    ids: Mapping[str, StateId],
    report: Report,
) -> StateId | None:
    chosen = source.initial_child
    if chosen is not None and chosen not in states:
        report.add(unknown_state(chosen, {name: None for name in children} or states))
        return ids[children[0]] if children else None
    if chosen is not None and chosen not in children:
        report.add(
            diagnostic(
                "PS0305",
                f"{quoted(chosen)} is not a child of {quoted(source.name)}",
                chosen.span,
                secondary=(Label(states[chosen].name.span, "declared here"),),
                help=did_you_mean(chosen, children),
            )
        )
        return ids[children[0]] if children else None
    if not children or source.type == "terminal":
        return None
    marked = _marked(children, states, report, quoted(source.name))
    if chosen is not None:
        other = next((name for name in marked if name != chosen), None)
        if other is not None:
            kind = states[other].type
            report.add(
                diagnostic(
                    "PS0303",
                    f"{quoted(source.name)} has two initial children",
                    chosen.span,
                    secondary=(
                        Label(
                            states[other].name.span if kind is None else kind.span,
                            f"{quoted(other)} says `type: initial`",
                        ),
                    ),
                )
            )
        return ids[chosen]
    if not marked:
        report.add(
            diagnostic(
                "PS0302",
                f"compound state {quoted(source.name)} has no initial child",
                source.name.span,
                label=(
                    f"it has {len(children)} children"
                    if len(children) > 1
                    else f"its child is {quoted(children[0])}"
                ),
                help=tuple(
                    f"add `initial_child: {name}`"
                    for name in _lasting(children, states)[:1]
                ),
            )
        )
        return ids[children[0]]
    return ids[marked[0]]


def _lasting(names: list[str], states: dict[str, StateSource]) -> list[str]:
    """Those that are not terminal."""
    return [name for name in names if states[name].type != "terminal"]


def _marked(
    names: list[str], states: dict[str, StateSource], report: Report, owner: str
) -> list[str]:
    """Those with `type: initial`; all but one are a fault."""
    marked = [name for name in names if states[name].type == "initial"]
    for name in marked[1:]:
        again, first = states[name].type, states[marked[0]].type
        assert again is not None and first is not None, "both say `type: initial`"
        report.add(
            diagnostic(
                "PS0303",
                f"{owner} has two initial states",
                again.span,
                label=f"{quoted(name)} is initial",
                secondary=(Label(first.span, f"{quoted(marked[0])} is initial too"),),
            )
        )
    return marked[:1]

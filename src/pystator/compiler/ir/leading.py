"""Where a transition may come from and lead to, by the tree: history, forks, `done`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.machine import ROOT, StateId, StateKind, Target
from pystator.compiler.ir.tree import Node, Tree
from pystator.compiler.source.text import Text

_WITH_STATES: Final = (StateKind.COMPOUND, StateKind.PARALLEL)


def check_done(tree: Tree, source: StateId, name: Text, report: Report) -> None:
    """A completion is that of what is inside; `*` stands for no state that has any."""
    node = tree.nodes[source]
    if node.kind in _WITH_STATES and source != ROOT:
        return
    if source == ROOT:
        message = "`done` needs a state: when the machine is done, it has ended"
        label, secondary = "`*` stands for every state", list[Label]()
    else:
        message = f"{quoted(node.name)} is never done: it has no children"
        label = "only compound and parallel states are done"
        secondary = [Label(node.name.span, f"a {_word(node.kind)} state")]
    report.add(
        diagnostic(
            "PS0319",
            message,
            name.span,
            label=label,
            secondary=secondary,
            help=("name the state whose terminal children end it, or use `auto`",),
        )
    )


def check_history(tree: Tree, targets: Sequence[Target], report: Report) -> None:
    """Only a state that has states inside can remember which were active."""
    for target in targets:
        node = tree.nodes[target.state]
        if target.history is None or node.kind in _WITH_STATES:
            continue
        report.add(
            diagnostic(
                "PS0317",
                f"{quoted(target.name)} has no history: it has no children",
                target.name.span,
                label="only compound and parallel states have one",
                secondary=(Label(node.name.span, f"a {_word(node.kind)} state"),),
                help=(f"lead to {quoted(target.name)} itself",),
            )
        )


def check_fork(tree: Tree, targets: Sequence[Target], report: Report) -> None:
    """Of several targets any two stand in different regions of a parallel state."""
    for first, other in combinations(targets, 2):
        meeting = _meeting(tree, first.state, other.state)
        nested = meeting.id in (first.state, other.state)
        if meeting.kind is StateKind.PARALLEL and not nested:
            continue
        region = _region_of(tree, meeting)
        if nested:
            _report_nested(first, other, report)
        elif region is not None:
            _report_twice(region, first, other, report)
        else:
            _report_apart(first, other, report)
        return


def _region_of(tree: Tree, node: Node) -> Node | None:
    while node.kind is not StateKind.REGION:
        if node.id == ROOT:
            return None
        node = tree.nodes[node.parent]
    return node


def _meeting(tree: Tree, one: StateId, other: StateId) -> Node:
    """The innermost state that has both, or is one of them."""
    here = tree.nodes[one]
    while not here.id <= other <= here.last:
        here = tree.nodes[here.parent]
    return here


def _report_nested(first: Target, other: Target, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0318",
            f"one of {quoted(first.name)} and {quoted(other.name)} is inside the other",
            other.name.span,
            label="one of them is enough",
            secondary=(Label(first.name.span, "leads here too"),),
            help=("name the inner one only: what is around it is entered as well",),
        )
    )


def _report_apart(first: Target, other: Target, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0318",
            f"{quoted(first.name)} and {quoted(other.name)} are never active together",
            other.name.span,
            label="not in the same parallel state",
            secondary=(Label(first.name.span, "leads here too"),),
            help=(
                "a fork leads to states in different regions of one parallel state: "
                "keep one of these",
            ),
        )
    )


def _report_twice(region: Node, first: Target, again: Target, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0318",
            f"the fork leads into the region {quoted(region.name)} twice",
            again.name.span,
            label=f"{quoted(again.name)} is in the same region",
            secondary=(Label(first.name.span, f"so is {quoted(first.name)}"),),
            help=("keep one of them: a region has one active state",),
        )
    )


def _word(kind: StateKind) -> str:
    return "simple" if kind is StateKind.ATOMIC else str(kind)

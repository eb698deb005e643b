"""A machine in the language of graphviz.

    s1 [label="OPEN"];
    s1 -> s2 [label="fill [big()] / ring()"];

Compound and parallel states are clusters, regions dashed ones. An arrow from or to a
cluster ends at the small node that marks its initial state, and is clipped at the
border.

The invariant: ids are ours, and the author's texts are strings in double quotes, with
all that graphviz would read in them escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pystator.compiler.emit.diagrams.histories import histories, history_id
from pystator.compiler.emit.diagrams.labels import (
    ANY_STATE,
    Boxes,
    arrows,
    one_line,
    transition_label,
)
from pystator.compiler.emit.diagrams.outline import Part, outlined
from pystator.compiler.ir.machine import (
    ROOT,
    History,
    Machine,
    State,
    StateId,
    StateKind,
    Transition,
)

MADE_BY: Final = "// pystator graph"
_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
}
_CLUSTERS: Final = (StateKind.COMPOUND, StateKind.PARALLEL, StateKind.REGION)
_ATTRIBUTES: Final = (
    "compound=true;",
    'fontname="Helvetica";',
    'node [shape=box, style=rounded, fontname="Helvetica"];',
    'edge [fontname="Helvetica", fontsize=10];',
)


def render_dot(machine: Machine) -> str:
    """The text of the graph; ends with a line feed."""
    return "".join(f"{line}\n" for line in _Graph(machine).lines())


def _quoted(*lines: str) -> str:
    """One string, with its lines centred below each other."""
    escaped = ("".join(_ESCAPES.get(char, char) for char in line) for line in lines)
    return '"' + "\\n".join(escaped) + '"'


class _Graph:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.boxes = Boxes(machine)
        self.arrows = arrows(machine)
        self.histories = histories(machine)

    def lines(self) -> Iterator[str]:
        yield MADE_BY
        yield "digraph {"
        yield from outlined(self.parts(), self.state)
        yield "}"

    def parts(self) -> Iterator[Part]:
        yield from ((1, line) for line in _ATTRIBUTES)
        yield 1, f"label={_quoted(one_line(self.machine.name))};"
        root = self.machine.states[ROOT]
        yield from self.inside(root, 1)
        lines = self.boxes.lines(root)
        if lines or any(transition.source == ROOT for transition in self.arrows):
            label = _quoted(ANY_STATE, *lines)
            yield 1, f'any [label={label}, style="rounded,dashed"];'
        for transition in self.arrows:
            yield from ((1, line) for line in self.arrow(transition))

    def inside(self, around: State, depth: int) -> Iterator[Part]:
        for child in around.children:
            yield depth, self.machine.states[child]
        for history in self.histories.get(around.id, ()):
            id_ = history_id(around.id, history)
            yield depth, f'{id_} [label="{history}", shape=circle, style=solid];'
        if around.initial is not None:
            yield depth, f'i{around.id} [label="", shape=point];'
            yield depth, self.edge(f"i{around.id}", None, around.initial)

    def state(self, state: State, depth: int) -> Iterator[Part]:
        attributes = [f"label={_quoted(state.name, *self.boxes.lines(state))}"]
        if state.description:
            attributes.append(f"tooltip={_quoted(one_line(state.description))}")
        match state.kind:
            case StateKind.COMPOUND | StateKind.PARALLEL:
                attributes.append("style=rounded")
            case StateKind.REGION:
                attributes.append("style=dashed")
            case StateKind.CHOICE:
                attributes.append("shape=diamond, style=solid")
            case StateKind.TERMINAL:
                attributes.append("peripheries=2")
        if not self.is_cluster(state.id):
            yield depth, f"s{state.id} [{', '.join(attributes)}];"
            return
        yield depth, f"subgraph cluster_{state.id} {{"
        yield from ((depth + 1, f"{attribute};") for attribute in attributes)
        yield from self.inside(state, depth + 1)
        yield depth, "}"

    def arrow(self, transition: Transition) -> Iterator[str]:
        source = transition.source
        label = f"label={_quoted(transition_label(transition))}"
        tail = "any" if source == ROOT else self.anchor(source)
        cluster = None if source == ROOT else source
        if len(transition.targets) == 1:
            target = transition.targets[0]
            yield self.edge(tail, cluster, target.state, target.history, label)
            return
        fork = f"f{transition.id}"
        yield f'{fork} [label="", shape=box, style=filled, color=black, height=0.1];'
        attributes = [label, "arrowhead=none"]
        if cluster is not None and self.is_cluster(cluster):
            attributes.append(f"ltail=cluster_{cluster}")
        yield f"{tail} -> {fork} [{', '.join(attributes)}];"
        for target in transition.targets:
            yield self.edge(fork, None, target.state, target.history)

    def edge(
        self,
        tail: str,
        source: StateId | None,
        target: StateId,
        history: History | None = None,
        *more: str,
    ) -> str:
        """Clipped at the borders of clusters, unless one end is inside the other."""
        attributes = list(more)
        apart = source is None or not (
            source == target
            or self.machine.inside(target, source)
            or self.machine.inside(source, target)
        )
        if source is not None and self.is_cluster(source) and apart:
            attributes.append(f"ltail=cluster_{source}")
        if history is not None:
            head = history_id(target, history)
        else:
            head = self.anchor(target)
            if self.is_cluster(target) and apart:
                attributes.append(f"lhead=cluster_{target}")
        listed = f" [{', '.join(attributes)}]" if attributes else ""
        return f"{tail} -> {head}{listed};"

    def is_cluster(self, state: StateId) -> bool:
        return self.machine.states[state].kind in _CLUSTERS

    def anchor(self, state: StateId) -> str:
        """The node that stands for a state: its own, or the first mark inside."""
        here = self.machine.states[state]
        if here.kind not in _CLUSTERS:
            return f"s{state}"
        return f"i{here.children[0] if here.kind is StateKind.PARALLEL else state}"

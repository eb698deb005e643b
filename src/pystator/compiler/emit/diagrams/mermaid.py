"""A machine as a mermaid `stateDiagram-v2`.

    [*] --> s1
    state "OPEN" as s1
    s1 --> s2 : fill [big()] / ring()

Compound states are nested, the regions of a parallel state stand between `--`, forks
are bars, histories are states called `[H]` or `[H*]`, and the source `*` is a state
called `any state`. What a compound state does on entry stands in a note, since mermaid
shows no text inside of one, and so do the descriptions of regions.

The invariant: ids are ours, and of the author's texts nothing is left as it is but
letters, digits and what no line of mermaid can begin, end or be divided with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from pystator.compiler.emit.diagrams.histories import histories, history_id
from pystator.compiler.emit.diagrams.labels import (
    ANY_STATE,
    TITLE_LIMIT,
    Boxes,
    arrows,
    one_line,
    transition_label,
)
from pystator.compiler.emit.diagrams.outline import Part, outlined
from pystator.compiler.ir.machine import (
    ROOT,
    Machine,
    State,
    StateKind,
    Target,
    Transition,
)

MADE_BY: Final = "%% pystator graph"
_ANY: Final = "any"
_UNSAFE: Final = re.compile(r"[^\w .,()=+*/!?'\[\]-]")
_END_NOTE: Final = re.compile("(?i)(end) (note)")
_ENTITIES: Final = {'"': "quot", "<": "lt", ">": "gt", "&": "amp"}
_IN_TITLE: Final = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&%{}#;"})


def render_mermaid(machine: Machine) -> str:
    """The text of the diagram; ends with a line feed."""
    return "".join(f"{line}\n" for line in _Diagram(machine).lines())


def _escaped(text: str) -> str:
    """In mermaid's entities: `a: "b"` becomes `a#58; #quot;b#quot;`."""
    safe = _UNSAFE.sub(_entity, text)
    return _END_NOTE.sub(r"\1#32;\2", safe)


def _entity(match: re.Match[str]) -> str:
    char = match[0]
    return f"#{_ENTITIES.get(char, ord(char))};"


def _title(text: str) -> str:
    """The front matter is YAML, of which a JSON string is part."""
    return json.dumps(one_line(text, TITLE_LIMIT)).translate(_IN_TITLE)


class _Diagram:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.boxes = Boxes(machine)
        self.arrows = arrows(machine)
        self.histories = histories(machine)
        self.forks: dict[int, list[Transition]] = {}
        for transition in self.arrows:
            if len(transition.targets) > 1:
                around = machine.states[transition.source].parent
                self.forks.setdefault(around, []).append(transition)

    def lines(self) -> Iterator[str]:
        yield from ("---", f"title: {_title(self.machine.name)}", "---")
        yield MADE_BY
        yield "stateDiagram-v2"
        yield from outlined(self.parts(), self.state)

    def parts(self) -> Iterator[Part]:
        root = self.machine.states[ROOT]
        yield from self.inside(root, 1)
        lines = self.boxes.lines(root)
        if lines or any(transition.source == ROOT for transition in self.arrows):
            yield 1, f'state "{ANY_STATE}" as {_ANY}'
            yield from ((1, f"{_ANY} : {_escaped(line)}") for line in lines)
        for transition in self.arrows:
            yield from ((1, line) for line in self.arrow(transition))

    def inside(self, around: State, depth: int) -> Iterator[Part]:
        """All that stands in a state, or in one region."""
        states = [self.machine.states[child] for child in around.children]
        yield from ((depth, state) for state in states)
        for fork in self.forks.get(around.id, ()):
            yield depth, f"state f{fork.id} <<fork>>"
        if around.kind is StateKind.COMPOUND:
            for history in self.histories.get(around.id, ()):
                text = _escaped(f"[{history}]")
                yield depth, f'state "{text}" as {history_id(around.id, history)}'
        if around.initial is not None:
            yield depth, f"[*] --> s{around.initial}"
        for state in states:
            if state.kind is StateKind.TERMINAL:
                yield depth, f"s{state.id} --> [*]"

    def state(self, state: State, depth: int) -> Iterator[Part]:
        head = f'state "{_escaped(state.name)}" as s{state.id}'
        match state.kind:
            case StateKind.CHOICE:
                yield depth, f"%% {state.name}"
                yield depth, f"state s{state.id} <<choice>>"
            case StateKind.COMPOUND:
                yield depth, f"{head} {{"
                yield from self.inside(state, depth + 1)
                yield depth, "}"
                yield from self.note(state, depth)
            case StateKind.PARALLEL:
                yield depth, f"{head} {{"
                yield from self.regions(state, depth + 1)
                yield depth, "}"
                yield from self.note(state, depth)
                # there is no place for it between the regions
                for history in self.histories.get(state.id, ()):
                    text = _escaped(f"[{history}] {state.name}")
                    id_ = history_id(state.id, history)
                    yield depth, f'state "{text}" as {id_}'
                    yield depth, f"{id_} --> s{state.id}"
            case _:
                yield depth, head
                for line in self.boxes.lines(state):
                    yield depth, f"s{state.id} : {_escaped(line)}"

    def regions(self, state: State, depth: int) -> Iterator[Part]:
        for number, child in enumerate(state.children):
            region = self.machine.states[child]
            if number:
                yield depth, "--"
            yield depth, f"%% {region.name}"
            yield from self.inside(region, depth)

    def note(self, state: State, depth: int) -> Iterator[Part]:
        lines = [*self.boxes.lines(state), *self.about_regions(state)]
        if lines:
            yield depth, f"note right of s{state.id}"
            yield from ((depth + 1, _escaped(line)) for line in lines)
            yield depth, "end note"

    def about_regions(self, state: State) -> Iterator[str]:
        """What their authors say of them: a region has no box of its own."""
        for child in state.children:
            region = self.machine.states[child]
            if region.kind is StateKind.REGION and region.description:
                yield one_line(f"region {region.name} / {region.description}")

    def arrow(self, transition: Transition) -> Iterator[str]:
        # at the top, wherever its ends are: inside of a state it would move them there
        source = _ANY if transition.source == ROOT else f"s{transition.source}"
        label = _escaped(transition_label(transition))
        if len(transition.targets) == 1:
            target = self.target(transition.targets[0])
            yield f"{source} --> {target} : {label}"
            return
        yield f"{source} --> f{transition.id} : {label}"
        for each in transition.targets:
            yield f"f{transition.id} --> {self.target(each)}"

    def target(self, target: Target) -> str:
        if target.history is None:
            return f"s{target.state}"
        return history_id(target.state, target.history)

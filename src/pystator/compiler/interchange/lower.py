"""Chart -> definition: regions, histories, completions and starts in our words.

    <parallel> P { <state> a {...}, <state> b {...} }
        ->  {name: P, type: parallel, regions: [{name: a, ...}, {name: b, ...}]}

A child of a parallel state is a region if nothing is said about it but its states. Any
other becomes the one state of a region of the same name. Our domains stop at regions,
where those of a statechart leave the parallel state: destinations are adjusted.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.chart import Chart, Json, Kind, Move, Node
from pystator.compiler.interchange.completion import Completions
from pystator.compiler.interchange.naming import Naming
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.interchange.regions import Regions
from pystator.compiler.interchange.targets import Targets

START: Final = "start"


def lower(chart: Chart, notes: Notes) -> dict[str, Json]:
    """The definition, in the order in which people read one."""
    lowered = _Lowering(chart, notes)
    definition: dict[str, Json] = {}
    if chart.meta:
        definition["meta"] = chart.meta
    if chart.variables is not None:
        definition["state_variables"] = chart.variables
    if chart.events is not None:
        definition["events"] = chart.events
    definition["states"] = lowered.states
    if lowered.transitions:
        definition["transitions"] = lowered.transitions
    return definition


class _Lowering:
    def __init__(self, chart: Chart, notes: Notes) -> None:
        self.root = chart.root
        self.notes = notes
        self.states: list[Json] = []
        self.written: dict[str, dict[str, Json]] = {}
        self.timed = {
            n.name for n in chart.root.walk() if any(m.timeout for m in n.moves)
        }
        self.transitions: list[Json] = []
        self.naming = Naming("state", notes)
        self.naming.taken |= {node.name for node in chart.root.walk()}
        if not chart.root.states:
            raise notes.refuse(chart.root.span, "a machine without states")
        self.regions = Regions(chart.root)
        self.targets = Targets(chart.root, self.regions, notes)
        self.completions = Completions(chart.root, self.regions, notes)
        self._root_start()
        for child in self.root.children:
            self._state(child)
        for node in self.root.walk():
            for move in node.moves:
                self._move(node, move)

    def _root_start(self) -> None:
        """The start of the machine, which has to be a plain state of the outermost."""
        initial = self.targets.start(self.root)
        if initial.child is not None and initial.child.kind is Kind.STATE:
            self.initial = initial.child.name
            return
        self.initial = self.naming.free(START)
        self.states.append({"name": self.initial, "type": "initial"})
        move: dict[str, Json] = {"auto": True, "source": self.initial}
        dest = initial.dest if initial.child is None else [initial.child.name]
        self._lead(move, dest, initial.actions)

    def _lead(
        self, move: dict[str, Json], dest: list[str], actions: list[Json]
    ) -> None:
        move["dest"] = dest[0] if len(dest) == 1 else list(dest)
        if actions:
            move["actions"] = actions
        self.transitions.append(move)

    def _state(self, node: Node) -> None:
        if node.kind is Kind.HISTORY:
            return
        if not self.regions.is_region(node):
            position = len(self.states)  # before what its start needs
            written = self._written(node)
            self.written[node.name] = written
            if (
                node.name in self.timed
                or written.keys() - {"name"}
                or not self.regions.is_member(node)
            ):
                self.states.insert(position, written)
        for child in node.children:
            self._state(child)

    def _written(self, node: Node) -> dict[str, Json]:
        written: dict[str, Json] = {"name": node.name}
        kind = self._type(node)
        if kind:
            written["type"] = kind
        parent = node.parent
        assert parent is not None, "the root is not written"
        if parent.parent is not None and not self.regions.is_member(node):
            written["parent"] = parent.name
        for key in ("description", "group", "metadata"):
            if key in node.data:
                written[key] = node.data[key]
        if node.kind is Kind.PARALLEL:
            written["regions"] = [self._region(child) for child in node.states]
        elif node.states and node.kind is Kind.STATE:
            written["initial_child"] = self._initial_child(node)
        for key, actions in (("on_enter", self._enter(node)), ("on_exit", node.exit)):
            if actions:
                written[key] = actions[0] if len(actions) == 1 else list(actions)
        if node.services:
            written["invoke"] = node.services
        return written

    def _enter(self, node: Node) -> list[Json]:
        return [*node.enter, *self.completions.raised_in(node)]

    def _type(self, node: Node) -> str:
        match node.kind:
            case Kind.FINAL:
                return "terminal"
            case Kind.PARALLEL:
                return "parallel"
            case Kind.CHOICE:
                return "choice"
        if node.name == self.initial:
            return "initial"
        return "error" if node.data.get("type") == "error" else ""

    def _region(self, node: Node) -> Json:
        if not self.regions.is_region(node):
            return {"name": node.name, "initial": node.name, "states": [node.name]}
        members: list[Json] = [child.name for child in node.states]
        initial = self._initial_child(node)
        if initial not in members:
            members.append(initial)
        written: dict[str, Json] = {
            "name": self.regions.name(node),
            "initial": initial,
            "states": members,
        }
        if "description" in node.data:
            written["description"] = node.data["description"]
        return written

    def _initial_child(self, node: Node) -> str:
        """The default child; a choice where more is to be said than its name."""
        initial = self.targets.start(node)
        if initial.child is not None:
            return initial.child.name
        choice = self.naming.free(f"{node.name.strip() or node.region}.initial")
        written: dict[str, Json] = {"name": choice, "type": "choice"}
        if not self.regions.is_region(node):
            written["parent"] = node.name
        self.states.append(written)
        move: dict[str, Json] = {"auto": True, "source": choice}
        self._lead(move, initial.dest, initial.actions)
        if initial.actions and any(a.kind is Kind.PARALLEL for a in node.ancestors()):
            self.notes.differs(
                node.span,
                f"the start of {quoted(node.name)} has actions",
                "they run after the states of other regions are entered",
            )
        return choice

    def _move(self, node: Node, move: Move) -> None:
        if move.timeout and not (move.guards or move.actions):
            (destination,) = self.targets.of(node, move)
            seconds = move.delay_ms / 1000
            self.written[node.name]["timeout"] = {
                "seconds": int(seconds) if seconds.is_integer() else seconds,
                "destination": destination,
            }
            return
        written: dict[str, Json] = {}
        guards = [self.targets.guard(guard) for guard in move.guards]
        if move.done_of:
            if self.completions.is_plain(move.done_of):
                written["done"] = True
            else:
                raised = self.completions.trigger(move.done_of)
                if not raised:
                    self.notes.lost(
                        move.span, f"{quoted(move.done_of)} is never complete"
                    )
                    return
                written["trigger"] = raised
                guards = [*self.completions.guards(move.done_of), *guards]
        elif move.trigger:
            written["trigger"] = move.trigger
        if move.delay_ms:
            written["after"] = delay_text(move.delay_ms)
        if not written:
            written["auto"] = True
        written["source"] = "*" if move.anywhere else node.name
        if move.targets:
            dest = self.targets.of(node, move)
            if not dest:
                return
            written["dest"] = dest[0] if len(dest) == 1 else list(dest)
        if move.internal and node.kind is not Kind.CHOICE:
            written["internal"] = True
        if guards:
            written["guards"] = guards[0] if len(guards) == 1 else list(guards)
        if move.actions:
            actions = move.actions
            written["actions"] = actions[0] if len(actions) == 1 else list(actions)
        written.update(move.data)
        if not move.anywhere or written not in self.transitions:
            # one of the machine itself may have been written for each of its states
            self.transitions.append(written)


def delay_text(milliseconds: int) -> str:
    """The longest unit that needs no fraction."""
    for unit, size in (
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
    ):
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    if milliseconds % 100 == 0 and milliseconds > 1_000:
        return f"{milliseconds / 1_000}s"
    return f"{milliseconds}ms"

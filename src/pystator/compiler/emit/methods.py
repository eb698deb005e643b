"""Columns and methods: for every trigger, its cells and its overloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pystator import kernel
from pystator.compiler.emit.cells import CellWriter, Entry, Result
from pystator.compiler.emit.docstrings import docstring
from pystator.compiler.emit.layout import Group, Piece, define, lay_out
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.sinks import Code, Docstring
from pystator.compiler.ir.machine import Event, StateKind


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one trigger. `guarded` when at least one decides at run time."""

    name: Identifier
    guarded: bool
    entries: tuple[Code, ...]
    event: str


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """One trigger as a method: the overloads, then the function itself."""

    overloads: tuple[Code, ...]
    head: Code
    doc: Docstring
    column: Column


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """The leaves inside a compound that some column names together."""

    name: Identifier
    text: Code


class ColumnWriter:
    """Lays the cells of a trigger out over the states."""

    def __init__(self, writer: CellWriter, names: Namespace) -> None:
        self.writer = writer
        self.words = writer.words
        self.names = names
        self.groups: dict[int, GroupPlan] = {}

    def column(self, trigger: int, name: Identifier, guarded: bool) -> Column:
        texts = {
            leaf: _entry_text(entry, guarded)
            for leaf, entry in self.writer.entries[trigger].items()
        }
        rows: list[Code] = []
        base = Code("**_ELSEWHERE")
        if self.words.machine.strict and not self.words.flat.tables.rows.get(trigger):
            base = Code("**_NOWHERE")
        elif guarded:
            base = Code("**_GUARDED_ELSEWHERE")
        self._rows(kernel.ROOT, texts, rows)
        return Column(
            name, guarded, (base, *rows), self.writer.words.event_type(trigger)
        )

    def is_guarded(self, trigger: int) -> bool:
        entries = self.writer.entries[trigger].values()
        return any(entry.decide is not None for entry in entries)

    def _rows(self, top: int, texts: dict[int, str], rows: list[Code]) -> None:
        """A compound whose leaves mostly agree in one row; what differs after it."""
        given: dict[int, str] = {}
        self._common(top, texts, given, rows)
        for leaf, text in texts.items():
            if given.get(leaf) != text:
                rows.append(Code(f"State.{self.words.state(leaf)}: {text}"))

    def _common(
        self, top: int, texts: dict[int, str], given: dict[int, str], rows: list[Code]
    ) -> None:
        states = self.words.machine.states
        for child in states[top].children:
            if states[child].kind is not StateKind.COMPOUND:
                continue
            leaves = self._leaves(child)
            if len(leaves) > 1 and all(leaf in texts for leaf in leaves):
                text, count = Counter(texts[leaf] for leaf in leaves).most_common(1)[0]
                if count * 2 > len(leaves) and any(
                    given.get(leaf) != text for leaf in leaves
                ):
                    rows.append(Code(f"**dict.fromkeys({self._group(child)}, {text})"))
                    given.update(dict.fromkeys(leaves, text))
            self._common(child, texts, given, rows)

    def _leaves(self, state: int) -> list[int]:
        states = self.words.machine.states
        inside = states[state : states[state].last + 1]
        return [s.id for s in inside if s.kind is not StateKind.COMPOUND]

    def _group(self, state: int) -> Identifier:
        known = self.groups.get(state)
        if known is None:
            node = self.words.names.nodes[self.words.machine.states[state].name]
            name = self.names.take(f"_IN_{node}")
            members = tuple(f"State.{self.words.state(x)}" for x in self._leaves(state))
            known = GroupPlan(name, lay_out(Group(f"{name}: Final = (", members, ")")))
            self.groups[state] = known
        return known.name


def _entry_text(entry: Entry, guarded: bool) -> str:
    if not guarded:
        return str(entry.outcome)
    return f"({entry.outcome}, {entry.decide})"


def method_plan(
    writer: CellWriter, trigger: int, event: Event, column: Column
) -> MethodPlan:
    words = writer.words
    method = words.names.methods[event.name]
    kind = words.names.events[event.name]
    groups: dict[object, list[tuple[int, Result]]] = {}
    for leaf, result in _results(writer, trigger).items():
        groups.setdefault(_kind(leaf, result), []).append((leaf, result))
    order = sorted(groups.values(), key=lambda group: (_rank(group[0][1]), group[0][0]))
    overloads = []
    for group in order:
        states = tuple(f"State.{writer.words.state(leaf)}" for leaf, _ in group)
        state: Piece = Group("state: Literal[", states, "]")
        returns = writer.result_type(_union(group))
        overloads.append(_head(writer, method, state, kind, returns, ": ...", column))
    if len(order) == 1:
        overloads = []
    else:
        returns = writer.result_type(
            _union([pair for group in order for pair in group])
        )
        overloads.append(
            _head(writer, method, "state: State", kind, returns, ": ...", column)
        )
    head = _head(writer, method, "state: State", kind, "Outcome", ":", column)
    doc = docstring(f"`process` for the event `{event.name}`.", 8)
    return MethodPlan(tuple(overloads), head, doc, column)


def _kind(leaf: int, result: Result) -> object:
    """States with the same kind of result share an overload.

    Where nothing can happen it does not matter why; states that the event leaves as
    they are say so together.
    """
    if _rank(result):
        return "impossible"
    reasons = tuple(sorted(result.reasons))
    if result.targets == (leaf,):
        return "stays", reasons
    return result.targets, reasons, result.any


def _union(results: Iterable[tuple[int, Result]]) -> Result:
    found = [result for _, result in results]
    return Result(
        tuple(dict.fromkeys(t for result in found for t in result.targets)),
        tuple(dict.fromkeys(r for result in found for r in result.reasons)),
        any(result.any for result in found),
    )


def _rank(result: Result) -> int:
    """Legal pairs first, then those in which nothing can happen."""
    return (
        0 if result.any or result.targets or "guard_rejected" in result.reasons else 1
    )


def _results(writer: CellWriter, trigger: int) -> dict[int, Result]:
    words = writer.words
    column = writer.results[trigger]
    used = bool(words.flat.tables.rows.get(trigger))
    results: dict[int, Result] = {}
    for leaf in words.machine.leaves:
        if leaf.id in column:
            results[leaf.id] = column[leaf.id]
        elif leaf.id in words.flat.tables.final:
            results[leaf.id] = Result((), ("terminal_state",))
        elif not words.machine.strict:
            results[leaf.id] = Result((leaf.id,), ())
        else:
            reason = "invalid_transition" if used else "undefined_trigger"
            results[leaf.id] = Result((), (reason,))
    return results


def _head(
    writer: CellWriter,
    method: str,
    state: Piece,
    kind: str,
    returns: Piece,
    tail: str,
    column: Column,
) -> Code:
    words = writer.words
    asks = words.has_guards and column.guarded
    receiver = f"self: {words.names.machine}[Guards]" if asks else "self"
    params: list[Piece] = [receiver, state, f"event: {kind}", "context: Context"]
    return define(
        f"def {method}(", [*params, now_param(words.has_now)], returns, tail, 4
    )


def now_param(required: bool) -> str:
    return "now: datetime" if required else "now: datetime | None = None"

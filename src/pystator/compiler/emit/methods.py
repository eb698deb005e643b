"""Columns and methods: for every trigger, its cells and its overloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pystator.compiler.emit.cells import CellWriter, Entry, Result
from pystator.compiler.emit.docstrings import docstring
from pystator.compiler.emit.layout import Group, Piece, define, lay_out
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.places import place_of
from pystator.compiler.emit.sinks import Code, Docstring
from pystator.compiler.emit.source_types import Source, SourceTypes
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.flatten.configurations import outer_parallels, written_out
from pystator.compiler.ir.machine import Event, StateKind
from pystator.kernel import Configuration

_SEVERAL: Final = 4
"""The fewest configurations that have a name because their cells are the same."""
_RESTING: Final = (StateKind.ATOMIC, StateKind.TERMINAL)


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
class ConstantPlan:
    """A configuration of several leaves."""

    name: Identifier
    text: Code


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """The configurations in which `state` is active, as some column names them."""

    state: int
    name: Identifier
    text: Code


class ColumnWriter:
    """Lays the cells of a trigger out over the configurations."""

    def __init__(self, writer: CellWriter, names: Namespace) -> None:
        self.writer = writer
        self.words = writer.words
        self.names = names
        self.groups: dict[tuple[Configuration, ...], GroupPlan] = {}
        self.constants = _constants(writer.words, names)
        self._within = self._compounds()
        self._shared = Counter(
            places for entries in writer.entries for places in _alike(entries)
        )

    def column(self, trigger: int, name: Identifier, guarded: bool) -> Column:
        texts = {
            place: _entry_text(entry, guarded)
            for place, entry in self.writer.entries[trigger].items()
        }
        base = Code("**_ELSEWHERE")
        if self.words.machine.strict and trigger not in self.words.flat.tables.rows:
            base = Code("**_NOWHERE")
        elif guarded:
            base = Code("**_GUARDED_ELSEWHERE")
        return Column(
            name,
            guarded,
            (base, *self._rows(texts)),
            self.writer.words.event_type(trigger),
        )

    def is_guarded(self, trigger: int) -> bool:
        entries = self.writer.entries[trigger].values()
        return any(entry.decide is not None for entry in entries)

    def place(self, place: Configuration) -> str:
        if len(place) == 1 and place not in self.constants:
            return f"State.{self.words.state(place[0])}"
        return str(self.constants[place].name)

    def _rows(self, texts: dict[Configuration, str]) -> list[Code]:
        """A state in which cells mostly agree in one row; what differs after it."""
        given: dict[Configuration, str] = {}
        rows: list[Code] = []
        for state, places in self._within.items():
            if len(places) > 1 and all(place in texts for place in places):
                text, count = Counter(texts[place] for place in places).most_common(1)[
                    0
                ]
                if count * 2 > len(places) and any(
                    given.get(place) != text for place in places
                ):
                    group = self._group(state, places)
                    rows.append(Code(f"**dict.fromkeys({group}, {text})"))
                    given.update(dict.fromkeys(places, text))
        for places in _alike(texts):
            text = texts[places[0]]
            if self._shared[places] > 1 and any(given.get(p) != text for p in places):
                rows.append(Code(f"**dict.fromkeys({self._like(places)}, {text})"))
                given.update(dict.fromkeys(places, text))
        for place, text in texts.items():
            if given.get(place) != text:
                rows.append(Code(f"{self.place(place)}: {text}"))
        return rows

    def _compounds(self) -> dict[int, tuple[Configuration, ...]]:
        """The configurations in which each state is active, the outer states first."""
        machine = self.words.machine
        found: dict[int, list[Configuration]] = {}
        for place in written_out(machine):
            active = {state for leaf in place for state in self._path(leaf)}
            for state in active:
                found.setdefault(state, []).append(place)
        kinds = (StateKind.COMPOUND, StateKind.PARALLEL, *_RESTING)
        return {
            state: tuple(found[state])
            for state in sorted(found)
            if machine.states[state].kind in kinds
        }

    def _path(self, leaf: int) -> tuple[int, ...]:
        return self.words.flat.tables.path[leaf]

    def _like(self, places: tuple[Configuration, ...]) -> Identifier:
        """The name of some configurations that have cells in common."""
        known = self.groups.get(places)
        if known is None:
            first = self.words.place_name(places[0])
            identifier = self.names.take(f"_LIKE_{first}")
            members = tuple(self.place(place) for place in places)
            group = Group(f"{identifier}: Final = (", members, ")")
            known = GroupPlan(places[0][0], identifier, lay_out(group))
            self.groups[places] = known
        return known.name

    def _group(self, state: int, places: tuple[Configuration, ...]) -> Identifier:
        known = self.groups.get(places)
        if known is None:
            name = self.words.machine.states[state].name
            table = {**self.words.names.nodes, **self.words.names.states}
            identifier = self.names.take(f"_IN_{table[name]}")
            members = tuple(self.place(place) for place in places)
            group = Group(f"{identifier}: Final = (", members, ")")
            known = self.groups[places] = GroupPlan(state, identifier, lay_out(group))
        return known.name


def _alike(
    texts: Mapping[Configuration, object],
) -> list[tuple[Configuration, ...]]:
    """The configurations that have the same cell, where they are several."""
    found: dict[object, list[Configuration]] = {}
    for place, text in texts.items():
        found.setdefault(text, []).append(place)
    return [tuple(places) for places in found.values() if len(places) >= _SEVERAL]


def _constants(
    words: Vocabulary, names: Namespace
) -> dict[Configuration, ConstantPlan]:
    """The configurations of parallel states that have a name of their own."""
    if not words.interned:
        return {}
    constants: dict[Configuration, ConstantPlan] = {}
    for place in written_out(words.machine):
        if words.in_part(place[0]):
            name = names.take(f"_{words.place_name(place)}")
            value = place_of(words, place)
            assert isinstance(value, Group), "several leaves are a call"
            head = f"{name}: Final = {value.head}"
            text = lay_out(Group(head, value.items, value.tail))
            constants[place] = ConstantPlan(name, text)
    return constants


def _entry_text(entry: Entry, guarded: bool) -> str:
    if not guarded:
        return str(entry.outcome)
    return f"({entry.outcome}, {entry.decide})"


def method_plan(
    writer: CellWriter,
    trigger: int,
    event: Event,
    column: Column,
    sources: SourceTypes,
) -> MethodPlan:
    words = writer.words
    method = words.names.methods[event.name]
    kind = words.names.events[event.name]
    # in each group the first is the earliest, and groups are in order of appearance
    order = sorted(
        _groups(_results(writer, trigger)), key=lambda group: _rank(group[0][1])
    )
    overloads = []
    anything = f"state: {words.configuration}"
    for group in order:
        state = sources.parameter([source for source, _ in group])
        if state is None:
            continue
        returns = writer.result_type(_union(group))
        overloads.append(_head(writer, method, state, kind, returns, ": ...", column))
    if len(order) == 1:
        overloads = []
    else:
        returns = writer.result_type(
            _union([pair for group in order for pair in group])
        )
        overloads.append(
            _head(writer, method, anything, kind, returns, ": ...", column)
        )
    head = _head(writer, method, anything, kind, "Outcome", ":", column)
    doc = docstring(f"`process` for the event `{event.name}`.", 8)
    return MethodPlan(tuple(overloads), head, doc, column)


def _groups(results: dict[Source, Result]) -> list[list[tuple[Source, Result]]]:
    """States with the same kind of result share an overload.

    Where nothing can happen it does not matter why. States that the event leaves as
    they are say so together, unless it brings others there too.
    """
    alike = Counter(map(_kind, results.values()))
    groups: dict[object, list[tuple[Source, Result]]] = {}
    for source, result in results.items():
        kind = _kind(result)
        if result.targets == (source,) and alike[kind] == 1:
            kind = ("stays", tuple(sorted(result.reasons)))
        groups.setdefault(kind, []).append((source, result))
    return list(groups.values())


def _kind(result: Result) -> object:
    if _rank(result):
        return "impossible"
    return result.targets, tuple(sorted(result.reasons)), result.any


def _union(results: Iterable[tuple[Source, Result]]) -> Result:
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


def _results(writer: CellWriter, trigger: int) -> dict[Source, Result]:
    words = writer.words
    column = writer.results[trigger]
    used = trigger in words.flat.tables.rows
    results: dict[Source, Result] = {}
    if words.history:
        return {"Configuration": Result((), (), any=True)}
    for place in written_out(words.machine):
        if place in column:
            results[place] = column[place]
        elif place[0] in words.flat.tables.final:
            results[place] = Result((), ("terminal_state",))
        elif not words.machine.strict:
            results[place] = Result((place,), ())
        else:
            reason = "invalid_transition" if used else "undefined_trigger"
            results[place] = Result((), (reason,))
    if words.interned:
        return _by_part(words, results)
    row = words.flat.tables.rows.get(trigger, {})
    for state in outer_parallels(words.machine):
        name = str(words.names.parts[state.name].name)
        around = words.machine.path_to(state.id)
        if any(s in around or state.id < s <= state.last for s in row):
            results[name] = Result((), (), any=True)
        elif words.machine.strict:
            reason = "invalid_transition" if used else "undefined_trigger"
            results[name] = Result((), (reason,))
        else:
            results[name] = Result((), (), any=True)
    return results


def _by_part(words: Vocabulary, results: dict[Source, Result]) -> dict[Source, Result]:
    """All configurations of one parallel state together, after the others."""
    apart: dict[Source, Result] = {}
    parts: dict[str, list[tuple[Source, Result]]] = {}
    for source, result in results.items():
        if not isinstance(source, str) and words.in_part(source[0]):
            name = str(words.part_of(source[0]))
            parts.setdefault(name, []).append((source, result))
        else:
            apart[source] = result
    return apart | {name: _union(found) for name, found in parts.items()}


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
    asks = words.has_guards and (column.guarded or words.configuration != "State")
    receiver = f"self: {words.names.machine}[Guards]" if asks else "self"
    params: list[Piece] = [receiver, state, f"event: {kind}", "context: Context"]
    return define(
        f"def {method}(", [*params, now_param(words.has_now)], returns, tail, 4
    )


def now_param(required: bool) -> str:
    return "now: datetime" if required else "now: datetime | None = None"

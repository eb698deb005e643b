"""Columns: for every trigger, what it does in each configuration.

    go: A -> B, C -> B  ->  _GO = {**_ELSEWHERE, State.A: _A_GO, State.C: _A_GO}

What several configurations have in common stands in one row, under a name for them. In
a large machine a trigger that few configurations listen to has a row of those alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pystator.compiler.emit.cells import CellWriter, Entry
from pystator.compiler.emit.layout import Group, lay_out, tuple_of
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.places import place_of
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.ir.machine import StateKind
from pystator.kernel import Configuration

_SEVERAL: Final = 4
"""The fewest configurations that have a name because their cells are the same."""
_DENSE_LIMIT: Final = 4096
"""Cells of the whole machine up to which every row has all of them."""
_FEW: Final = 4
"""A row is sparse if it has less than one in so many of its cells."""
_RESTING: Final = (StateKind.ATOMIC, StateKind.TERMINAL)


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one trigger. `guarded` when at least one decides at run time.

    `rest` has the cells that `entries` has not; a `sparse` one leaves them there.
    """

    name: Identifier
    guarded: bool
    sparse: bool
    rest: Code
    entries: tuple[Code, ...]
    event: str


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
        rest = "_ELSEWHERE"
        if self.words.machine.strict and trigger not in self.words.flat.tables.rows:
            rest = "_NOWHERE"
        elif guarded:
            rest = "_GUARDED_ELSEWHERE"
        places = len(self.words.places)
        return Column(
            name,
            guarded,
            places * self.words.flat.external > _DENSE_LIMIT
            and len(texts) * _FEW < places,
            Code(rest),
            tuple(self._rows(texts)),
            self.writer.words.event_type(trigger),
        )

    def is_guarded(self, trigger: int) -> bool:
        entries = self.writer.entries[trigger].values()
        return any(entry.decide is not None for entry in entries)

    def place(self, place: Configuration) -> str:
        if len(place) == 1 and place not in self.constants:
            return f"State.{self.words.state(place[0])}"
        return str(self.constants[place].name)

    def elsewhere(self) -> tuple[Code, ...]:
        """What an event does in a configuration that does not listen to it."""
        machine, final = self.words.machine, self.words.flat.tables.final
        if machine.strict:
            every = "_CONFIGURATIONS" if self.words.interned else "State"
            rows = [f"**dict.fromkeys({every}, _INVALID)"]
        else:
            lasting = (p for p in self.words.places if p[0] not in final)
            places = map(self.place, lasting)
            rows = [f"{place}: Accepted({place}, handled=False)" for place in places]
        finals = (leaf.id for leaf in machine.leaves if leaf.id in final)
        rows += [f"State.{self.words.state(leaf)}: _TERMINAL" for leaf in finals]
        return tuple(map(Code, rows))

    def configurations(self) -> Code:
        """All of them, where each has a name of its own."""
        if not self.words.interned:
            return Code("")
        places = [self.place(place) for place in self.words.places]
        head = "_CONFIGURATIONS: Final[tuple[Configuration, ...]] = ("
        return lay_out(Group(head, tuple_of(places).items, ")"))

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
        for place in self.words.places:
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
    for place in words.places:
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

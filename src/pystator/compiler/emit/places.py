"""Configurations with several leaves: one class for each parallel state.

    P {r: B, C; s: D, E}  ->  class P: r: PR, s: PS; PR = Literal[State.B, State.C], ...

In a region stands a leaf or, where the region holds a parallel state, the part that is
active there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pystator.compiler.emit.exports import natural_order
from pystator.compiler.emit.layout import WIDTH, Group, Piece, Union, define, lay_out
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.flatten.configurations import count_of
from pystator.compiler.ir.machine import ROOT, State, StateId, StateKind
from pystator.kernel import Configuration

INTERNED: Final = 4096
"""The most configurations of one class of which there is one object each."""


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """`attribute` has what is active in the region, of the type `part`.

    `leaves` and `within` say what that contributes; `function` reads a part where it is
    not simply a leaf, which `table` finds, and `read` is how to call either.
    """

    attribute: Identifier
    alias: Code
    table: Code
    function: Code
    read: str
    leaves: str
    within: str


@dataclass(frozen=True, slots=True)
class PartPlan:
    """The class of one parallel state; an inner one stands before those around it.

    `known` is the table of its objects, and `remembers` whether they keep steps.
    """

    name: Identifier
    node: Identifier
    state: str
    regions: tuple[RegionPlan, ...]
    slots: Code
    init: Code
    of: Code
    text: Code
    leaves: Code
    within: Code
    key: Code
    made: Code
    known: Identifier
    reader: Identifier
    read: Code
    interned: bool
    remembers: bool


@dataclass(frozen=True, slots=True)
class PlacesPlan:
    """All of them, and the union of what can be active in the whole machine.

    `outer` are the nodes and readers of the parallel states in no other, `regions` the
    union of their classes, `within` the test that `state` is of it; `resting` is the
    table of the leaves outside all of them.
    """

    parts: tuple[PartPlan, ...]
    configuration: Code
    regions: Code
    within: Code
    resting: Code
    outer: tuple[tuple[Identifier, Identifier], ...]
    nested: bool


@dataclass(frozen=True, slots=True)
class _Privates:
    """Names that nobody imports: by parallel state, and by class of a region."""

    known: dict[str, Identifier]
    readers: dict[str, Identifier]
    tables: dict[Identifier, Identifier]
    region_readers: dict[Identifier, Identifier]


def _privates(words: Vocabulary, names: Namespace) -> _Privates:
    parts = words.names.parts
    aliases = [alias for part in parts.values() for alias in part.aliases.values()]
    return _Privates(
        known={s: names.take(f"_{part.name.upper()}") for s, part in parts.items()},
        readers={
            s: names.take(f"_read_{part.name.lower()}") for s, part in parts.items()
        },
        tables={alias: names.take(f"_{alias.upper()}") for alias in aliases},
        region_readers={
            alias: names.take(f"_read_{alias.lower()}") for alias in aliases
        },
    )


def places_plan(words: Vocabulary, names: Namespace) -> PlacesPlan | None:
    """None for a machine without parallel states."""
    machine = words.machine
    parallel = [s for s in machine.states if s.kind is StateKind.PARALLEL]
    if not parallel:
        return None
    leaves, inner = _inside(words, ROOT)
    union = _union(words, leaves, inner)
    private = _privates(words, names)
    return PlacesPlan(
        parts=tuple(
            _part(words, private, state, state in inner) for state in reversed(parallel)
        ),
        configuration=_alias(words.place, union),
        regions=_alias("_Regions", _union(words, [], inner)),
        within=_within(words, inner),
        resting=_table(words, "_RESTING", words.place, leaves),
        outer=tuple(
            (words.names.nodes[s.name], private.readers[s.name]) for s in inner
        ),
        nested=any(
            _inside(words, child)[1] for state in parallel for child in state.children
        ),
    )


def place_of(words: Vocabulary, leaves: Configuration, around: StateId = ROOT) -> Piece:
    """What is active, or the part of it in the region `around`, as an expression."""
    states = words.machine.states
    for state in words.machine.path_to(StateId(leaves[0])):
        if state > around and states[state].kind is StateKind.PARALLEL:
            parts = tuple(
                place_of(
                    words,
                    tuple(leaf for leaf in leaves if r < leaf <= states[r].last),
                    r,
                )
                for r in states[state].children
            )
            return Group(
                f"{words.names.parts[states[state].name].name}.of(", parts, ")"
            )
    return f"State.{words.names.states[states[leaves[0]].name]}"


def _inside(words: Vocabulary, around: StateId) -> tuple[list[State], list[State]]:
    """The leaves and the parallel states below, but not those inside the latter."""
    states = words.machine.states
    leaves: list[State] = []
    inner: list[State] = []
    pending = [around]
    while pending:
        here = states[pending.pop()]
        if here.kind is StateKind.PARALLEL:
            inner.append(here)
        elif here.kind in (StateKind.ATOMIC, StateKind.TERMINAL):
            leaves.append(here)
        else:
            pending.extend(reversed(here.children))
    return leaves, inner


def _literal(words: Vocabulary, leaves: list[State]) -> Group:
    members = tuple(f"State.{words.names.states[leaf.name]}" for leaf in leaves)
    return Group("Literal[", members, "]")


def _union(words: Vocabulary, leaves: list[State], inner: list[State]) -> Piece:
    names = tuple(str(words.names.parts[state.name].name) for state in inner)
    parts: tuple[Piece, ...] = (*((_literal(words, leaves),) if leaves else ()), *names)
    return parts[0] if len(parts) == 1 else Union(parts)


def _within(words: Vocabulary, outer: list[State]) -> Code:
    """A test for a single class is three times as fast as one for an enumeration."""
    if len(outer) == 1:
        return Code(f"isinstance(state, {words.names.parts[outer[0].name].name})")
    return Code("not isinstance(state, State)")


def _alias(name: str, value: Piece) -> Code:
    head = f"{name}: TypeAlias = "
    if isinstance(value, Group):
        return lay_out(Group(f"{head}{value.head}", value.items, value.tail))
    text = lay_out(value)
    if "\n" not in text and len(head) + len(text) <= WIDTH:
        return Code(f"{head}{text}")
    inner = lay_out(value, 4)
    return Code(f"{head}(\n    {inner}\n)")


def _table(words: Vocabulary, name: str, kind: str, leaves: list[State]) -> Code:
    """The leaves by themselves, as members of a narrower type."""
    members = tuple(f"State.{words.names.states[leaf.name]}" for leaf in leaves)
    if not members:
        return Code("")
    head = f"{name}: Final[Mapping[State, {kind}]] = {{"
    return lay_out(Group(head, tuple(f"{m}: {m}" for m in members), "}"))


def _part(words: Vocabulary, private: _Privates, state: State, outer: bool) -> PartPlan:
    names = words.names.parts[state.name]
    children = [words.machine.states[child] for child in state.children]
    regions = tuple(_region(words, private, state, region) for region in children)
    given = [r.attribute for r in regions]
    types = [str(names.aliases[r.name]) for r in children]
    params = [f"{name}: {kind}" for name, kind in zip(given, types, strict=True)]
    order = sorted(children, key=lambda region: str(region.name))
    texts = []
    for region in order:
        attribute = names.attributes[region.name]
        shown = f"_shown({attribute})" if _inside(words, region.id)[1] else attribute
        texts.append(f"{region.name}={{{shown}}}")
    remembers = outer and words.stepped and not words.history
    memo = ["asked", "made"] if remembers else []
    slots = sorted([*given, "leaves", "text", "within", *memo], key=natural_order)
    listed = ", ".join(types)
    key = f"tuple[{listed}]"
    interned = count_of(words.machine, state.id) <= INTERNED
    reads = tuple(
        region.read.replace("@", "first" if number == 0 else "next(rest)")
        for number, region in enumerate(regions)
    )
    return PartPlan(
        name=names.name,
        node=words.names.nodes[state.name],
        state=str(state.name),
        regions=regions,
        slots=lay_out(
            Group("__slots__ = (", tuple(f'"{slot}"' for slot in slots), ")"), 4
        ),
        init=define("def __init__(", ["self", *params], "None", ":", 4),
        of=define("def of(", params, names.name, ":", 4),
        text=_text(str(state.name), texts),
        leaves=_plain(
            "self.leaves: Final[tuple[State, ...]] = (",
            [region.leaves for region in regions],
            ")",
        ),
        within=_plain(
            "self.within: Final[frozenset[State | Node]] = frozenset().union(",
            [region.within for region in regions],
            ")",
        ),
        key=Code(key),
        made=_made(names.name, given),
        known=private.known[state.name],
        reader=private.readers[state.name],
        read=lay_out(Group(f"return {names.name}.of(", reads, ")"), 4),
        interned=interned,
        remembers=remembers,
    )


def _plain(head: str, items: list[str], tail: str) -> Code:
    single = f"{items[0]}," if len(items) == 1 and head.endswith("= (") else None
    return lay_out(Group(head, (single,) if single else tuple(items), tail), 8)


def _text(state: str, texts: list[str]) -> Code:
    whole = f'f"{state}:{",".join(texts)}"'
    head = "self.text: Final = "
    if len(head) + len(whole) + 8 <= WIDTH:
        return Code(f"{head}{whole}")
    if len(whole) + 12 <= WIDTH:
        return Code(f"{head}(\n            {whole}\n        )")
    rows = "".join(
        f'            f"{state + ":" if n == 0 else ","}{text}"\n'
        for n, text in enumerate(texts)
    )
    return Code(f"self.text: Final = (\n{rows}        )")


def _made(name: str, given: list[Identifier]) -> Code:
    return Code(f"{name}({', '.join(given)})")


def _region(
    words: Vocabulary, private: _Privates, state: State, region: State
) -> RegionPlan:
    names = words.names.parts[state.name]
    attribute = names.attributes[region.name]
    alias = names.aliases[region.name]
    leaves, inner = _inside(words, region.id)
    table = private.tables[alias]
    function = ""
    read = f"{table}[@]"
    if inner:
        reader = private.region_readers[alias]
        read = f"{reader}(@, rest)"
        body = "".join(
            f"    if Node.{words.names.nodes[part.name]} in _WITHIN[first]:\n"
            f"        return {private.readers[part.name]}(first, rest)\n"
            for part in inner
        )
        last = f"    return {table}[first]" if leaves else "    raise KeyError(first)"
        head = define(
            f"def {reader}(", ["first: State", "rest: Iterator[State]"], alias, ":", 0
        )
        function = f"{head}\n{body}{last}"
    mixed = bool(inner)
    return RegionPlan(
        attribute=attribute,
        alias=_alias(alias, _union(words, leaves, inner)),
        table=_table(words, table, alias, leaves),
        function=Code(function),
        read=read,
        leaves=f"*_leaves({attribute})" if mixed else str(attribute),
        within=f"_active({attribute})" if mixed else f"_WITHIN[{attribute}]",
    )

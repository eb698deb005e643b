"""Python names for the author's names: one table, one casing rule.

Members are UPPER_SNAKE, classes Pascal, methods and fields snake. A name that Python
or the module itself uses gets an underscore behind it. Two names of one kind that
meet are a fault, which `clashes` reports.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NewType

from pystator.compiler.ir.machine import Machine, StateKind
from pystator.compiler.ir.walk import named_actions, named_guards
from pystator.compiler.source.text import Text

Identifier = NewType("Identifier", str)
"""A Python identifier: ASCII, no keyword, made by this module only."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_UPPER: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_SNAKE: Final = re.compile(r"[a-z][a-z0-9_]*")

MODULE_CLASSES: Final = frozenset(
    [
        "Accepted",
        "Action",
        "Actions",
        "Any",
        "AssertionError",
        "Async",
        "AsyncActions",
        "AsyncGuards",
        "Awaitable",
        "BaseException",
        "Callable",
        "ClassVar",
        "Configuration",
        "Context",
        "Coroutine",
        "Elapsed",
        "Event",
        "Exception",
        "Final",
        "Generic",
        "Guards",
        "KeyError",
        "Literal",
        "LookupError",
        "Mapping",
        "Node",
        "Outcome",
        "OverflowError",
        "Payload",
        "Protocol",
        "Reason",
        "Rejected",
        "Session",
        "State",
        "StopIteration",
        "StrEnum",
        "Timer",
        "Trigger",
        "TypeAlias",
        "TypeError",
        "TypeGuard",
        "TypeVar",
        "TypedDict",
        "Unpack",
        "ValueError",
    ]
)
PRIVATE: Final = frozenset(
    [
        "_CALLS",
        "_CHANGES",
        "_CONDITIONS",
        "_CONFIGURATIONS",
        "_E",
        "_ELAPSED",
        "_ELSEWHERE",
        "_Effects",
        "_GUARDED_ELSEWHERE",
        "_GUARD_NAMES",
        "_INVALID",
        "_KEPT",
        "_LEAVES",
        "_MACHINE",
        "_NAMED",
        "_NAMES",
        "_NOWHERE",
        "_NUMBERS",
        "_PARSERS",
        "_RAISED",
        "_REMEMBERED",
        "_RESTING",
        "_SEEN",
        "_SEEN_LENGTH",
        "_SEEN_LIMIT",
        "_SERVICES",
        "_STATES",
        "_TABLES",
        "_TERMINAL",
        "_TEXTS_KEPT",
        "_TIMERS",
        "_TIMER_TRIGGERS",
        "_UNDEFINED",
        "_V",
        "_WITHIN",
        "_active",
        "_chained",
        "_joined",
        "_leaves",
        "_numbers",
        "_place",
        "_refused",
        "_shown",
    ]
)
"""Private names that a module may use, whatever its author calls things."""
ANNOTATIONS: Final = frozenset(
    [
        "bool",
        "bytes",
        "datetime",
        "dict",
        "float",
        "int",
        "list",
        "object",
        "overload",
        "str",
        "tuple",
        "type",
    ]
)
"""What annotations and decorators in a class body name, so that no member may."""
METHODS: Final = ANNOTATIONS | frozenset(
    [
        "aperform",
        "aprocess",
        "astart",
        "create",
        "perform",
        "process",
        "start",
    ]
)
CALLS: Final = ANNOTATIONS | {"wait"}
"""Names that a guard or an action cannot have as a method."""
CONTEXT_FIELDS: Final = ANNOTATIONS | {"dataclass", "field", "self"}
EVENT_FIELDS: Final = CONTEXT_FIELDS | {"dispatch", "payload", "trigger"}
PART_FIELDS: Final = ANNOTATIONS | {
    "found",
    "frozenset",
    "key",
    "leaves",
    "len",
    "made",
    "of",
    "self",
    "staticmethod",
    "text",
    "within",
}
"""Names that the region of a parallel state cannot have as an attribute."""
PARAMETERS: Final = frozenset(
    [
        "context",
        "event",
        "self",
    ]
)
NOTHING: Final[frozenset[str]] = frozenset()


def words(name: str) -> list[str]:
    """`HTTPServer.is-up2` -> HTTP, Server, is, up2."""
    return _WORD.findall(name) or ["unnamed"]


def upper(name: str) -> Identifier:
    return _safe(name if _UPPER.fullmatch(name) else "_".join(words(name)).upper())


def snake(name: str, reserved: frozenset[str] = NOTHING) -> Identifier:
    text = name if _SNAKE.fullmatch(name) else "_".join(words(name)).lower()
    return _safe(text, reserved)


def call_name(name: str) -> Identifier:
    """The method of a guard or an action."""
    return snake(name, CALLS)


def pascal(name: str, reserved: frozenset[str] = NOTHING) -> Identifier:
    return _safe(
        "".join(word[0].upper() + word[1:].lower() for word in words(name)), reserved
    )


def _safe(text: str, reserved: frozenset[str] = NOTHING) -> Identifier:
    if text[0].isdigit():
        text = f"n{text}" if text.islower() else f"N{text}"
    while keyword.iskeyword(text) or keyword.issoftkeyword(text) or text in reserved:
        text += "_"
    return Identifier(text)


class Namespace:
    """Private names of a module, given out once each."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, wish: str) -> Identifier:
        """`wish`, or `wish_2`, `wish_3`, ... if it is taken."""
        name, number = wish, 1
        while name in self._taken:
            number += 1
            name = f"{wish}_{number}"
        self._taken.add(name)
        return Identifier(name)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two names of one kind that Python cannot tell apart."""

    kind: str
    first: Text
    second: Text
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class PartNames:
    """A parallel state as a class; `attributes` and `aliases` are by region."""

    name: Identifier
    attributes: Mapping[str, Identifier]
    aliases: Mapping[str, Identifier]


@dataclass(frozen=True, slots=True)
class Names:
    """The Python name of everything the author named.

    `payload` is by trigger and field.
    """

    machine: Identifier
    states: Mapping[str, Identifier]
    nodes: Mapping[str, Identifier]
    parts: Mapping[str, PartNames]
    triggers: Mapping[str, Identifier]
    timers: Mapping[str, Identifier]
    services: tuple[Identifier, ...]
    events: Mapping[str, Identifier]
    methods: Mapping[str, Identifier]
    fields: Mapping[str, Identifier]
    payload: Mapping[str, Mapping[str, Identifier]]
    guards: Mapping[str, Identifier]
    actions: Mapping[str, Identifier]
    clashes: tuple[Clash, ...]


def name_all(machine: Machine) -> Names:
    """Name everything; `clashes` is empty in a machine that can be emitted."""
    clashes: list[Clash] = []

    def table(
        kind: str, names: Iterable[Text], rule: Callable[[str], Identifier]
    ) -> dict[str, Identifier]:
        given: dict[str, Identifier] = {}
        owners: dict[Identifier, Text] = {}
        for name in names:
            if name in given:
                continue
            identifier = given[name] = rule(name)
            owner = owners.setdefault(identifier, name)
            if owner != name:
                clashes.append(Clash(kind, owner, name, identifier))
        return given

    class_name = pascal(machine.name, MODULE_CLASSES | _occasional(machine))
    views = {f"In{pascal(state.name)}" for state in machine.states[1:]}
    parallel = [s for s in machine.states if s.kind is StateKind.PARALLEL]
    taken = MODULE_CLASSES | views | {class_name} | _occasional(machine)
    part_names = table("state", [s.name for s in parallel], lambda n: pascal(n, taken))
    owners: dict[Identifier, Text] = {}
    parts: dict[str, PartNames] = {}
    for state in parallel:
        part = part_names[state.name]
        regions = [machine.states[child].name for child in state.children]
        attributes = table("region", regions, lambda name: snake(name, PART_FIELDS))
        aliases: dict[str, Identifier] = {}
        for region in regions:
            alias = _safe(f"{part}{pascal(region)}", taken | set(part_names.values()))
            aliases[str(region)] = alias
            owner = owners.setdefault(alias, region)
            if owner is not region:
                clashes.append(Clash("region", owner, region, alias))
        by_region = {str(region): attributes[region] for region in regions}
        parts[str(state.name)] = PartNames(part, by_region, aliases)
    classes = taken | set(part_names.values()) | set(owners)
    leaves = [state.name for state in machine.leaves]
    kinds = (StateKind.COMPOUND, StateKind.PARALLEL)
    inner = [s.name for s in machine.states if s.kind in kinds]
    triggers = [event.name for event in machine.events]
    return Names(
        machine=class_name,
        states=table("state", leaves, upper),
        nodes=table("state", inner, upper),
        parts=parts,
        triggers=table("trigger", triggers, upper),
        timers={
            timer.name: upper(timer.name.replace("*", "machine"))
            for timer in machine.timers
        },
        services=_services(machine),
        events=table("event", triggers, lambda name: pascal(name, classes)),
        methods=table("trigger", triggers, lambda name: snake(name, METHODS)),
        fields=table(
            "state variable",
            [variable.name for variable in machine.variables or ()],
            lambda name: snake(name, CONTEXT_FIELDS),
        ),
        payload={
            event.name: table(
                "payload field",
                [field.name for field in event.payload or ()],
                lambda name: snake(name, EVENT_FIELDS),
            )
            for event in machine.events
        },
        guards=table(
            "guard", [guard.name for guard in named_guards(machine)], call_name
        ),
        actions=table(
            "action", [action.name for action in named_actions(machine)], call_name
        ),
        clashes=_once(clashes),
    )


def _occasional(machine: Machine) -> set[str]:
    """The classes that only some modules have."""
    remembers = any(
        target.history
        for transition in machine.transitions
        for target in transition.targets
    )
    parallel = any(state.kind is StateKind.PARALLEL for state in machine.states)
    return {
        *(["Place"] if remembers and parallel else []),
        *(["Service"] if machine.services else []),
    }


def _services(machine: Machine) -> tuple[Identifier, ...]:
    fresh = Namespace()
    return tuple(
        fresh.take(upper(f"{machine.states[service.state].name}_{service.name}"))
        for service in machine.services
    )


def _once(clashes: list[Clash]) -> tuple[Clash, ...]:
    """One clash for two triggers, though they meet as member, class and method."""
    found: dict[tuple[str, str], Clash] = {}
    for clash in clashes:
        found.setdefault((clash.first, clash.second), clash)
    return tuple(found.values())

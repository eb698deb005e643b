"""What every part of the emitter knows: the machine and its Python names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pystator import kernel
from pystator.compiler.emit.annotations import bare
from pystator.compiler.emit.names import (
    MODULE_CLASSES,
    Identifier,
    Names,
    Namespace,
    name_all,
    pascal,
)
from pystator.compiler.flatten.configurations import (
    is_written_out,
    outer_parallels,
    written_out,
)
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import (
    Event,
    Field,
    Machine,
    StateId,
    StateKind,
    Timestamp,
)
from pystator.compiler.ir.scope import Expressions
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.ir.walk import all_actions, named_actions, named_guards

_NAME_WIDTH: Final = 32
FUNCTION_NAMES: Final = frozenset(
    [
        "asked",
        "between",
        "changed",
        "context",
        "error",
        "event",
        "guards",
        "holds",
        "now",
    ]
)
"""The local names that generated functions use themselves."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`locals` names the local variable that holds the new value of a variable;
    `objects` the class of each object type whose fields are declared, inner ones first.
    `leaves_in_parts` are those in a region of some parallel state, `places` the
    configurations whose cells are written out.
    """

    flat: Flat
    names: Names
    objects: Mapping[Type, Identifier]
    variables: Mapping[str, Field]
    locals: Mapping[str, Identifier]
    expressions: Expressions
    leaves_in_parts: frozenset[int]
    places: tuple[kernel.Configuration, ...]
    has_guards: bool
    has_actions: bool
    has_now: bool

    @property
    def machine(self) -> Machine:
        return self.flat.machine

    @property
    def dynamic(self) -> bool:
        """Whether the context is a mapping of anything."""
        return self.machine.variables is None

    @property
    def parallel(self) -> bool:
        """Whether a configuration can have several leaves."""
        return bool(self.names.parts)

    @property
    def history(self) -> bool:
        """Whether a configuration carries what was left."""
        return bool(self.flat.tables.memories)

    @property
    def interned(self) -> bool:
        """Whether every configuration has a constant, and its cells are written out."""
        return self.parallel and not self.history and is_written_out(self.machine)

    @property
    def stepped(self) -> bool:
        """Whether some configurations are left to the kernel, whatever happens."""
        return self.history or (self.parallel and not self.interned)

    @property
    def place(self) -> str:
        """The type of what is active."""
        if not self.parallel:
            return "State"
        return "Place" if self.history else "Configuration"

    @property
    def configuration(self) -> str:
        """The type of what `process` takes and gives."""
        return "Configuration" if self.history else self.place

    @property
    def open(self) -> bool:
        """Whether events carry any payload."""
        return any(event.payload is None for event in self.machine.events)

    @property
    def has_timers(self) -> bool:
        return bool(self.machine.timers)

    def state(self, leaf: int) -> Identifier:
        return self.names.states[self.machine.states[leaf].name]

    def place_type(self, leaves: kernel.Configuration) -> str:
        if self.history:
            return "Configuration"
        if not self.in_part(leaves[0]):
            return f"Literal[State.{self.state(leaves[0])}]"
        return self.part_of(leaves[0])

    def in_part(self, leaf: int) -> bool:
        """Whether a leaf is in a region of some parallel state."""
        return leaf in self.leaves_in_parts

    def part_of(self, leaf: int) -> Identifier:
        """The class of the outermost parallel state around a leaf."""
        path = self.machine.path_to(StateId(leaf))
        outer = next(
            state
            for state in path
            if self.machine.states[state].kind is StateKind.PARALLEL
        )
        return self.names.parts[self.machine.states[outer].name].name

    def place_name(self, leaves: kernel.Configuration) -> str:
        """The configuration as part of a name, which is cut where it gets long."""
        if len(leaves) == 1:
            return self.state(leaves[0])
        return "_".join(self.state(leaf) for leaf in leaves)[:_NAME_WIDTH].rstrip("_")

    def trigger_name(self, event: int) -> Identifier:
        trigger = kernel.trigger_of(event)
        if trigger == kernel.START:
            return Identifier("START")
        timer = self.flat.timer_of(trigger)
        if timer is not None:
            return self.names.timers[timer.name]
        return self.names.triggers[self.machine.events[trigger].name]

    def trigger_text(self, trigger: int) -> str:
        """The trigger as the author calls it."""
        timer = self.flat.timer_of(trigger)
        return str(self.machine.events[trigger].name) if timer is None else timer.name

    def event_of(self, event: int) -> Event | None:
        """What a trigger, or an event that the machine raises, carries."""
        trigger = kernel.trigger_of(event)
        if trigger == kernel.START or self.flat.timer_of(trigger) is not None:
            return None
        return self.machine.events[trigger]

    def raised(self, trigger: int) -> str:
        """The constant that is the event where the machine itself raises it."""
        return f"_RAISED_{self.trigger_name(trigger)}"

    def event_type(self, trigger: int) -> str:
        """The annotation of the event that sets off the step."""
        if trigger == kernel.START:
            return "None"
        event = self.event_of(trigger)
        return "Elapsed" if event is None else self.names.events[event.name]

    def service(self, service: int) -> str:
        return f"Service.{self.names.services[service]}"

    def timer(self, timer: int) -> str:
        name = self.machine.timers[timer].name
        return f"Timer.{self.names.timers[name]}"


def vocabulary(flat: Flat, expressions: Expressions) -> Vocabulary:
    machine = flat.machine
    names = name_all(machine)
    variables = {str(variable.name): variable for variable in machine.variables or ()}
    fresh = Namespace(FUNCTION_NAMES)
    return Vocabulary(
        flat=flat,
        names=names,
        objects=_objects(machine, names),
        variables=variables,
        locals={name: fresh.take(names.fields[name]) for name in variables},
        expressions=expressions,
        leaves_in_parts=_leaves_in_parts(machine),
        places=tuple(written_out(machine)),
        has_guards=any(True for _ in named_guards(machine)),
        has_actions=any(True for _ in named_actions(machine)),
        has_now=any(isinstance(action, Timestamp) for action in all_actions(machine)),
    )


def _leaves_in_parts(machine: Machine) -> frozenset[int]:
    return frozenset(
        state
        for outer in outer_parallels(machine)
        for state in range(outer.id + 1, outer.last + 1)
        if not machine.states[state].children
    )


def _objects(machine: Machine, names: Names) -> dict[Type, Identifier]:
    taken = MODULE_CLASSES | set(names.events.values()) | {names.machine}
    for part in names.parts.values():
        taken |= {part.name, *part.aliases.values()}
    fresh = Namespace(taken)
    found: dict[Type, Identifier] = {}
    owned = [("context", variable) for variable in machine.variables or ()]
    for event in machine.events:
        owned += [(event.name, field) for field in event.payload or ()]
    for owner, field in owned:
        for path, type in _object_types(field.name, field.type):
            if type not in found:
                found[type] = fresh.take(pascal(f"{owner}_{path}"))
    return found


def _object_types(path: str, type: Type) -> Iterator[tuple[str, Type]]:
    """The object types with declared fields in `type`, inner ones first."""
    if type.kind is Kind.LIST and type.element is not None:
        yield from _object_types(path, type.element)
    if type.kind is Kind.OBJECT and type.fields is not None:
        for name, inner in type.fields:
            yield from _object_types(f"{path}_{name}", inner)
        yield path, bare(type)

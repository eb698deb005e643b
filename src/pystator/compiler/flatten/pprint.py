"""Tables as text, for people and for tests: what the kernel reads, by name.

    trigger fill
      row OPEN: OPEN/fill, OPEN/fill#2
    transition OPEN/fill
      domain *
      target DONE

A row lists the transitions to try, in order. Numbers are shown as what they stand for,
so that what is added to a machine shifts nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pystator import kernel
from pystator.compiler.flatten.tables import Flat, Merge, merged_fields
from pystator.compiler.ir.machine import StateId
from pystator.compiler.ir.pprint import indented
from pystator.compiler.ir.shown import (
    action_text,
    guard_text,
    key,
    literal,
    state_name,
    transition_names,
)


def print_tables(flat: Flat) -> str:
    """All tables; ends with a line feed."""
    return "".join(f"{line}\n" for line in _Printer(flat).lines())


class _Printer:
    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.tables = flat.tables
        self.names = transition_names(flat.machine)

    def lines(self) -> Iterator[str]:
        tables = self.tables
        yield f"tables {literal(self.flat.machine.name)}"
        yield f"  strict {literal(tables.strict)}"
        for state in tables.transitions[tables.start].targets:
            yield f"  start {self.state(state)}"
        for state in sorted(tables.terminal):
            word = "final" if state in tables.final else "terminal"
            yield f"  {word} {self.state(state)}"
        yield from self.triggers()
        yield "auto"
        yield from self.rows(tables.auto)
        for choice, waiting in tables.choices.items():
            yield f"choice {self.state(choice)}"
            for trigger, number in waiting:
                word = "auto" if trigger == kernel.NO_TRIGGER else self.event(trigger)
                yield f"  {word}: {self.names[number]}"
        for number in range(len(tables.memories)):
            yield f"memory {self.memory(number)}"
        # the last one is the start, which nobody has written
        for name, transition in zip(self.names, tables.transitions, strict=False):
            yield f"transition {name}"
            yield from indented(self.transition(transition))

    def triggers(self) -> Iterator[str]:
        machine, tables = self.flat.machine, self.tables
        for trigger, event in enumerate(machine.events):
            yield f"trigger {event.name}"
            if trigger in tables.merges:
                for field in merged_fields(machine, event):
                    yield f"  merge {'*' if field == '*' else key(field)}"
            yield from self.rows(tables.rows.get(trigger, {}))
        for number, timer in enumerate(machine.timers, len(machine.events)):
            yield f"timer {timer.name}"
            yield from self.rows(tables.rows.get(number, {}))
        for state, number in tables.done.items():
            yield f"completion {self.state(state)}"
            yield from self.rows(tables.rows.get(number, {}))

    def rows(self, rows: Mapping[int, tuple[int, ...]]) -> Iterator[str]:
        for state in sorted(rows):
            tried = ", ".join(self.names[number] for number in rows[state])
            yield f"  row {self.state(state)}: {tried}"

    def transition(self, transition: kernel.Transition) -> Iterator[str]:
        yield f"domain {self.state(transition.domain)}"
        for state in transition.targets:
            yield f"target {self.state(state)}"
        for memory in transition.recalls:
            yield f"recall {self.memory(memory)}"
        for guard in transition.guards:
            yield f"guard {self.guard(self.tables.guards[guard])}"
        for action in transition.actions:
            yield f"action {self.action(action)}"

    def state(self, state: int) -> str:
        return state_name(self.flat.machine, StateId(state))

    def event(self, trigger: int) -> str:
        return str(self.flat.machine.events[trigger].name)

    def memory(self, number: int) -> str:
        memory = self.tables.memories[number]
        return f"{'H*' if memory.deep else 'H'}({self.state(memory.state)})"

    def guard(self, guard: kernel.Guard) -> str:
        match guard:
            case kernel.Asked(condition):
                return guard_text(self.flat.conditions[condition])
            case kernel.InState(state):
                return f"in_state({self.state(state)})"
            case kernel.Not(inner):
                return f"not({self.guard(inner)})"
            case kernel.AllOf(guards):
                return f"allOf({', '.join(map(self.guard, guards))})"
            case kernel.AnyOf(guards):
                return f"anyOf({', '.join(map(self.guard, guards))})"

    def action(self, action: kernel.Action) -> str:
        match action:
            case kernel.Call(number):
                return action_text(self.flat.calls[number])
            case kernel.Raise(trigger):
                return f"raise {self.event(trigger)}"
            case kernel.Effect(number):
                effect = self.flat.effects[number]
                assert not isinstance(effect, Merge), "no transition has a merge"
                return action_text(effect)

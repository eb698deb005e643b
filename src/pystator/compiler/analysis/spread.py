"""What may happen, by states alone: nothing that can be active is left out.

    A --go--> P {r: B, C; s: D}, B --next--> C  ->  all of them may be active

A transition may be taken if its source may be active, its guards may hold and what sets
it off can come. Which states are active together is asked of the tree only, so this is
more than what really happens; where every configuration has its cells, those know.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from pystator import kernel
from pystator.compiler.analysis.entry import entered, put_into
from pystator.compiler.flatten.involved import may_be_together
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.machine import Machine, StateId, StateKind


@dataclass(frozen=True, slots=True)
class Spread:
    """States that may be entered, transitions that may be taken, and for each choice
    the triggers that may lead into it.
    """

    states: frozenset[int]
    transitions: frozenset[int]
    brought: dict[int, frozenset[int]]


def spread(flat: Flat, allowed: Container[int] | None = None) -> Spread:
    """With `allowed`, no other transition is taken."""
    return _Spreading(flat, allowed).run()


def completing(machine: Machine, state: int) -> list[list[StateId]]:
    """The terminal children that complete a state; for a parallel one, by region."""
    here = machine.states[state]
    parts = [machine.states[child] for child in here.children]
    if here.kind is not StateKind.PARALLEL:
        parts = [here]
    return [
        [c for c in part.children if machine.states[c].kind is StateKind.TERMINAL]
        for part in parts
    ]


class _Spreading:
    def __init__(self, flat: Flat, allowed: Container[int] | None) -> None:
        self.machine = flat.machine
        self.tables = flat.tables
        self.put_into = put_into(flat)
        self.allowed = allowed
        self.states = {int(kernel.ROOT)}
        self.taken: set[int] = set()
        self.brought: dict[int, set[int]] = {}
        self.recalled: dict[int, set[int]] = {}
        self.fresh: list[int] = []
        self.events = {
            str(event.name): number for number, event in enumerate(flat.machine.events)
        }
        self.outgoing: dict[int, list[int]] = {}
        for transition in flat.machine.transitions:
            if allowed is None or transition.id in allowed:
                self.outgoing.setdefault(transition.source, []).append(transition.id)

    def run(self) -> Spread:
        self.fresh += self.outgoing.get(kernel.ROOT, ())
        self.enter(entered(self.tables, self.tables.start), {kernel.NO_TRIGGER})
        self.enter(self.put_into, {kernel.NO_TRIGGER})
        waiting: list[int] = []
        size = -1
        while size != self.size():
            size = self.size()
            self.fresh += waiting
            waiting = []
            self.remember()
            while self.fresh:
                number = self.fresh.pop()
                if self.may_be_taken(number):
                    self.take(number)
                else:
                    waiting.append(number)
        return Spread(
            frozenset(self.states),
            frozenset(self.taken),
            {choice: frozenset(found) for choice, found in self.brought.items()},
        )

    def size(self) -> int:
        handed = sum(map(len, self.brought.values()))
        return len(self.states) + len(self.taken) + handed

    def may_be_taken(self, number: int) -> bool:
        transition = self.machine.transitions[number]
        if transition.source in self.tables.choices:
            if not self.causes(number):
                return False
        elif transition.done:
            for parts in completing(self.machine, transition.source):
                if self.states.isdisjoint(parts):
                    return False
        return all(
            self.answers(self.tables.guards[guard], transition.source)[0]
            for guard in self.tables.transitions[number].guards
        )

    def answers(self, guard: kernel.Guard, source: int) -> tuple[bool, bool]:
        """Whether it may hold, and whether it may not."""
        match guard:
            case kernel.Asked():
                return True, True
            case kernel.InState(state):
                known = state <= source <= self.tables.last[state]
                met = state in self.states and may_be_together(
                    self.tables, state, source
                )
                return met, not known
            case kernel.Not(inner):
                yes, no = self.answers(inner, source)
                return no, yes
            case kernel.AllOf(guards):
                both = [self.answers(inner, source) for inner in guards]
                return all(yes for yes, _ in both), any(no for _, no in both)
            case kernel.AnyOf(guards):
                both = [self.answers(inner, source) for inner in guards]
                return any(yes for yes, _ in both), all(no for _, no in both)

    def causes(self, number: int) -> set[int]:
        """The triggers under which it is taken, as a choice asks for them."""
        transition = self.machine.transitions[number]
        trigger = transition.trigger
        wanted = kernel.NO_TRIGGER if trigger is None else self.events[trigger]
        if transition.source not in self.tables.choices:
            return {wanted}
        brought = self.brought.get(transition.source, set())
        return set(brought) if trigger is None else brought & {wanted}

    def take(self, number: int) -> None:
        self.taken.add(number)
        causes = self.causes(number)
        self.enter(entered(self.tables, number), causes)
        for memory in self.tables.transitions[number].recalls:
            self.recalled.setdefault(memory, set()).update(causes)

    def enter(self, states: Iterable[int], causes: set[int]) -> None:
        for state in states:
            new = state not in self.states
            self.states.add(state)
            if state in self.tables.choices:
                known = self.brought.setdefault(state, set())
                new = not causes <= known
                known |= causes
            if new:
                self.fresh += self.outgoing.get(state, ())

    def remember(self) -> None:
        """What a record of children may bring back: those that may have been active."""
        for number, causes in self.recalled.items():
            memory = self.tables.memories[number]
            if memory.deep:
                continue
            around = self.tables.regions.get(memory.state, (memory.state,))
            for parent in around:
                for child in self.machine.states[parent].children:
                    if child in self.states:
                        self.enter(kernel.entry(self.tables, parent, (child,)), causes)

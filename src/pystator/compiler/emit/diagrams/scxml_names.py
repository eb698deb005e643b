"""What states, events, timers and services are called in SCXML.

An id has no colon there, regions need ids of their own, and the names of events that
SCXML makes itself (`done.state.X`) cannot be used for others.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.ir.machine import (
    ROOT,
    Machine,
    Service,
    StateId,
    StateKind,
    Timer,
)

_OWN: Final = ("done.state.", "done.invoke.", "error.")
_PLATFORM: Final = ("error.execution", "error.communication", "error.platform")


class ScxmlNames:
    """`renamed` has the events that go by another name, with ours."""

    def __init__(self, machine: Machine) -> None:
        taken: set[str] = set()

        def free(wanted: str) -> str:
            base = wanted.replace(":", ".")
            found, number = base, 1
            while found in taken:
                number += 1
                found = f"{base}_{number}"
            taken.add(found)
            return found

        states = machine.states[1:]
        # plain names first: they are what people know the states by
        named = [s for s in states if s.kind is not StateKind.REGION]
        named.sort(key=lambda state: ":" in state.name)
        self._states = {state.id: free(state.name) for state in named}
        for state in states:
            if state.kind is StateKind.REGION:
                around = self._states[state.parent]
                self._states[state.id] = free(f"{around}-{state.name}")
        self._histories: dict[tuple[StateId, bool], str] = {}
        for state in states:
            for deep, word in ((False, "history"), (True, "deep-history")):
                name = free(f"{self._states[state.id]}-{word}")
                self._histories[state.id, deep] = name
        self._services: dict[int, str] = {}
        for service in machine.services:
            self._services[service.id] = free(f"{service.name}")
        self.renamed: dict[str, str] = {}
        self._events: dict[str, str] = {}
        triggers = {str(event.name) for event in machine.events}
        for event in machine.events:
            name = str(event.name)
            if (
                name.startswith(_OWN[0])
                or name.endswith(".")
                or name.startswith("pystator.")
            ):
                called = f"pystator.event.{name.rstrip('.')}"
                while called in triggers or called in self.renamed:
                    called += "_"
                self.renamed[called] = name
                name = called
            self._events[str(event.name)] = name
        self._timers = {
            timer.id: f"pystator.timer.{timer.id}.{timer.name.replace('/', '.')}"
            for timer in machine.timers
        }
        compound = (StateKind.COMPOUND, StateKind.PARALLEL, StateKind.REGION)
        self._known = {
            *self._events.values(),
            *self._timers.values(),
            *(f"done.state.{self._states[s.id]}" for s in states if s.kind in compound),
            *(f"done.invoke.{id}" for id in self._services.values()),
            *_PLATFORM,
        }

    def state(self, state: StateId) -> str:
        assert state != ROOT, "the machine itself has no id"
        return self._states[state]

    def history(self, state: StateId, deep: bool) -> str:
        return self._histories[state, deep]

    def service(self, service: Service) -> str:
        return self._services[service.id]

    def event(self, trigger: str) -> str:
        return self._events[str(trigger)]

    def timer(self, timer: Timer) -> str:
        return self._timers[timer.id]

    def has_longer(self, event: str) -> bool:
        """Whether a descriptor of this name would match another event too."""
        return any(known.startswith(f"{event}.") for known in self._known)

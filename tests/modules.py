"""Generated modules behind one interface, for tests that run many of them.

`Generated` compiles a definition, imports the module, and speaks in the words of
`tests.oracle`: dictionaries, names as the author wrote them, (state, index) timers.
"""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any

from pystator.compiler.emit.names import (
    CONTEXT_FIELDS,
    METHODS,
    MODULE_CLASSES,
    PARAMETERS,
    call_name,
    pascal,
    snake,
)
from pystator.compiler.ir.machine import NamedGuard
from pystator.compiler.pipeline import Checked, check, compile_text
from pystator.configuration import write_configuration
from pystator.kernel import Configuration
from tests.oracle import OracleEvent, OracleOutcome

Ask = Callable[[str, dict[str, object], dict[str, object], OracleEvent | None], bool]
_COUNT = iter(range(10**9))


def module_of(text: str) -> types.ModuleType:
    """The generated module, imported under a name of its own."""
    name = f"generated_{next(_COUNT)}"
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(text, f"<{name}>", "exec"), module.__dict__)
    return module


class _Guards:
    """Answers the guards of one step from a function of names."""

    def __init__(self, machine: Generated, ask: Ask) -> None:
        self._machine = machine
        self._ask = ask

    def __getattr__(self, method: str) -> Callable[..., bool]:
        name, keys = self._machine.guards[method]

        def guard(context: Any, event: Any, /, **params: object) -> bool:
            given = {keys[key]: value for key, value in params.items()}
            return self._ask(
                name,
                given,
                self._machine.read_context(context),
                self._machine.read_event(event),
            )

        return guard


class _AsyncGuards(_Guards):
    def __getattr__(self, method: str) -> Any:
        ask = super().__getattr__(method)

        async def guard(context: Any, event: Any, /, **params: object) -> bool:
            await asyncio.sleep(0)
            return ask(context, event, **params)

        return guard


class Generated:
    """One compiled definition. Raises AssertionError if it has errors."""

    def __init__(self, text: str, path: str = "machine.yaml") -> None:
        self.checked: Checked = check(text, path)
        problems = [f"{d.code} {d.message}" for d in self.checked.report]
        flat = self.checked.flat
        assert flat is not None, problems
        self.flat = flat
        machine = flat.machine
        self.guards: dict[str, tuple[str, dict[str, str]]] = {
            call_name(question.name): (
                str(question.name),
                {snake(key, PARAMETERS): str(key) for key, _ in question.params},
            )
            for question in flat.conditions
            if isinstance(question, NamedGuard)
        }
        self.variables = [str(v.name) for v in machine.variables or ()]
        self.dynamic = machine.variables is None
        self._services = {
            f"{machine.states[service.state].name}/{service.name}": (
                str(machine.states[service.state].name),
                str(service.name),
            )
            for service in machine.services
        }
        self.has_guards = bool(self.guards)
        self.load(compile_text(self.checked, path))

    def load(self, text: str) -> None:
        """Run this text from now on, as the module of the same definition."""
        machine = self.flat.machine
        self.text = text
        self.module = module_of(text)
        self.timers: dict[tuple[str, int], Any] = {}
        for timer in machine.timers:
            state = str(machine.states[timer.state].name)
            index = sum(1 for known, _ in self.timers if known == state)
            self.timers[state, index] = self.module.Timer(timer.name)
        self._timer_places = {timer: place for place, timer in self.timers.items()}
        self._class = getattr(self.module, pascal(machine.name, MODULE_CLASSES))

    def text_of(self, place: Configuration) -> str:
        return write_configuration(self.flat.tables, self.flat.names, place, {})

    def make_context(self, context: Mapping[str, object]) -> Any:
        if self.dynamic:
            return dict(context)
        return self.module.Context(
            **{snake(key, CONTEXT_FIELDS): value for key, value in context.items()}
        )

    def read_context(self, context: Any) -> dict[str, object]:
        if not is_dataclass(context):
            return dict(context)
        return {
            name: getattr(context, snake(name, CONTEXT_FIELDS))
            for name in self.variables
        }

    def make_event(self, event: OracleEvent) -> Any:
        if event.timer is not None:
            return self.module.Elapsed(self.timers[event.timer])
        assert event.trigger is not None
        return self.module.parse_event(event.trigger, event.payload)

    def read_event(self, event: Any) -> OracleEvent | None:
        """What a guard is given: the event taken last, which may be a raised one."""
        if event is None:
            return None
        if not hasattr(event, "trigger"):
            return OracleEvent(timer=self._timer_places[event.timer])
        return OracleEvent(str(event.trigger.value), dict(event.payload()))

    def start(
        self,
        context: Mapping[str, object],
        ask: Ask,
        now: datetime | None,
        *,
        asynchronous: bool = False,
    ) -> OracleOutcome:
        machine = self._machine(ask, asynchronous)
        given = self.make_context(context)
        if asynchronous and hasattr(machine, "astart"):
            outcome = asyncio.run(machine.astart(given, now=now))
        elif asynchronous:
            outcome = machine.start(given, now=now)
        else:
            outcome = machine.start(given, now=now)
        return self._outcome(outcome, "", given, None, now)

    def step(
        self,
        state: str,
        event: OracleEvent,
        context: Mapping[str, object],
        ask: Ask,
        now: datetime | None,
        *,
        by_method: bool = False,
        asynchronous: bool = False,
    ) -> OracleOutcome:
        place = self.module.parse_state(state)
        return self.step_from(
            place,
            event,
            context,
            ask,
            now,
            by_method=by_method,
            asynchronous=asynchronous,
        )[0]

    def step_from(
        self,
        place: Any,
        event: OracleEvent,
        context: Mapping[str, object],
        ask: Ask,
        now: datetime | None,
        *,
        by_method: bool = False,
        asynchronous: bool = False,
    ) -> tuple[OracleOutcome, Any]:
        """One step from a configuration of the module; also the one it leads to."""
        machine = self._machine(ask, asynchronous)
        given = self.make_context(context)
        before = repr(given)
        made = self.make_event(event)
        if asynchronous and self.has_guards:
            outcome = asyncio.run(machine.aprocess(place, made, given, now=now))
        elif by_method and event.trigger is not None:
            method = getattr(machine, snake(made.trigger.value, METHODS))
            outcome = method(place, made, given, now=now)
        else:
            outcome = machine.process(place, made, given, now=now)
        result = self._outcome(outcome, str(place), given, made, now)
        assert repr(given) == before, "a step has changed the caller's context"
        return result, outcome.target if outcome else place

    def _machine(self, ask: Ask, asynchronous: bool) -> Any:
        if not self.has_guards:
            return self._class()
        kind = _AsyncGuards if asynchronous else _Guards
        return self._class(kind(self, ask))

    def _outcome(
        self, outcome: Any, state: str, context: Any, event: Any, now: datetime | None
    ) -> OracleOutcome:
        if not outcome:
            return OracleOutcome(
                accepted=False,
                reason=outcome.reason.value,
                handled=False,
                target=state,
                context=self.read_context(context),
                guard_name=outcome.guard,
                guards_tried=outcome.guards,
                error=outcome.error is not None,
            )
        after = outcome.apply(context, event, now)
        delays = getattr(self.module, "DELAY_MS", {})
        return OracleOutcome(
            accepted=True,
            reason=None,
            handled=outcome.handled,
            target=str(outcome.target),
            context=self.read_context(after),
            actions=_named(outcome.actions),
            exit=_named(outcome.exit_actions),
            transition=_named(outcome.transition_actions),
            enter=_named(outcome.enter_actions),
            started=tuple(
                (*self._timer_places[timer], delays[timer])
                for timer in getattr(outcome, "started", ())
            ),
            cancelled=tuple(
                self._timer_places[timer] for timer in getattr(outcome, "cancelled", ())
            ),
            invoked=tuple(
                self._services[service] for service in getattr(outcome, "invoked", ())
            ),
            stopped=tuple(
                self._services[service] for service in getattr(outcome, "stopped", ())
            ),
        )


def _named(actions: Any) -> tuple[tuple[str, dict[str, object]], ...]:
    return tuple((action.name, dict(action.params)) for action in actions)

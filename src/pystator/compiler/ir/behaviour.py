"""Guards and actions as written -> as meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.condition import condition
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.parse import parse
from pystator.compiler.ir.machine import (
    Action,
    Add,
    AllOf,
    AnyOf,
    Append,
    Assign,
    Clear,
    Condition,
    Guard,
    InState,
    NamedAction,
    NamedGuard,
    Not,
    Raise,
    SetEffect,
    StateId,
    Timestamp,
)
from pystator.compiler.ir.triggers import Triggers
from pystator.compiler.ir.unknown import unknown_state
from pystator.compiler.source.arrange import ExprSource
from pystator.compiler.source.model import (
    ActionSource,
    AllOfSource,
    AnyOfSource,
    AppendSource,
    CheckGuardSource,
    ClearSource,
    DecrementSource,
    ExprGuardSource,
    GuardSource,
    IncrementSource,
    InStateSource,
    NamedActionSource,
    NamedGuardSource,
    NotSource,
    RaiseSource,
    SetSource,
    TimestampSource,
)
from pystator.compiler.source.text import Data, Text, Value

_NEUTRAL = AllOf(())
"""Stands for a guard that could not be read; the report says why."""


class Behaviour:
    """Reads guards and actions against the names of the states."""

    def __init__(
        self, states: Mapping[str, StateId], triggers: Triggers, report: Report
    ) -> None:
        self._states = states
        self._triggers = triggers
        self._report = report

    def state(self, name: Text) -> StateId | None:
        """The state of this name; None, and a fault in the report, if there is none."""
        state = self._states.get(name)
        if state is None:
            self._report.add(unknown_state(name, self._states))
        return state

    def guards(self, sources: Iterable[GuardSource]) -> tuple[Guard, ...]:
        return tuple(self._guard(source) for source in sources)

    def _guard(self, source: GuardSource) -> Guard:
        match source:
            case NamedGuardSource():
                return NamedGuard(source.name, _params(source.params))
            case ExprGuardSource():
                return self.expression(source.text) or _NEUTRAL
            case CheckGuardSource():
                return self._check(source)
            case AllOfSource():
                return AllOf(self.guards(source.guards))
            case AnyOfSource():
                return AnyOf(self.guards(source.guards))
            case NotSource():
                return Not(self._guard(source.guard))
            case InStateSource():
                state = self.state(source.state)
                return _NEUTRAL if state is None else InState(state, source.state)

    def expression(self, text: Text, *, states: bool = False) -> Condition | None:
        """None, and a fault in the report, if the text is no expression."""
        try:
            expr = parse(text, states=states)
        except ExpressionError as error:
            self._report_expression(error, text)
            return None
        return Condition(expr, canonical(expr), text)

    def _check(self, source: CheckGuardSource) -> Guard:
        values = source.value if source.values is None else source.values
        data = None if values is None else values.data
        try:
            expr = condition(source.field, source.op, data)
        except ExpressionError as error:
            self._report_expression(error, source.field)
            return _NEUTRAL
        return Condition(expr, canonical(expr), source.field)

    def _report_expression(self, error: ExpressionError, text: Text) -> None:
        span = text.part(error.offset, error.length)
        self._report.add(diagnostic("PS0501", error.message, span, help=error.help))

    def actions(self, sources: Iterable[ActionSource]) -> tuple[Action, ...]:
        return tuple(self._action(source) for source in sources)

    def _action(self, source: ActionSource) -> Action:
        match source:
            case NamedActionSource():
                return NamedAction(source.name, _params(source.params))
            case SetSource():
                return SetEffect(
                    tuple(
                        Assign(field, self._assigned(value))
                        for field, value in source.assignments
                    )
                )
            case TimestampSource():
                return Timestamp(source.field)
            case IncrementSource():
                return Add(source.field, 1)
            case DecrementSource():
                return Add(source.field, -1)
            case AppendSource():
                return Append(source.field, self._appended(source.value))
            case ClearSource():
                return Clear(source.field)
            case RaiseSource():
                return Raise(self._triggers.used(source.trigger))

    def _assigned(self, value: Value | ExprSource) -> Value | Condition:
        if isinstance(value, Value):
            return value
        return self.expression(value.text) or Value(None, value.span)

    def _appended(self, value: Value) -> Value | Condition:
        match value.data:
            case {"expr": str(text), **more} if not more:
                found = self.expression(Text(text, value.span))
                return found or Value(None, value.span)
            case _:
                return value


def _params(params: Value | None) -> tuple[tuple[str, Data], ...]:
    if params is None or not isinstance(params.data, dict):
        return ()
    return tuple(params.data.items())

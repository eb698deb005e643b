"""Names and types of all expressions, under every event that leads to them.

The guards and actions of a triggered transition see that trigger's payload. Those of
`auto` transitions and of `on_enter` and `on_exit` see the event taken last, which only
the cells know: before flattening they must fit at least one event, after it all those
that reach them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pystator import kernel
from pystator.cells import Cell, Done
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.constant import constant
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.flatten.configurations import is_written_out, outer_parallels
from pystator.compiler.flatten.explore import Cells, Large
from pystator.compiler.flatten.guards import conditions_in
from pystator.compiler.flatten.involved import (
    conditions_of,
    effects_of,
    may_be_together,
    raised_by,
)
from pystator.compiler.flatten.tables import Flat, Merge
from pystator.compiler.ir.machine import (
    Action,
    Condition,
    Effect,
    Event,
    Guard,
    StateId,
)
from pystator.compiler.ir.scope import Expressions, Found
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.ir.walk import computed, leaves_of

BOOLEAN = Type(Kind.BOOLEAN)
_LISTED: Final = 3
"""So many of the ways that lead to a fault are named."""


def check_expressions(expressions: Expressions, report: Report) -> None:
    machine = expressions.machine
    events = {str(event.name): event for event in machine.events}
    every = [None, *machine.events]
    shared: set[int] = set()
    for transition in machine.transitions:
        if id(transition.guards) in shared and id(transition.actions) in shared:
            continue  # another source of the same written transition
        shared |= {id(transition.guards), id(transition.actions)}
        if transition.auto or transition.done:
            last = every
        else:
            last = []
            if transition.trigger is not None:
                last.append(events[transition.trigger])
            if transition.delay_ms is not None:
                last.append(None)
        strictly = last is not every
        for condition in _conditions(transition.guards):
            found = [expressions.check(condition, event, BOOLEAN) for event in last]
            _tell(condition, found, strictly, report)
        _check_actions(expressions, transition.actions, last, strictly, report)
    for state in machine.states:
        _check_actions(expressions, state.on_enter, every, False, report)
        _check_actions(expressions, state.on_exit, every, False, report)


def _conditions(guards: Iterable[Guard]) -> Iterator[Condition]:
    return (guard for guard in leaves_of(guards) if isinstance(guard, Condition))


def _check_actions(
    expressions: Expressions,
    actions: tuple[Action, ...],
    last: Iterable[Event | None],
    all_of_them: bool,
    report: Report,
) -> None:
    if not actions:
        return
    variables = expressions.machine.variables or ()
    types = {str(variable.name): variable.type for variable in variables}
    for action in actions:
        for condition, wanted in computed(action, types):
            found = [
                expressions.check(condition, event, wanted, division=False)
                for event in last
            ]
            _tell(condition, found, all_of_them, report)


def _tell(
    condition: Condition, results: list[Found], all_of_them: bool, report: Report
) -> None:
    """Report what is wrong under one event, or under all of them."""
    faulty = [result for result in results if not isinstance(result, Typed)]
    if faulty and (all_of_them or len(faulty) == len(results)):
        for error in faulty[0]:
            report.add(_diagnostic("PS0502", condition, error))
        return
    if constant(condition.expr) is None:
        typed = [result for result in results if isinstance(result, Typed)]
        for note in _noted_by_all(typed):
            report.add(_diagnostic("PS0508", condition, note))


def _noted_by_all(results: list[Typed]) -> list[ExpressionError]:
    """What is decided under every event."""
    told = [{(note.offset, note.message) for note in r.notes} for r in results]
    if not told:
        return []
    shared = set.intersection(*told)
    return [n for n in results[0].notes if (n.offset, n.message) in shared]


def _diagnostic(
    code: str, condition: Condition, error: ExpressionError, note: str = ""
) -> Diagnostic:
    return diagnostic(
        code,
        error.message,
        condition.source.part(error.offset, error.length),
        notes=(note,) if note else (),
        help=error.help,
    )


def check_reached_expressions(
    flat: Flat, cells: Cells, expressions: Expressions, report: Report
) -> None:
    """Every expression, under every event under which a cell evaluates it."""
    checker = _Reached(flat, expressions)
    checker.visit(cells.start, "at the start")
    for trigger, column in enumerate(cells.columns):
        timer = flat.timer_of(trigger)
        if timer is None:
            note = f"after the event {quoted(flat.machine.events[trigger].name)}"
        else:
            note = f"when {quoted(timer.name)} has elapsed"
        for cell in dict.fromkeys(column.values()):
            checker.visit(cell, note)
        for cell in _elsewhere(flat, cells, trigger):
            checker.visit(cell, note)
    checker.tell(report)


def _elsewhere(flat: Flat, cells: Cells, trigger: int) -> list[Cell | Large]:
    """What a trigger does in configurations that are not written out: in regions by
    themselves, and else in steps of which only the kernel knows.
    """
    row = flat.tables.rows.get(trigger)
    if not row or (is_written_out(flat.machine) and not flat.tables.memories):
        return []
    found: list[Cell | Large] = []
    routed: set[StateId] = set()
    for each in cells.routed:
        if each.route.trigger == trigger:
            routed.add(each.route.parallel)
            found += (cell for part in each.columns.values() for cell in part.values())
    tables = flat.tables
    if tables.memories or any(
        parallel.id not in routed
        and any(may_be_together(tables, state, parallel.id) for state in row)
        for parallel in outer_parallels(flat.machine)
    ):
        found.append(Large(trigger, ()))
    return found


class _Reached:
    def __init__(self, flat: Flat, expressions: Expressions) -> None:
        self._flat = flat
        self._expressions = expressions
        self._faults: dict[
            tuple[str, int, int], tuple[Condition, ExpressionError, list[str]]
        ] = {}
        self._seen: set[tuple[str, str, bool]] = set()
        self._types = {
            str(variable.name): variable.type
            for variable in flat.machine.variables or ()
        }

    def visit(self, cell: Cell | Large, note: str) -> None:
        match cell:
            case Large(trigger):
                for each in (trigger, *raised_by(self._flat)):
                    last = self._event(each)
                    for number in conditions_of(self._flat, each):
                        self._condition(number, last, note)
                    for number in effects_of(self._flat, each):
                        self._effect(self._flat.effects[number], last, note)
            case Done(outcome):
                for change in outcome.effects:
                    effect = self._flat.effects[change.effect]
                    self._effect(effect, self._event(change.event), note)
            case test:
                for number in conditions_in(test.residue):
                    self._condition(number, self._event(test.event), note)
                self.visit(test.yes, note)
                self.visit(test.no, note)

    def _event(self, event: int) -> Event | None:
        trigger = kernel.trigger_of(event)
        if trigger == kernel.START or self._flat.timer_of(trigger) is not None:
            return None
        return self._flat.machine.events[trigger]

    def _condition(self, number: int, event: Event | None, note: str) -> None:
        condition = self._flat.conditions[number]
        if isinstance(condition, Condition):
            self._one(condition, BOOLEAN, True, event, note)

    def _effect(self, effect: Effect | Merge, event: Event | None, note: str) -> None:
        if isinstance(effect, Merge):
            return
        for condition, wanted in computed(effect, self._types):
            self._one(condition, wanted, False, event, note)

    def _one(
        self,
        condition: Condition,
        wanted: Type | None,
        division: bool,
        event: Event | None,
        note: str,
    ) -> None:
        key = (note, condition.text, division)
        if key in self._seen:
            return
        self._seen.add(key)
        result = self._expressions.check(condition, event, wanted, division=division)
        if not isinstance(result, Typed):
            for error in result:
                place = (condition.text, error.offset, error.length)
                self._faults.setdefault(place, (condition, error, []))[2].append(note)

    def tell(self, report: Report) -> None:
        """One diagnostic for each fault, with all that leads to it."""
        for condition, error, notes in self._faults.values():
            listed = notes[:_LISTED]
            if len(notes) > len(listed):
                listed.append(f"{len(notes) - len(listed)} more")
            text = f"it is reached {', '.join(listed)}"
            report.add(_diagnostic("PS0502", condition, error, text))

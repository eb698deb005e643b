"""Cell -> the Python function that decides it.

Test(g, yes=Done(A), no=Done(R))  ->  if <g>:
                                          return _A
                                      return _R
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pystator import kernel
from pystator.cells import Cell, Done, Test
from pystator.compiler.emit.annotations import literal
from pystator.compiler.emit.frame import BOOLEAN, Frame, Usage
from pystator.compiler.emit.layout import (
    Group,
    Line,
    flat,
    indented,
    lines,
    live,
    string_items,
)
from pystator.compiler.emit.names import PARAMETERS, Identifier, snake
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression import tree
from pystator.compiler.flatten.tables import Merge
from pystator.compiler.ir.machine import Condition, NamedGuard

_NARROWS: Final = re.compile(r"([\w.]+) (?:is|is not|==|!=|in|not in) [-\"'(NTF0-9]")
"""What is compared with a constant: a type checker narrows it."""

_DEEP: Final = 8
"""Ifs inside ifs, beyond which the shorter answer is written first."""


class Decision:
    """Writes the body of one decide function.

    `outcome` gives the constant of an outcome, `effects` the effects function of an
    outcome where running it may raise, else None; `function` makes a function of the
    body of a guard. Afterwards `named` are the guards called, each with the triggers of
    the events that it is given, `fallible` the guards tried wherever one may raise.
    """

    def __init__(
        self,
        words: Vocabulary,
        trigger: int,
        outcome: Callable[[kernel.Outcome], Identifier] | None = None,
        effects: Callable[[kernel.Outcome], str | None] | None = None,
        function: Callable[[int, list[Line]], Identifier] | None = None,
    ) -> None:
        self.words = words
        self.trigger = trigger
        self.usage = Usage()
        self.fallible: list[tuple[int, ...]] = []
        self.named: dict[str, dict[int, None]] = {}
        self.effect_fails = False
        self._outcome = outcome
        self._effects = effects
        self._function = function
        self._shared: set[str] = set()
        self.may_raise = False

    def body(self, cell: Cell) -> list[Line]:
        frame = Frame(self.words, self.trigger, self.usage)
        head: list[Line] = []
        if frame.open and isinstance(cell, Test):
            head += frame.apply(Merge(frame.event.name if frame.event else ""))
        self._shared = self._narrowed_twice(cell) if self._narrows(cell) else set()
        decided = self._cell(cell, frame, 0)
        for name, source in self.usage.prelude.items():
            head += lines(f"{name} = {source}")
        if not self.fallible:
            return head + decided
        tried = dict.fromkeys(self.fallible)
        first = next(iter(tried))
        if len(tried) > 1:
            head += lines(self._asked(first, "asked: tuple[str, ...] = ("))
            if (0, self._asked(first)) in decided:
                decided.remove((0, self._asked(first)))
        else:
            head += lines(self._asked(first))
            decided = [line for line in decided if line[1] != self._asked(first)]
        return [
            *head,
            *lines("try:"),
            *indented(decided),
            *lines("except Exception as error:"),
            *indented(lines("return _guard_error(asked, error)")),
        ]

    def _asked(self, tried: tuple[int, ...], head: str = "asked = (") -> Group:
        return Group(
            head, string_items(self.words.flat.guard_names[g] for g in tried), ")"
        )

    def _cell(self, cell: Cell, frame: Frame, done: int) -> list[Line]:
        match cell:
            case Done(outcome):
                return self._return(outcome)
            case Test(tried, residue, trigger, effects, yes, no):
                changes = self._apply(effects[done:], frame)
                frame.receive(trigger)
                frame.fallible = False
                question: list[Line] = []
                holds = self._holds(residue, frame, question)
                if frame.fallible:
                    self.fallible.append(tried)
                    question = lines(self._asked(tried)) + question
                accepted = self._cell(yes, frame.branch(), len(effects))
                refused = self._cell(no, frame, len(effects))
                if isinstance(no, Done) and _depth(yes) > _DEEP:
                    holds, accepted, refused = f"not ({holds})", refused, accepted
                rest = [
                    *question,
                    *lines(f"if {holds}:"),
                    *indented(accepted),
                    *refused,
                ]
                return live(changes, rest) + rest

    def _apply(self, effects: tuple[kernel.Change, ...], frame: Frame) -> list[Line]:
        """The effects on the way to a guard; one that may raise rejects the step."""
        block: list[Line] = []
        for change in effects:
            frame.receive(change.event)
            effect = self.words.flat.effects[change.effect]
            if isinstance(effect, Merge) and frame.open:
                continue
            frame.fallible = False
            statements = frame.apply(effect)
            if frame.fallible:
                self.effect_fails = True
                statements = _attempt(statements)
            block += statements
        return block

    def _return(self, outcome: kernel.Outcome) -> list[Line]:
        assert self._outcome is not None and self._effects is not None
        effects = self._effects(outcome)
        block: list[Line] = []
        if effects is not None:
            self.effect_fails = True
            now = ", now" if self.words.has_now else ""
            block = _attempt(lines(f"{effects}(context, event{now})"))
        return block + lines(f"return {self._outcome(outcome)}")

    def _holds(self, guard: kernel.Guard, frame: Frame, block: list[Line]) -> str:
        if isinstance(guard, kernel.Asked):
            question = self.words.flat.conditions[guard.condition]
            if isinstance(question, NamedGuard):
                call = self._call(question, frame, block)
                block += lines(Group(f"holds = {call.head}", call.items, ")"))
                return "holds is True or (holds is not False and _truth(holds))"
        trial = frame.branch()
        source = self._inline(guard, trial, [], outer=True)
        if trial.reads_known or self._shared & set(_NARROWS.findall(source)):
            return self._apart(guard, frame, block)
        return self._inline(guard, frame, block, outer=True)

    def _apart(self, guard: kernel.Guard, frame: Frame, block: list[Line]) -> str:
        """A call of a function of its own.

        A type checker carries what one guard has shown, or what an effect has just
        stored, into the next guard and finds its comparison needless; in a function
        of its own the guard means what it says.
        """
        fresh = Decision(self.words, frame.trigger)
        body = fresh.guard_body(guard)
        self.usage.helpers |= fresh.usage.helpers
        for name, triggers in fresh.named.items():
            self.named.setdefault(name, {}).update(triggers)
        frame.fallible = frame.fallible or fresh.may_raise
        assert self._function is not None
        function = self._function(frame.trigger, body)
        guards = "guards, " if self.words.has_guards else ""
        event = frame.read_event()
        return f"{function}({guards}{frame.context(block)}, {event})"

    def guard_body(self, guard: kernel.Guard) -> list[Line]:
        """The body of a function that answers one guard."""
        frame = Frame(self.words, self.trigger, self.usage)
        block: list[Line] = []
        source = self._inline(guard, frame, block, outer=True)
        self.may_raise = frame.fallible
        head = [f"{name} = {value}" for name, value in self.usage.prelude.items()]
        return [*lines(*head), *block, *lines(f"return {source}")]

    def _narrows(self, cell: Cell) -> bool:
        """Whether there can be more than one comparison on a path of the cell."""
        tests, pending, inline = 0, [cell], 0
        while pending:
            test = pending.pop()
            if isinstance(test, Test):
                tests += 1
                inline += not self._is_named(test.residue)
                if test.effects and inline:
                    return True
                pending += (test.yes, test.no)
        return inline > 1

    def _is_named(self, guard: kernel.Guard) -> bool:
        """Whether it is a call by itself, which compares nothing."""
        if not isinstance(guard, kernel.Asked):
            return False
        return isinstance(self.words.flat.conditions[guard.condition], NamedGuard)

    def _narrowed_twice(self, cell: Cell) -> set[str]:
        """What two inline guards on one path of the cell compare with a constant.

        Or a guard and the merge of a payload after it, which looks for what is absent.
        """
        shared: set[str] = set()

        def walk(inner: Cell, before: frozenset[str], done: int) -> None:
            if isinstance(inner, Test):
                shared.update(before & self._merged(inner.effects[done:]))
                operands = self._operands(inner.residue, inner.event)
                shared.update(before & operands)
                for answer in (inner.yes, inner.no):
                    walk(answer, before | operands, len(inner.effects))

        walk(cell, frozenset(), 0)
        return shared

    def _merged(self, changes: tuple[kernel.Change, ...]) -> frozenset[str]:
        """What a merge among the effects compares with None."""
        found: set[str] = set()
        for change in changes:
            event = self.words.event_of(change.event)
            if event is not None and isinstance(
                self.words.flat.effects[change.effect], Merge
            ):
                names = self.words.names.payload[event.name]
                found.update(
                    f"event.{names[field.name]}"
                    for field in event.payload or ()
                    if field.type.optional
                )
        return frozenset(found)

    def _operands(self, guard: kernel.Guard, trigger: int) -> frozenset[str]:
        frame = Frame(self.words, self.trigger, Usage())
        frame.receive(trigger)
        probe = Decision(self.words, self.trigger)
        return frozenset(_NARROWS.findall(probe._inline(guard, frame, [], outer=True)))

    def _inline(
        self, guard: kernel.Guard, frame: Frame, prelude: list[Line], *, outer: bool
    ) -> str:
        match guard:
            case kernel.Asked(number):
                question = self.words.flat.conditions[number]
                if isinstance(question, NamedGuard):
                    call = self._call(question, frame, prelude)
                    return f"_truth({call.head}{', '.join(map(flat, call.items))}))"
                source = frame.expression(question, BOOLEAN)
                return source if outer else f"({source})"
            case kernel.Not(kernel.Not(inner)):
                return self._inline(inner, frame, prelude, outer=outer)
            case kernel.Not(kernel.Asked(number)) if isinstance(
                (condition := self.words.flat.conditions[number]), Condition
            ):
                negated = replace(
                    condition,
                    expr=tree.Not(condition.expr, 0, 0),
                    text=f"not ({condition.text})",
                )
                source = frame.expression(negated, BOOLEAN)
                return source if outer else f"({source})"
            case kernel.Not(inner):
                return f"not {self._inline(inner, frame, prelude, outer=False)}"
            case kernel.AllOf(guards):
                return self._joined(guards, " and ", "True", frame, prelude, outer)
            case kernel.AnyOf(guards):
                return self._joined(guards, " or ", "False", frame, prelude, outer)
            case kernel.InState():
                raise AssertionError("the kernel answers `in_state` itself")

    def _joined(
        self,
        guards: tuple[kernel.Guard, ...],
        word: str,
        empty: str,
        frame: Frame,
        prelude: list[Line],
        outer: bool,
    ) -> str:
        parts = [self._inline(guard, frame, prelude, outer=False) for guard in guards]
        if not parts:
            return empty
        return word.join(parts) if outer else f"({word.join(parts)})"

    def _call(self, guard: NamedGuard, frame: Frame, prelude: list[Line]) -> Group:
        frame.fallible = True
        self.named.setdefault(guard.name, {})[frame.trigger] = None
        context = frame.context(prelude)
        params = (
            f"{snake(key, PARAMETERS)}={literal(value)}" for key, value in guard.params
        )
        name = self.words.names.guards[guard.name]
        return Group(f"guards.{name}(", (context, frame.read_event(), *params), ")")


def _attempt(block: list[Line]) -> list[Line]:
    return [
        *lines("try:"),
        *indented(block),
        *lines("except Exception as error:"),
        *indented(lines("return _effect_error(error)")),
    ]


def _depth(cell: Cell) -> int:
    if isinstance(cell, Done):
        return 0
    return max(1 + _depth(cell.yes), _depth(cell.no))

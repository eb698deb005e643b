"""Answers that cannot be given together.

    ctx.total > 10 was answered with yes  ->  ctx.total < 5 is answered with no

An answer about variables holds until one of them changes, one about the payload as
long as the event is the one taken last, and one of a guard written in Python until
anything changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator import kernel
from pystator.compiler.analysis.logic import Logic
from pystator.compiler.analysis.properties.conditions import Open
from pystator.compiler.expression import tree
from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.tree import (
    And,
    Compare,
    CompareOp,
    Expr,
    Literal,
    Name,
    links,
)
from pystator.compiler.flatten.guards import conditions_in
from pystator.compiler.ir import machine as ir

Facts: TypeAlias = tuple[Open, ...]
"""What was answered, each as what holds, in the order of their keys."""

MOST_FACTS: Final = 8
"""Answers that are kept of one run; more would be too many to compare."""


_MOST_WORLDS: Final = 2**8
_ALL_WORLDS: Final = 200_000
"""Answers that are tried together, for one question and for one machine."""


def learned(facts: Facts, more: Open) -> Facts:
    if any(fact.key == more.key for fact in facts):
        return facts
    return tuple(sorted([*facts, more], key=lambda fact: fact.key))


def after_change(facts: Facts, assigned: Set[str]) -> Facts:
    return tuple(f for f in facts if not f.named and f.reads.isdisjoint(assigned))


def after_event(facts: Facts) -> Facts:
    """What still holds when another event is taken, or none any more."""
    return tuple(f for f in facts if not f.named and not f.payload)


class Beliefs:
    """Finds contradictions; what it does not find may still be one."""

    def __init__(self, machine: ir.Machine) -> None:
        self._logic = Logic(machine)
        self._found: dict[frozenset[str], bool] = {}
        self._room = _ALL_WORLDS

    def answer(self, facts: Facts, asked: Open) -> bool | None:
        """The only answer that fits; None if both may."""
        if self.contradictory(facts, asked):
            return False
        if self.contradictory(facts, asked.negated()):
            return True
        return None

    def contradictory(self, facts: Facts, more: Open) -> bool:
        every = [fact for fact in facts if _related(fact, more)] + [more]
        key = frozenset(fact.key for fact in every)
        found = self._found.get(key)
        if found is None:
            formulas = [fact.formula for fact in every]
            found = _out_of_bounds(formulas) or self._excluded(formulas)
            self._found[key] = found
        return found

    def _excluded(self, formulas: Collection[ir.Guard]) -> bool:
        """Whether no answers to what the formulas are made of fulfil them all."""
        together = self._logic.all_of(formulas)
        worlds = 2 ** len(set(conditions_in(together)))
        if worlds > min(_MOST_WORLDS, self._room):
            return False
        self._room -= worlds
        return self._logic.always(kernel.Not(together))


def _related(fact: Open, other: Open) -> bool:
    return (
        not fact.reads.isdisjoint(other.reads)
        or (fact.payload and other.payload)
        or (fact.named and other.named)
    )


@dataclass(slots=True)
class _Range:
    low: float = float("-inf")
    high: float = float("inf")
    open_low: bool = False
    open_high: bool = False
    positive: bool = False

    def take(self, op: CompareOp, bound: float) -> None:
        if op in (CompareOp.GT, CompareOp.GE, CompareOp.EQ):
            strict = op is CompareOp.GT
            if bound > self.low:
                self.low, self.open_low = bound, strict
            elif bound == self.low:
                self.open_low = self.open_low or strict
        if op in (CompareOp.LT, CompareOp.LE, CompareOp.EQ):
            strict = op is CompareOp.LT
            if bound < self.high:
                self.high, self.open_high = bound, strict
            elif bound == self.high:
                self.open_high = self.open_high or strict

    @property
    def empty(self) -> bool:
        touching = self.low == self.high and (self.open_low or self.open_high)
        return self.low > self.high or touching


_MIRRORED: Final = {
    CompareOp.LT: CompareOp.GT,
    CompareOp.GT: CompareOp.LT,
    CompareOp.LE: CompareOp.GE,
    CompareOp.GE: CompareOp.LE,
    CompareOp.EQ: CompareOp.EQ,
}
_OPPOSITE: Final = {
    CompareOp.LT: CompareOp.GE,
    CompareOp.GE: CompareOp.LT,
    CompareOp.GT: CompareOp.LE,
    CompareOp.LE: CompareOp.GT,
}


def _out_of_bounds(formulas: Collection[ir.Guard]) -> bool:
    """Whether comparisons with numbers leave none.

    NaN is neither less nor at least: that a comparison does not hold tells something
    only where another one of the same value holds.
    """
    ranges: dict[str, _Range] = {}
    negative: list[tuple[str, CompareOp, float]] = []
    for compare, holds in _comparisons(formulas):
        found = _bound(compare)
        if found is None:
            continue
        value, op, bound = found
        if holds:
            range = ranges.setdefault(value, _Range())
            range.take(op, bound)
        elif op in _OPPOSITE:
            negative.append((value, _OPPOSITE[op], bound))
    for value, op, bound in negative:
        if value in ranges:
            ranges[value].take(op, bound)
    return any(range.empty for range in ranges.values())


def _comparisons(formulas: Iterable[ir.Guard]) -> Iterator[tuple[Compare, bool]]:
    """Those that certainly hold, and those that certainly do not."""
    for formula in formulas:
        match formula:
            case ir.AllOf(guards):
                yield from _comparisons(guards)
            case ir.Not(ir.Not(inner)):
                yield from _comparisons([inner])
            case ir.Not(ir.AnyOf(guards)):
                yield from _comparisons([ir.Not(guard) for guard in guards])
            case ir.Condition(expr):
                yield from _within(expr, holds=True)
            case ir.Not(ir.Condition(expr)):
                yield from _within(expr, holds=False)
            case _:
                pass


def _within(expr: Expr, *, holds: bool) -> Iterator[tuple[Compare, bool]]:
    match expr:
        case And(operands) if holds:
            for operand in operands:
                yield from _within(operand, holds=True)
        case tree.Or(operands) if not holds:
            for operand in operands:
                yield from _within(operand, holds=False)
        case tree.Not(operand):
            yield from _within(operand, holds=not holds)
        case Compare() if holds or len(expr.rest) == 1:
            for link in links(expr):
                yield link, holds
        case _:
            pass


def _bound(compare: Compare) -> tuple[str, CompareOp, int | float] | None:
    """A name against a number: the name, and how it compares with which."""
    ((op, right),) = compare.rest
    left = compare.first
    if op not in _MIRRORED:
        return None
    if isinstance(left, Literal):
        left, right, op = right, left, _MIRRORED[op]
    if not isinstance(left, Name) or not isinstance(right, Literal):
        return None
    bound = right.value
    if isinstance(bound, bool) or not isinstance(bound, (int, float)):
        return None
    return canonical(left), op, bound

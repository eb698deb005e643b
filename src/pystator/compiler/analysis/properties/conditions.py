"""What a guard still depends on, once all that is known is put in its place.

qty >= limit and ready(), with limit = 5 and qty unknown  ->  ctx.qty >= 5, ready()
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pystator import kernel
from pystator.compiler.analysis.properties.evaluate import Failed, Read, evaluate
from pystator.compiler.analysis.properties.values import Unknown
from pystator.compiler.analysis.properties.world import Moment, World
from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.tree import (
    And,
    Arith,
    Call,
    Compare,
    Expr,
    IfElse,
    Literal,
    Name,
    Negate,
    Not,
    Or,
    Scope,
)
from pystator.compiler.ir import machine as ir
from pystator.compiler.ir.keys import guard_key

_SCALAR: Final = (bool, int, float, str, type(None))


@dataclass(frozen=True, slots=True)
class Open:
    """A guard that may hold or not.

    `formula` has what is known put in; `shown` is what the author wrote. It depends on
    the variables `reads`, on the payload, and on guards that are answered elsewhere.
    """

    formula: ir.Guard
    shown: ir.Guard
    reads: frozenset[str] = frozenset()
    payload: bool = False
    named: bool = False

    @property
    def key(self) -> str:
        return guard_key(self.formula)

    def negated(self) -> Open:
        return replace(self, formula=ir.Not(self.formula), shown=ir.Not(self.shown))


def decide(world: World, guard: kernel.Guard, moment: Moment) -> bool | Open:
    """The answer, or what it depends on. Raises Failed."""
    match guard:
        case kernel.Asked(number):
            question = world.flat.conditions[number]
            if isinstance(question, ir.NamedGuard):
                return Open(question, question, named=True)
            typed = world.typed(question, moment.event)
            if typed is None:
                return Open(question, question, named=True)
            return reduce(question, typed, world.reader(moment))
        case kernel.Not(inner):
            answer = decide(world, inner, moment)
            return not answer if isinstance(answer, bool) else answer.negated()
        case kernel.AllOf(guards):
            return _joined((decide(world, g, moment) for g in guards), neutral=True)
        case kernel.AnyOf(guards):
            return _joined((decide(world, g, moment) for g in guards), neutral=False)
        case kernel.InState():
            raise AssertionError("the kernel answers `in_state`")


def reduce(condition: ir.Condition, typed: Typed, read: Read) -> bool | Open:
    """A condition with its known names put in. Raises Failed."""
    answer = evaluate(typed, read)
    if isinstance(answer, bool):
        return answer
    if not isinstance(answer, Unknown):
        raise Failed
    reads: set[str] = set()
    payload = False
    for scope, path in typed.names:
        if isinstance(read(scope, path[0]), Unknown):
            if scope is Scope.CTX:
                reads.add(path[0])
            payload = payload or scope is not Scope.CTX
    expr = _known_put_in(condition.expr, typed, read)
    formula = ir.Condition(expr, canonical(expr), condition.source)
    return Open(formula, condition, frozenset(reads), payload)


def _joined(answers: Iterable[bool | Open], *, neutral: bool) -> bool | Open:
    parts: list[Open] = []
    for answer in answers:
        if not isinstance(answer, bool):
            parts.append(answer)
        elif answer is not neutral:
            return answer
    if len(parts) < 2:
        return parts[0] if parts else neutral
    join = ir.AllOf if neutral else ir.AnyOf
    return Open(
        join(tuple(part.formula for part in parts)),
        join(tuple(part.shown for part in parts)),
        frozenset().union(*(part.reads for part in parts)),
        any(part.payload for part in parts),
        any(part.named for part in parts),
    )


def _known_put_in(expr: Expr, typed: Typed, read: Read) -> Expr:
    def put(part: Expr) -> Expr:
        return _known_put_in(part, typed, read)

    match expr:
        case Name(path=path):
            scope = typed.places[expr]
            value = read(scope, path[0])
            if len(path) == 1 and isinstance(value, _SCALAR):
                return Literal(value, 0, 0)
            return Name(scope, path, 0, 0)
        case Not(operand=operand):
            return Not(put(operand), 0, 0)
        case And(operands=operands):
            return And(tuple(map(put, operands)), 0, 0)
        case Or(operands=operands):
            return Or(tuple(map(put, operands)), 0, 0)
        case Compare(first=first, rest=rest):
            return Compare(put(first), tuple((op, put(x)) for op, x in rest), 0, 0)
        case Arith(op=op, left=left, right=right):
            return Arith(op, put(left), put(right), 0, 0)
        case Negate(operand=operand):
            return Negate(put(operand), 0, 0)
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            return IfElse(put(condition), put(then), put(otherwise), 0, 0)
        case Call(function=function, args=args):
            return Call(function, tuple(map(put, args)), 0, 0)
        case _:
            return expr

"""Names and types of an expression: tree and scope in, a typed expression out.

A typed expression evaluates without a TypeError wherever its operands have the types
they were declared with; `total` says that nothing else can be raised either. What a
test has shown is kept as facts on the way: `x is not None and x > 3` is fine. Where
they leave one answer only, the condition is decided: legal, noted, and not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pystator.compiler.expression import arithmetic, functions
from pystator.compiler.expression.chain import Link, chain_facts
from pystator.compiler.expression.compare import Decided, compare, membership, remark
from pystator.compiler.expression.constant import constant
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.expected import expect
from pystator.compiler.expression.facts import Facts, Key, join_facts, only, soften
from pystator.compiler.expression.faults import Faults, Operand, show
from pystator.compiler.expression.scope import (
    DYNAMIC,
    NameScope,
    article,
    field_type,
    resolve,
)
from pystator.compiler.expression.shape import (
    BOOLEAN,
    Family,
    Outcome,
    Shape,
    Values,
    declared,
    family,
    join,
    of_literal,
)
from pystator.compiler.expression.tree import (
    And,
    Arith,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Literal,
    Name,
    Negate,
    Not,
    Or,
    Scope,
    Tuple,
    links,
)
from pystator.compiler.ir.types import Kind, Type

_TRUE: Final = frozenset((True,))
_FALSE: Final = frozenset((False,))


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked expression.

    `expected` is what the place wants, if it wants anything. `total` is false where
    evaluating may raise. `names` are the names used, once each, in order; `places`
    says of each occurrence where it is found. `dynamic` holds the parts whose value is
    known at run time only, `failing` those that may raise, and `answers` the conditions
    that, if they do not raise, have one answer. `notes` tell of those in the order of
    the text; they are no faults.
    """

    expr: Expr
    type: Type
    expected: Type | None
    total: bool
    names: tuple[tuple[Scope, tuple[str, ...]], ...]
    places: Mapping[Name, Scope]
    dynamic: frozenset[Expr]
    failing: frozenset[Expr]
    answers: Mapping[Expr, bool]
    notes: tuple[ExpressionError, ...]

    @property
    def answer(self) -> bool | None:
        """The answer of the whole, where it has only one."""
        return self.answers.get(self.expr)


def check(
    expr: Expr,
    scope: NameScope,
    expected: Type | None = None,
    *,
    allow_division: bool = True,
) -> Typed | tuple[ExpressionError, ...]:
    """The typed expression, or all its faults in the order of the text.

    Without `allow_division` (in effects and properties) everything that may raise on
    declared types is a fault: division, `round` of a number, `min` and `max` of a list.
    """
    checker = _Checker(scope, allow_division)
    faults = checker.faults
    type = checker.visit(expr, {}).shape.type
    if expected is not None and not faults.errors:
        expect(expr, type, expected, faults)
    if faults.errors:
        return _ordered(faults.errors)
    answer = checker.answers.get(expr)
    if answer is not None and not faults.notes and constant(expr) is None:
        checker.note_answer(expr, answer)
    return Typed(
        expr=expr,
        type=type,
        expected=expected,
        total=checker.total and not checker.dynamic,
        names=tuple(checker.names),
        places=checker.places,
        dynamic=frozenset(checker.dynamic),
        failing=frozenset(checker.failing),
        answers=checker.answers,
        notes=_ordered(faults.notes),
    )


def _ordered(errors: list[ExpressionError]) -> tuple[ExpressionError, ...]:
    return tuple(sorted(errors, key=lambda error: error.offset))


@dataclass(frozen=True, slots=True)
class _Result:
    """The shape of a part, and the facts where it holds and where it does not."""

    shape: Shape
    when_true: Facts | None
    when_false: Facts | None


class _Checker:
    def __init__(self, scope: NameScope, allow_division: bool) -> None:
        self._scope = scope
        self._allow_division = allow_division
        self._place = "an effect" if scope.states is None else "a property"
        self.faults = Faults()
        self.total = True
        self.names: dict[Key, Shape] = {}
        self.places: dict[Name, Scope] = {}
        self.dynamic: set[Expr] = set()
        self.failing: set[Expr] = set()
        self.answers: dict[Expr, bool] = {}

    def visit(self, expr: Expr, facts: Facts) -> _Result:
        before, self.total = self.total, True
        result = self._visit(expr, facts)
        type = result.shape.type
        if type.kind is Kind.DYNAMIC or (
            type.kind is Kind.LIST and type.element is None
        ):
            self.dynamic.add(expr)
        if type.kind is Kind.DYNAMIC:
            self.total = False
        if not self.total:
            self.failing.add(expr)
        self.total = self.total and before
        answer = Decided(result.when_true, result.when_false).answer
        if type != BOOLEAN or answer is None:
            return result
        # It is not asked, so that no type checker narrows anything by it.
        self.answers[expr] = answer
        shape = Shape(BOOLEAN, _TRUE if answer else _FALSE)
        return _Result(shape, facts if answer else None, None if answer else facts)

    def note_answer(self, expr: Expr, answer: bool) -> None:
        word = "true" if answer else "false"
        self.faults.note(expr, f"{show(expr)} is always {word} here")

    def _dead(self, visit: Callable[[Expr, Facts], _Result], expr: Expr) -> Shape:
        """Visit a part that is never evaluated: its names and types must be right."""
        before = self.total, self.dynamic, self.faults.dead
        self.dynamic, self.faults.dead = set(self.dynamic), True
        shape = visit(expr, {}).shape
        self.total, self.dynamic, self.faults.dead = before
        return shape

    def _visit(self, expr: Expr, facts: Facts) -> _Result:
        match expr:
            case Literal(value=value):
                shape = of_literal(value)
                return _Result(
                    shape,
                    None if value is False else facts,
                    None if value is True else facts,
                )
            case Name():
                return self._name(expr, facts)
            case Not(operand=operand):
                inner = self._condition(operand, facts)
                values = inner.shape.values or _TRUE | _FALSE
                shape = Shape(BOOLEAN, frozenset(not value for value in values))
                return _Result(shape, inner.when_false, inner.when_true)
            case And(operands=operands):
                return self._junction(operands, facts, conjunction=True)
            case Or(operands=operands):
                return self._junction(operands, facts, conjunction=False)
            case Compare():
                return self._compare(expr, facts)
            case Arith(left=left, right=right):
                if expr.op in arithmetic.DIVISIONS and not self._allow_division:
                    self.faults.add(
                        expr, f"{self._place} cannot divide: it must not fail"
                    )
                sides = self._operand(left, facts), self._operand(right, facts)
                return self._outcome(
                    arithmetic.arithmetic(expr, *sides, self.faults), facts
                )
            case Negate(operand=operand):
                side = self._operand(operand, facts)
                return self._outcome(arithmetic.negation(side, self.faults), facts)
            case IfElse():
                return self._if_else(expr, facts)
            case Call():
                return self._call(expr, facts)
            case Tuple():
                # Its items are ruled where it is compared.
                return _plain(Shape(Type(Kind.LIST, element=DYNAMIC)), facts)

    def _operand(self, expr: Expr, facts: Facts) -> Operand:
        shape = self.visit(expr, facts).shape
        key = None
        if isinstance(expr, Name) and expr in self.places:
            key = (self.places[expr], expr.path)
        return Operand(expr, shape, key)

    def _outcome(self, outcome: Outcome | None, facts: Facts) -> _Result:
        if outcome is None:
            return _plain(declared(DYNAMIC), facts)
        self.total = self.total and outcome.total
        return _plain(outcome.shape, facts)

    def _name(self, name: Name, facts: Facts) -> _Result:
        try:
            place, type = resolve(name, self._scope)
            plain = declared(type)
            shape = facts.get((place, name.path[:1]), plain)
            for depth in range(1, len(name.path)):
                plain = declared(field_type(name, depth, shape.type))
                shape = facts.get((place, name.path[: depth + 1]), plain)
        except ExpressionError as error:
            self.faults.errors.append(error)
            return _plain(declared(DYNAMIC), facts)
        key = (place, name.path)
        self.places[name] = place
        self.names[key] = plain
        if shape.type != BOOLEAN:
            return _plain(shape, facts)
        true, false = only(shape, _TRUE), only(shape, _FALSE)
        return _Result(
            shape,
            None if true is None else {**facts, key: true},
            None if false is None else {**facts, key: false},
        )

    def _condition(self, expr: Expr, facts: Facts) -> _Result:
        """Visit a part that must be a boolean."""
        result = self.visit(expr, facts)
        operand = Operand(expr, result.shape, None)
        if family(result.shape.type) not in (Family.BOOLEAN, Family.DYNAMIC):
            self.faults.needs(operand, "a condition is a boolean")
        else:
            self.faults.present(operand)
        return result

    def _junction(
        self, operands: tuple[Expr, ...], facts: Facts, *, conjunction: bool
    ) -> _Result:
        """`and`: all hold, and an operand is met when those before it held."""
        ended: Facts | None = None
        values: Values = frozenset()
        reached: Facts | None = facts
        noted = len(self.faults.notes)
        for index, operand in enumerate(operands):
            if reached is None:
                if len(self.faults.notes) == noted:
                    self.faults.note(
                        operand,
                        f"{show(operand)} is never evaluated: what stands before it is"
                        f" always {'false' if conjunction else 'true'}",
                    )
                self._dead(self._condition, operand)
                continue
            result = self._condition(operand, reached)
            known = result.shape.values or _TRUE | _FALSE
            if index < len(operands) - 1:
                known = known & (_FALSE if conjunction else _TRUE)
            values = values | known
            stops = result.when_false if conjunction else result.when_true
            ended = join_facts(ended, stops)
            reached = result.when_true if conjunction else result.when_false
        shape = Shape(BOOLEAN, values)
        if conjunction:
            return _Result(shape, reached, ended)
        return _Result(shape, ended, reached)

    def _compare(self, expr: Compare, facts: Facts) -> _Result:
        left = self._operand(expr.first, facts)
        asked: list[Link] = []
        undecided: list[Decided] = []
        answers: list[bool | None] = []
        for each in links(expr):
            ((op, operand),) = each.rest
            right = self._operand(operand, facts)
            link = Link(each, op, left, right)
            if not self.failing.isdisjoint((left.expr, right.expr)):
                self.failing.add(each)
            decided = compare(*link, facts, self.faults)
            answer = constant(each) if decided.answer is None else decided.answer
            if answer is not None:
                self.answers[each] = answer
                remark(*link, answer, self.faults)
            if answer is None or each in self.failing:
                undecided.append(decided)
            answers.append(answer)
            asked.append(link)
            left = right
        shape = Shape(BOOLEAN, _TRUE | _FALSE)
        if False in answers:
            return _Result(shape, None, facts)
        if None not in answers:
            return _Result(shape, facts, None)
        if len(undecided) == 1:
            return _Result(shape, undecided[0].when_true, undecided[0].when_false)
        shown = chain_facts(asked, facts, self.names)
        if shown is None:
            self.note_answer(expr, False)
        return _Result(shape, shown, facts)

    def _if_else(self, expr: IfElse, facts: Facts) -> _Result:
        noted = len(self.faults.notes)
        condition = self._condition(expr.condition, facts)
        true, false = condition.when_true, condition.when_false
        if true is None or false is None:
            if len(self.faults.notes) == noted:
                self.note_answer(expr.condition, false is None)
            if true is None:
                result = self.visit(expr.otherwise, facts)
                self._joined(expr, self._dead(self.visit, expr.then), result.shape)
            else:
                result = self.visit(expr.then, facts)
                self._joined(expr, result.shape, self._dead(self.visit, expr.otherwise))
            if expr.condition not in self.failing:
                return result
            return self._softened(result, facts)
        then = self.visit(expr.then, true)
        otherwise = self.visit(expr.otherwise, false)
        shape = self._joined(expr, then.shape, otherwise.shape)
        if shape is None:
            return _plain(declared(DYNAMIC), facts)
        true = join_facts(then.when_true, otherwise.when_true)
        false = join_facts(then.when_false, otherwise.when_false)
        return self._softened(_Result(shape, true, false), facts)

    def _softened(self, result: _Result, facts: Facts) -> _Result:
        true = soften(result.when_true, facts, self.names)
        return _Result(result.shape, true, soften(result.when_false, facts, self.names))

    def _joined(self, expr: IfElse, then: Shape, otherwise: Shape) -> Shape | None:
        shape = join(then, otherwise)
        if shape is None:
            self.faults.add(
                expr,
                f"the two values differ: {show(expr.then)} is {article(then.type)}"
                f" and {show(expr.otherwise)} is {article(otherwise.type)}",
            )
        return shape

    def _call(self, expr: Call, facts: Facts) -> _Result:
        args = tuple(self._operand(arg, facts) for arg in expr.args)
        if expr.function == "contains" and len(args) == 2:
            container, item = args
            if container.shape.type.kind in (Kind.LIST, Kind.DYNAMIC):
                decided = membership(expr, item, container, facts, self.faults)
                if decided.answer is not None:
                    sides = item, container
                    remark(expr, CompareOp.IN, *sides, decided.answer, self.faults)
                shape = Shape(BOOLEAN, _TRUE | _FALSE)
                return _Result(shape, decided.when_true, decided.when_false)
        outcome = functions.call(expr, args, self.faults)
        fails = outcome is not None and not outcome.total
        if fails and not self._allow_division and not self._any_dynamic(args):
            self.faults.add(expr, f"{show(expr)} may fail, and {self._place} must not")
        return self._outcome(outcome, facts)

    def _any_dynamic(self, operands: tuple[Operand, ...]) -> bool:
        return any(operand.expr in self.dynamic for operand in operands)


def _plain(shape: Shape, facts: Facts) -> _Result:
    return _Result(shape, facts, facts)

"""Names and types of an expression: tree and scope in, a typed expression out.

A typed expression evaluates without a TypeError wherever its operands have the types
they were declared with; `total` says that nothing else can be raised either. What a
test has shown is kept as facts on the way: `x is not None and x > 3` is fine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression import arithmetic, functions
from pystator.compiler.expression.compare import Decided, compare, membership
from pystator.compiler.expression.error import ExpressionError
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
    assignable,
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
)
from pystator.compiler.ir.types import Kind, Type

_TRUE: Final = frozenset((True,))
_FALSE: Final = frozenset((False,))

# What a value of unknown type can be turned into when the expression runs.
_CHECKED_AT_RUN_TIME: Final = (
    Kind.BOOLEAN,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.STRING,
    Kind.DYNAMIC,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked expression.

    `expected` is what the place wants, if it wants anything. `total` is false where
    evaluating may raise. `names` are the names used, once each, in order; `places`
    says of each occurrence where it is found. `dynamic` holds the parts whose value is
    known at run time only.
    """

    expr: Expr
    type: Type
    expected: Type | None
    total: bool
    names: tuple[tuple[Scope, tuple[str, ...]], ...]
    places: Mapping[Name, Scope]
    dynamic: frozenset[Expr]


def check(
    expr: Expr,
    scope: NameScope,
    expected: Type | None = None,
    *,
    allow_division: bool = True,
) -> Typed | tuple[ExpressionError, ...]:
    """The typed expression, or all its faults in the order of the text.

    Without `allow_division` (in effects) everything that may raise on declared types is
    a fault: division, `round` of a number, `min` and `max` of a list.
    """
    checker = _Checker(scope, allow_division)
    result = checker.visit(expr, {})
    type = result.shape.type
    if expected is not None and not checker.faults.errors:
        checker.expect(expr, type, expected)
    if checker.faults.errors:
        return tuple(sorted(checker.faults.errors, key=lambda error: error.offset))
    return Typed(
        expr,
        type,
        expected,
        checker.total and not checker.dynamic,
        tuple(checker.names),
        checker.places,
        frozenset(checker.dynamic),
    )


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
        self.faults = Faults()
        self.total = True
        self.names: dict[Key, Shape] = {}
        self.places: dict[Name, Scope] = {}
        self.dynamic: set[Expr] = set()

    def visit(self, expr: Expr, facts: Facts) -> _Result:
        result = self._visit(expr, facts)
        type = result.shape.type
        if type.kind is Kind.DYNAMIC or (
            type.kind is Kind.LIST and type.element is None
        ):
            self.dynamic.add(expr)
        return result

    def expect(self, expr: Expr, type: Type, expected: Type) -> None:
        if type.kind is Kind.DYNAMIC:
            if expected.optional or expected.kind not in _CHECKED_AT_RUN_TIME:
                what = f"{article(expected)} is needed"
                self.faults.add(expr, f"the type of {show(expr)} is not known: {what}")
        elif not assignable(type, expected):
            what = f"{show(expr)} is {article(type)}"
            present = replace(type, optional=False)
            if type.optional and assignable(present, expected):
                self.faults.present(Operand(expr, Shape(type), None))
                return
            if type.kind is Kind.ENUM and expected.kind is Kind.ENUM:
                wrong = [value for value in type.values if value not in expected.values]
                what = f"{quoted(wrong[0])} is not one of the values"
            help = ("compare it with something",) if expected == BOOLEAN else ()
            self.faults.add(expr, f"{what}, and {article(expected)} is needed", *help)

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
                    self.faults.add(expr, "an effect cannot divide: it must not fail")
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
        for index, operand in enumerate(operands):
            if reached is None:
                self.faults.add(
                    operand,
                    f"{show(operand)} is never evaluated: what stands before it is"
                    f" always {'false' if conjunction else 'true'}",
                )
                break
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
        links: list[tuple[CompareOp, Operand, Operand]] = []
        decided = Decided(facts, facts)
        for op, operand in expr.rest:
            right = self._operand(operand, facts)
            decided = compare(expr, op, left, right, facts, self.faults)
            links.append((op, left, right))
            left = right
        shape = Shape(BOOLEAN, _TRUE | _FALSE)
        if len(links) == 1:
            return _Result(shape, decided.when_true, decided.when_false)
        return _Result(shape, self._chain(expr, links, facts), facts)

    def _chain(
        self,
        expr: Compare,
        links: list[tuple[CompareOp, Operand, Operand]],
        facts: Facts,
    ) -> Facts | None:
        """The facts where every link of a chain holds: `"a" == x == y` tells of both.

        Each link is asked again with what the others have shown, forwards and back.
        """
        shown: Facts = facts
        for op, *sides in (*links, *reversed(links)):
            left, right = (
                (
                    side._replace(shape=shown.get(side.key, side.shape))
                    if side.key is not None
                    else side
                )
                for side in sides
            )
            faults = Faults()
            decided = compare(expr, op, left, right, shown, faults)
            after = soften(decided.when_true, facts, self.names)
            if after is None or faults.errors:
                return None
            shown = after
        return shown

    def _if_else(self, expr: IfElse, facts: Facts) -> _Result:
        condition = self._condition(expr.condition, facts)
        true, false = condition.when_true, condition.when_false
        if true is None or false is None:
            answer = "false" if true is None else "true"
            self.faults.add(
                expr.condition, f"{show(expr.condition)} is always {answer} here"
            )
            return _plain(declared(DYNAMIC), facts)
        then = self.visit(expr.then, true)
        otherwise = self.visit(expr.otherwise, false)
        shape = join(then.shape, otherwise.shape)
        if shape is None:
            self.faults.add(
                expr,
                f"the two values differ: {show(expr.then)} is"
                f" {article(then.shape.type)} and {show(expr.otherwise)} is"
                f" {article(otherwise.shape.type)}",
            )
            return _plain(declared(DYNAMIC), facts)
        return _Result(
            shape,
            soften(join_facts(then.when_true, otherwise.when_true), facts, self.names),
            soften(
                join_facts(then.when_false, otherwise.when_false), facts, self.names
            ),
        )

    def _call(self, expr: Call, facts: Facts) -> _Result:
        args = tuple(self._operand(arg, facts) for arg in expr.args)
        if expr.function == "contains" and len(args) == 2:
            container, item = args
            if container.shape.type.kind in (Kind.LIST, Kind.DYNAMIC):
                decided = membership(expr, item, container, facts, self.faults)
                shape = Shape(BOOLEAN, _TRUE | _FALSE)
                return _Result(shape, decided.when_true, decided.when_false)
        outcome = functions.call(expr, args, self.faults)
        fails = outcome is not None and not outcome.total
        if fails and not self._allow_division and not self._any_dynamic(args):
            self.faults.add(expr, f"{show(expr)} may fail, and an effect must not")
        return self._outcome(outcome, facts)

    def _any_dynamic(self, operands: tuple[Operand, ...]) -> bool:
        return any(operand.expr in self.dynamic for operand in operands)


def _plain(shape: Shape, facts: Facts) -> _Result:
    return _Result(shape, facts, facts)

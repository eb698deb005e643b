"""An expression, as far as its names are known.

    paid and qty > limit, with qty unknown  ->  False where paid is, else unknown

What fails makes a step rejected; it is not claimed of what is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from pystator.compiler.analysis.properties.values import (
    PRESENT,
    UNKNOWN,
    Unknown,
    Value,
    any_unknown,
)
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.tree import (
    And,
    Arith,
    ArithOp,
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

Read: TypeAlias = Callable[[Scope, str], Value]
"""The value of a variable, of a field of the event, or of a state."""


class Failed(Exception):
    """The expression raises."""


_ARITH: Final[Mapping[ArithOp, Callable[[float, float], int | float]]] = {
    ArithOp.ADD: operator.add,
    ArithOp.SUB: operator.sub,
    ArithOp.MUL: operator.mul,
    ArithOp.DIV: operator.truediv,
    ArithOp.FLOOR_DIV: operator.floordiv,
    ArithOp.MOD: operator.mod,
}


def evaluate(typed: Typed, read: Read) -> Value:
    """The value of a checked expression. Raises Failed."""
    return _Evaluator(typed, read).value(typed.expr)


class _Evaluator:
    def __init__(self, typed: Typed, read: Read) -> None:
        self._typed = typed
        self._read = read

    def value(self, expr: Expr) -> Value:
        found = self._value(expr)
        if isinstance(found, Unknown) and expr not in self._typed.failing:
            return self._typed.answers.get(expr, found)
        return found

    def _value(self, expr: Expr) -> Value:
        match expr:
            case Literal(value=constant):
                return constant
            case Name():
                return self._name(expr)
            case Not(operand=operand):
                answer = self.truth(operand)
                return UNKNOWN if isinstance(answer, Unknown) else not answer
            case And(operands=operands):
                return self._junction(operands, ends=False)
            case Or(operands=operands):
                return self._junction(operands, ends=True)
            case Compare(first=first, rest=rest):
                return self._chain(first, rest)
            case Arith(op=op, left=left, right=right):
                return _arithmetic(op, self.value(left), self.value(right))
            case Negate(operand=operand):
                value = self.value(operand)
                return UNKNOWN if isinstance(value, Unknown) else -_number(value)
            case Tuple(items=items):
                return tuple(item.value for item in items)
            case IfElse(condition=condition, then=then, otherwise=otherwise):
                answer = self.truth(condition)
                if isinstance(answer, Unknown):
                    both = self._careful(then), self._careful(otherwise)
                    return both[0] if _same(*both) else UNKNOWN
                return self.value(then if answer else otherwise)
            case Call(function=function, args=args):
                values = [self.value(arg) for arg in args]
                return UNKNOWN if any_unknown(values) else call(function, values)

    def truth(self, expr: Expr) -> bool | Unknown:
        value = self.value(expr)
        if isinstance(value, (Unknown, bool)):
            return value
        raise Failed

    def _careful(self, expr: Expr) -> Value:
        """The value of a part that may not be evaluated at all."""
        try:
            return self.value(expr)
        except Failed:
            return UNKNOWN

    def _name(self, name: Name) -> Value:
        first, *fields = name.path
        value = self._read(self._typed.places[name], first)
        for field in fields:
            if isinstance(value, Unknown):
                return UNKNOWN
            if not isinstance(value, dict) or field not in value:
                raise Failed
            value = value[field]
        return value

    def _junction(self, operands: tuple[Expr, ...], *, ends: bool) -> Value:
        unknown = False
        for operand in operands:
            try:
                answer = self.truth(operand)
            except Failed:
                if not unknown:
                    raise
                continue
            if answer is ends:
                return ends
            unknown = unknown or isinstance(answer, Unknown)
        return UNKNOWN if unknown else not ends

    def _chain(self, first: Expr, rest: tuple[tuple[CompareOp, Expr], ...]) -> Value:
        left, unknown = self.value(first), False
        for op, operand in rest:
            right = self._careful(operand) if unknown else self.value(operand)
            answer = compare(op, left, right)
            if answer is False:
                return False
            unknown = unknown or isinstance(answer, Unknown)
            left = right
        return UNKNOWN if unknown else True


def compare(op: CompareOp, left: Value, right: Value) -> bool | Unknown:
    """One comparison. Booleans are no numbers. Raises Failed."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if None in (left, right) and PRESENT in (left, right):
            return op in (CompareOp.NE, CompareOp.IS_NOT)
        return UNKNOWN
    match op:
        case CompareOp.EQ | CompareOp.IS:
            return _same(left, right)
        case CompareOp.NE | CompareOp.IS_NOT:
            return not _same(left, right)
        case CompareOp.IN | CompareOp.NOT_IN:
            found = any(_same(left, item) for item in _items(right))
            return found is (op is CompareOp.IN)
        case CompareOp.LT:
            return _less(left, right)
        case CompareOp.GT:
            return _less(right, left)
        case CompareOp.LE:
            return _less(left, right) or _same(left, right)
        case CompareOp.GE:
            return _less(right, left) or _same(left, right)


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _less(left: Value, right: Value) -> bool:
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return _number(left) < _number(right)


def _number(value: Value) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise Failed


def _string(value: Value) -> str:
    if isinstance(value, str):
        return value
    raise Failed


def _items(value: Value) -> tuple[Value, ...]:
    if isinstance(value, tuple):
        return value
    raise Failed


def _arithmetic(op: ArithOp, left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    if op is ArithOp.ADD and isinstance(left, str):
        return left + _string(right)
    try:
        return _ARITH[op](_number(left), _number(right))
    except ArithmeticError:
        raise Failed from None


def call(function: str, args: list[Value]) -> Value:
    """A function of the language. Raises Failed."""
    try:
        return _call(function, args)
    except (ArithmeticError, ValueError):
        raise Failed from None


def _call(function: str, args: list[Value]) -> Value:
    first = args[0]
    match function:
        case "len":
            return len(first) if isinstance(first, str) else len(_items(first))
        case "min" | "max":
            values = _items(first) if len(args) == 1 else tuple(args)
            chosen = min if function == "min" else max
            if all(isinstance(value, str) for value in values):
                return chosen(map(_string, values))
            return chosen(map(_number, values))
        case "abs":
            return abs(_number(first))
        case "round" if len(args) == 1:
            return round(_number(first))
        case "round":
            digits = args[1]
            assert isinstance(digits, int), "the digits are a literal"
            return round(_number(first), digits)
        case "any" | "all":
            answers = [item is True for item in _items(first)]
            return any(answers) if function == "any" else all(answers)
        case "lower":
            return _string(first).lower()
        case "upper":
            return _string(first).upper()
        case "startswith":
            return _string(first).startswith(_string(args[1]))
        case "endswith":
            return _string(first).endswith(_string(args[1]))
        case "contains" if isinstance(first, str):
            return _string(args[1]) in first
        case "contains":
            return any(_same(args[1], item) for item in _items(first))
        case _:
            raise AssertionError(f"unknown function {function}")

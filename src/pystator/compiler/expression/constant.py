"""Guards whose answer stands in their text: `true`, `1 > 2`, `not false`.

Nothing is claimed about a part that could raise: folding stops there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Final

from pystator.compiler.expression.tree import (
    And,
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Constant,
    Expr,
    IfElse,
    Literal,
    Negate,
    Not,
    Or,
    Tuple,
)

_ORDER: Final[dict[CompareOp, Callable[[float, float], bool]]] = {
    CompareOp.LT: operator.lt,
    CompareOp.LE: operator.le,
    CompareOp.GT: operator.gt,
    CompareOp.GE: operator.ge,
}


def constant(expr: Expr) -> bool | None:
    """The answer that the condition gives whatever the names are; None if it depends.

    A result of True or False also says that evaluating cannot raise.
    """
    folded = _fold(expr)
    if folded is None or not isinstance(folded.value, bool):
        return None
    return folded.value


def _fold(expr: Expr) -> Literal | None:
    match expr:
        case Literal():
            return expr
        case Not(operand=operand):
            answer = constant(operand)
            return None if answer is None else _literal(not answer)
        case And(operands=operands):
            return _junction(operands, ends=False)
        case Or(operands=operands):
            return _junction(operands, ends=True)
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            answer = constant(condition)
            return None if answer is None else _fold(then if answer else otherwise)
        case Compare(first=first, rest=rest):
            return _chain(first, rest)
        case Negate(operand=operand):
            value = _number(operand)
            return None if value is None else _literal(-value)
        case Arith(op=op, left=left, right=right):
            return _arithmetic(op, _number(left), _number(right))
        case _:
            return None


def _literal(value: Constant) -> Literal:
    return Literal(value, 0, 0)


def _junction(operands: tuple[Expr, ...], *, ends: bool) -> Literal | None:
    for operand in operands:
        answer = constant(operand)
        if answer is None:
            return None
        if answer is ends:
            return _literal(ends)
    return _literal(not ends)


def _chain(first: Expr, rest: tuple[tuple[CompareOp, Expr], ...]) -> Literal | None:
    left = _fold(first)
    for op, operand in rest:
        if op in (CompareOp.IN, CompareOp.NOT_IN):
            if left is None or not isinstance(operand, Tuple):
                return None
            found = [_equal(left.value, item.value) for item in operand.items]
            return _literal((True in found) is (op is CompareOp.IN))
        right = _fold(operand)
        if left is None or right is None:
            return None
        answer = _compare(op, left.value, right.value)
        if answer is not True:
            return None if answer is None else _literal(False)
        left = right
    return _literal(True)


def _compare(op: CompareOp, left: Constant, right: Constant) -> bool | None:
    if op in (CompareOp.EQ, CompareOp.IS):
        return _equal(left, right)
    if op in (CompareOp.NE, CompareOp.IS_NOT):
        return not _equal(left, right)
    if isinstance(left, str) and isinstance(right, str):
        # Strings are ordered as Python orders them: by code point.
        sign = (left > right) - (left < right)
        return _ORDER[op](sign, 0)
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _ORDER[op](left, right)
    return None


def _equal(left: Constant, right: Constant) -> bool:
    return isinstance(left, bool) is isinstance(right, bool) and left == right


def _number(expr: Expr) -> int | float | None:
    folded = _fold(expr)
    if folded is None or isinstance(folded.value, (bool, str)):
        return None
    return folded.value


def _arithmetic(
    op: ArithOp, left: int | float | None, right: int | float | None
) -> Literal | None:
    if left is None or right is None:
        return None
    try:
        match op:
            case ArithOp.ADD:
                return _literal(left + right)
            case ArithOp.SUB:
                return _literal(left - right)
            case ArithOp.MUL:
                return _literal(left * right)
            case ArithOp.DIV:
                return _literal(left / right)
            case ArithOp.FLOOR_DIV:
                return _literal(left // right)
            case ArithOp.MOD:
                return _literal(left % right)
    except ArithmeticError:
        return None

"""The rules of `+ - * / // %`: what they take, what comes out, and what may raise.

Integers stay integers except under `/`; strings only add. A division by a literal
other than zero cannot fail, any other can.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.faults import Faults, Operand
from pystator.compiler.expression.shape import (
    INTEGER,
    NUMBER,
    STRING,
    Family,
    Outcome,
    Shape,
    Values,
    declared,
    family,
    pairs,
)
from pystator.compiler.expression.tree import Arith, ArithOp, Literal
from pystator.compiler.ir.types import Kind, Type

DIVISIONS: Final = (ArithOp.DIV, ArithOp.FLOOR_DIV, ArithOp.MOD)

# An integer of more bits may be beyond the floats, and meets one in mixed arithmetic.
_FLOAT_BITS: Final = 1_000


def arithmetic(
    expr: Arith, left: Operand, right: Operand, faults: Faults
) -> Outcome | None:
    """The outcome of `left op right`; None where a fault was reported."""
    if not all([faults.present(left), faults.present(right)]):
        return None
    families = {family(left.shape.type), family(right.shape.type)}
    if expr.op is ArithOp.ADD and families == {Family.TEXT}:
        return Outcome(Shape(STRING, _values(expr.op, left, right)), True)
    adds_text = expr.op is ArithOp.ADD and Family.NUMBER not in families
    allowed = {Family.NUMBER, Family.DYNAMIC} | ({Family.TEXT} if adds_text else set())
    for side in (left, right):
        if family(side.shape.type) not in allowed:
            _refuse(expr, side, families, faults)
            return None
    if expr.op in DIVISIONS and _is_zero(right):
        faults.add(expr.right, "division by zero")
        return None
    if Family.DYNAMIC in families:
        type = Type(Kind.DYNAMIC) if expr.op is ArithOp.ADD else NUMBER
        return Outcome(declared(type), False)
    bits = max(left.shape.bits, right.shape.bits) + 1
    if expr.op is ArithOp.MUL:
        bits = left.shape.bits + right.shape.bits
    integers = left.shape.type.kind is Kind.INTEGER is right.shape.type.kind
    if integers and expr.op is not ArithOp.DIV:
        shape = Shape(INTEGER, _values(expr.op, left, right), bits=bits)
        return Outcome(shape, _divisible(expr.op, right))
    total = max(left.shape.bits, right.shape.bits) <= _FLOAT_BITS
    return Outcome(Shape(NUMBER, bits=bits), total and _divisible(expr.op, right))


def _refuse(expr: Arith, side: Operand, families: set[Family], faults: Faults) -> None:
    if expr.op is ArithOp.ADD and families == {Family.TEXT, Family.NUMBER}:
        faults.add(expr, "`+` takes two numbers or two strings, not one of each")
        return
    what = "numbers or strings" if expr.op is ArithOp.ADD else "numbers"
    faults.needs(side, f"{quoted(expr.op.value)} needs {what}")


def negation(operand: Operand, faults: Faults) -> Outcome | None:
    """The outcome of `-operand`; None where a fault was reported."""
    if not faults.present(operand):
        return None
    shape = operand.shape
    match family(shape.type):
        case Family.NUMBER:
            values = shape.values
            if values is not None:
                values = frozenset(-value for value in values if isinstance(value, int))
            return Outcome(Shape(shape.type, values, bits=shape.bits), True)
        case Family.DYNAMIC:
            return Outcome(Shape(NUMBER), False)
        case _:
            faults.needs(operand, "`-` needs a number")
            return None


def _divisible(op: ArithOp, divisor: Operand) -> bool:
    """Whether the operation cannot fail for want of a divisor other than zero."""
    return op not in DIVISIONS or isinstance(divisor.expr, Literal)


def _is_zero(divisor: Operand) -> bool:
    return isinstance(divisor.expr, Literal) and divisor.expr.value == 0


def _values(op: ArithOp, left: Operand, right: Operand) -> Values | None:
    """The possible results, where the possible operands are known and few."""
    if not pairs(left.shape.values, right.shape.values):
        return None
    results: set[bool | int | str] = set()
    for one in left.shape.values or ():
        for two in right.shape.values or ():
            match one, two:
                case int(), int() if two != 0 or op not in DIVISIONS:
                    results.add(_integer(op, one, two))
                case str(), str():
                    results.add(one + two)
                case _:
                    return None
    return frozenset(results)


def _integer(op: ArithOp, left: int, right: int) -> int:
    match op:
        case ArithOp.ADD:
            return left + right
        case ArithOp.SUB:
            return left - right
        case ArithOp.MUL:
            return left * right
        case ArithOp.MOD:
            return left % right
        case ArithOp.DIV | ArithOp.FLOOR_DIV:
            return left // right

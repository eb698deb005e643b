"""Precedence of the operators, and the canonical text of an expression.

One spelling for every tree: single spaces, double quotes, no parentheses that are not
needed. `canonical(parse(canonical(parse(text))))` is `canonical(parse(text))`.
"""

from __future__ import annotations

from enum import IntEnum

from pystator.compiler.expression.literal import constant_literal
from pystator.compiler.expression.tree import (
    And,
    Arith,
    ArithOp,
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
    Tuple,
)
from pystator.compiler.expression.words import is_plain_name


class Level(IntEnum):
    """How tightly an operator binds, the same here and in Python."""

    TERNARY = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    SUM = 5
    PRODUCT = 6
    UNARY = 7
    ATOM = 8


ARITH_LEVEL = {
    ArithOp.ADD: Level.SUM,
    ArithOp.SUB: Level.SUM,
    ArithOp.MUL: Level.PRODUCT,
    ArithOp.DIV: Level.PRODUCT,
    ArithOp.FLOOR_DIV: Level.PRODUCT,
    ArithOp.MOD: Level.PRODUCT,
}


def enclose(text: str, level: Level, least: Level) -> str:
    """The text, in parentheses where it binds less tightly than its place needs."""
    return text if level >= least else f"({text})"


def canonical(expr: Expr) -> str:
    """The canonical source text, by which an unnamed guard is called."""
    return _spell(expr, Level.TERNARY)


def spell_name(name: Name) -> str:
    """The name as it would be written, with `["..."]` where an element needs it.

    A bare name that needs quotes has no spelling of its own (only a `check` guard can
    hold one); it is shown as it is.
    """
    first, *rest = name.path
    if name.scope is Scope.BARE:
        text = first
    elif is_plain_name(first):
        text = f"{name.scope.value}.{first}"
    else:
        text = f'{name.scope.value}["{first}"]'
    for element in rest:
        text += f".{element}" if is_plain_name(element) else f'["{element}"]'
    return text


def _spell(expr: Expr, least: Level) -> str:
    match expr:
        case Literal(value=value):
            level = Level.ATOM
            if isinstance(value, (int, float)) and value < 0:
                level = Level.UNARY
            return enclose(constant_literal(value), level, least)
        case Name():
            return spell_name(expr)
        case Not(operand=operand):
            text = f"not {_spell(operand, Level.NOT)}"
            return enclose(text, Level.NOT, least)
        case And(operands=operands):
            text = " and ".join(_spell(item, Level.NOT) for item in operands)
            return enclose(text, Level.AND, least)
        case Or(operands=operands):
            text = " or ".join(_spell(item, Level.AND) for item in operands)
            return enclose(text, Level.OR, least)
        case Compare(first=first, rest=rest):
            text = _spell(first, Level.SUM)
            for op, operand in rest:
                text += f" {op.value} {_spell(operand, Level.SUM)}"
            return enclose(text, Level.COMPARE, least)
        case Arith(op=op, left=left, right=right):
            level = ARITH_LEVEL[op]
            text = f"{_spell(left, level)} {op.value} {_spell(right, Level(level + 1))}"
            return enclose(text, level, least)
        case Negate(operand=Literal(value=int(number))) if number == 0:
            return "0"  # `-0` is the literal 0 when it is read again
        case Negate(operand=operand):
            return enclose(f"-{_spell(operand, Level.UNARY)}", Level.UNARY, least)
        case Tuple(items=items):
            text = ", ".join(constant_literal(item.value) for item in items)
            return f"({text},)" if len(items) == 1 else f"({text})"
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            text = (
                f"{_spell(then, Level.OR)} if {_spell(condition, Level.OR)}"
                f" else {_spell(otherwise, Level.TERNARY)}"
            )
            return enclose(text, Level.TERNARY, least)
        case Call(function=function, args=args):
            text = ", ".join(_spell(arg, Level.TERNARY) for arg in args)
            return f"{function}({text})"

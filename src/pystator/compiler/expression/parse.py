"""Expression text -> tree, by recursive descent.

The language is exactly what this file and `operands` accept.

    1 < x <= 10  ->  Compare(1, ((<, x), (<=, 10)))
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.cursor import Cursor
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.operands import (
    at_tuple,
    check_function,
    parse_literal,
    parse_name,
    parse_tuple,
)
from pystator.compiler.expression.refuse import refusal
from pystator.compiler.expression.tokens import Kind, Token, tokenize
from pystator.compiler.expression.tree import (
    CHAINABLE,
    And,
    Arith,
    ArithOp,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Literal,
    Negate,
    Not,
    Or,
    children,
)
from pystator.compiler.expression.words import RESERVED

_COMPARE: Final = {op.value: op for op in CHAINABLE}
_SUM: Final = {"+": ArithOp.ADD, "-": ArithOp.SUB}
_PRODUCT: Final = {
    "*": ArithOp.MUL,
    "/": ArithOp.DIV,
    "//": ArithOp.FLOOR_DIV,
    "%": ArithOp.MOD,
}


def parse(text: str, *, states: bool = False) -> Expr:
    """The tree of an expression. Raises ExpressionError at the first fault.

    With `states` it is one of a property, which can name states.
    """
    cursor = Cursor(tokenize(text), states=states)
    if cursor.at_end():
        raise ExpressionError("the expression is empty", 0, len(text))
    expr = _ternary(cursor)
    if not cursor.at_end():
        raise refusal(cursor.token, after_value=True)
    return expr


def _ternary(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    then = _or(cursor)
    if not cursor.at("if"):
        return then
    word = cursor.advance()
    condition = _or(cursor)
    if not cursor.at("else"):
        if not cursor.at_end() and not cursor.at(")"):
            raise refusal(cursor.token, after_value=True)
        raise ExpressionError(
            "`if` has no `else`",
            word.offset,
            len(word.text),
            ("write `x if condition else y`",),
        )
    cursor.descend()
    otherwise = _ternary(cursor)
    cursor.ascend()
    return IfElse(condition, then, otherwise, *cursor.part(start))


def _or(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    operands = [_and(cursor)]
    while cursor.at("or"):
        cursor.advance()
        operands.append(_and(cursor))
    if len(operands) == 1:
        return operands[0]
    flat: list[Expr] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, Or) else (operand,))
    return Or(tuple(flat), *cursor.part(start))


def _and(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    operands = [_not(cursor)]
    while cursor.at("and"):
        cursor.advance()
        operands.append(_not(cursor))
    if len(operands) == 1:
        return operands[0]
    flat: list[Expr] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, And) else (operand,))
    return And(tuple(flat), *cursor.part(start))


def _not(cursor: Cursor) -> Expr:
    if not cursor.at("not"):
        return _compare(cursor)
    word = cursor.descend()
    operand = _not(cursor)
    cursor.ascend()
    return Not(operand, *cursor.part(word.offset))


def _compare(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    first = _sum(cursor)
    rest: list[tuple[CompareOp, Expr]] = []
    while True:
        at = cursor.token
        op = _compare_op(cursor)
        if op is None:
            break
        if rest and not (op in CHAINABLE and rest[0][0] in CHAINABLE):
            raise ExpressionError(
                "`in` and `is` cannot be part of a chain",
                at.offset,
                len(at.text),
                ("join the comparisons with `and`, or add parentheses",),
            )
        if op in (CompareOp.IN, CompareOp.NOT_IN) and at_tuple(cursor):
            rest.append((op, parse_tuple(cursor)))
            continue
        operand = _sum(cursor)
        if op in (CompareOp.IS, CompareOp.IS_NOT):
            _check_identity(at, op, first, operand)
        rest.append((op, operand))
    if not rest:
        return first
    if len(rest) > 1:
        _check_chain(first, rest)
    return Compare(first, tuple(rest), *cursor.part(start))


def _compare_op(cursor: Cursor) -> CompareOp | None:
    token = cursor.token
    if token.kind is Kind.OP and token.text in _COMPARE:
        return _COMPARE[cursor.advance().text]
    if cursor.at("in"):
        cursor.advance()
        return CompareOp.IN
    if cursor.at("not"):
        cursor.advance()
        if not cursor.at("in"):
            raise refusal(token, after_value=True)
        cursor.advance()
        return CompareOp.NOT_IN
    if cursor.at("is"):
        cursor.advance()
        if not cursor.at("not"):
            return CompareOp.IS
        cursor.advance()
        return CompareOp.IS_NOT
    return None


def _check_identity(at: Token, op: CompareOp, left: Expr, right: Expr) -> None:
    nulls = [isinstance(side, Literal) and side.value is None for side in (left, right)]
    if not any(nulls):
        equal = "==" if op is CompareOp.IS else "!="
        raise ExpressionError(
            f"{quoted(op.value)} compares with `None` only",
            at.offset,
            len(at.text),
            (f"compare with `{equal}`",),
        )


def _check_chain(first: Expr, rest: list[tuple[CompareOp, Expr]]) -> None:
    for expr in (first, *(operand for _, operand in rest)):
        if isinstance(expr, Literal) and (
            expr.value is None or isinstance(expr.value, bool)
        ):
            raise ExpressionError(
                f"{quoted(str(expr.value))} cannot be part of a chain",
                expr.offset,
                expr.length,
                ("join the comparisons with `and`",),
            )
    # A middle operand may be emitted twice: nested, that would double at every level.
    pending = [operand for _, operand in rest[:-1]]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Compare) and len(expr.rest) > 1:
            raise ExpressionError(
                "a chain of comparisons cannot stand inside another",
                expr.offset,
                expr.length,
                ("join the comparisons with `and`",),
            )
        pending.extend(children(expr))


def _sum(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    left = _product(cursor)
    while cursor.token.kind is Kind.OP and cursor.token.text in _SUM:
        op = _SUM[cursor.advance().text]
        right = _product(cursor)
        left = Arith(op, left, right, *cursor.part(start))
    return left


def _product(cursor: Cursor) -> Expr:
    start = cursor.token.offset
    left = _unary(cursor)
    while cursor.token.kind is Kind.OP and cursor.token.text in _PRODUCT:
        op = _PRODUCT[cursor.advance().text]
        right = _unary(cursor)
        left = Arith(op, left, right, *cursor.part(start))
    return left


def _unary(cursor: Cursor) -> Expr:
    literal = parse_literal(cursor)
    if literal is not None:
        return literal
    if not cursor.at("-"):
        return _primary(cursor)
    sign = cursor.descend()
    operand = _unary(cursor)
    cursor.ascend()
    return Negate(operand, *cursor.part(sign.offset))


def _primary(cursor: Cursor) -> Expr:
    token = cursor.token
    if token.kind is Kind.WORD and token.text not in RESERVED:
        following = cursor.ahead(1)
        if following.kind is Kind.OP and following.text == "(":
            return _call(cursor)
        return parse_name(cursor)
    if not cursor.at("("):
        raise refusal(token, after_value=False)
    cursor.descend()
    inner = _ternary(cursor)
    if cursor.at(","):
        raise ExpressionError(
            "a tuple holds only literals and stands only to the right of `in`",
            token.offset,
            1,
        )
    cursor.expect(")", token)
    cursor.ascend()
    return inner


def _call(cursor: Cursor) -> Call:
    word = cursor.advance()
    check_function(word)
    opening = cursor.descend()
    args: list[Expr] = []
    while not cursor.at(")"):
        args.append(_ternary(cursor))
        if not cursor.at(","):
            break
        cursor.advance()
    cursor.expect(")", opening)
    cursor.ascend()
    return Call(word.text, tuple(args), *cursor.part(word.offset))

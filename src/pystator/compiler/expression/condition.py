"""`check:` guards -> the same tree as the text of an expression gives.

    {field: ctx.qty, op: gte, value: 10}  ->  ctx.qty >= 10

The field is a path of names as the definition spells them, so that one with a dash
needs no quotes here.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.tree import (
    Compare,
    CompareOp,
    Expr,
    Literal,
    Name,
    Scope,
    Tuple,
)
from pystator.compiler.expression.words import is_element
from pystator.compiler.source.text import Data

_COMPARISONS: Final = {
    "eq": CompareOp.EQ,
    "neq": CompareOp.NE,
    "gt": CompareOp.GT,
    "gte": CompareOp.GE,
    "lt": CompareOp.LT,
    "lte": CompareOp.LE,
}
_MEMBERSHIPS: Final = {"in": CompareOp.IN, "not_in": CompareOp.NOT_IN}
_NULL_TESTS: Final = {"is_set": CompareOp.IS_NOT, "is_null": CompareOp.IS}

OPERATORS: Final = (*_COMPARISONS, *_MEMBERSHIPS, *_NULL_TESTS)

_MOST_VALUES: Final = 198


def condition(
    field: str,
    op: str,
    value: Data = None,
    values: tuple[Data, ...] | None = None,
) -> Expr:
    """The tree of `{field, op, value | values}`; an absent value is None.

    `value: null` under `eq` and `neq` tests for null. Raises ExpressionError; offsets
    count from the start of the field, and what is wrong elsewhere has length 0.
    """
    name = _name(field)
    if op in _NULL_TESTS:
        if value is not None or values is not None:
            raise _error(f"{quoted(op)} takes no value")
        return _compare(name, _NULL_TESTS[op], Literal(None, 0, 0))
    if op in _MEMBERSHIPS:
        listed = value if values is None and isinstance(value, tuple) else values
        if listed is None:
            raise _error(f"{quoted(op)} needs `values`", "list them under `values`")
        return _compare(name, _MEMBERSHIPS[op], _tuple(op, listed))
    if op not in _COMPARISONS:
        raise _error(
            f"unknown operator {quoted(op)}",
            *(
                did_you_mean(op, OPERATORS)
                or (f"the operators are {', '.join(OPERATORS)}",)
            ),
        )
    if values is not None:
        raise _error(f"{quoted(op)} takes one `value`", "use `in` or `not_in`")
    literal = _literal(value)
    if literal.value is None:
        if op not in ("eq", "neq"):
            raise _error(f"{quoted(op)} needs a `value`")
        null_test = CompareOp.IS if op == "eq" else CompareOp.IS_NOT
        return _compare(name, null_test, literal)
    return _compare(name, _COMPARISONS[op], literal)


def _compare(name: Name, op: CompareOp, operand: Expr) -> Compare:
    return Compare(name, ((op, operand),), 0, name.length)


def _name(field: str) -> Name:
    scope, path = Scope.BARE, field.split(".")
    for prefixed in (Scope.CTX, Scope.EVENT):
        if path[0] == prefixed.value and len(path) > 1:
            scope, path = prefixed, path[1:]
            break
    if len(path) > 30:
        raise ExpressionError("the field has more than 30 parts", 0, len(field))
    for element in path:
        if not is_element(element):
            raise ExpressionError(f"{quoted(field)} is not a name", 0, len(field))
    return Name(scope, tuple(path), 0, len(field))


def _tuple(op: str, values: tuple[Data, ...]) -> Tuple:
    if not values:
        raise _error(f"the `values` of {quoted(op)} are empty")
    if len(values) > _MOST_VALUES:
        raise _error(f"{quoted(op)} takes at most {_MOST_VALUES} values")
    items = tuple(_literal(value) for value in values)
    if any(item.value is None for item in items):
        raise _error(
            f"the `values` of {quoted(op)} hold null", "test for null with `is_null`"
        )
    return Tuple(items, 0, 0)


def _literal(value: Data) -> Literal:
    if isinstance(value, (tuple, dict)):
        raise _error("a field is compared with a number, a string or a boolean")
    if isinstance(value, float) and not (-float("inf") < value < float("inf")):
        raise _error("a field is compared with finite numbers")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise _error("the integer needs more than 64 bits")
    if isinstance(value, str) and len(value) > 1_000:
        raise _error("the string has more than 1000 characters")
    return Literal(value, 0, 0)


def _error(message: str, *help: str) -> ExpressionError:
    return ExpressionError(message, 0, 0, help)

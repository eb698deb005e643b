"""The syntax tree of an expression, and its canonical text.

Every node knows the stretch of text it came from. The tree holds names and literals
as data: nothing in it is Python source, and only `emit` makes any.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

Constant: TypeAlias = bool | int | float | str | None


class Scope(Enum):
    """Where a name is looked up; BARE means the payload first, then the variables.

    A STATE is a boolean, whether it is active; only properties name any.
    """

    BARE = ""
    EVENT = "event"
    CTX = "ctx"
    STATE = "state"


class CompareOp(StrEnum):
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"
    IS = "is"
    IS_NOT = "is not"


class ArithOp(StrEnum):
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    FLOOR_DIV = "//"
    MOD = "%"


CHAINABLE: Final = (
    CompareOp.EQ,
    CompareOp.NE,
    CompareOp.LT,
    CompareOp.LE,
    CompareOp.GT,
    CompareOp.GE,
)
"""The comparisons that may form a chain such as `0 < x <= 10`."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Constant
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Name:
    """`path[0]` is the variable or payload field, the rest fields of objects."""

    scope: Scope
    path: tuple[str, ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple[Expr, ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple[Expr, ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Compare:
    """`first op operand op operand ...`; more than one only of CHAINABLE."""

    first: Expr
    rest: tuple[tuple[CompareOp, Expr], ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Arith:
    op: ArithOp
    left: Expr
    right: Expr
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Tuple:
    """A literal tuple; stands only to the right of `in` and `not in`."""

    items: tuple[Literal, ...]
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class IfElse:
    condition: Expr
    then: Expr
    otherwise: Expr
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    args: tuple[Expr, ...]
    offset: int
    length: int


Expr: TypeAlias = (
    Literal | Name | Not | And | Or | Compare | Arith | Negate | Tuple | IfElse | Call
)


def links(expr: Compare) -> tuple[Compare, ...]:
    """The comparisons that a chain joins: `a < b` and `b < c` of `a < b < c`."""
    if len(expr.rest) == 1:
        return (expr,)
    found: list[Compare] = []
    left = expr.first
    for op, right in expr.rest:
        length = right.offset + right.length - left.offset
        found.append(Compare(left, ((op, right),), left.offset, length))
        left = right
    return tuple(found)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct operands of a node, in the order of the text."""
    match expr:
        case Not(operand=operand) | Negate(operand=operand):
            return (operand,)
        case And(operands=operands) | Or(operands=operands):
            return operands
        case Compare(first=first, rest=rest):
            return (first, *(operand for _, operand in rest))
        case Arith(left=left, right=right):
            return (left, right)
        case Tuple(items=items):
            return items
        case IfElse(condition=condition, then=then, otherwise=otherwise):
            return (then, condition, otherwise)
        case Call(args=args):
            return args
        case _:
            return ()

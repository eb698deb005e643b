"""Typed expression -> Python source, in the form that black gives it.

Nothing of the definition reaches the text but bounded numbers, ASCII string literals,
and what `Access` returns for a name. Names and their order of evaluation are those of
the expression; `and`, `or` and `if` stay as lazy as they were.

    fill_qty >= order_qty  ->  event.fill_qty >= context.order_qty
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from pystator.compiler.expression.canonical import ARITH_LEVEL, Level, enclose
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.dynamic import with_needs
from pystator.compiler.expression.literal import constant_literal
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
from pystator.compiler.ir.types import Kind

_COMPARE_HELPER: Final = {
    CompareOp.EQ: "_eq",
    CompareOp.LT: "_lt",
    CompareOp.LE: "_le",
    CompareOp.GT: "_gt",
    CompareOp.GE: "_ge",
    CompareOp.IN: "_in",
}
_ARITH_HELPER: Final = {
    ArithOp.ADD: "_add",
    ArithOp.SUB: "_sub",
    ArithOp.MUL: "_mul",
    ArithOp.DIV: "_div",
    ArithOp.FLOOR_DIV: "_floordiv",
    ArithOp.MOD: "_mod",
}
_OPPOSITE: Final = {
    CompareOp.IN: CompareOp.NOT_IN,
    CompareOp.NOT_IN: CompareOp.IN,
    CompareOp.IS: CompareOp.IS_NOT,
    CompareOp.IS_NOT: CompareOp.IS,
}
_IDENTITY: Final = {
    CompareOp.EQ: CompareOp.IS,
    CompareOp.IS: CompareOp.IS,
    CompareOp.NE: CompareOp.IS_NOT,
    CompareOp.IS_NOT: CompareOp.IS_NOT,
}
_POSITIVE: Final = {CompareOp.NE: CompareOp.EQ, CompareOp.NOT_IN: CompareOp.IN}
_EXPECTED_HELPER: Final = {
    Kind.BOOLEAN: "_boolean",
    Kind.INTEGER: "_integer",
    Kind.NUMBER: "_number",
    Kind.STRING: "_string",
}


class Access(Protocol):
    """Python source of a name: an attribute or a call, nothing that needs brackets.

    Where the type of the name is optional, the source must be something that type
    checkers narrow (an attribute or a local name, no call).
    """

    def variable(self, path: tuple[str, ...]) -> str: ...

    def payload(self, path: tuple[str, ...]) -> str: ...

    def bare(self, path: tuple[str, ...]) -> str: ...


@dataclass(frozen=True, slots=True)
class Emitted:
    """One Python expression on one line, and the helpers it needs, with theirs."""

    source: str
    helpers: frozenset[str]


def emit(typed: Typed, access: Access) -> Emitted:
    """The source of a checked expression; of type `expected` where that is given."""
    emitter = _Emitter(typed, access)
    piece = emitter.piece(typed.expr)
    if typed.expected is not None and emitter.is_dynamic(typed.expr):
        helper = _EXPECTED_HELPER.get(typed.expected.kind)
        if helper is not None and typed.type.kind is Kind.DYNAMIC:
            piece = emitter.call(helper, piece.text)
    return Emitted(piece.text, with_needs(emitter.helpers))


class _Piece(NamedTuple):
    text: str
    level: Level

    def at(self, least: Level) -> str:
        return enclose(self.text, self.level, least)


class _Emitter:
    def __init__(self, typed: Typed, access: Access) -> None:
        self._typed = typed
        self._access = access
        self.helpers: set[str] = set()

    def is_dynamic(self, expr: Expr) -> bool:
        return bool(self._typed.dynamic) and expr in self._typed.dynamic

    def call(self, helper: str, *args: str) -> _Piece:
        self.helpers.add(helper)
        return _Piece(f"{helper}({', '.join(args)})", Level.ATOM)

    def piece(self, expr: Expr) -> _Piece:
        match expr:
            case Literal(value=value):
                negative = isinstance(value, (int, float)) and value < 0
                level = Level.UNARY if negative else Level.ATOM
                return _Piece(constant_literal(value), level)
            case Name():
                return _Piece(self._name(expr), Level.ATOM)
            case Not(operand=operand):
                return self._not(operand)
            case And(operands=operands):
                parts = [self._condition(item).at(Level.NOT) for item in operands]
                return _Piece(" and ".join(parts), Level.AND)
            case Or(operands=operands):
                parts = [self._condition(item).at(Level.AND) for item in operands]
                return _Piece(" or ".join(parts), Level.OR)
            case Compare():
                return self._compare(expr, negated=False)
            case Arith():
                return self._arith(expr)
            case Negate(operand=operand):
                piece = self.piece(operand)
                if self.is_dynamic(operand):
                    return self.call("_neg", piece.text)
                return _Piece(f"-{piece.at(Level.UNARY)}", Level.UNARY)
            case Tuple(items=items):
                text = ", ".join(constant_literal(item.value) for item in items)
                comma = "," if len(items) == 1 else ""
                return _Piece(f"({text}{comma})", Level.ATOM)
            case IfElse(condition=condition, then=then, otherwise=otherwise):
                text = (
                    f"{self.piece(then).at(Level.OR)}"
                    f" if {self._condition(condition).at(Level.OR)}"
                    f" else {self.piece(otherwise).text}"
                )
                return _Piece(text, Level.TERNARY)
            case Call():
                return self._call(expr, negated=False)

    def _name(self, name: Name) -> str:
        match self._typed.places[name]:
            case Scope.EVENT:
                return self._access.payload(name.path)
            case Scope.CTX:
                return self._access.variable(name.path)
            case Scope.BARE:
                return self._access.bare(name.path)

    def _condition(self, expr: Expr) -> _Piece:
        piece = self.piece(expr)
        return self.call("_boolean", piece.text) if self.is_dynamic(expr) else piece

    def _not(self, operand: Expr) -> _Piece:
        match operand:
            case Compare(rest=(_,)):
                return self._compare(operand, negated=True)
            case Call(function="contains"):
                return self._call(operand, negated=True)
            case _:
                return _negation(self._condition(operand))

    def _compare(self, expr: Compare, *, negated: bool) -> _Piece:
        operands = (expr.first, *(operand for _, operand in expr.rest))
        if len(expr.rest) == 1:
            return self._pair(operands[0], expr.rest[0][0], operands[1], negated)
        if not any(self.is_dynamic(operand) for operand in operands):
            text = self.piece(expr.first).at(Level.SUM)
            for op, operand in expr.rest:
                text += f" {op.value} {self.piece(operand).at(Level.SUM)}"
            return _Piece(text, Level.COMPARE)
        pairs = [
            self._pair(left, op, right, False).at(Level.NOT)
            for left, (op, right) in zip(operands, expr.rest, strict=False)
        ]
        return _Piece(" and ".join(pairs), Level.AND)

    def _pair(self, left: Expr, op: CompareOp, right: Expr, negated: bool) -> _Piece:
        """One comparison; `negated` gives its opposite, in the form linters ask for."""
        word = _word(left, right) if op in _IDENTITY else None
        if word is not None:
            other = right if word is left else left
            # A bool is compared by identity: `== True` is what linters forbid.
            if word.value is None or not self.is_dynamic(other):
                op = _IDENTITY[op]
                op = _OPPOSITE[op] if negated else op
                text = f"{self.piece(other).at(Level.SUM)} {op.value} {word.value}"
                return _Piece(text, Level.COMPARE)
        if self.is_dynamic(left) or self.is_dynamic(right):
            helper = _COMPARE_HELPER[_POSITIVE.get(op, op)]
            piece = self.call(helper, self.piece(left).text, self.piece(right).text)
            return _negation(piece) if negated is not (op in _POSITIVE) else piece
        if negated and op in _OPPOSITE:
            op, negated = _OPPOSITE[op], False
        if op in (CompareOp.EQ, CompareOp.NE) and isinstance(left, Literal):
            # Type checkers narrow what stands to the left.
            left, right = right, left
        sides = self.piece(left).at(Level.SUM), self.piece(right).at(Level.SUM)
        piece = _Piece(f"{sides[0]} {op.value} {sides[1]}", Level.COMPARE)
        return _negation(piece) if negated else piece

    def _arith(self, expr: Arith) -> _Piece:
        left, right = self.piece(expr.left), self.piece(expr.right)
        if self.is_dynamic(expr.left) or self.is_dynamic(expr.right):
            return self.call(_ARITH_HELPER[expr.op], left.text, right.text)
        level = ARITH_LEVEL[expr.op]
        text = f"{left.at(level)} {expr.op.value} {right.at(Level(level + 1))}"
        return _Piece(text, level)

    def _call(self, expr: Call, *, negated: bool) -> _Piece:
        if expr.function == "contains":
            return self._contains(expr.args[0], expr.args[1], negated)
        pieces = [self.piece(arg) for arg in expr.args]
        texts = [piece.text for piece in pieces]
        if any(self.is_dynamic(arg) for arg in expr.args):
            helper = f"_{expr.function}"
            if expr.function == "round" and len(texts) == 2:
                helper = "_round_to"
            if expr.function in ("min", "max") and len(texts) > 1:
                texts = [f"({', '.join(texts)})"]
            return self.call(helper, *texts)
        match expr.function:
            case "lower" | "upper" | "startswith" | "endswith":
                text = f"{pieces[0].at(Level.ATOM)}.{expr.function}"
                return _Piece(f"{text}({', '.join(texts[1:])})", Level.ATOM)
            case _:
                return _Piece(f"{expr.function}({', '.join(texts)})", Level.ATOM)

    def _contains(self, whole: Expr, part: Expr, negated: bool) -> _Piece:
        outer, inner = self.piece(whole), self.piece(part)
        if self.is_dynamic(whole) or self.is_dynamic(part):
            piece = self.call("_contains", outer.text, inner.text)
            return _negation(piece) if negated else piece
        op = CompareOp.NOT_IN if negated else CompareOp.IN
        text = f"{inner.at(Level.SUM)} {op.value} {outer.at(Level.SUM)}"
        return _Piece(text, Level.COMPARE)


def _negation(piece: _Piece) -> _Piece:
    return _Piece(f"not {piece.at(Level.NOT)}", Level.NOT)


def _word(left: Expr, right: Expr) -> Literal | None:
    """The side that is the literal None, else True or False."""
    literals = [side for side in (right, left) if isinstance(side, Literal)]
    for literal in literals:
        if literal.value is None:
            return literal
    for literal in literals:
        if isinstance(literal.value, bool):
            return literal
    return None

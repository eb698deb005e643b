"""Typed expression -> Python source, in the form that black gives it.

Nothing of the definition reaches the text but bounded numbers, ASCII string literals,
and what `Access` returns for a name. Names and their order of evaluation are those of
the expression; `and`, `or` and `if` stay as lazy as they were. What has been decided is
not asked, unless asking may raise: then in a form that type checkers see no answer in.

    fill_qty >= order_qty          ->  event.fill_qty >= context.order_qty
    order_qty is None or rush      ->  context.rush, where order_qty is never null
    10 // order_qty is None        ->  _eq(10 // context.order_qty, None)
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
    links,
)
from pystator.compiler.ir.types import Kind

_COMPARE_HELPER: Final = {
    CompareOp.EQ: "_eq",
    CompareOp.LT: "_lt",
    CompareOp.LE: "_le",
    CompareOp.GT: "_gt",
    CompareOp.GE: "_ge",
    CompareOp.IN: "_in",
    CompareOp.IS: "_eq",
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
    CompareOp.EQ: CompareOp.NE,
    CompareOp.NE: CompareOp.EQ,
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
_POSITIVE: Final = {
    CompareOp.NE: CompareOp.EQ,
    CompareOp.NOT_IN: CompareOp.IN,
    CompareOp.IS_NOT: CompareOp.IS,
}
_ORDER: Final = (CompareOp.LT, CompareOp.LE, CompareOp.GT, CompareOp.GE)
_FLIPPED: Final = {
    CompareOp.EQ: CompareOp.EQ,
    CompareOp.NE: CompareOp.NE,
    CompareOp.LT: CompareOp.GT,
    CompareOp.LE: CompareOp.GE,
    CompareOp.GT: CompareOp.LT,
    CompareOp.GE: CompareOp.LE,
}
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
    """`opposite` is the negation, where that is not written with `not`."""

    text: str
    level: Level
    opposite: _Piece | None = None

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

    def certain(self, expr: Expr) -> bool | None:
        """The answer of a condition that need not be asked."""
        return None if expr in self._typed.failing else self._typed.answers.get(expr)

    def piece(self, expr: Expr) -> _Piece:
        answer = self.certain(expr)
        if answer is not None:
            return _Piece(str(answer), Level.ATOM)
        match expr:
            case Literal(value=value):
                negative = isinstance(value, (int, float)) and value < 0
                level = Level.UNARY if negative else Level.ATOM
                return _Piece(constant_literal(value), level)
            case Name():
                return _Piece(self._name(expr), Level.ATOM)
            case Not(operand=operand):
                return _negation(self._condition(operand))
            case And(operands=operands):
                return self._junction(operands, "and", Level.AND)
            case Or(operands=operands):
                return self._junction(operands, "or", Level.OR)
            case Compare():
                return self._compare(expr)
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
            case IfElse():
                return self._if_else(expr)
            case Call():
                return self._call(expr)

    def _name(self, name: Name) -> str:
        match self._typed.places[name]:
            case Scope.EVENT:
                return self._access.payload(name.path)
            case Scope.CTX:
                return self._access.variable(name.path)
            case Scope.BARE:
                return self._access.bare(name.path)
            case Scope.STATE:
                raise AssertionError("a property is no part of a module")

    def _condition(self, expr: Expr) -> _Piece:
        piece = self.piece(expr)
        return self.call("_boolean", piece.text) if self.is_dynamic(expr) else piece

    def _junction(self, operands: tuple[Expr, ...], word: str, level: Level) -> _Piece:
        """`and`, `or`, without the operands that decide nothing and cannot raise."""
        ends = level is Level.OR
        kept: list[Expr] = []
        ended = False
        for operand in operands:
            answer = self.certain(operand)
            if answer is None:
                kept.append(operand)
            ended = answer is ends
            if self._typed.answers.get(operand) is ends:
                break
        while ended and kept[-1] not in self._typed.failing:
            kept.pop()
        pieces = [self._condition(operand) for operand in kept]
        joined = pieces[0]
        if len(pieces) > 1:
            # An `and` inside an `or` is written with parentheses that it does not need.
            texts = [piece.at(Level.NOT) for piece in pieces]
            joined = _Piece(f" {word} ".join(texts), level)
        return _after(joined, str(ends)) if ended else joined

    def _if_else(self, expr: IfElse) -> _Piece:
        answer = self._typed.answers.get(expr.condition)
        if answer is not None:
            chosen = self.piece(expr.then if answer else expr.otherwise)
            if self.certain(expr.condition) is not None:
                return chosen
            return _after(self.piece(expr.condition), chosen.text)
        match self.certain(expr.then), self.certain(expr.otherwise):
            case True, False:
                return self._condition(expr.condition)
            case False, True:
                return _negation(self._condition(expr.condition))
        condition = self._condition(expr.condition)
        then, otherwise = self.piece(expr.then), self.piece(expr.otherwise)
        if then == otherwise:
            fails = expr.condition in self._typed.failing
            return _after(condition, then.text) if fails else then
        text = f"{then.at(Level.OR)} if {condition.at(Level.OR)} else {otherwise.text}"
        return _Piece(text, Level.TERNARY)

    def _compare(self, expr: Compare) -> _Piece:
        answers = self._typed.answers
        if len(expr.rest) == 1:
            return self._pair(expr, opaque=expr in answers)
        every = links(expr)
        kept = [link for link in every if self.certain(link) is not True]
        opaque = expr in answers or len(kept) < len(every)
        if opaque and len(kept) == 1:
            return self._pair(kept[0], opaque=expr in answers)
        opaque = opaque or any(link in answers for link in kept)
        # Type checkers narrow by a chain of equalities, each in its own way.
        opaque = opaque or any(
            op in (CompareOp.EQ, CompareOp.NE) for op, _ in expr.rest
        )
        operands = (expr.first, *(operand for _, operand in expr.rest))
        if not opaque and not any(self.is_dynamic(operand) for operand in operands):
            text = self.piece(expr.first).at(Level.SUM)
            for op, operand in expr.rest:
                text += f" {op.value} {self.piece(operand).at(Level.SUM)}"
            return _Piece(text, Level.COMPARE)
        pairs = [self._pair(link, opaque=opaque).at(Level.NOT) for link in kept]
        return _Piece(" and ".join(pairs), Level.AND)

    def _pair(self, expr: Compare, *, opaque: bool) -> _Piece:
        """One comparison, in the form linters ask for.

        `opaque` hides from type checkers what is compared with what.
        """
        ((op, right),) = expr.rest
        left, right = self._reduced(expr.first), self._reduced(right)
        if op not in _ORDER:
            opaque = opaque or self._collapses(left) or self._collapses(right)
        if opaque:
            return self._helper(left, op, right)
        word = _word(left, right) if op in _IDENTITY else None
        if word is not None:
            other = right if word is left else left
            if self.is_dynamic(other) and not isinstance(other, Name):
                return self._helper(left, op, right)
            # A bool is compared by identity: `== True` is what linters forbid.
            if word.value is None or not self.is_dynamic(other):
                return _comparison(self.piece(other), _IDENTITY[op], self.piece(word))
        if self.is_dynamic(left) or self.is_dynamic(right):
            return self._helper(left, op, right)
        if op in _FLIPPED and _is_literal(left) and not _is_literal(right):
            # Linters want the literal to the right, and type checkers narrow the left.
            left, op, right = right, _FLIPPED[op], left
        return _comparison(self.piece(left), op, self.piece(right))

    def _helper(self, left: Expr, op: CompareOp, right: Expr) -> _Piece:
        helper = _COMPARE_HELPER[_POSITIVE.get(op, op)]
        piece = self.call(helper, self.piece(left).text, self.piece(right).text)
        return _negation(piece) if op in _POSITIVE else piece

    def _collapses(self, expr: Expr) -> bool:
        """Whether less is left of it, perhaps a name that the check did not see."""
        match expr:
            case IfElse(condition=condition):
                return self.certain(condition) is not None
            case And(operands=operands) | Or(operands=operands):
                return any(self.certain(operand) is not None for operand in operands)
            case _:
                return False

    def _reduced(self, expr: Expr) -> Expr:
        """The literal that stands for a condition that need not be asked."""
        answer = self.certain(expr)
        return expr if answer is None else Literal(answer, expr.offset, expr.length)

    def _arith(self, expr: Arith) -> _Piece:
        left, right = self.piece(expr.left), self.piece(expr.right)
        if self.is_dynamic(expr.left) or self.is_dynamic(expr.right):
            return self.call(_ARITH_HELPER[expr.op], left.text, right.text)
        level = ARITH_LEVEL[expr.op]
        text = f"{left.at(level)} {expr.op.value} {right.at(Level(level + 1))}"
        return _Piece(text, level)

    def _call(self, expr: Call) -> _Piece:
        if expr.function == "contains":
            return self._contains(expr)
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

    def _contains(self, expr: Call) -> _Piece:
        whole, part = expr.args
        outer, inner = self.piece(whole), self.piece(part)
        opaque = expr in self._typed.answers or self._collapses(part)
        if opaque or self.is_dynamic(whole) or self.is_dynamic(part):
            return self.call("_contains", outer.text, inner.text)
        return _comparison(inner, CompareOp.IN, outer)


def _comparison(left: _Piece, op: CompareOp, right: _Piece) -> _Piece:
    sides = left.at(Level.SUM), right.at(Level.SUM)
    opposite = None
    if op in _OPPOSITE:
        text = f"{sides[0]} {_OPPOSITE[op].value} {sides[1]}"
        opposite = _Piece(text, Level.COMPARE)
    return _Piece(f"{sides[0]} {op.value} {sides[1]}", Level.COMPARE, opposite)


def _negation(piece: _Piece) -> _Piece:
    if piece.opposite is not None:
        return piece.opposite._replace(opposite=piece)
    return _Piece(f"not {piece.at(Level.NOT)}", Level.NOT, piece)


def _after(first: _Piece, then: str) -> _Piece:
    """The value of `then`, once `first` has been evaluated: it may raise."""
    return _Piece(f"({first.text}, {then})[1]", Level.ATOM)


def _is_literal(expr: Expr) -> bool:
    """Whether the operand is made of literals alone."""
    match expr:
        case Literal():
            return True
        case Negate(operand=operand):
            return _is_literal(operand)
        case Arith(left=left, right=right):
            return _is_literal(left) and _is_literal(right)
        case _:
            return False


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

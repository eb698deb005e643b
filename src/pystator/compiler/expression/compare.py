"""The rules of comparisons, and what is known once one has been decided.

    x is not None        when true, x is not null
    status in ("a", "b") when true, status is one of the two and not null

A comparison whose answer is certain shows nothing: it is not asked at run time, since
type checkers refuse it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.expression.facts import (
    Facts,
    non_null,
    null_only,
    only,
    without,
)
from pystator.compiler.expression.faults import Faults, Operand, show
from pystator.compiler.expression.scope import article
from pystator.compiler.expression.shape import (
    Family,
    Shape,
    declared,
    family,
    join,
    of_literal,
    overlap,
)
from pystator.compiler.expression.tree import (
    Compare,
    CompareOp,
    Expr,
    Literal,
    Name,
    Tuple,
)
from pystator.compiler.ir.types import Kind, Type

_ORDERED: Final = (Family.NUMBER, Family.TEXT, Family.DATETIME)
_ATOMIC: Final = (*_ORDERED, Family.BOOLEAN)
_NEGATIVE: Final = (CompareOp.NE, CompareOp.NOT_IN, CompareOp.IS_NOT)


@dataclass(frozen=True, slots=True)
class Decided:
    """The facts after a condition held and after it did not; None is "never"."""

    when_true: Facts | None
    when_false: Facts | None

    @property
    def answer(self) -> bool | None:
        """The answer, where it is certain."""
        if self.when_true is None:
            return False
        return True if self.when_false is None else None


def compare(
    expr: Compare,
    op: CompareOp,
    left: Operand,
    right: Operand,
    facts: Facts,
    faults: Faults,
) -> Decided:
    """Check `left op right`, which is `expr`."""
    undecided = Decided(facts, facts)
    match op:
        case CompareOp.LT | CompareOp.LE | CompareOp.GT | CompareOp.GE:
            _order(expr, left, right, faults)
            return undecided
        case CompareOp.IN | CompareOp.NOT_IN:
            decided = membership(expr, left, right, facts, faults)
        case _ if is_null(left) or is_null(right):
            tested = left if is_null(right) else right
            decided = _null_test(tested, facts)
        case _:
            decided = _equality(expr, left, right, facts, faults)
    if op in _NEGATIVE:
        return Decided(decided.when_false, decided.when_true)
    return decided


def remark(
    expr: Expr,
    op: CompareOp,
    left: Operand,
    right: Operand,
    answer: bool,
    faults: Faults,
) -> None:
    """Note that `left op right`, which is `expr`, always has this answer."""
    always = "always" if answer is not (op in _NEGATIVE) else "never"
    if is_null(left) or is_null(right):
        tested = left if is_null(right) else right
        message = f"{show(tested.expr)} is {always} null here"
        help = "leave the test out"
        if always == "never" and isinstance(tested.expr, Name):
            help = "make its type optional, or leave the test out"
        faults.note(tested.expr, message, help)
    elif op in (CompareOp.IN, CompareOp.NOT_IN):
        message = f"{show(left.expr)} is {always} in {show(right.expr)} here"
        faults.note(expr, message)
    else:
        word = "true" if answer else "false"
        faults.note(expr, f"{show(expr)} is always {word} here")


def is_null(operand: Operand) -> bool:
    """Whether the operand is the literal."""
    return isinstance(operand.expr, Literal) and operand.expr.value is None


def _order(expr: Compare, left: Operand, right: Operand, faults: Faults) -> None:
    present = [faults.present(side) for side in (left, right)]
    if not all(present):
        return
    for side in (left, right):
        if family(side.shape.type) not in (*_ORDERED, Family.DYNAMIC):
            faults.needs(side, "only numbers, strings and datetimes have an order")
            return
    _same_family(expr, left, right, faults)


def _same_family(expr: Compare, left: Operand, right: Operand, faults: Faults) -> bool:
    families = {family(left.shape.type), family(right.shape.type)}
    if len(families) == 1 or Family.DYNAMIC in families:
        return True
    faults.add(
        expr,
        f"{show(left.expr)} is {article(left.shape.type)} and {show(right.expr)} is"
        f" {article(right.shape.type)}: they cannot be compared",
    )
    return False


def _null_test(tested: Operand, facts: Facts) -> Decided:
    if tested.shape.type.kind is Kind.DYNAMIC:
        return Decided(facts, facts)
    return Decided(
        _with(facts, tested, null_only(tested.shape)),
        _with(facts, tested, non_null(tested.shape)),
    )


def _equality(
    expr: Compare,
    left: Operand,
    right: Operand,
    facts: Facts,
    faults: Faults,
) -> Decided:
    undecided = Decided(facts, facts)
    for side in (left, right):
        if family(side.shape.type) not in (*_ATOMIC, Family.NONE, Family.DYNAMIC):
            what = "only numbers, strings, booleans and datetimes can be compared"
            faults.needs(side, what)
            return undecided
    null = Kind.NONE in (left.shape.type.kind, right.shape.type.kind)
    if not null and not _same_family(expr, left, right, faults):
        return undecided
    if not overlap(left.shape, right.shape):
        if _misspelt(left, right, faults) or _misspelt(right, left, faults):
            return undecided
        return Decided(None, facts)
    when_true: Facts | None = facts
    when_false: Facts | None = facts
    for side, other in ((left, right), (right, left)):
        if when_true is not None:
            when_true = _with(when_true, side, _equal(side, other))
        values = other.shape.values
        if when_false is None or values is None or len(values) != 1 or other.shape.null:
            continue
        when_false = _with(when_false, side, without(side.shape, values))
    return Decided(when_true, when_false)


def _equal(side: Operand, other: Operand) -> Shape | None:
    """The shape of one side where it equals the other."""
    shape, values = side.shape, other.shape.values
    if Kind.DYNAMIC in (shape.type.kind, other.shape.type.kind):
        return shape
    if shape.null and other.shape.null:
        if shape.values is None or values is None:
            return shape if values is None else replace(shape, values=values)
        return replace(shape, values=shape.values & values)
    equal = non_null(shape) if values is None else only(shape, values)
    # Type checkers are only sure to know the value of a literal.
    if equal is None or (values is not None and isinstance(other.expr, Literal)):
        return equal
    return replace(equal, type=shape.type)


def membership(
    expr: Expr,
    item: Operand,
    container: Operand,
    facts: Facts,
    faults: Faults,
) -> Decided:
    """Check that `item` can be in `container`, a literal tuple or a list."""
    undecided = Decided(facts, facts)
    if family(item.shape.type) not in (*_ATOMIC, Family.DYNAMIC):
        what = "only numbers, strings, booleans and datetimes can be looked for"
        faults.needs(item, what)
        return undecided
    unknown = family(item.shape.type) is Family.DYNAMIC
    if unknown and isinstance(container.expr, Tuple):
        return undecided
    inside = _inside(container, faults)
    if inside is None or inside.type.kind is Kind.DYNAMIC or unknown:
        return undecided
    if family(item.shape.type) is not family(inside.type):
        faults.add(
            expr,
            f"{show(item.expr)} is {article(item.shape.type)} and"
            f" {show(container.expr)} holds {family(inside.type).value}",
        )
        return undecided
    if isinstance(container.expr, Tuple):
        literals = [
            Operand(literal, of_literal(literal.value), None)
            for literal in container.expr.items
        ]
        if any([_misspelt(literal, item, faults) for literal in literals]):
            return undecided
    elif _misspelt(item, Operand(container.expr, inside, None), faults):
        return undecided
    if not overlap(item.shape, inside):
        return Decided(None, facts)
    found: Shape | None = item.shape
    if not inside.type.optional:
        found = non_null(item.shape)
        if inside.values is not None:
            found = only(item.shape, inside.values)
    missing: Shape | None = item.shape
    if isinstance(container.expr, Tuple) and inside.values is not None:
        missing = without(item.shape, inside.values)
    return Decided(_with(facts, item, found), _with(facts, item, missing))


def _inside(container: Operand, faults: Faults) -> Shape | None:
    """The shape of what the container holds; None where it is no container."""
    if isinstance(container.expr, Tuple):
        shapes = [of_literal(item.value) for item in container.expr.items]
        whole: Shape | None = shapes[0]
        for literal, shape in zip(container.expr.items, shapes, strict=True):
            whole = None if whole is None else join(whole, shape)
            if whole is None:
                faults.add(literal, "a tuple holds values of one type")
                return None
        return whole
    type = container.shape.type
    if type.kind is Kind.DYNAMIC:
        return declared(type)
    if type.kind is Kind.LIST:
        present = faults.present(container)
        element = Type(Kind.DYNAMIC) if type.element is None else type.element
        return declared(element) if present else None
    help = "write the literals in a tuple, `(1, 2)` or `(1,)`"
    if family(type) is Family.TEXT:
        help = "for a part of a string write `contains(text, part)`"
    faults.needs(container, "`in` needs a tuple of literals or a list", help)
    return None


def _misspelt(literal: Operand, other: Operand, faults: Faults) -> bool:
    """Report a string literal that is no value of the enum it is compared with."""
    type = other.shape.type
    if not isinstance(literal.expr, Literal) or isinstance(other.expr, Literal):
        return False
    value = literal.expr.value
    if type.kind is not Kind.ENUM or not isinstance(value, str) or value in type.values:
        return False
    faults.add(
        literal.expr,
        f"{quoted(value)} is not a value of {show(other.expr)}",
        *(
            did_you_mean(value, type.values)
            or (f"its values are {', '.join(quoted(text) for text in type.values)}",)
        ),
    )
    return True


def _with(facts: Facts, operand: Operand, shape: Shape | None) -> Facts | None:
    if shape is None:
        return None
    if operand.key is None or shape == operand.shape:
        return facts
    return {**facts, operand.key: shape}

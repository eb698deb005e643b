"""What the place of an expression wants, and whether the expression gives it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.faults import Faults, Operand, show
from pystator.compiler.expression.scope import article
from pystator.compiler.expression.shape import BOOLEAN, Shape, assignable
from pystator.compiler.expression.tree import Expr
from pystator.compiler.ir.types import Kind, Type

# What a value of unknown type can be turned into when the expression runs.
_CHECKED_AT_RUN_TIME: Final = (
    Kind.BOOLEAN,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.STRING,
    Kind.DYNAMIC,
)


def expect(expr: Expr, type: Type, expected: Type, faults: Faults) -> None:
    """Report an expression of a type that is not, and does not become, `expected`."""
    if type.kind is Kind.DYNAMIC:
        if expected.optional or expected.kind not in _CHECKED_AT_RUN_TIME:
            what = f"{article(expected)} is needed"
            faults.add(expr, f"the type of {show(expr)} is not known: {what}")
    elif not assignable(type, expected):
        what = f"{show(expr)} is {article(type)}"
        present = replace(type, optional=False)
        if type.optional and assignable(present, expected):
            faults.present(Operand(expr, Shape(type), None))
            return
        if type.kind is Kind.ENUM and expected.kind is Kind.ENUM:
            wrong = [value for value in type.values if value not in expected.values]
            what = f"{quoted(wrong[0])} is not one of the values"
        help = ("compare it with something",) if expected == BOOLEAN else ()
        faults.add(expr, f"{what}, and {article(expected)} is needed", *help)

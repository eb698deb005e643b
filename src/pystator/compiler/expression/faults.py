"""The faults of one expression, gathered: a rule reports and goes on.

A node with a fault is taken to be of unknown type from then on, so that one fault is
told once. What is legal and yet surely not meant is a note.
"""

from __future__ import annotations

from typing import NamedTuple

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.facts import Key
from pystator.compiler.expression.scope import article
from pystator.compiler.expression.shape import Shape, nullable
from pystator.compiler.expression.tree import Expr


class Operand(NamedTuple):
    """A part of the expression and what is known of it; `key` where it is a name."""

    expr: Expr
    shape: Shape
    key: Key | None


class Faults:
    """`dead` is set in a part that is never evaluated: what tests would have shown is
    not known there, so that null is no fault, and nothing is worth a note.
    """

    def __init__(self) -> None:
        self.errors: list[ExpressionError] = []
        self.notes: list[ExpressionError] = []
        self.dead = False

    def add(self, expr: Expr, message: str, *help: str) -> None:
        self.errors.append(ExpressionError(message, expr.offset, expr.length, help))

    def note(self, expr: Expr, message: str, *help: str) -> None:
        if not self.dead:
            self.notes.append(ExpressionError(message, expr.offset, expr.length, help))

    def needs(self, operand: Operand, what: str, *help: str) -> None:
        """Report an operand of a wrong type."""
        type = article(operand.shape.type)
        self.add(operand.expr, f"{what}, and {show(operand.expr)} is {type}", *help)

    def present(self, operand: Operand) -> bool:
        """Whether the operand is never null; reported where it may be."""
        if self.dead or not nullable(operand.shape.type):
            return True
        shown = show(operand.expr)
        self.add(
            operand.expr,
            f"{shown} may be null here",
            "test it with `is not None` first, in the same expression",
        )
        return False


def show(expr: Expr) -> str:
    return quoted(canonical(expr))

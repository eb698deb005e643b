"""Guards whose answer stands in the definition, through the combinators."""

from __future__ import annotations

from pystator.compiler.expression.constant import constant
from pystator.compiler.ir.machine import AllOf, AnyOf, Condition, Guard, Not


def folded(guard: Guard) -> bool | None:
    """The answer that the guard gives whatever the values are; None if it depends."""
    match guard:
        case Condition(expr):
            return constant(expr)
        case Not(inner):
            answer = folded(inner)
            return None if answer is None else not answer
        case AllOf(guards):
            answers = [folded(inner) for inner in guards]
            return False if False in answers else None if None in answers else True
        case AnyOf(guards):
            answers = [folded(inner) for inner in guards]
            return True if True in answers else None if None in answers else False
        case _:
            return None

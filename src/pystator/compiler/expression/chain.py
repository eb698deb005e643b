"""What a chain of comparisons shows: `"a" == x == y` tells of both names.

Not every type checker narrows by a chain, so the types stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pystator.compiler.expression.compare import compare
from pystator.compiler.expression.facts import Facts, Key, soften
from pystator.compiler.expression.faults import Faults, Operand
from pystator.compiler.expression.shape import Shape
from pystator.compiler.expression.tree import Compare, CompareOp


class Link(NamedTuple):
    """One comparison of a chain, and what is known of its sides before it."""

    expr: Compare
    op: CompareOp
    left: Operand
    right: Operand


def chain_facts(
    links: Sequence[Link], facts: Facts, declared: Mapping[Key, Shape]
) -> Facts | None:
    """The facts where every link holds; None where that cannot be.

    Each link is asked again with what the others have shown, forwards and back.
    """
    shown = facts
    for expr, op, left, right in (*links, *reversed(links)):
        decided = compare(
            expr, op, _known(left, shown), _known(right, shown), shown, Faults()
        )
        after = soften(decided.when_true, facts, declared)
        if after is None:
            return None
        shown = after
    return shown


def _known(side: Operand, facts: Facts) -> Operand:
    if side.key is None:
        return side
    return side._replace(shape=facts.get(side.key, side.shape))

"""What tests have shown of the names, on the way to a part of the expression.

    x is not None and ...   the type of x is no longer optional
    x in (1, 2) and ...     and the values of x are 1 and 2

Facts that are None belong to a way that is never taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from pystator.compiler.expression.shape import NONE, NULL, Shape, Values, join
from pystator.compiler.expression.tree import Scope

Key: TypeAlias = tuple[Scope, tuple[str, ...]]

Facts: TypeAlias = Mapping[Key, Shape]
"""Names that are known better than their declaration says."""


def join_facts(left: Facts | None, right: Facts | None) -> Facts | None:
    """What holds after either of two ways."""
    if left is None or right is None:
        return left if right is None else right
    if left is right:
        return left
    joined: dict[Key, Shape] = {}
    for key, shape in left.items():
        other = right.get(key)
        both = None if other is None else join(shape, other)
        if both is not None:
            joined[key] = both
    return joined


def soften(
    after: Facts | None, before: Facts, declared: Mapping[Key, Shape]
) -> Facts | None:
    """The facts, with the types as they were: for what not every checker narrows."""
    if after is None:
        return None
    return {
        key: replace(shape, type=before.get(key, declared[key]).type)
        for key, shape in after.items()
    }


def null_only(shape: Shape) -> Shape | None:
    """The shape where the value is null; None where it never is."""
    return NULL if shape.null else None


def non_null(shape: Shape) -> Shape | None:
    """The shape where the value is not null; None where it always is."""
    if shape.type == NONE or shape.values == frozenset():
        return None
    return replace(shape, type=replace(shape.type, optional=False), null=False)


def only(shape: Shape, values: Values) -> Shape | None:
    """The shape where the value is one of `values`; None if it cannot be."""
    present = non_null(shape)
    if present is None:
        return None
    kept = values if present.values is None else present.values & values
    return replace(present, values=kept) if kept else None


def without(shape: Shape, values: Values) -> Shape | None:
    """The shape where the value is none of `values`; None if it must be."""
    if shape.values is None:
        return shape
    kept = shape.values - values
    return replace(shape, values=kept) if kept or shape.null else None

"""What a guard of the tables is made of."""

from __future__ import annotations

from collections.abc import Iterator

from pystator.kernel import AllOf, AnyOf, Asked, Guard, InState, Not


def parts_of(guard: Guard) -> Iterator[Asked | InState]:
    """Its conditions and the states that it asks for, without the combinators."""
    match guard:
        case Not(inner):
            yield from parts_of(inner)
        case AllOf(guards) | AnyOf(guards):
            for part in guards:
                yield from parts_of(part)
        case _:
            yield guard


def conditions_in(guard: Guard) -> Iterator[int]:
    for part in parts_of(guard):
        if isinstance(part, Asked):
            yield part.condition


def states_in(guard: Guard) -> Iterator[int]:
    for part in parts_of(guard):
        if isinstance(part, InState):
            yield part.state

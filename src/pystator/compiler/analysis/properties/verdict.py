"""What comes out of checking one property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pystator.compiler.analysis.properties.graph import Edge


@dataclass(frozen=True, slots=True)
class Holds:
    """Of all runs, as far as they are told apart."""


@dataclass(frozen=True, slots=True)
class Fails:
    """The steps from the start on, and then perhaps those that go round for ever.

    `way` is empty where no run shows it, because there is none.
    """

    way: tuple[Edge, ...] = ()
    circle: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """Where there is too much to follow, or `variables` are not known.

    `way` would decide it if all its conditions can hold.
    """

    variables: tuple[str, ...] = ()
    way: tuple[Edge, ...] = ()


Verdict: TypeAlias = Holds | Fails | Undecided

"""Names of other notations -> names of our grammar, each once.

"wait for it!"  ->  wait_for_it_        (and `wait_for_it__2` for the next such)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.source.fields import NAME_LIMIT

_OUTSIDE = re.compile(r"[^A-Za-z0-9_.:-]")
_START = re.compile(r"[A-Za-z_]")


@dataclass(slots=True)
class Naming:
    """The names of one kind (`what`), in the order in which they are asked for."""

    what: str
    notes: Notes
    taken: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)

    def name(self, wanted: str, span: Span) -> str:
        """A name that is not taken yet; told if it is not the one wanted."""
        found = self.free(wanted)
        if found != wanted:
            message = f"the {self.what} {quoted(wanted)} became {quoted(found)}"
            self.notes.renamed(span, message)
        return found

    def free(self, wanted: str) -> str:
        """A name like `wanted` that is not taken; it is from now on."""
        base = fitted(wanted)
        found, number = base, self._numbers.get(base, 1)
        while found in self.taken:
            number += 1
            ending = f"_{number}"
            found = base[: NAME_LIMIT - len(ending)] + ending
        self._numbers[base] = number
        self.taken.add(found)
        return found


def fitted(wanted: str) -> str:
    """The nearest text that is a name."""
    name = _OUTSIDE.sub("_", wanted)
    if not _START.match(name):
        name = f"_{name}"
    return name[:NAME_LIMIT]

"""What `dump` and `graph` make of a definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pystator.compiler.emit.diagrams.dot import render_dot
from pystator.compiler.emit.diagrams.json import render_json
from pystator.compiler.emit.diagrams.mermaid import render_mermaid
from pystator.compiler.flatten.pprint import print_tables
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.pprint import print_machine
from pystator.compiler.pipeline import check

VIEWS: Final[dict[str, Callable[[Flat], str]]] = {
    "txt": lambda flat: print_machine(flat.machine) + print_tables(flat),
    "mmd": lambda flat: render_mermaid(flat.machine),
    "dot": lambda flat: render_dot(flat.machine),
    "json": lambda flat: render_json(flat.machine),
}
"""By the ending of the file in `expected/`."""


def flat_of(text: str | bytes) -> Flat | None:
    """None where the definition has errors."""
    return check(text, "machine.yaml").flat

"""The checks of what a machine does, over its cells, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pystator.compiler.analysis.cycles import check_cycles
from pystator.compiler.analysis.expressions import check_reached_expressions
from pystator.compiler.analysis.reach import check_reach
from pystator.compiler.analysis.taken import check_taken
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat

CHECKS: Final[tuple[Callable[[Flat, Cells, Report], None], ...]] = (
    check_cycles,
    check_reached_expressions,
    check_reach,
    check_taken,
)


def check_cells(flat: Flat, cells: Cells, report: Report) -> None:
    for check in CHECKS:
        check(flat, cells, report)

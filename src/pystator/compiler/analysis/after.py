"""The checks of what a machine does, over its cells, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pystator.compiler.analysis.choices import check_choices
from pystator.compiler.analysis.completion import check_completions
from pystator.compiler.analysis.conflicts import check_conflicts
from pystator.compiler.analysis.cycles import check_cycles
from pystator.compiler.analysis.expressions import check_reached_expressions
from pystator.compiler.analysis.known import Known
from pystator.compiler.analysis.passing import check_passing
from pystator.compiler.analysis.reach import check_reach
from pystator.compiler.analysis.taken import check_taken
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat
from pystator.compiler.ir.scope import Expressions

CHECKS: Final[tuple[Callable[[Flat, Known, Report], None], ...]] = (
    check_choices,
    check_cycles,
    check_reach,
    check_taken,
    check_completions,
    check_passing,
    check_conflicts,
)


def check_cells(
    flat: Flat, cells: Cells, expressions: Expressions, report: Report
) -> bool:
    """Whether all steps are known; else what never happens was judged by the tree."""
    check_reached_expressions(flat, cells, expressions, report)
    known = Known(flat, cells)
    for check in CHECKS:
        check(flat, known, report)
    if flat.machine.properties:
        # few machines have any, and what follows all runs takes a while to import
        from pystator.compiler.analysis.properties.check import check_properties

        check_properties(flat, expressions, report)
    return known.complete

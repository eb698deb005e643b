"""Checks of what a machine does, over its cells."""

from __future__ import annotations
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.tables import Flat


def check_cells(flat: Flat, cells: Cells, report: Report) -> None:
    pass

"""The checks of a machine by itself, in order. Each is a function of one concern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pystator.compiler.analysis.calls import check_parameters
from pystator.compiler.analysis.effects import check_effects, check_merges
from pystator.compiler.analysis.expressions import check_expressions
from pystator.compiler.analysis.guards import check_constant_guards
from pystator.compiler.analysis.internal import check_internal
from pystator.compiler.analysis.properties.names import check_property_names
from pystator.compiler.analysis.raised import check_raised
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.ir.machine import Machine
from pystator.compiler.ir.scope import Expressions

CHECKS: Final[tuple[Callable[[Machine, Report], None], ...]] = (
    check_internal,
    check_merges,
    check_constant_guards,
    check_effects,
    check_parameters,
    check_raised,
)


def check_machine(expressions: Expressions, report: Report) -> None:
    for check in CHECKS:
        check(expressions.machine, report)
    check_expressions(expressions, report)
    check_property_names(expressions, report)

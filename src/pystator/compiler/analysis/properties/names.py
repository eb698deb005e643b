"""Names and types of the conditions of properties."""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.expression.check import Typed
from pystator.compiler.expression.constant import constant
from pystator.compiler.ir.machine import Invariant
from pystator.compiler.ir.scope import Expressions


def check_property_names(expressions: Expressions, report: Report) -> None:
    for each in expressions.machine.properties:
        if not isinstance(each.claim, Invariant):
            continue
        condition = each.claim.condition
        found = expressions.check_property(condition)
        if not isinstance(found, Typed):
            code, errors = "PS0502", found
        elif constant(condition.expr) is None:
            code, errors = "PS0508", found.notes
        else:
            continue
        for error in errors:
            span = condition.source.part(error.offset, error.length)
            report.add(diagnostic(code, error.message, span, help=error.help))

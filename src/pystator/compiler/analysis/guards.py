"""Inline guards whose answer stands in their text."""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.constant import constant
from pystator.compiler.ir.machine import Condition, Machine
from pystator.compiler.ir.walk import leaves_of


def check_constant_guards(machine: Machine, report: Report) -> None:
    faulty = {d.primary.line for d in report if d.code == "PS0502"}
    for transition in machine.transitions:
        for guard in leaves_of(transition.guards):
            if not isinstance(guard, Condition) or guard.source.span.line in faulty:
                continue
            if constant(guard.expr) is False:
                report.add(
                    diagnostic(
                        "PS0504",
                        f"the guard {quoted(guard.text)} never holds",
                        guard.source.span,
                        help=("correct the expression, or remove the transition",),
                    )
                )

"""Guards that never hold."""

from __future__ import annotations

from pystator.compiler.analysis.folding import folded
from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.ir.machine import Condition, Machine
from pystator.compiler.ir.walk import leaves_of


def check_constant_guards(machine: Machine, report: Report) -> None:
    """One diagnostic for each guard as written, at its first inline part."""
    faulty = {d.primary.line for d in report if d.code == "PS0502"}
    for transition in machine.transitions:
        for guard in transition.guards:
            parts = [g for g in leaves_of((guard,)) if isinstance(g, Condition)]
            if not parts or parts[0].source.span.line in faulty:
                continue
            if folded(guard) is False:
                report.add(
                    diagnostic(
                        "PS0504",
                        "this guard never holds",
                        parts[0].source.span,
                        label="whatever the values are",
                        help=("correct the expression, or remove the transition",),
                    )
                )

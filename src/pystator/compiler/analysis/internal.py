"""An internal transition keeps its source only if it stays inside it."""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.flatten.domain import is_inner
from pystator.compiler.ir.machine import Machine


def check_internal(machine: Machine, report: Report) -> None:
    for transition in machine.transitions:
        if not transition.internal or not transition.targets:
            continue
        if is_inner(machine, transition):
            continue
        state = machine.states[transition.source]
        source, target = state.name, transition.targets[0].name
        cures = "remove `internal: true` or `dest`"
        if state.children:
            cures += f", or choose a state inside {quoted(source)}"
        report.add(
            diagnostic(
                "PS0308",
                f"`internal` has no effect: {quoted(target)} is not inside "
                f"{quoted(source)}",
                transition.source_span,
                label="is left as by an external transition",
                help=(cures,),
            )
        )

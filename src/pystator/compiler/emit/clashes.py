"""Names that Python cannot tell apart, as faults of the definition."""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.emit.names import PARAMETERS, name_all, snake
from pystator.compiler.ir.machine import Machine, NamedAction, NamedGuard
from pystator.compiler.ir.walk import named_actions, named_guards


def check_names(machine: Machine, report: Report) -> None:
    for clash in name_all(machine).clashes:
        report.add(
            diagnostic(
                "PS0601",
                f"{clash.kind}s {quoted(clash.first)} and {quoted(clash.second)} "
                "become one name in Python",
                clash.second.span,
                label=f"both become {quoted(clash.identifier)}",
                secondary=(Label(clash.first.span, "the other one"),),
                help=("rename one of them",),
            )
        )
    calls: list[NamedGuard | NamedAction] = [*named_guards(machine)]
    for call in [*calls, *named_actions(machine)]:
        given: dict[str, str] = {}
        for key, _ in call.params:
            name = snake(key, PARAMETERS)
            other = given.setdefault(name, key)
            if other != key:
                report.add(
                    diagnostic(
                        "PS0601",
                        f"parameters {quoted(other)} and {quoted(key)} of "
                        f"{quoted(call.name)} become one name in Python",
                        call.name.span,
                        label=f"both become {quoted(name)}",
                        help=("rename one of them",),
                    )
                )

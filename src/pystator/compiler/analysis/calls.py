"""One name, one signature: a guard or action has the same parameters everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.machine import Machine, NamedAction, NamedGuard
from pystator.compiler.ir.walk import named_actions, named_guards


def check_parameters(machine: Machine, report: Report) -> None:
    _check("guard", named_guards(machine), report)
    _check("action", named_actions(machine), report)


def _check(
    kind: str, calls: Iterable[NamedGuard | NamedAction], report: Report
) -> None:
    firsts: dict[str, NamedGuard | NamedAction] = {}
    for call in calls:
        first = firsts.setdefault(call.name, call)
        expected = {key for key, _ in first.params}
        given = {key for key, _ in call.params}
        if expected == given:
            continue
        report.add(
            diagnostic(
                "PS0505",
                f"{kind} {quoted(call.name)} is called with {_keys(given)} here, "
                f"but with {_keys(expected)} elsewhere",
                call.name.span,
                secondary=(Label(first.name.span, f"called with {_keys(expected)}"),),
                help=("give every call the same parameter keys",),
            )
        )


def _keys(keys: set[str]) -> str:
    return ", ".join(map(quoted, sorted(keys))) if keys else "no parameters"

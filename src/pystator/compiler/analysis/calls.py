"""One name, one signature: a guard or action has the same parameters everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
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
        expected = tuple(sorted(key for key, _ in first.params))
        given = tuple(sorted(key for key, _ in call.params))
        if expected == given:
            continue
        report.add(
            diagnostic(
                "PS0505",
                f"{kind} {quoted(call.name)} is called with {_keys(given)} here, but "
                f"with {_listed(expected)} elsewhere",
                call.name.span,
                secondary=(Label(first.name.span, f"called with {_keys(expected)}"),),
                help=_slip(given, expected)
                or ("give every call the same parameters, or use two names",),
            )
        )


def _slip(given: tuple[str, ...], expected: tuple[str, ...]) -> tuple[str, ...]:
    """The help if one key of each differs and the two look alike."""
    odd = [key for key in given if key not in expected]
    missing = [key for key in expected if key not in given]
    return did_you_mean(odd[0], missing) if len(odd) == len(missing) == 1 else ()


def _keys(keys: tuple[str, ...]) -> str:
    if not keys:
        return "no parameters"
    return f"the parameter{'s' if len(keys) > 1 else ''} {_listed(keys)}"


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, keys)) or "none"

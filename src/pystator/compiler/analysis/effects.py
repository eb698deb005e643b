"""Effects against the variables they change: every one is total once it is accepted."""

from __future__ import annotations

from dataclasses import replace

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.fit import misfit
from pystator.compiler.ir.machine import (
    Action,
    Add,
    Append,
    Clear,
    Field,
    Machine,
    NamedAction,
    SetEffect,
    Timestamp,
)
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.ir.walk import all_actions
from pystator.compiler.source.text import Text, Value


def check_effects(machine: Machine, report: Report) -> None:
    """With a dynamic context nothing is known before the effect is met."""
    if machine.variables is None:
        return
    variables = {str(variable.name): variable for variable in machine.variables}
    for action in all_actions(machine):
        for name in _fields(action):
            variable = variables.get(name)
            if variable is None:
                report.add(_unknown(name, variables))
            else:
                _check(action, name, variable, report)


def _fields(action: Action) -> tuple[Text, ...]:
    match action:
        case NamedAction():
            return ()
        case SetEffect(assignments):
            return tuple(assign.field for assign in assignments)
        case _:
            return (action.field,)


def _unknown(name: Text, variables: dict[str, Field]) -> Diagnostic:
    return diagnostic(
        "PS0204",
        f"unknown state variable {quoted(name)}",
        name.span,
        label="not among `state_variables`",
        help=did_you_mean(name, variables)
        or (f"declare {quoted(name)} under `state_variables`",),
    )


def _check(action: Action, name: Text, variable: Field, report: Report) -> None:
    type = variable.type
    if type.kind is Kind.DYNAMIC:
        return
    match action:
        case SetEffect(assignments):
            for assign in assignments:
                if assign.field is name and isinstance(assign.value, Value):
                    why = misfit(assign.value.data, type)
                    if why is not None:
                        _report(name, variable, assign.value.span, why, report)
        case Timestamp():
            if type.kind not in (Kind.DATETIME, Kind.STRING):
                why = "a timestamp needs a datetime or a string"
                _report(name, variable, name.span, why, report)
        case Add():
            if type.kind not in (Kind.INTEGER, Kind.NUMBER):
                why = "only an integer or a number can be counted"
                _report(name, variable, name.span, why, report)
            elif type.optional:
                _report_optional(name, variable, "0", report)
        case Append(_, value):
            if type.kind is not Kind.LIST:
                _report(name, variable, name.span, "it is no list", report)
            elif type.optional:
                _report_optional(name, variable, "[]", report)
            elif type.element is not None and isinstance(value, Value):
                why = misfit(value.data, type.element)
                if why is not None:
                    _report(name, variable, value.span, why, report)
        case Clear():
            if variable.required and not type.optional:
                why = "it is required, so it cannot be empty"
                _report(name, variable, name.span, why, report)
        case NamedAction():
            raise AssertionError("a named action has no fields")


def _report(name: Text, variable: Field, span: Span, why: str, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0503",
            f"the effect does not fit {quoted(name)}, which is of type "
            f"`{variable.type}`",
            span,
            label=why,
            secondary=(Label(variable.name.span, "declared here"),),
        )
    )


def _report_optional(name: Text, variable: Field, default: str, report: Report) -> None:
    report.add(
        diagnostic(
            "PS0503",
            f"{quoted(name)} may be null when the effect is reached",
            name.span,
            label=f"its type is `{variable.type}`",
            secondary=(Label(variable.name.span, "declared here"),),
            help=(
                f"give it a type without `?`, and `default: {default}` or "
                "`required: true`",
            ),
        )
    )


def check_merges(machine: Machine, report: Report) -> None:
    """A payload field with the name of a variable must be a value of its type."""
    variables = {str(variable.name): variable for variable in machine.variables or ()}
    for event in machine.events:
        for field in event.payload or ():
            variable = variables.get(field.name)
            if variable is None or holds(variable.type, field.type):
                continue
            report.add(
                diagnostic(
                    "PS0507",
                    f"payload field {quoted(field.name)} of {quoted(event.name)} is of "
                    f"type `{field.type}`, the state variable of type "
                    f"`{variable.type}`",
                    field.name.span,
                    label="merged into the variable when the event is taken",
                    secondary=(Label(variable.name.span, "the variable"),),
                    help=("give both the same type, or one of them another name",),
                )
            )


def holds(variable: Type, value: Type) -> bool:
    """Whether a variable takes every value but null, which changes nothing."""
    if variable.kind is Kind.DYNAMIC:
        return True
    one = replace(variable, optional=False)
    other = replace(value, optional=False)
    match one.kind, other.kind:
        case Kind.NUMBER, Kind.INTEGER:
            return True
        case Kind.STRING, Kind.ENUM:
            return True
        case Kind.ENUM, Kind.ENUM:
            return set(other.values) <= set(one.values)
        case Kind.OBJECT, Kind.OBJECT if one.fields is None:
            return other.fields is None
        case _:
            return one == other

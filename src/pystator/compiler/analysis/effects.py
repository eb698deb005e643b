"""Effects against the variables they change: every one is total once it is accepted."""

from __future__ import annotations

from dataclasses import replace

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean
from pystator.compiler.ir.fit import cure, misfit
from pystator.compiler.ir.machine import (
    Action,
    Add,
    Append,
    Clear,
    Field,
    Machine,
    NamedAction,
    Raise,
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
        case NamedAction() | Raise():
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
        help=(
            *did_you_mean(name, variables),
            f"declare {quoted(name)} under `state_variables`",
        ),
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
                        span, data = assign.value.span, assign.value.data
                        help = _no_datetime(type) or cure(data, type)
                        _report(name, variable, span, why, report, help)
        case Timestamp():
            if type.kind not in (Kind.DATETIME, Kind.STRING):
                why = "`timestamp` needs a datetime or a string"
                _report(name, variable, name.span, why, report)
        case Add(_, amount):
            if type.kind not in (Kind.INTEGER, Kind.NUMBER):
                effect = "increment" if amount > 0 else "decrement"
                why = f"`{effect}` needs an integer or a number"
                _report(name, variable, name.span, why, report)
            elif type.optional:
                why = "null cannot be counted"
                _report_optional(name, variable, why, "0", report)
        case Append(_, value):
            if type.kind is not Kind.LIST:
                _report(name, variable, name.span, "`append` needs a list", report)
            elif type.optional:
                why = "nothing can be appended to null"
                _report_optional(name, variable, why, "[]", report)
            elif type.element is not None and isinstance(value, Value):
                why = misfit(value.data, type.element)
                if why is not None:
                    help = cure(value.data, type.element)
                    _report(name, variable, value.span, why, report, help)
        case Clear():
            if variable.required and not type.optional:
                why = "a required variable cannot be cleared"
                help = ("give it a `default`, or make its type optional",)
                _report(name, variable, name.span, why, report, help)
        case NamedAction():
            raise AssertionError("a named action has no fields")


def _no_datetime(type: Type) -> tuple[str, ...]:
    if type.kind is not Kind.DATETIME:
        return ()
    return ("use `timestamp`, or `expr` with a payload field",)


def _report(
    name: Text,
    variable: Field,
    span: Span,
    why: str,
    report: Report,
    help: tuple[str, ...] = (),
) -> None:
    report.add(
        diagnostic(
            "PS0503",
            f"the effect does not fit {quoted(name)}, which is of type "
            f"`{variable.type}`",
            span,
            label=why,
            secondary=(Label(variable.name.span, "declared here"),),
            help=help,
        )
    )


def _report_optional(
    name: Text, variable: Field, why: str, default: str, report: Report
) -> None:
    """Null comes from a `?` that the author wrote, or from the lack of a default."""
    if variable.required or variable.default is not None:
        reason = f"its type `{variable.type}` allows null"
        help = f"write `{_plain(variable.type)}` instead of `{variable.type}`"
    elif variable.has_default:
        reason = "its default is null"
        help = f"give it `default: {default}`"
    else:
        reason = "neither required nor with a default"
        help = f"give it `default: {default}`, or `required: true`"
    report.add(
        diagnostic(
            "PS0503",
            f"{quoted(name)} may be null when the effect is reached",
            name.span,
            label=why,
            secondary=(Label(variable.name.span, reason),),
            help=(help,),
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
                    f"payload field {quoted(field.name)} of {quoted(event.name)} is "
                    f"`{_plain(field.type)}`, but the state variable "
                    f"{quoted(variable.name)} is `{_plain(variable.type)}`",
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
    one, other = _plain(variable), _plain(value)
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


def _plain(type: Type) -> Type:
    return replace(type, optional=False)

"""State variables and events as written -> as meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.fit import cure, misfit
from pystator.compiler.ir.machine import Event, Field
from pystator.compiler.ir.triggers import Triggers
from pystator.compiler.ir.types import Kind, Type
from pystator.compiler.source.model import EventSource, FieldSource, VariableSource
from pystator.compiler.source.text import Text, Value


def build_variables(
    sources: Iterable[VariableSource] | None, report: Report
) -> tuple[Field, ...] | None:
    """The variables in order; None where none are declared and any may be."""
    if sources is None:
        return None
    fields: dict[str, Field] = {}
    for source in sources:
        if source.key in fields:
            first = fields[source.key].name
            report.add(_twice("state variable", source.key, first))
            continue
        fields[source.key] = _field(
            source.key,
            Type(Kind.DYNAMIC) if source.type is None else source.type.type,
            source.required,
            source.default,
            source.description,
            report,
            None if source.type is None else source.type.span,
        )
    return tuple(fields.values())


def build_events(
    sources: Iterable[EventSource] | None,
    triggers: Iterable[Text],
    names: Triggers,
    report: Report,
) -> tuple[Event, ...]:
    """The declared events, then the other triggers of the transitions as they come."""
    events: dict[str, Event] = {}
    written: dict[str, Text] = {}
    for source in sources or ():
        name = names.known(source.name)
        if name in events:
            again, first = source.name, written[name]
            if again == first:
                report.add(_twice("event", again, first))
            else:
                report.add(names.meeting("event", again, first))
            continue
        written[name] = source.name
        events[name] = Event(
            name, _payload(source.payload, report), True, str(source.description or "")
        )
    names.check_spelling(written.values(), report)
    for trigger in triggers:
        if trigger not in events:
            payload = None if sources is None else ()
            events[trigger] = Event(trigger, payload, False, "")
    return tuple(events.values())


def _payload(sources: Iterable[FieldSource], report: Report) -> tuple[Field, ...]:
    return tuple(
        _field(
            source.name,
            source.type or Type(Kind.DYNAMIC),
            source.required,
            source.default,
            source.description,
            report,
        )
        for source in sources
    )


def _field(
    name: Text,
    type: Type,
    required: bool,
    default: Value | None,
    description: Text | None,
    report: Report,
    type_span: Span | None = None,
) -> Field:
    if default is not None:
        if default.data is None:
            type = _optional(type)
        elif (why := misfit(default.data, type)) is not None:
            report.add(
                diagnostic(
                    "PS0506",
                    f"the default of {quoted(name)} does not fit its type",
                    default.span,
                    label=why,
                    secondary=(
                        () if type_span is None else (Label(type_span, "its type"),)
                    ),
                    help=_no_datetime(type) or cure(default.data, type),
                )
            )
    elif not required:
        type = _optional(type)
    return Field(
        name=name,
        type=type,
        required=required and default is None,
        has_default=default is not None,
        default=None if default is None else default.data,
        description=str(description or ""),
    )


def _no_datetime(type: Type) -> tuple[str, ...]:
    return ("leave the default out",) if type.kind is Kind.DATETIME else ()


def _optional(type: Type) -> Type:
    return type if type.kind is Kind.DYNAMIC else replace(type, optional=True)


def _twice(what: str, again: Text, first: Text) -> Diagnostic:
    return diagnostic(
        "PS0202",
        f"{what} {quoted(again)} is declared twice",
        again.span,
        label="declared again here",
        secondary=(Label(first.span, "first declared here"),),
        help=("rename one of them, or remove it",),
    )

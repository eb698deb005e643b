"""Protocols of guards and actions, and how they are called.

The event of a guard or an action is the union of the events that lead to it, with
`None` where the start does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pystator.compiler.emit.annotations import literal, parameter_annotation
from pystator.compiler.emit.cells import CellWriter
from pystator.compiler.emit.layout import Group, Piece, define, lay_out, tuple_of
from pystator.compiler.emit.names import PARAMETERS, Identifier, Namespace, snake
from pystator.compiler.emit.sinks import Code
from pystator.compiler.expression.literal import ascii_literal
from pystator.compiler.ir.machine import NamedAction, NamedGuard
from pystator.compiler.ir.walk import named_guards
from pystator.compiler.source.text import Data


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a protocol in its spellings; `answer` is that of the replay."""

    sync: Code
    asynchronous: Code
    answer: Code


@dataclass(frozen=True, slots=True)
class CallPlan:
    """One call of an action: the function that makes it, and its constant."""

    run: Code
    constant: Code


def guard_methods(writer: CellWriter) -> tuple[Method, ...]:
    """In order of appearance; a guard that no cell asks takes any event."""
    calls: dict[str, list[NamedGuard]] = {}
    for guard in named_guards(writer.words.machine):
        calls.setdefault(guard.name, []).append(guard)
    methods: list[Method] = []
    for name, guards in calls.items():
        identifier = writer.words.names.guards[name]
        params = _parameters([guard.params for guard in guards])
        event = event_union(writer, writer.guard_events.get(name, {}))
        signature = _signature(event, params)
        arguments = ", ".join(["context", "event", *(f"{key}={key}" for key in params)])
        head = f"def {identifier}("
        body = Group(
            "return self._answer(",
            (f"lambda: self._guards.{identifier}({arguments})",),
            ")",
        )
        answer = define(head, signature, "bool", ":", 4)
        methods.append(
            Method(
                sync=define(head, signature, "bool", ": ...", 4),
                asynchronous=define(
                    head, signature, "bool | Awaitable[bool]", ": ...", 4
                ),
                answer=Code(f"{answer}\n        {lay_out(body, 8)}"),
            )
        )
    return tuple(methods)


def action_methods(writer: CellWriter) -> tuple[Method, ...]:
    calls: dict[str, list[int]] = {}
    for number, action in enumerate(writer.words.flat.calls):
        calls.setdefault(action.name, []).append(number)
    methods: list[Method] = []
    for name, numbers in calls.items():
        identifier = writer.words.names.actions[name]
        flat_calls = writer.words.flat.calls
        params = _parameters([flat_calls[number].params for number in numbers])
        triggers: dict[int, None] = {}
        for number in numbers:
            triggers |= writer.action_triggers.get(number, {})
        signature = _signature(event_union(writer, triggers), params)
        head = f"def {identifier}("
        methods.append(
            Method(
                sync=define(head, signature, "None", ": ...", 4),
                asynchronous=define(
                    head, signature, "Awaitable[None] | None", ": ...", 4
                ),
                answer=Code(""),
            )
        )
    return tuple(methods)


def call_plans(writer: CellWriter, names: Namespace) -> tuple[CallPlan, ...]:
    plans: list[CallPlan] = []
    for number, action in enumerate(writer.words.flat.calls):
        constant = writer.outcomes.calls[number]
        function = names.take(f"_run{constant.lower()}")
        plans.append(_call_plan(writer, number, action, constant, function))
    return tuple(plans)


def _call_plan(
    writer: CellWriter,
    number: int,
    action: NamedAction,
    constant: Identifier,
    function: Identifier,
) -> CallPlan:
    triggers = writer.action_triggers.get(number, {})
    params = ["actions: AsyncActions", "context: Context", "event: Event | None"]
    head = define(f"def {function}(", params, "Awaitable[None] | None", ":", 0)
    check = _narrowing(writer, triggers)
    arguments = [
        "context",
        "event",
        *(f"{snake(key, PARAMETERS)}={literal(data)}" for key, data in action.params),
    ]
    method = writer.words.names.actions[action.name]
    call = Group(f"return actions.{method}(", tuple(arguments), ")")
    lines: list[str] = [head]
    if check is not None:
        lines += [f"    {lay_out(check, 4)}", "        raise _foreign(event)"]
    lines.append(f"    {lay_out(call, 4)}")
    entries = tuple(
        f"{ascii_literal(key)}: {literal(data)}" for key, data in action.params
    )
    value = Group(
        f"{constant}: Final = Action(",
        (ascii_literal(action.name), function, Group("{", entries, "}")),
        ")",
    )
    return CallPlan(Code("\n".join(lines)), lay_out(value))


def event_union(writer: CellWriter, triggers: Mapping[int, None]) -> str:
    """The annotation of the event, given what leads here."""
    classes, start = _event_classes(writer, triggers)
    every = _all_classes(writer)
    if not classes and not start:
        return "Event | None"
    names = ["Event"] if classes == every and len(every) > 1 else classes
    return " | ".join([*names, "None"] if start else names)


def _narrowing(writer: CellWriter, triggers: Mapping[int, None]) -> Piece | None:
    """The test that refuses all other events; None if every event may come."""
    classes, start = _event_classes(writer, triggers)
    if not classes:
        return "if event is not None:" if start else None
    if classes == _all_classes(writer):
        return None if start else "if event is None:"
    kinds: Piece = classes[0] if len(classes) == 1 else tuple_of(classes)
    prefix = "if event is not None and not" if start else "if not"
    return Group(f"{prefix} isinstance(", ("event", kinds), "):")


def _event_classes(
    writer: CellWriter, triggers: Mapping[int, None]
) -> tuple[list[str], bool]:
    found = {writer.words.event_type(trigger) for trigger in triggers}
    return [name for name in _all_classes(writer) if name in found], "None" in found


def _all_classes(writer: CellWriter) -> list[str]:
    words = writer.words
    names = [str(words.names.events[event.name]) for event in words.machine.events]
    return [*names, "Elapsed"] if words.has_timers else names


def _parameters(
    calls: Iterable[tuple[tuple[str, Data], ...]],
) -> dict[Identifier, str]:
    values: dict[Identifier, list[Data]] = {}
    for params in calls:
        for key, data in params:
            values.setdefault(snake(key, PARAMETERS), []).append(data)
    return {key: parameter_annotation(data) for key, data in values.items()}


def _signature(event: str, params: Mapping[Identifier, str]) -> list[str]:
    keywords = [f"{key}: {kind}" for key, kind in params.items()]
    star = ["*"] if keywords else []
    return ["self", "context: Context", f"event: {event}", "/", *star, *keywords]

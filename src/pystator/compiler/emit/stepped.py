"""What the carried kernel needs of a machine: tables, conditions and effects.

A condition reads names by the event that leads to it, so there is one function for
each condition and each trigger whose cells are stepped; effects likewise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from pystator import kernel
from pystator.compiler.emit.carried import carried_kernel, renamed
from pystator.compiler.emit.cells import CellWriter
from pystator.compiler.emit.decide import Decision
from pystator.compiler.emit.layout import (
    Group,
    define,
    indented,
    lay_out,
    lines,
    string_items,
    write,
)
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.sections import Item
from pystator.compiler.emit.sinks import Code
from pystator.compiler.flatten.involved import conditions_of, effects_of, raised_by

EVENT: Final = "event: Event | None"
ASKED: Final = ("context: Context", EVENT)


@dataclass(frozen=True, slots=True)
class StepperPlan:
    """`conditions` and `effects` are rows by trigger and number, of `functions`.

    `fails` if some effect may raise.
    """

    kernel: Code
    tables: Code
    leaves: Code
    names: Code
    calls: Code
    timers: Code
    services: Code
    raised: tuple[Code, ...]
    guard_names: Code
    run: Code
    change: Code
    stepped: Code
    decided: Code
    fails: bool
    functions: tuple[Code, ...]
    conditions: tuple[Code, ...]
    effects: tuple[Code, ...]


def stepper_plan(writer: CellWriter, names: Namespace) -> StepperPlan | None:
    """None where every cell is written out."""
    if not writer.stepped:
        return None
    flat = writer.words.flat
    guards = ["guards: Guards"] if writer.words.has_guards else []
    now = ["now: datetime"] if writer.words.has_now else []
    history = ["history: tuple[_KConfiguration, ...]"] if writer.words.history else []
    told = ["told: tuple[bool | Exception, ...]"] if writer.words.stepped else []
    items: list[Item] = []
    functions: dict[str, Identifier] = {}
    conditions: list[Code] = []
    effects: list[Code] = []
    fails = False
    triggers = {**writer.stepped, **dict.fromkeys(raised_by(flat))}
    for trigger in triggers:
        for number in conditions_of(flat, trigger):
            body = _condition(writer, trigger, number)
            name = functions.get(body)
            if name is None:
                trigger_name = writer.words.trigger_name(trigger).lower()
                name = functions[body] = names.take(f"_holds_{number}_{trigger_name}")
                head = define(f"def {name}(", [*guards, *ASKED], "bool", ":", 0)
                items.append(Item((), Code(f"{head}\n{body}"), True))
            conditions.append(Code(f"({trigger}, {number}): {name}"))
        for number in effects_of(flat, trigger):
            function = writer.effects.function(
                trigger,
                (kernel.Change(number, trigger),),
                f"{number}_{writer.words.trigger_name(trigger)}",
                items,
            )
            fails = fails or function in writer.effects.fallible
            effects.append(Code(f"({trigger}, {number}): {function}"))
    leaves = tuple(
        f"{leaf.id}: State.{writer.words.state(leaf.id)}"
        for leaf in flat.machine.leaves
    )
    return StepperPlan(
        kernel=Code(carried_kernel(texts=writer.words.history)),
        tables=_tables(flat.tables),
        leaves=lay_out(Group("_LEAVES: Final[Mapping[int, State]] = {", leaves, "}")),
        names=lay_out(
            Group("_NAMES: Final = (", string_items(flat.names), ")"),
        ),
        calls=lay_out(
            _tuple("_CALLS: Final[tuple[Action, ...]]", writer.outcomes.calls)
        ),
        timers=lay_out(
            _tuple(
                "_TIMERS: Final[tuple[Timer, ...]]",
                [writer.words.timer(timer.id) for timer in flat.machine.timers],
            )
        ),
        services=lay_out(
            _tuple(
                "_SERVICES: Final[tuple[Service, ...]]",
                [writer.words.service(s.id) for s in flat.machine.services],
            )
        ),
        raised=tuple(
            Code(f"{trigger}: {writer.words.raised(trigger)}")
            for trigger in raised_by(flat)
        ),
        guard_names=lay_out(
            Group(
                "_GUARD_NAMES: Final[tuple[str, ...]] = (",
                string_items(flat.guard_names),
                ")",
            )
        ),
        run=define(
            "def __init__(",
            [
                "self",
                *guards,
                "context: Context",
                EVENT,
                *now,
                *(["trigger: int"] if raised_by(flat) else []),
                *history,
                *told,
            ],
            "None",
            ":",
            4,
        ),
        change=define(
            "def change(", ["context: Context", EVENT, *now], "Context", ":", 4
        ),
        stepped=define(
            "def _stepped(",
            [
                *guards,
                "context: Context",
                EVENT,
                *now,
                _place(writer),
                "trigger: int",
                *(f"{item} = ()" for item in told),
            ],
            "Outcome",
            ":",
            0,
        ),
        decided=define(
            "def _decided(",
            [
                *guards,
                "context: Context",
                EVENT,
                *now,
                f"state: {'Configuration' if writer.words.history else '_Regions'}",
                "trigger: int",
            ],
            "Outcome",
            ":",
            0,
        ),
        fails=fails,
        functions=tuple(item.text for item in items),
        conditions=tuple(conditions),
        effects=tuple(effects),
    )


def _place(writer: CellWriter) -> str:
    """Where a step begins, as a parameter: numbers where nothing is remembered."""
    if writer.words.history:
        return "state: Configuration | None"
    if writer.words.stepped:
        return "place: _Regions | _KConfiguration"
    return "leaves: _KConfiguration"


def _tuple(head: str, items: Iterable[str]) -> Group:
    found = tuple(items)
    if len(found) == 1:
        return Group(f"{head} = (", (f"{found[0]},",), ")")
    return Group(f"{head} = (", found, ")")


def _condition(writer: CellWriter, trigger: int, number: int) -> str:
    """The body of the function that answers it, the same for all events if possible."""
    words = writer.words
    decision = Decision(words, trigger)
    body = decision.guard_body(kernel.Asked(number))
    kind = writer.words.event_type(trigger)
    if decision.usage.event or decision.named:
        test = (
            "event is not None" if kind == "None" else f"not isinstance(event, {kind})"
        )
        body = [*lines(f"if {test}:"), *indented(lines("raise _foreign(event)")), *body]
    writer.helpers |= decision.usage.helpers
    for guard, events in decision.named.items():
        writer.guard_events.setdefault(guard, {}).update(events)
    return write(indented(body), 0)


def _tables(tables: kernel.Tables) -> Code:
    """The tables as one expression of the carried classes."""
    parts = [
        f"{field.name}={_literal(getattr(tables, field.name))}"
        for field in fields(tables)
    ]
    head = f"_TABLES: Final = {renamed('Tables')}("
    rows = "".join(f"    {part},\n" for part in parts)
    return Code(f"{head}\n{rows})")


def _literal(value: object) -> str:
    match value:
        case bool() | int():
            return repr(value)
        case tuple():
            items = ", ".join(map(_literal, value))
            return f"({items},)" if len(value) == 1 else f"({items})"
        case frozenset():
            items = ", ".join(map(_literal, sorted(value)))
            return f"frozenset({{{items}}})" if value else "frozenset()"
        case dict():
            entries = (f"{_literal(k)}: {_literal(v)}" for k, v in value.items())
            return f"{{{', '.join(entries)}}}"
        case (
            kernel.Call()
            | kernel.Effect()
            | kernel.Raise()
            | kernel.Transition()
            | kernel.Memory()
        ):
            return _instance(value)
        case _ if isinstance(value, kernel.Guard):
            return _instance(value)
        case _:
            raise AssertionError(f"no part of the tables: {value!r}")


def _instance(
    value: kernel.Action | kernel.Transition | kernel.Guard | kernel.Memory,
) -> str:
    arguments = (_literal(getattr(value, field.name)) for field in fields(value))
    return f"{renamed(type(value).__name__)}({', '.join(arguments)})"

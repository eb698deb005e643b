"""What one step costs: the generated module beside two machines written by hand.

Before anything is timed, every contestant must give the same answer for every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from benchmarks.modules import generated
from benchmarks.peers import by_match, by_table, flat, nested
from benchmarks.peers.outcomes import Context
from benchmarks.timing import Subject, Timing, measure

COLUMNS = ("floor", "dict", "match", "process", "method")


@dataclass(frozen=True, slots=True)
class Step:
    """One row. `goals` are ratios to the floor, for `process` and for the method."""

    name: str
    machine: str
    state: str
    event: str
    answer: str
    goals: Mapping[str, float]
    amount: int | None = None


_PLAIN = {"process": 3.0, "method": 1.5}
_FIRST = {"process": 4.5, "method": 3.3}
_SECOND = {"process": 5.0, "method": 3.3}
_NAMED = {"process": 5.5, "method": 3.3}

STEPS = (
    Step("flat, first state", "Flat", "DRAFT", "Submit", "SUBMITTED", _PLAIN),
    Step("flat, late state", "Flat", "AMENDING", "Ack", "OPEN", _PLAIN),
    Step("inline guard, first branch", "Flat", "OPEN", "Fill", "FILLED", _FIRST, 9),
    Step("inline guard, second branch", "Flat", "OPEN", "Fill", "PARTIAL", _SECOND, 1),
    Step("inline guards, refused", "Flat", "OPEN", "Fill", "guard_rejected", {}, 0),
    Step("named guard", "Flat", "OPEN", "Cancel", "CANCELLED", _NAMED),
    Step("hierarchy, inherited", "Nested", "WORKING", "Abort", "ABORTED", _PLAIN),
    Step("hierarchy, parent after child", "Nested", "WORKING", "Fill", "FILLED", {}, 9),
    Step("rejected, invalid", "Flat", "DRAFT", "Halt", "invalid_transition", _PLAIN),
    Step("rejected, terminal", "Flat", "FILLED", "Ack", "terminal_state", _PLAIN),
)
PARSE = "parse_state"
PARSE_GOALS = {"process": 1.5}


@dataclass(frozen=True, slots=True)
class StepRow:
    name: str
    event_built: bool
    timings: Mapping[str, Timing]
    goals: Mapping[str, float]


class _Guards:
    """The named guard, the same object for every contestant."""

    __slots__ = ()

    def may_cancel(self, context: object, event: object, /, *, limit: int) -> bool:
        return True


def _floor(state: object, event: object, context: object) -> object:
    return None


def _text_floor(text: str) -> object:
    return None


def measure_steps(repetitions: int, loops: int) -> tuple[StepRow, ...]:
    """All rows, first with events that exist, then with events built in the step.

    Raises AssertionError when contestants disagree.
    """
    modules = {"Flat": generated("flat"), "Nested": generated("nested")}
    rows = [(step, built) for built in (False, True) for step in STEPS]
    groups = [_subjects(step, modules[step.machine], built) for step, built in rows]
    groups.append(_parsing(modules["Flat"]))
    *timings, parsed = measure(groups, repetitions, loops)
    return (
        *(
            StepRow(step.name, built, timing, {} if built else step.goals)
            for (step, built), timing in zip(rows, timings, strict=True)
        ),
        StepRow(PARSE, False, parsed, PARSE_GOALS),
    )


def _subjects(step: Step, module: ModuleType, built: bool) -> list[Subject]:
    payload = "" if step.amount is None else f"amount={step.amount}"
    event = f"Event({payload})" if built else "event"
    call = f"machine.process(state, {event}, context)"
    method = f"machine.{step.event.lower()}(state, {event}, context)"
    words = flat if step.machine == "Flat" else nested
    own = {} if step.amount is None else {"amount": step.amount}
    makers = (
        ("dict", call, _of(by_table, step.machine), words, Context),
        ("match", call, _of(by_match, step.machine), words, Context),
        ("process", call, _of(module, step.machine), module, module.Context),
        ("method", method, _of(module, step.machine), module, module.Context),
    )
    subjects: list[Subject] = []
    for column, expression, machine, source, context in makers:
        event_class = getattr(source, step.event)
        names = {
            "machine": machine,
            "state": source.State(step.state),
            "Event": event_class,
            "event": event_class(**own),
            "context": context(qty=5),
        }
        answer = _answer(eval(expression, dict(names)))
        assert answer == step.answer, f"{step.name}: {column} says {answer}"
        subjects.append(Subject(column, expression, names))
    names = {"floor": _floor, **{name: None for name in ("state", "event", "context")}}
    return [Subject("floor", "floor(state, event, context)", names), *subjects]


def _parsing(module: ModuleType) -> list[Subject]:
    parsers = (
        ("floor", _text_floor),
        ("dict", by_table.parse_state),
        ("match", by_match.parse_state),
        ("process", module.parse_state),
    )
    return [
        Subject(column, "parse(text)", {"parse": parse, "text": "PARTIAL"})
        for column, parse in parsers
    ]


def _of(module: ModuleType, machine: str) -> object:
    """The machine of this name, generated or a peer; only the flat one has guards."""
    return module.Flat(_Guards()) if machine == "Flat" else module.Nested()


def _answer(outcome: object) -> str:
    """Where the step leads, or why not, in the words that all contestants share."""
    word: object = getattr(outcome, "target", None) or getattr(outcome, "reason", None)
    return str(word)

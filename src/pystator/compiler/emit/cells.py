"""Cells -> constants and functions, grouped by the state that is the first to have one.

OPEN, fill  ->  _OPEN_FILL_FILLED, _OPEN_FILL_REFUSED, _decide_open_fill
"""

from __future__ import annotations

from dataclasses import dataclass

from pystator import kernel
from pystator.cells import Cell, Done
from pystator.compiler.emit.comments import comment, transition_comment
from pystator.compiler.emit.decide import Decision
from pystator.compiler.emit.effects import EffectWriter
from pystator.compiler.emit.layout import (
    Group,
    Line,
    Piece,
    Union,
    define,
    flat,
    indented,
    lay_out,
    write,
)
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.outcomes import WHOLE, OutcomeWriter, Where
from pystator.compiler.emit.sections import Item, Section
from pystator.compiler.emit.sinks import Code, Comment
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.flatten.explore import Cells, Large, outcomes_of
from pystator.compiler.flatten.involved import actions_of, conditions_of, raised_by
from pystator.compiler.ir.machine import NamedGuard
from pystator.configuration import write_configuration


@dataclass(frozen=True, slots=True)
class Entry:
    """What a column holds for a leaf: the outcome, and what decides, if anything."""

    outcome: Identifier
    decide: Identifier | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a step can come to, in order of mention: targets and reasons.

    `any` where only the kernel knows.
    """

    targets: tuple[kernel.Configuration, ...]
    reasons: tuple[str, ...]
    any: bool = False


class CellWriter:
    """Writes every cell once and remembers what it is called.

    `entries` and `results` are by trigger and configuration.
    """

    def __init__(self, words: Vocabulary, cells: Cells, names: Namespace) -> None:
        self.words = words
        self.cells = cells
        self.names = names
        self.sections: list[Section] = []
        self.entries: list[dict[kernel.Configuration, Entry]] = [
            {} for _ in cells.columns
        ]
        self.results: list[dict[kernel.Configuration, Result]] = [
            {} for _ in cells.columns
        ]
        self.start: Entry | None = None
        self.start_result: Result | None = None
        self.helpers: set[str] = set()
        self.guard_events: dict[str, dict[int, None]] = {}
        self.action_triggers: dict[int, dict[int, None]] = {}
        self.raises = False
        self.effect_fails = False
        self.outcomes = OutcomeWriter(words, names)
        self.effects = EffectWriter(words, names)
        self._section = Section(Comment("#"), [])
        self._decisions: dict[tuple[str, ...], Identifier] = {}
        self.stepped: dict[int, None] = {}
        self._written: dict[tuple[int, Cell | Large], tuple[Entry, Result]] = {}

    def write(self) -> None:
        self.open("The start")
        self.start, self.start_result = self._cell(
            kernel.START, self.cells.start, "START"
        )
        if self.words.stepped:
            for trigger in range(self.words.flat.external):
                self._step(trigger)
        tables, names = self.words.flat.tables, self.words.flat.names
        listening: dict[kernel.Configuration, list[int]] = {}
        for trigger, column in enumerate(self.cells.columns):
            for place in column:
                listening.setdefault(place, []).append(trigger)
        for place in self.words.places:
            self.open(write_configuration(tables, names, place, {}))
            state = self.words.place_name(place)
            for trigger in listening.get(place, ()):
                cell = self.cells.columns[trigger][place]
                known = self._written.get((trigger, cell))
                if known is None:
                    base = f"{state}_{self.words.trigger_name(trigger)}"
                    known = self._cell(trigger, cell, base)
                    self._written[trigger, cell] = known
                self.entries[trigger][place], self.results[trigger][place] = known

    def open(self, title: str) -> None:
        """Begin a section."""
        self._section = Section(comment(title), [])
        self.sections.append(self._section)

    def part(
        self, trigger: int, cell: Cell, base: str, where: Where, *, phased: bool
    ) -> tuple[Entry, Result]:
        """What a region does by itself; `phased` if others may do something too."""
        return self._cell(trigger, cell, base, where, phased=phased)

    def effect(self, change: kernel.Change) -> Identifier | None:
        """The function of a single effect."""
        name = f"{self.words.trigger_name(change.event)}_first"
        return self.effects.function(change.event, (change,), name, self._section.items)

    def _cell(
        self,
        trigger: int,
        cell: Cell | Large,
        base: str,
        where: Where = WHOLE,
        *,
        phased: bool = False,
    ) -> tuple[Entry, Result]:
        if isinstance(cell, Large):
            return self._large(cell, base)
        outcomes = list(dict.fromkeys(outcomes_of(cell)))
        accepted = [o for o in outcomes if o.reason is None]
        accepted.sort(key=lambda outcome: len(outcome.taken))
        refused = [o for o in outcomes if o.reason is not None]
        comment = self._comments(accepted)
        items: list[Item] = []
        constants: dict[kernel.Outcome, Identifier] = {}
        functions: dict[kernel.Outcome, Identifier] = {}
        several = len(accepted) > 1
        for outcome in accepted:
            name = (
                f"{base}_{self.words.place_name(outcome.target)}" if several else base
            )
            function = self.effects.function(trigger, outcome.effects, name, items)
            if function is not None:
                functions[outcome] = function
            phases = self._phases(trigger, outcome, name, items) if phased else None
            constants[outcome] = self.outcomes.accepted(
                trigger, outcome, name, function, items, where, phases
            )
            self._note_actions(trigger, outcome)
        for outcome in refused:
            constants[outcome] = self.outcomes.rejected(trigger, outcome, base, items)
        decide, error_reasons = self._decision(
            trigger, cell, base, constants, functions, items, where.result
        )
        if items:
            items[0] = Item(comment, items[0].text, items[0].is_function)
            self._section.items += items
        last = cell
        while not isinstance(last, Done):
            last = last.no
        result = Result(
            targets=tuple(dict.fromkeys(outcome.target for outcome in accepted)),
            reasons=tuple(
                dict.fromkeys([*(str(o.reason) for o in refused), *error_reasons])
            ),
        )
        return Entry(constants[last.outcome], decide), result

    def _large(self, cell: Large, base: str) -> tuple[Entry, Result]:
        """A function that hands the step to the carried kernel."""
        trigger, words = cell.trigger, self.words
        self._step(trigger)
        event = self.words.event_of(trigger)
        opened = event is not None and event.payload is None
        arguments = [
            *(["guards"] if words.has_guards else []),
            "_merged(context, event)" if opened else "context",
            "event",
            *(["now"] if words.has_now else []),
            "None" if words.history else str(cell.leaves),
            "_KSTART" if trigger == kernel.START else str(trigger),
        ]
        name = self.names.take(f"_decide_{base.lower()}")
        head = define(f"def {name}(", self.step_params(trigger), "Outcome", ":", 0)
        body = lay_out(Group("return _stepped(", tuple(arguments), ")"), 4)
        self._section.items.append(Item((), Code(f"{head}\n    {body}"), True))
        return Entry(Identifier("_TERMINAL"), name), Result((), (), any=True)

    def _step(self, trigger: int) -> None:
        """Leave the trigger to the kernel, at least in some configurations."""
        flat = self.words.flat
        self.stepped[trigger] = None
        for action in actions_of(flat, trigger):
            if isinstance(action, kernel.Call):
                self.action_triggers.setdefault(action.action, {})[trigger] = None
        for each in (trigger, *raised_by(flat)):
            for number in conditions_of(flat, each):
                question = flat.conditions[number]
                if isinstance(question, NamedGuard):
                    self.guard_events.setdefault(question.name, {})[each] = None

    def _phases(
        self, trigger: int, outcome: kernel.Outcome, name: str, items: list[Item]
    ) -> Piece | None:
        """What happens in each phase of each microstep, to be merged with others."""
        steps: list[Piece] = []
        for step in outcome.microsteps:
            phases: list[Piece] = []
            for calls, changes in zip(
                (step.exit, step.move, step.enter), step.changes, strict=True
            ):
                found = [str(self.outcomes.calls[call]) for call in calls]
                function = self.effects.function(trigger, changes, name, items)
                if function is not None:
                    found.append(function)
                phases.append(_tuple(found))
            steps.append(Group("(", tuple(phases), ")"))
        if len(steps) == 1:
            return Group("phases=(", (f"{flat(steps[0])},",), ")")
        return Group("phases=(", tuple(steps), ")")

    def _comments(self, accepted: list[kernel.Outcome]) -> tuple[Comment, ...]:
        taken = dict.fromkeys(number for o in accepted for number in o.taken)
        transitions = self.words.machine.transitions
        return tuple(
            transition_comment(self.words.machine, transitions[number])
            for number in taken
            if number < len(transitions)
        )

    def _note_actions(self, trigger: int, outcome: kernel.Outcome) -> None:
        for microstep in outcome.microsteps:
            for call in (*microstep.exit, *microstep.move, *microstep.enter):
                self.action_triggers.setdefault(call, {})[trigger] = None

    # Decisions.

    def _decision(
        self,
        trigger: int,
        cell: Cell,
        base: str,
        constants: dict[kernel.Outcome, Identifier],
        functions: dict[kernel.Outcome, Identifier],
        items: list[Item],
        returns: Piece,
    ) -> tuple[Identifier | None, list[str]]:
        """The function that decides the cell, and the reasons that only it knows."""
        fails = {
            outcome: function
            for outcome, function in functions.items()
            if function in self.effects.fallible
        }
        if isinstance(cell, Done) and not fails:
            return None, []
        decision = Decision(
            self.words,
            trigger,
            constants.__getitem__,
            fails.get,
            lambda event, body: self._guard_function(event, body, base, items),
        )
        body = decision.body(cell)
        self.helpers |= decision.usage.helpers
        for guard, events in decision.named.items():
            self.guard_events.setdefault(guard, {}).update(events)
        reasons = ["guard_error"] if decision.fallible else []
        if decision.effect_fails:
            reasons.append("effect_error")
        self.raises = self.raises or bool(decision.fallible)
        self.effect_fails = self.effect_fails or decision.effect_fails
        text = write(indented(body), 0)
        params = self.step_params(trigger)
        result = str(returns)
        known = self._decisions.get((*params, result, text))
        if known is not None:
            return known, reasons
        name = self.names.take(f"_decide_{base.lower()}")
        self._decisions[*params, result, text] = name
        if trigger == kernel.START:
            outcome = Result(
                tuple(dict.fromkeys(o.target for o in constants if o.reason is None)),
                (*(str(o.reason) for o in constants if o.reason), *reasons),
            )
            returns = self.result_type(outcome)
        head = define(f"def {name}(", params, returns, ":", indent=0)
        items.append(Item((), Code(f"{head}\n{text}"), True))
        return name, reasons

    def _guard_function(
        self, trigger: int, body: list[Line], base: str, items: list[Item]
    ) -> Identifier:
        text = write(indented(body), 0)
        params = self.step_params(trigger)
        if self.words.has_now:
            params.pop()
        known = self._decisions.get((*params, text))
        if known is None:
            known = self.names.take(f"_holds_{base.lower()}")
            self._decisions[*params, text] = known
            head = define(f"def {known}(", params, "bool", ":", 0)
            items.append(Item((), Code(f"{head}\n{text}"), True))
        return known

    def step_params(self, trigger: int) -> list[str]:
        return [
            *(["guards: Guards"] if self.words.has_guards else []),
            "context: Context",
            f"event: {self.words.event_type(trigger)}",
            *(["now: datetime"] if self.words.has_now else []),
        ]

    def result_type(self, result: Result) -> Piece:
        """The annotation of a result: Accepted[...] | Rejected[...]."""
        if result.any:
            return "Outcome"
        parts: list[Piece] = []
        if result.targets:
            parts.append(self._accepted(result.targets))
        if result.reasons:
            order = [reason.value for reason in kernel.Reason]
            reasons = sorted(set(result.reasons), key=order.index)
            names = tuple(f"Reason.{kernel.Reason(name).name}" for name in reasons)
            parts.append(_subscript("Rejected", names))
        return parts[0] if len(parts) == 1 else Union(tuple(parts))

    def _accepted(self, targets: tuple[kernel.Configuration, ...]) -> Piece:
        if self.words.history:
            return "Accepted[Configuration]"
        leaves = tuple(
            f"State.{self.words.state(target[0])}"
            for target in targets
            if not self.words.in_part(target[0])
        )
        parts = dict.fromkeys(
            str(self.words.part_of(target[0]))
            for target in targets
            if self.words.in_part(target[0])
        )
        if not parts:
            return _subscript("Accepted", leaves)
        literal = (Group("Literal[", leaves, "]"),) if leaves else ()
        union: Piece = Union((*literal, *parts))
        return Group("Accepted[", (union,), "]")


def _tuple(items: list[str]) -> Piece:
    return f"({items[0]},)" if len(items) == 1 else Group("(", tuple(items), ")")


def _subscript(generic: str, members: tuple[str, ...]) -> Piece:
    return Group(f"{generic}[", (Group("Literal[", members, "]"),), "]")

"""Cells -> constants and functions: outcomes, effects, decisions, grouped by state.

An outcome knows nothing of the state it is reached from, so equal ones are one
constant, whichever states and triggers share it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pystator import kernel
from pystator.cells import Cell, Done
from pystator.compiler.emit.comments import transition_comment
from pystator.compiler.emit.decide import Decision
from pystator.compiler.emit.frame import Frame, Usage
from pystator.compiler.emit.layout import (
    Group,
    Line,
    Piece,
    Union,
    define,
    indented,
    lay_out,
    lines,
    live,
    string_items,
    tuple_of,
    write,
)
from pystator.compiler.emit.names import Identifier, Namespace, upper
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.flatten.explore import Cells, Large, outcomes_of
from pystator.compiler.flatten.involved import actions_of, conditions_of
from pystator.compiler.ir.machine import Event, NamedGuard


@dataclass(frozen=True, slots=True)
class Item:
    """One statement at module level; `comment` are the lines above it."""

    comment: tuple[str, ...]
    text: str
    is_function: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What a column holds for a leaf: the outcome, and what decides, if anything."""

    outcome: Identifier
    decide: Identifier | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a step can come to, in order of mention: targets (leaves) and reasons.

    `any` where only the kernel knows.
    """

    targets: tuple[int, ...]
    reasons: tuple[str, ...]
    any: bool = False


@dataclass(slots=True)
class Section:
    """The cells that a leaf is the first to have; the start has one of its own."""

    title: str
    items: list[Item]


class CellWriter:
    """Writes every cell once and remembers what it is called.

    `entries` and `results` are by trigger and leaf.
    """

    def __init__(self, words: Vocabulary, cells: Cells, names: Namespace) -> None:
        self.words = words
        self.cells = cells
        self.names = names
        self.sections: list[Section] = []
        self.entries: list[dict[int, Entry]] = [{} for _ in cells.columns]
        self.results: list[dict[int, Result]] = [{} for _ in cells.columns]
        self.start: Entry | None = None
        self.start_result: Result | None = None
        self.helpers: set[str] = set()
        self.guard_events: dict[str, dict[int, None]] = {}
        self.action_triggers: dict[int, dict[int, None]] = {}
        self.raises = False
        self.effect_fails = False
        self.calls = _name_calls(words, names)
        self._section = Section("", [])
        self._outcomes: dict[tuple[object, ...], Identifier] = {}
        self._effects: dict[str, Identifier] = {}
        self._decisions: dict[tuple[str, ...], Identifier] = {}
        self._fallible: set[Identifier] = set()
        self.stepped: dict[int, None] = {}
        self._written: dict[tuple[int, Cell | Large], tuple[Entry, Result]] = {}

    def write(self) -> None:
        self._open("The start")
        self.start, self.start_result = self._cell(
            kernel.START, self.cells.start, "START"
        )
        for leaf in self.words.machine.leaves:
            self._open(str(leaf.name))
            for trigger, column in enumerate(self.cells.columns):
                cell = column.get(leaf.id)
                if cell is None:
                    continue
                known = self._written.get((trigger, cell))
                if known is None:
                    base = f"{self.state(leaf.id)}_{self.trigger_name(trigger)}"
                    known = self._cell(trigger, cell, base)
                    self._written[trigger, cell] = known
                self.entries[trigger][leaf.id], self.results[trigger][leaf.id] = known
        self.sections = [section for section in self.sections if section.items]

    def _open(self, title: str) -> None:
        self._section = Section(title, [])
        self.sections.append(self._section)

    def state(self, leaf: int) -> Identifier:
        return self.words.names.states[self.words.machine.states[leaf].name]

    def trigger_name(self, trigger: int) -> Identifier:
        if trigger == kernel.START:
            return Identifier("START")
        timer = self.words.flat.timer_of(trigger)
        if timer is not None:
            return self.words.names.timers[timer.name]
        return self.words.names.triggers[self.words.machine.events[trigger].name]

    def event_of(self, trigger: int) -> Event | None:
        if trigger == kernel.START or self.words.flat.timer_of(trigger) is not None:
            return None
        return self.words.machine.events[trigger]

    def event_type(self, trigger: int) -> str:
        """The annotation of the event that sets off the step."""
        if trigger == kernel.START:
            return "None"
        event = self.event_of(trigger)
        return "Elapsed" if event is None else self.words.names.events[event.name]

    def _cell(
        self, trigger: int, cell: Cell | Large, base: str
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
            name = f"{base}_{self.state(outcome.target)}" if several else base
            function = self.effects_of(trigger, outcome.effects, name, items)
            if function is not None:
                functions[outcome] = function
            constants[outcome] = self._accepted(trigger, outcome, name, function, items)
            self._note_actions(trigger, outcome)
        for outcome in refused:
            constants[outcome] = self._rejected(trigger, outcome, base, items)
        decide, error_reasons = self._decision(
            trigger, cell, base, constants, functions, items
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
        self.stepped[trigger] = None
        for action in actions_of(words.flat, trigger):
            if isinstance(action, kernel.Call):
                self.action_triggers.setdefault(action.action, {})[trigger] = None
        for number in conditions_of(words.flat, trigger):
            question = words.flat.conditions[number]
            if isinstance(question, NamedGuard):
                self.guard_events.setdefault(question.name, {})[trigger] = None
        event = self.event_of(trigger)
        opened = event is not None and event.payload is None
        arguments = [
            *(["guards"] if words.has_guards else []),
            "_merged(context, event)" if opened else "context",
            "event",
            *(["now"] if words.has_now else []),
            str(cell.leaf),
            "_KSTART" if trigger == kernel.START else str(trigger),
        ]
        name = self.names.take(f"_decide_{base.lower()}")
        head = define(f"def {name}(", self.step_params(trigger), "Outcome", ":", 0)
        body = lay_out(Group("return _stepped(", tuple(arguments), ")"), 4)
        self._section.items.append(Item((), f"{head}\n    {body}", True))
        return Entry(Identifier("_TERMINAL"), name), Result((), (), any=True)

    def _comments(self, accepted: list[kernel.Outcome]) -> tuple[str, ...]:
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

    # Effects.

    def effects_of(
        self, trigger: int, effects: tuple[int, ...], name: str, items: list[Item]
    ) -> Identifier | None:
        """The function that makes these effects in order; None if there are none."""
        if not effects:
            return None
        usage = Usage()
        frame = Frame(self.words, self.event_of(trigger), usage)
        body: list[Line] = []
        fallible = False
        for number in effects:
            effect = self.words.flat.effects[number]
            body += frame.apply(effect)
            fallible = fallible or frame.fallible
        if body == lines("context = _merged(context, event)") and not frame.changed:
            body = lines("return _merged(context, event)")
        elif self.words.dynamic or not frame.changed:
            body += lines(f"return {frame.context(body)}")
        else:
            built = lines(frame.constructor("return "))
            body = live(body, built) + built
        prelude = [(0, f"{k} = {source}") for k, source in usage.prelude.items()]
        if usage.event:
            kind = self.event_type(trigger)
            prelude = [
                (0, f"if not isinstance(event, {kind}):"),
                (1, "raise _foreign(event)"),
                *prelude,
            ]
        text = write(indented([*prelude, *body]), 0)
        self.helpers |= usage.helpers
        known = self._effects.get(text)
        if known is None:
            known = self.names.take(f"_effects_{name.lower()}")
            self._effects[text] = known
            head = define(
                f"def {known}(", self._effect_params(), "Context", ":", indent=0
            )
            items.append(Item((), f"{head}\n{text}", True))
            if fallible:
                self._fallible.add(known)
        return known

    def _effect_params(self) -> list[str]:
        now = ["now: datetime"] if self.words.has_now else []
        return ["context: Context", "event: Event | None", *now]

    # Outcomes.

    def _accepted(
        self,
        trigger: int,
        outcome: kernel.Outcome,
        name: str,
        effects: Identifier | None,
        items: list[Item],
    ) -> Identifier:
        exits = [call for step in outcome.microsteps for call in step.exit]
        moves = [call for step in outcome.microsteps for call in step.move]
        enters = [call for step in outcome.microsteps for call in step.enter]
        order = [
            call
            for step in outcome.microsteps
            for call in (*step.exit, *step.move, *step.enter)
        ]
        arguments: list[tuple[str, list[str]]] = [
            ("exit_actions", self._calls(exits)),
            ("transition_actions", self._calls(moves)),
            ("enter_actions", self._calls(enters)),
        ]
        if order != exits + moves + enters:
            arguments.append(("actions", self._calls(order)))
        pieces: list[Piece] = [f"State.{self.state(outcome.target)}"]
        pieces += [_keyword(key, values) for key, values in arguments if values]
        if effects is not None:
            pieces.append(f"effects={effects}")
        for key, timers in (
            ("started", outcome.started),
            ("cancelled", outcome.cancelled),
        ):
            if timers:
                pieces.append(_keyword(key, [self.timer(timer) for timer in timers]))
        if not outcome.handled:
            pieces.append("handled=False")
        typed = trigger == kernel.START
        target = f"[Accepted[Literal[State.{self.state(outcome.target)}]]]"
        return self._constant(name, target if typed else "", "Accepted(", pieces, items)

    def _calls(self, calls: list[int]) -> list[str]:
        return [self.calls[call] for call in calls]

    def timer(self, timer: int) -> str:
        name = self.words.machine.timers[timer].name
        return f"Timer.{self.words.names.timers[name]}"

    def _rejected(
        self, trigger: int, outcome: kernel.Outcome, base: str, items: list[Item]
    ) -> Identifier:
        assert outcome.reason is not None
        pieces: list[Piece] = [f"Reason.{outcome.reason.name}"]
        guard_names = self.words.flat.guard_names
        if outcome.reason is kernel.Reason.GUARD_REJECTED:
            (refused,) = string_items([guard_names[outcome.refused]])
            pieces.append(f"guard={refused.removesuffix(',')}")
        if outcome.tried:
            names = string_items(guard_names[guard] for guard in outcome.tried)
            pieces.append(Group("guards=(", names, ")"))
        refusal = outcome.reason is kernel.Reason.GUARD_REJECTED
        name = f"{base}_REFUSED" if refusal else f"{base}_{outcome.reason.name}"
        typed = trigger == kernel.START
        kind = f"[Rejected[Literal[Reason.{outcome.reason.name}]]]" if typed else ""
        return self._constant(name, kind, "Rejected(", pieces, items)

    def _constant(
        self, name: str, type: str, call: str, pieces: list[Piece], items: list[Item]
    ) -> Identifier:
        key = (call, *pieces)
        known = self._outcomes.get(key)
        if known is None:
            known = self._outcomes[key] = self.names.take(f"_{name}")
            constant = Group(f"{known}: Final{type} = {call}", tuple(pieces), ")")
            items.append(Item((), lay_out(constant), False))
        return known

    # Decisions.

    def _decision(
        self,
        trigger: int,
        cell: Cell,
        base: str,
        constants: dict[kernel.Outcome, Identifier],
        functions: dict[kernel.Outcome, Identifier],
        items: list[Item],
    ) -> tuple[Identifier | None, list[str]]:
        """The function that decides the cell, and the reasons that only it knows."""
        fails = {
            outcome: function
            for outcome, function in functions.items()
            if function in self._fallible
        }
        if isinstance(cell, Done) and not fails:
            return None, []
        decision = Decision(
            self.words,
            self.event_of(trigger),
            constants.__getitem__,
            fails.get,
            lambda body: self._guard_function(trigger, body, base, items),
        )
        body = decision.body(cell)
        self.helpers |= decision.usage.helpers
        for guard in decision.named:
            self.guard_events.setdefault(guard, {})[trigger] = None
        reasons = ["guard_error"] if decision.fallible else []
        if decision.effect_fails:
            reasons.append("effect_error")
        self.raises = self.raises or bool(decision.fallible)
        self.effect_fails = self.effect_fails or decision.effect_fails
        text = write(indented(body), 0)
        params = self.step_params(trigger)
        known = self._decisions.get((*params, text))
        if known is not None:
            return known, reasons
        name = self.names.take(f"_decide_{base.lower()}")
        self._decisions[*params, text] = name
        returns: Piece = "Outcome"
        if trigger == kernel.START:
            result = Result(
                tuple(dict.fromkeys(o.target for o in constants if o.reason is None)),
                (*(str(o.reason) for o in constants if o.reason), *reasons),
            )
            returns = self.result_type(result)
        head = define(f"def {name}(", params, returns, ":", indent=0)
        items.append(Item((), f"{head}\n{text}", True))
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
            items.append(Item((), f"{head}\n{text}", True))
        return known

    def step_params(self, trigger: int) -> list[str]:
        return [
            *(["guards: Guards"] if self.words.has_guards else []),
            "context: Context",
            f"event: {self.event_type(trigger)}",
            *(["now: datetime"] if self.words.has_now else []),
        ]

    def result_type(self, result: Result) -> Piece:
        """The annotation of a result: Accepted[...] | Rejected[...]."""
        if result.any:
            return "Outcome"
        parts: list[Piece] = []
        if result.targets:
            targets = tuple(f"State.{self.state(target)}" for target in result.targets)
            parts.append(_subscript("Accepted", targets))
        if result.reasons:
            order = [reason.value for reason in kernel.Reason]
            reasons = sorted(set(result.reasons), key=order.index)
            names = tuple(f"Reason.{kernel.Reason(name).name}" for name in reasons)
            parts.append(_subscript("Rejected", names))
        return parts[0] if len(parts) == 1 else Union(tuple(parts))


def _subscript(generic: str, members: tuple[str, ...]) -> Piece:
    return Group(f"{generic}[", (Group("Literal[", members, "]"),), "]")


def _keyword(key: str, values: list[str]) -> Piece:
    group = tuple_of(values)
    return Group(f"{key}=(", group.items, ")")


def _name_calls(words: Vocabulary, names: Namespace) -> list[Identifier]:
    """A constant for each call; numbered where one action has several parameters."""
    actions = [call.name for call in words.flat.calls]
    given: list[Identifier] = []
    for position, action in enumerate(actions):
        wish = f"_{upper(action)}"
        if actions.count(action) > 1:
            wish += f"_{actions[: position + 1].count(action)}"
        given.append(names.take(wish))
    return given

"""Outcomes -> constants.

An outcome knows nothing of the state it is reached from, so equal ones are one
constant, whichever states and triggers share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pystator import kernel
from pystator.compiler.emit.layout import (
    Group,
    Piece,
    lay_out,
    string_items,
    tuple_of,
)
from pystator.compiler.emit.names import Identifier, Namespace, upper
from pystator.compiler.emit.places import place_of
from pystator.compiler.emit.sections import Item
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.ir.machine import ROOT, StateId


@dataclass(frozen=True, slots=True)
class Where:
    """What a cell speaks of: all that is active, or a `part`, the type of a region."""

    around: StateId = ROOT
    part: str = ""

    @property
    def result(self) -> str:
        """The type of what decides the cell."""
        if not self.part:
            return "Outcome"
        return f"Accepted[{self.part}] | Rejected[Reason]"


WHOLE: Final = Where()


class OutcomeWriter:
    """Writes every different outcome once; `calls` names the calls of actions."""

    def __init__(self, words: Vocabulary, names: Namespace) -> None:
        self.words = words
        self.names = names
        self.calls = _name_calls(words, names)
        self._outcomes: dict[tuple[object, ...], Identifier] = {}

    def accepted(
        self,
        trigger: int,
        outcome: kernel.Outcome,
        name: str,
        effects: Identifier | None,
        items: list[Item],
        where: Where = WHOLE,
        phases: Piece | None = None,
    ) -> Identifier:
        place = place_of(self.words, outcome.target, where.around)
        if self.words.history:
            place = Group("Configuration(", (place,), ")")
        pieces: list[Piece] = [place]
        pieces += self._actions(outcome)
        if effects is not None:
            pieces.append(f"effects={effects}")
        for key, timers in (
            ("started", outcome.started),
            ("cancelled", outcome.cancelled),
        ):
            if timers:
                pieces.append(
                    _keyword(key, [self.words.timer(timer) for timer in timers])
                )
        for key, services in (
            ("invoked", outcome.invoked),
            ("stopped", outcome.stopped),
        ):
            if services:
                pieces.append(_keyword(key, [self.words.service(s) for s in services]))
        if phases is not None:
            pieces.append(phases)
        if not outcome.handled:
            pieces.append("handled=False")
        kind = f"[Accepted[{where.part}]]" if where.part else ""
        if trigger == kernel.START or (self.words.parallel and not where.part):
            kind = f"[Accepted[{self.words.place_type(outcome.target)}]]"
        return self._constant(name, kind, "Accepted(", pieces, items, where.part)

    def _actions(self, outcome: kernel.Outcome) -> list[Piece]:
        """The calls in each phase; all of them too, where that is another order."""
        exits = [call for step in outcome.microsteps for call in step.exit]
        moves = [call for step in outcome.microsteps for call in step.move]
        enters = [call for step in outcome.microsteps for call in step.enter]
        if not (exits or moves or enters):
            return []
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
        return [_keyword(key, values) for key, values in arguments if values]

    def _calls(self, calls: list[int]) -> list[str]:
        return [self.calls[call] for call in calls]

    def rejected(
        self, trigger: int, outcome: kernel.Outcome, base: str, items: list[Item]
    ) -> Identifier:
        assert outcome.reason is not None
        pieces: list[Piece] = [f"Reason.{outcome.reason.name}"]
        guard_names = self.words.flat.guard_names
        if outcome.reason is kernel.Reason.GUARD_REJECTED and outcome.refused >= 0:
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
        self,
        name: str,
        type: str,
        call: str,
        pieces: list[Piece],
        items: list[Item],
        part: str = "",
    ) -> Identifier:
        key = (call, part, *pieces)
        known = self._outcomes.get(key)
        if known is None:
            known = self._outcomes[key] = self.names.take(f"_{name}")
            constant = Group(f"{known}: Final{type} = {call}", tuple(pieces), ")")
            items.append(Item((), lay_out(constant), False))
        return known


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

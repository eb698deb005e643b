"""Random guards and actions."""

from __future__ import annotations

import random

from tests.oracle import Data
from tests.strategies.features import Features
from tests.strategies.vocabulary import (
    ACTIONS,
    CHECKS,
    CONDITIONS,
    EFFECTS,
    NEGATED_GUARDS,
    PAYLOAD,
    PAYLOAD_CONDITIONS,
    POSITIVE_GUARDS,
)


class Words:
    """Guards and actions for the transitions of one machine.

    `raisable` is filled once it is known which triggers have transitions.
    """

    def __init__(
        self,
        rng: random.Random,
        has: Features,
        states: list[str],
        payloads: dict[str, list[str]],
        raised: list[str],
    ) -> None:
        self.rng = rng
        self.has = has
        self.states = states
        self.payloads = payloads
        self.raised = raised
        self.asked: dict[str | None, list[str]] = {}
        self.raisable: list[str] = []

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def guards(
        self, trigger: str | None, *, lone_in_state: bool = False
    ) -> list[object]:
        """At least one guard; all such lists of a machine can be false together."""
        if lone_in_state and self.has.in_state and self.chance(0.1):
            return [{"in_state": self.rng.choice(self.states)}]
        guards = [self.guard(trigger, 2) for _ in range(self.rng.choice((1, 1, 1, 2)))]
        if self.has.in_state and self.chance(0.15):
            where: object = {"in_state": self.rng.choice(self.states)}
            if self.has.combinators and self.chance(0.3):
                where = {"not": where}
            guards.insert(self.rng.randint(0, len(guards)), where)
        return guards

    def guard(self, trigger: str | None, depth: int) -> object:
        if self.has.combinators and depth and self.chance(0.25):
            parts = [self.guard(trigger, depth - 1) for _ in range(2)]
            if self.chance(0.5):
                return {"anyOf": parts}
            if self.has.in_state and self.chance(0.3):
                parts.append({"in_state": self.rng.choice(self.states)})
            return {"allOf": parts}
        kinds = [
            *(["named"] * 2 if self.has.named_guards else []),
            *(["expr"] * 2 if self.has.expressions else []),
            *(["check"] if self.has.checks else []),
        ]
        match self.rng.choice(kinds or ["named"]):
            case "named" if self.has.combinators and self.chance(0.3):
                return {"not": self.named(NEGATED_GUARDS)}
            case "named":
                return self.named(POSITIVE_GUARDS)
            case "expr" if (
                self.has.combinators and self.has.named_guards and (self.chance(0.3))
            ):
                return self.otherwise(trigger)
            case "expr":
                condition = self.condition(trigger)
                self.asked.setdefault(trigger, []).append(condition)
                return {"expr": condition}
        return {"check": self.rng.choice(CHECKS)}

    def otherwise(self, trigger: str | None) -> object:
        """Where a condition that another transition may ask does not hold."""
        asked = self.asked.get(trigger) or [self.condition(trigger)]
        negated = {"not": {"expr": self.rng.choice(asked)}}
        # both could not be false together; a name beside them can
        return {"allOf": [negated, self.named(POSITIVE_GUARDS)]}

    def named(self, pool: dict[str, Data]) -> object:
        name = self.rng.choice(sorted(pool))
        params = dict(pool[name])
        if not params:
            return name if self.chance(0.8) else {"name": name}
        if "limit" in params:
            params["limit"] = self.rng.randint(1, 2)
        return {"name": name, "params": params}

    def condition(self, trigger: str | None) -> str:
        declared = self.payloads.get(trigger or "", [])
        if not self.has.typed:
            # nothing comes with a raised event
            open_payload = trigger is not None and trigger not in self.raised
            declared = sorted(PAYLOAD) if open_payload else []
        about = [n for n in declared if n in PAYLOAD_CONDITIONS]
        if about and self.chance(0.4):
            return self.rng.choice(PAYLOAD_CONDITIONS[self.rng.choice(about)])
        return self.rng.choice(CONDITIONS)

    def acts(self, trigger: str | None = None, chance: float = 0.35) -> list[object]:
        actions: list[object] = []
        while self.chance(chance):
            if self.raisable and trigger not in self.raised and self.chance(0.12):
                actions.append({"raise": self.rng.choice(self.raisable)})
            elif self.has.effects and self.chance(0.5):
                actions.append(self.effect(trigger))
            elif self.has.actions:
                name = self.rng.choice(sorted(ACTIONS))
                params = ACTIONS[name]
                actions.append({"name": name, "params": params} if params else name)
        return actions

    def effect(self, trigger: str | None) -> object:
        if self.has.typed and "amount" in self.payloads.get(trigger or "", []):
            more = ("amount", "event.amount + qty")
            return {"set": {"qty": {"expr": self.rng.choice(more)}}}
        if not self.has.typed and trigger is not None and self.chance(0.1):
            if trigger in self.raised:
                return {"clear": "note"}
            return {"set": {"qty": {"expr": "amount"}}}
        return self.rng.choice(EFFECTS)

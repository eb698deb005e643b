"""What a step knows: the context as it changes, the event, the answers of guards."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.oracle.expression import (
    EvaluationError,
    Names,
    equal,
    evaluate,
    number,
    ordered,
    truth,
)
from tests.oracle.model import (
    Data,
    Definition,
    Guards,
    OracleEvent,
    Refusal,
    Transition,
)

if TYPE_CHECKING:
    from tests.oracle.machine import Oracle


class Answers:
    """`event` is the one taken last; `failed` and `tried` list guards in order."""

    def __init__(
        self,
        oracle: Oracle,
        event: OracleEvent | None,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> None:
        self.oracle = oracle
        self.event = event
        self.context = deepcopy(context)  # rule 8: the caller's is never mutated
        self.guards = guards
        self.now = now
        self.merged = False
        self.active: frozenset[str] = frozenset()
        self.tried: list[str | None] = []
        self.remembered: set[str] = set()
        self.failed: list[str | None] = []

    def forget(self) -> None:
        """From here guards are asked again."""
        self.remembered.clear()

    def merge_payload(self) -> None:
        """The first effect of a path that a real event begins."""
        self.merged = True
        oracle, event = self.oracle, self.event
        assert event is not None and event.trigger is not None
        kept = oracle.variables
        fields = oracle.payload_fields(event)
        if oracle.payloads is None:
            merges = kept is None or bool(kept)
        else:
            declared = oracle.payloads.get(event.trigger, {})
            merges = any(kept is None or name in kept for name in declared)
        if merges:
            self.remembered.clear()
        for name, value in fields.items():
            if value is None and oracle.payloads is not None:
                continue  # a declared field left out or null changes nothing
            if kept is None or name in kept:
                self.context[name] = deepcopy(value)

    def enabled(self, transition: Transition, active: frozenset[str]) -> bool:
        self.active = active
        # All guards must hold, asked in order, the first false stops.
        for guard in transition.guards:
            name = _guard_name(guard)
            key = _memory_key(guard)
            if key not in self.remembered:
                self.remembered.add(key)
                self.tried.append(name)
            try:
                holds = self.holds(guard)
            except EvaluationError as error:
                # Rule 15: a guard that raises is an error, never false.
                raise Refusal("guard_error", name) from error
            if not holds:
                self.failed.append(name)
                return False
        return True

    def holds(self, guard: Any) -> bool:
        match guard:
            case str():
                return self.ask(guard, {})
            case {"name": name}:
                return self.ask(name, guard.get("params") or {})
            case {"expr": text}:
                return truth(evaluate(text, self.names()))
            case {"check": check}:
                return self.check(check)
            case {"allOf": guards}:
                return all(self.holds(g) for g in guards)
            case {"anyOf": guards}:
                return any(self.holds(g) for g in guards)
            case {"not": inner}:
                return not self.holds(inner)
            case {"in_state": state}:
                # Rule 8: the configuration before the current microstep.
                return state in self.active
        raise ValueError(f"not a guard: {guard!r}")

    def ask(self, name: str, params: Data) -> bool:
        # Rule 8: the context as it is at this moment of the step.
        given = deepcopy(self.visible()), self.event
        try:
            return bool(self.guards(name, deepcopy(params), *given))
        except Exception as error:
            raise EvaluationError(f"guard {name} raised") from error

    def check(self, check: Definition) -> bool:
        value = self.names().path(check["field"])
        match check["op"]:
            case "eq":
                return equal(value, check["value"])
            case "neq":
                return not equal(value, check["value"])
            case "gt" | "gte" | "lt" | "lte" as op:
                return ordered(op, value, check["value"])
            case "in":
                return any(equal(value, other) for other in check["values"])
            case "not_in":
                return not any(equal(value, other) for other in check["values"])
            case "is_set":
                return value is not None
            case "is_null":
                return value is None
        raise ValueError(f"not an operator: {check['op']!r}")

    def names(self) -> Names:
        # Rule 7: guards and effects of autos see the event taken last.
        return Names(
            self.visible(),
            self.oracle.payload_fields(self.event),
            open=self.oracle.payloads is None,
        )

    def visible(self) -> Data:
        """The context that guards see: an open payload is merged before they do."""
        fields = self.oracle.payload_fields(self.event)
        if self.oracle.payloads is not None or self.merged:
            return self.context
        kept = self.oracle.variables
        return self.context | {
            name: value
            for name, value in fields.items()
            if kept is None or name in kept
        }

    def apply(self, kind: str, operand: Any) -> None:
        self.forget()
        context = self.context
        match kind:
            case "set":
                for name, value in operand.items():
                    match value:
                        case {"expr": text}:
                            context[name] = deepcopy(evaluate(text, self.names()))
                        case _:
                            context[name] = deepcopy(value)
            case "timestamp":
                context[operand] = self.now
            case "increment":
                context[operand] = number(context.get(operand)) + 1
            case "decrement":
                context[operand] = number(context.get(operand)) - 1
            case "append":
                items = context.get(operand["field"])
                if not isinstance(items, list):
                    raise EvaluationError(f"{operand['field']} is not a list")
                item = operand["value"]
                if isinstance(item, dict) and list(item) == ["expr"]:
                    item = evaluate(item["expr"], self.names())
                context[operand["field"]] = [*items, deepcopy(item)]
            case "clear":
                context[operand] = deepcopy(self.oracle.cleared.get(operand))
            case _:
                raise ValueError(f"not an effect: {kind!r}")


def _guard_name(guard: Any) -> str | None:
    match guard:
        case str():
            return guard
        case {"name": str(name)} | {"expr": str(name)}:
            return name
    return None


def _memory_key(guard: Any) -> str:
    """Equal for two ways of writing one named guard."""
    match guard:
        case str():
            guard = {"name": guard}
        case {"name": _, "params": None | {}} if not guard["params"]:
            guard = {"name": guard["name"]}
    return json.dumps(guard, sort_keys=True)

"""Random events, contexts and guard answers for any definition with declared types.

Values come from the definition itself: numbers and strings that its guards compare with
are drawn often, so that the guards answer both ways.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import yaml

from tests.oracle import Definition, Guards, Oracle, OracleEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_NUMBER = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?(?![\w.'])")
_STRING = re.compile(r"'([^']*)'")


class _Core(yaml.SafeLoader):
    """Of booleans, YAML 1.2 knows `true` and `false`: a state may be called ON."""


_Core.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if first in "tTfF" or not tag.endswith(":bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_definition(text: str) -> Definition:
    plain: Definition = yaml.load(text, Loader=_Core)
    return plain


class Walk:
    """What one machine is sent."""

    def __init__(self, definition: Definition, seed: int) -> None:
        self.random = random.Random(seed)
        self.definition = definition
        self.oracle = Oracle(definition)
        self.payloads: dict[str, Definition] = {
            event["name"]: event.get("payload", {}) for event in definition["events"]
        }
        conditions = list(_conditions(definition))
        found = [float(n) for text in conditions for n in _NUMBER.findall(text)]
        self.numbers = sorted({0.0, 0.5, 3.0, 250.0, *found, *(n + 1 for n in found)})
        self.integers = sorted({int(n) for n in self.numbers} | {1, 2})
        strings = {s for text in conditions for s in _STRING.findall(text)}
        self.strings = ["", "north", "a rather long text", *sorted(strings)]

    def context(self) -> dict[str, object]:
        """The defaults, but for a few variables."""
        found: dict[str, object] = {}
        for variable in self.definition["state_variables"]:
            given = variable.get("required", False)
            if given or self.random.random() < 0.2:
                found[variable["key"]] = self.value(variable["type"])
            else:
                found[variable["key"]] = variable.get("default")
        return found

    def event(self, state: str) -> OracleEvent:
        """Mostly one that something active waits for."""
        active = self.oracle.active(state)
        timers = [
            (name, index)
            for name in sorted(active)
            for index in range(len(self.oracle.timers.get(name, ())))
        ]
        if timers and self.random.random() < 0.12:
            return OracleEvent(timer=self.random.choice(timers))
        near = {
            transition.trigger
            for name in active
            for transition in self.oracle.outgoing[name]
            if transition.trigger is not None
        }
        triggers = sorted(near) if self.random.random() < 0.85 else []
        trigger = self.random.choice(triggers or sorted(self.payloads))
        return OracleEvent(trigger, self.payload(trigger))

    def payload(self, trigger: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, written in self.payloads[trigger].items():
            described = isinstance(written, dict) and "type" in written
            details = written if described and "fields" not in written else {}
            optional = "default" in details or not details.get("required", True)
            if optional and self.random.random() < 0.5:
                continue
            found[name] = self.value(details.get("type", written))
        return found

    def value(self, kind: Any) -> object:
        """One value of a type as the definition writes it."""
        choose = self.random.choice
        match kind:
            case "number":
                return choose(self.numbers)
            case "integer":
                return choose(self.integers)
            case "boolean":
                return choose([True, False])
            case "string":
                return choose(self.strings)
            case "datetime":
                return NOON
            case {"enum": values}:
                return choose(values)
            case {"type": "object", "fields": fields}:
                return {name: self.value(inner) for name, inner in fields.items()}
            case "object":
                fields = self._fields_of_the_object()
                return {name: self.value(inner) for name, inner in fields.items()}
            case str() if kind.endswith("?"):
                return choose([None, self.value(kind[:-1])])
            case str() if kind.startswith("list["):
                length = self.random.randint(0, 2)
                return [self.value(kind[5:-1]) for _ in range(length)]
        raise AssertionError(f"no value for {kind!r}")

    def _fields_of_the_object(self) -> Definition:
        variables = self.definition["state_variables"]
        (fields,) = (v["fields"] for v in variables if v["type"] == "object")
        assert isinstance(fields, dict)
        return fields

    def guards(self) -> Guards:
        """Answers for one step, by name and parameters; a few of them raise."""
        salt = self.random.randint(0, 1_000_000)

        def answer(
            name: str, params: dict[str, object], context: object, event: object
        ) -> bool:
            chosen = random.Random(f"{salt} {name} {sorted(params.items())}")
            if chosen.random() < 0.05:
                raise RuntimeError(name)
            return chosen.random() < 0.7

        return answer


def _conditions(data: object) -> Iterator[str]:
    """The text of every expression below."""
    if isinstance(data, list):
        for item in data:
            yield from _conditions(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "expr":
                yield str(value)
            else:
                yield from _conditions(value)

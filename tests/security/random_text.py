"""Random texts that are nearly definitions: bytes, spoiled definitions, wrong data.

Each function is a pure function of its generator, so that a number names a text.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Final, TypeAlias

import yaml

from tests.security.skeleton import SKELETONS, Data, text_of

Random: TypeAlias = random.Random

_ODD: Final = (
    *("", "~", "null", "true", "-1", "0", "1.5", "1e999", "9" * 30, "0x1F", "*", "-"),
    *("[]", "{}", "[", "{", "]", "}", "'", '"', "|", ">", "&a", "*a", "!t", "%", "@"),
    *(": ", "- ", "? ", "# ", ", ", "<<: ", "---", "...", "\t", "\r", "\n", "\\"),
    *("\x00", "\x85", "\u2028", "\ufeff", "\u202e", "\U0001f600", "\u00e9", "e\u0301"),
    *("H(A)", "H*(A)", "A", "B", "x-y", "a.b", "class", "__init__", "list[", "string?"),
    *("x == 1", "not (", "1 / 0", "a.b.c", "len(x)", "'%s' % x", "2d", "500ms"),
    *("99999999999999999999d", "a" * 200, "(" * 40, "{expr: x}", "[A, B]", "[[A]]"),
)
_TOKEN: Final = re.compile(r"\w+|[ ]+|\n|.", re.DOTALL)
_SCALAR: Final = re.compile(r"(?<=[:,\-\[] )[\w.]+")
_SIGNS: Final = "ab:-?[]{},&*!|>'\"%@`#\n\t ~<.1"


def soup(rng: Random) -> bytes:
    """Bytes: any, or the signs and the words of the language in any order."""
    match rng.randrange(3):
        case 0:
            return rng.randbytes(rng.randrange(80))
        case 1:
            signs = rng.choices(_SIGNS, k=rng.randrange(80))
            return "".join(signs).encode()
        case _:
            words = [*_KEYS, *_ODD]
            chosen = rng.choices(words, k=rng.randrange(40))
            gaps = rng.choices([" ", ": ", "\n", "\n  ", "\n- ", ", "], k=len(chosen))
            pairs = zip(chosen, gaps, strict=True)
            return "".join(word + gap for word, gap in pairs).encode()


def spoiled(rng: Random, definitions: tuple[str, ...]) -> bytes:
    """A valid definition with some random changes."""
    text = rng.choice(definitions)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        text = rng.choice(_CHANGES)(rng, text)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.05:
        place = rng.randrange(len(data) + 1)
        data = data[:place] + rng.randbytes(1) + data[place + rng.randrange(2) :]
    return data


def _lines(rng: Random, text: str) -> str:
    """Delete, repeat, exchange, move or indent lines."""
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            del lines[one : one + rng.randrange(1, 4)]
        case 1:
            lines[one:one] = lines[other : other + rng.randrange(1, 4)]
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one] = " " * rng.randrange(1, 4) + lines[one]
        case _:
            lines[one] = lines[one].removeprefix(" " * rng.randrange(1, 4))
    return rng.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(lines)


def _tokens(rng: Random, text: str) -> str:
    """Delete, repeat, exchange or insert tokens."""
    tokens = _TOKEN.findall(text) or [""]
    one, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    match rng.randrange(4):
        case 0:
            del tokens[one : one + rng.randrange(1, 4)]
        case 1:
            tokens[one:one] = tokens[other : other + rng.randrange(1, 6)]
        case 2:
            tokens[one], tokens[other] = tokens[other], tokens[one]
        case _:
            tokens.insert(one, rng.choice(_ODD))
    return "".join(tokens)


def _scalar(rng: Random, text: str) -> str:
    """Another value in the place of one, odd or from elsewhere in the definition."""
    found = list(_SCALAR.finditer(text))
    if not found:
        return text
    place = rng.choice(found)
    value = rng.choice(found)[0] if rng.random() < 0.5 else rng.choice(_ODD)
    return text[: place.start()] + value + text[place.end() :]


def _cut(rng: Random, text: str) -> str:
    """The start or the end of a text only."""
    place = rng.randrange(len(text) + 1)
    return text[:place] if rng.random() < 0.7 else text[place:]


_CHANGES: Final = (_lines, _lines, _tokens, _tokens, _scalar, _scalar, _scalar, _cut)


def misshapen(rng: Random) -> bytes:
    """Data with the keys of the language, here and there of the wrong kind."""
    wrong = rng.choice([0.0, 0.01, 0.05, 0.3])
    data = _Maker(rng, wrong).make("machine")
    if rng.random() < 0.5:
        return json.dumps(data, indent=rng.choice([None, 1])).encode()
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return text.encode()


_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "state": ("A", "B", "C", "D", "a", "x.y"),
    "trigger": ("go", "stop", "GO", "go-on"),
    "guard": ("is_big", "is_late", "isBig"),
    "action": ("notify", "log", "log.it"),
    "variable": ("n", "s", "l", "t", "o", "e"),
    "field": ("n", "s", "amount", "remark"),
    "type": (
        *("string", "integer", "number", "boolean", "datetime", "object", "list"),
        *("list[string]", "integer?", "list[list[integer]]?", "strin", "enum[a, b]"),
    ),
    "op": (
        *("eq", "neq", "gt", "gte", "lt", "lte", "in", "not_in"),
        "is_set",
        "is_null",
    ),
    "expr": (
        *("n > 1", "s == 'x'", "amount >= n and n > 0", "n + 1", "s + '!'", "len(l)"),
        *("event.n", "ctx.s", "n in (1, 2)", "not t", "o.x == 1", "n // 2 > 1", "s <"),
        *("x if n > 1 else 2", "1 < n < 3", "contains(s, 'x')", "min(n, 3) == n"),
    ),
    "delay": ("500", "1.5s", "10m", "2d", "0", "-1s", "1 week"),
    "seconds": ("1", "2.5", "0", "x"),
    "state type": ("initial", "stable", "terminal", "error", "parallel", "choice"),
    "text": ("some words", "", "two\nlines", "\u00e9\u4e16\u754c", "#", "{{ x }}"),
    "normalizer": ("lower", "upper", "none"),
}
"""Few names, so that they meet."""

_MAPPINGS: Final[dict[str, dict[str, str]]] = {
    "machine": {
        "meta": "meta",
        "states": "state*",
        "transitions": "transition*",
        "state_variables": "variable*",
        "events": "event*",
        "groups": "data map",
        "error_policy": "error policy",
        "properties": "property*",
    },
    "meta": {
        "machine_name": "text",
        "version": "text",
        "description": "text",
        "strict_mode": "flag",
        "event_normalizer": "normalizer",
        "validate_context": "flag",
        "owner": "any",
    },
    "error policy": {"default_fallback": "state", "retry_attempts": "integer"},
    "one state": {
        "name": "state",
        "type": "state type",
        "parent": "state",
        "initial_child": "state",
        "regions": "any",
        "on_enter": "action+",
        "on_exit": "action+",
        "timeout": "timeout",
        "invoke": "any",
        "description": "text",
        "group": "text",
        "metadata": "any",
    },
    "one property": {
        "name": "text",
        "always": "expr",
        "never": "expr",
        "reachable": "state",
        "leads_to": "leads to",
        "terminates": "flag",
        "description": "text",
    },
    "leads to": {"from": "state", "to": "state"},
    "timeout": {"seconds": "seconds", "destination": "state"},
    "one transition": {
        "trigger": "trigger",
        "source": "state+",
        "dest": "state",
        "guards": "guard+",
        "actions": "action+",
        "after": "delay",
        "auto": "flag",
        "done": "flag",
        "internal": "flag",
        "priority": "integer",
        "region": "state",
        "description": "text",
        "ref": "text",
        "refs": "text+",
        "metadata": "any",
    },
    "one variable": {
        "key": "variable",
        "type": "declared type",
        "required": "flag",
        "default": "any",
        "description": "text",
        "fields": "fields",
    },
    "one event": {"name": "trigger", "description": "text", "payload": "payload"},
    "payload field": {
        "type": "declared type",
        "required": "flag",
        "default": "any",
        "description": "text",
        "fields": "fields",
    },
    "check": {"field": "variable", "op": "op", "value": "any", "values": "any"},
    "named guard": {"name": "guard", "params": "data map"},
    "named action": {"name": "action", "params": "data map"},
    "append": {"field": "variable", "value": "any"},
}
_NEEDED: Final = {
    *("states", "name", "key", "source", "trigger", "dest", "field", "op", "value"),
    *("seconds", "destination", "payload", "type"),
}
_RARE: Final = {
    *("properties", "regions", "invoke", "done", "region", "values", "fields", "auto"),
    *("after", "parent", "initial_child"),
}
_KEYS: Final = tuple(dict.fromkeys(key for keys in _MAPPINGS.values() for key in keys))
_GUARDS: Final = (
    *("guard", "guard", "named guard", "expr map", "expr map", "check map"),
    *("allOf", "anyOf", "not", "in_state"),
)
_ACTIONS: Final = (
    *("action", "action", "named action", "set", "timestamp", "increment"),
    *("decrement", "append map", "clear", "raise"),
)
_FORMS: Final[dict[str, tuple[str, str]]] = {
    "expr map": ("expr", "expr"),
    "check map": ("check", "check"),
    "allOf": ("allOf", "guard+"),
    "anyOf": ("anyOf", "guard+"),
    "not": ("not", "one guard"),
    "in_state": ("in_state", "state"),
    "set": ("set", "assignments"),
    "timestamp": ("timestamp", "variable"),
    "increment": ("increment", "variable"),
    "decrement": ("decrement", "variable"),
    "append map": ("append", "append"),
    "clear": ("clear", "variable"),
    "raise": ("raise", "trigger"),
}
"""Mappings with one key."""


class _Maker:
    """Makes data of a kind; with the probability `wrong` it is of any other."""

    def __init__(self, rng: Random, wrong: float) -> None:
        self._rng = rng
        self._wrong = wrong
        self._depth = 0

    def make(self, kind: str) -> Data:
        rng = self._rng
        self._depth += 1
        try:
            if rng.random() < self._wrong or self._depth > 12:
                return self._any()
            if kind in _MAPPINGS:
                return self._mapping(_MAPPINGS[kind])
            if kind in _FORMS:
                key, inner = _FORMS[kind]
                return {key: self.make(inner)}
            if kind in _NAMES and kind != "state type":
                return rng.choice(_NAMES[kind])
            return self._other(kind)
        finally:
            self._depth -= 1

    def _other(self, kind: str) -> Data:
        rng = self._rng
        match kind:
            case "state*":
                return self._states()
            case "transition*" | "variable*" | "event*" | "property*":
                return self._several(f"one {kind[:-1]}", 0, 5)
            case "guard+" | "action+" | "state+" | "text+":
                one = kind[:-1]
                one = f"one {one}" if one in ("guard", "action") else one
                return (
                    self.make(one) if rng.random() < 0.5 else self._several(one, 0, 3)
                )
            case "one guard":
                return self.make(rng.choice(_GUARDS))
            case "one action":
                return self.make(rng.choice(_ACTIONS))
            case "flag":
                return rng.random() < 0.5
            case "integer":
                return rng.choice([0, 1, -1, 2**63 - 1])
            case "state type":
                return rng.choice(_NAMES[kind][: rng.choice([3, 4, 6])])
            case "declared type":
                if rng.random() < 0.2:
                    return {"enum": rng.sample(["a", "b", "c", "1"], rng.randrange(4))}
                return self.make("type")
            case "fields" | "payload":
                inner = "declared type" if kind == "fields" else "payload value"
                names = rng.sample(_NAMES["field"], rng.randrange(4))
                return {name: self.make(inner) for name in names}
            case "payload value":
                return self.make(rng.choice(["declared type", "payload field"]))
            case "assignments":
                names = rng.sample(_NAMES["variable"], rng.randrange(1, 3))
                return {name: self.make("assigned") for name in names}
            case "assigned":
                return self.make(rng.choice(["expr map", "any"]))
            case "data map":
                return {
                    name: self._any() for name in rng.sample(_KEYS, rng.randrange(3))
                }
            case _:
                return self._any()

    def _states(self) -> Data:
        """Mostly of different names, and the first one initial."""
        found = self._several("one state", 1, 4)
        for number, state in enumerate(found):
            if isinstance(state, dict) and self._rng.random() < 0.9:
                state["name"] = _NAMES["state"][number]
                if number == 0:
                    state["type"] = "initial"
        return found

    def _several(self, kind: str, least: int, most: int) -> list[Data]:
        return [self.make(kind) for _ in range(self._rng.randint(least, most))]

    def _mapping(self, keys: dict[str, str]) -> Data:
        rng = self._rng
        found: dict[str, Data] = {}
        for key, kind in keys.items():
            share = 0.97 if key in _NEEDED else 0.05 if key in _RARE else 0.3
            if rng.random() < share:
                name = self._misspelled(key) if rng.random() < self._wrong else key
                found[name] = self.make(kind)
        if rng.random() < 0.05:
            rng.shuffle(entries := list(found.items()))
            found = dict(entries)
        return found

    def _misspelled(self, key: str) -> str:
        place = self._rng.randrange(len(key))
        return self._rng.choice(
            [key[:place] + key[place + 1 :], key.upper(), f"x-{key}", *_KEYS]
        )

    def _any(self) -> Data:
        rng = self._rng
        self._depth += 1
        try:
            kinds = 9 if self._depth > 14 else 12
            match rng.randrange(kinds):
                case 0 | 1:
                    return None
                case 2:
                    return rng.random() < 0.5
                case 3:
                    return rng.choice([0, 1, -1, 7, 2**31, 2**63, -(2**63) - 1])
                case 4:
                    return rng.choice([0.0, -1.5, 1e300, float("inf"), float("nan")])
                case 5 | 6:
                    return rng.choice(_ODD)
                case 7 | 8:
                    return rng.choice(_NAMES[rng.choice(list(_NAMES))])
                case 9:
                    return [self._any() for _ in range(rng.randrange(4))]
                case 10:
                    return {name: self._any() for name in rng.sample(_KEYS, 2)}
                case _:
                    return self.make(rng.choice([*_MAPPINGS, *_FORMS]))
        finally:
            self._depth -= 1


def skeleton_texts() -> tuple[str, ...]:
    """The skeletons, as an author writes them and as programs do."""
    return tuple(
        text
        for data in SKELETONS.values()
        for text in (yaml.safe_dump(data, sort_keys=False), text_of(data))
    )


Generate: TypeAlias = Callable[[Random], bytes]

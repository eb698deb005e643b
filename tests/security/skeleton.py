"""Definitions with every place where an author's text can stand, and ways to fill it.

`SKELETONS` are benign definitions as data; between them they use every key of the
language. A `Position` is one place of one of them: a value, a key, a name together
with all that refers to it, or a string inside an expression.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Data: TypeAlias = "None | bool | int | float | str | list[Data] | dict[str, Data]"
Path: TypeAlias = tuple[int | str, ...]

SLOT = "~"
"""Where a string inside an expression can be replaced."""
SLOT_FILLING = "slot"

_TYPED: Data = {
    "meta": {
        "machine_name": "order_flow",
        "version": "1.2.3",
        "description": "An order from the cart to the door",
        "strict_mode": True,
        "validate_context": True,
        "owner": "shop",
        "contacts": {"first": "anna", "others": ["berta", {"deep": "clara"}]},
        "x-note": "kept",
    },
    "state_variables": [
        {
            "key": "customer",
            "type": "string",
            "required": True,
            "description": "Who has ordered",
        },
        {"key": "note", "type": "string", "default": "nothing yet"},
        {"key": "amount", "type": "integer", "default": 0},
        {"key": "level", "type": {"enum": ["low", "mid", "high"]}, "default": "low"},
        {"key": "marks", "type": "list[string]", "default": ["fresh"]},
        {
            "key": "address",
            "type": "object",
            "fields": {"street": "string", "zip_code": "string?"},
            "default": {"street": "none", "zip_code": "00000"},
        },
        {"key": "anything", "type": "object", "default": {"inner": ["of it"]}},
        {"key": "seen_at", "type": "datetime"},
        {"key": "ratio", "type": "number?"},
        "loose",
    ],
    "events": [
        {
            "name": "submit",
            "description": "The customer is done",
            "payload": {
                "remark": "string",
                "colour": {"enum": ["red", "green"]},
                "parcel": {
                    "type": "object",
                    "fields": {"carrier": "string", "weight": "number"},
                    "required": False,
                    "description": "What was sent",
                },
                "reason": {"type": "string", "default": "none given"},
                "tags": {"type": "list[string]", "default": ["plain"]},
                "note": "string",
            },
        },
        {"name": "approve", "description": "Somebody said yes"},
        {"name": "cancel"},
        {"name": "audit"},
    ],
    "groups": {"front": "The front office", "back": {"label": "The back office"}},
    "error_policy": {"default_fallback": "FAILED", "retry_attempts": 2},
    "states": [
        {
            "name": "OPEN",
            "type": "initial",
            "initial_child": "CART",
            "description": "Not sent yet",
            "group": "front",
            "metadata": {"colour": "blue", "nested": {"icon": "cart"}},
        },
        {
            "name": "CART",
            "parent": "OPEN",
            "on_enter": [
                "open_cart",
                {"name": "notify", "params": {"channel": "mail", "texts": ["hello"]}},
            ],
            "on_exit": {"name": "tidy", "params": {"how": {"mode": "fast"}}},
            "timeout": {"seconds": "2.5", "destination": "FAILED"},
        },
        {"name": "REVIEW", "parent": "OPEN", "on_exit": "close_review"},
        {"name": "FAILED", "type": "error"},
        {"name": "CLOSED", "type": "terminal"},
    ],
    "transitions": [
        {
            "trigger": "submit",
            "source": "CART",
            "dest": "REVIEW",
            "guards": [
                {"expr": f'remark != "{SLOT}" and note != "other"'},
                {"check": {"field": "level", "op": "neq", "value": "high"}},
                {"check": {"field": "customer", "op": "in", "values": ["eva", "ida"]}},
                {"check": {"field": "ratio", "op": "is_null"}},
                {"name": "is_known", "params": {"registry": "central", "strict": True}},
            ],
            "actions": [
                {"set": {"note": "submitted", "customer": {"expr": f'"{SLOT}"'}}},
                {"set": {"amount": {"expr": "amount + 1"}, "level": "mid"}},
                {"set": {"anything": {"made": "here"}}},
                {"append": {"field": "marks", "value": "sent"}},
                {"append": {"field": "marks", "value": {"expr": "remark"}}},
                {"timestamp": "seen_at"},
                {"name": "notify", "params": {"channel": "fax", "texts": []}},
                "log_it",
            ],
            "description": "From the cart into review",
            "ref": "REQ-1",
            "refs": ["REQ-2", "REQ-3"],
            "metadata": {"author": "dora"},
            "priority": 1,
        },
        {
            "trigger": "approve",
            "source": ["REVIEW", "CART"],
            "dest": "CLOSED",
            "guards": {
                "anyOf": [
                    "is_boss",
                    {"allOf": [{"in_state": "REVIEW"}, {"not": "is_late"}]},
                    {"expr": "len(marks) > 3"},
                    {"expr": f'level == "high" and note != "{SLOT}"'},
                ]
            },
            "actions": [{"increment": "amount"}, {"decrement": "amount"}],
        },
        {
            "trigger": "cancel",
            "source": "*",
            "dest": "CLOSED",
            "actions": {"clear": "note"},
            "refs": "REQ-4",
        },
        {
            "trigger": "audit",
            "source": "OPEN",
            "internal": True,
            "actions": {"set": {"note": {"expr": 'note + "!"'}}},
        },
        {"after": "15m", "source": "REVIEW", "dest": "FAILED"},
        {
            "auto": True,
            "source": "FAILED",
            "dest": "CLOSED",
            "guards": {"expr": "amount > 5"},
        },
    ],
}

# Without declarations: names are looked up in mappings, and payloads merge into them.
_DYNAMIC: Data = {
    "meta": {"machine_name": "loose_flow", "event_normalizer": "lower"},
    "states": [
        {"name": "A", "type": "initial", "on_exit": "leave_it"},
        {"name": "B"},
        {"name": "C", "type": "terminal"},
    ],
    "transitions": [
        {
            "trigger": "go",
            "source": "A",
            "dest": "B",
            "guards": [
                {"expr": f'speed != "{SLOT}" or contains(tags, "{SLOT}")'},
                {"check": {"field": "speed", "op": "in", "values": ["fast", "slow"]}},
                "is_ready",
            ],
            "actions": [
                {"set": {"place": "here", "deep": {"of": ["that"]}}},
                {"set": {"other": {"expr": "speed"}}},
                {"append": {"field": "tags", "value": "gone"}},
            ],
        },
        {
            "trigger": "go",
            "source": "A",
            "dest": "C",
            "actions": [{"increment": "tries"}, {"clear": "place"}],
        },
        {"trigger": "stop", "source": "B", "dest": "C"},
    ],
}

# Declared variables, open payloads.
_OPEN: Data = {
    "state_variables": [
        {"key": "speed", "type": "string", "default": "slow"},
        {"key": "kind", "type": {"enum": ["one", "two"]}, "default": "one"},
        {"key": "things", "type": {"fields": {"first": "string"}}},
    ],
    "states": [{"name": "A", "type": "initial"}, {"name": "B", "type": "terminal"}],
    "transitions": [
        {
            "trigger": "go",
            "source": "A",
            "dest": "B",
            "guards": [{"expr": f'speed != "{SLOT}"'}],
            "actions": {"set": {"speed": "fast"}},
        },
        {"trigger": "stay", "source": "A", "internal": True, "actions": "wait_here"},
    ],
}

# So many answers are possible to `go` that the module carries the kernel.
_SEVENTY: list[Data] = [{"name": f"B{number}"} for number in range(70)]
_CHOICES: list[Data] = [
    {
        "trigger": "go",
        "source": "A",
        "dest": f"B{number}",
        "guards": {"expr": f'word == "{number}"'},
    }
    for number in range(70)
]
_CARRIED: Data = {
    "state_variables": [{"key": "letter", "type": "string", "default": "a"}],
    "events": [{"name": "go", "payload": {"word": "string"}}],
    "states": [
        {"name": "A", "type": "initial", "on_exit": "leave_it"},
        *_SEVENTY,
        {"name": "C", "on_enter": {"name": "greet", "params": {"who": "emil"}}},
    ],
    "transitions": [
        *_CHOICES,
        {
            "trigger": "go",
            "source": "A",
            "dest": "C",
            "guards": [{"expr": f'word == "{SLOT}"'}, "is_last"],
            "actions": [{"set": {"letter": "z"}}, "log_it"],
            "ref": "REQ-9",
        },
    ],
}

# Regions, one of them in another, with all that they bring; each cell written out.
_PARALLEL: Data = {
    "meta": {"machine_name": "trip_flow"},
    "state_variables": [{"key": "seats", "type": "integer", "default": 1}],
    "events": [
        {"name": "book", "payload": {"code": {"type": "string", "default": "none"}}},
        {"name": "paid"},
        {"name": "refused", "description": "The bank said no"},
        {"name": "checked"},
        {"name": "lost"},
        {"name": "jump"},
    ],
    "groups": {"desk": "The travel desk"},
    "states": [
        {"name": "DRAFT", "type": "initial", "on_exit": "start_trip"},
        {
            "name": "TRIP",
            "type": "parallel",
            "description": "Both at once",
            "group": "desk",
            "metadata": {"colour": "green"},
            "on_enter": ["open_trip", {"raise": "checked"}],
            "on_exit": "close_trip",
            "timeout": {"seconds": 90, "destination": "DONE"},
            "invoke": [
                {
                    "id": "bank",
                    "src": "bank_service",
                    "on_done": "paid",
                    "on_error": "refused",
                },
                {"id": "radar", "src": "radar_service"},
            ],
            "regions": [
                {
                    "name": "money",
                    "initial": "OWING",
                    "states": ["OWING", "PAID"],
                    "description": "What it costs",
                },
                {
                    "name": "travel",
                    "initial": "HOME",
                    "states": ["HOME", "AWAY", "ROUTE", "BACK"],
                },
            ],
        },
        {"name": "PAID", "type": "terminal", "description": "Nothing is owed"},
        {
            "name": "AWAY",
            "parent": "TRIP",
            "type": "parallel",
            "group": "desk",
            "regions": [
                {"name": "luggage", "initial": "WITH", "states": ["WITH", "LOST"]},
                {
                    "name": "mood",
                    "initial": "GOOD",
                    "states": ["GOOD"],
                    "description": "How it feels",
                },
            ],
        },
        {
            "name": "LOST",
            "metadata": {"icon": "bag"},
            "invoke": [{"id": "search", "src": "search_service"}],
        },
        {"name": "ROUTE", "type": "choice", "description": "Where to"},
        {"name": "BACK", "type": "terminal"},
        {"name": "DONE", "type": "terminal"},
    ],
    "transitions": [
        {"trigger": "book", "source": "DRAFT", "dest": "TRIP"},
        {"trigger": "jump", "source": "DRAFT", "dest": ["PAID", "LOST"], "ref": "F-1"},
        {
            "trigger": "paid",
            "source": "OWING",
            "dest": "PAID",
            "region": "money",
            "actions": ["say_thanks", {"raise": "checked"}],
        },
        {"trigger": "refused", "source": "TRIP", "dest": "DONE"},
        {
            "trigger": "book",
            "source": "HOME",
            "dest": "ROUTE",
            "region": "travel",
            "guards": [{"expr": f'code != "{SLOT}"'}, {"in_state": "OWING"}],
            "actions": [{"increment": "seats"}],
        },
        {
            "auto": True,
            "source": "ROUTE",
            "dest": "AWAY",
            "guards": ["is_far", {"expr": "seats > 2"}],
            "refs": ["F-2"],
        },
        {"auto": True, "source": "ROUTE", "dest": "BACK"},
        {"trigger": "lost", "source": "WITH", "dest": "LOST", "region": "luggage"},
        {"trigger": "checked", "source": "AWAY", "dest": "BACK"},
        {
            "done": True,
            "source": "TRIP",
            "dest": "DONE",
            "description": "All is over",
            "ref": "F-3",
        },
    ],
}


# Too many configurations for cells: the module routes, and carries the kernel.
def _many(letter: str) -> list[Data]:
    return [f"{letter}{number}" for number in range(5)]


_ADVANCES: list[Data] = [
    {"trigger": "go", "source": f"{letter}{n}", "dest": f"{letter}{n + 1}"}
    for letter in "LRU"
    for n in range(2, 4)
]
_ROUTED: Data = {
    "meta": {"machine_name": "wide_flow"},
    "state_variables": [{"key": "word", "type": "string", "default": "a"}],
    "events": [
        {"name": "go", "payload": {"text": "string"}},
        {"name": "back"},
        {"name": "inner", "payload": {"reason": {"type": "string", "default": "own"}}},
        {"name": "leave"},
    ],
    "states": [
        {"name": "OUT", "type": "initial"},
        {
            "name": "WIDE",
            "type": "parallel",
            "on_enter": "enter_wide",
            "invoke": [{"id": "feed", "src": "feed_service", "on_error": "leave"}],
            "regions": [
                {"name": "left", "initial": "L0", "states": _many("L")},
                {
                    "name": "right",
                    "initial": "R0",
                    "states": [*_many("R"), "DEEP", "PICK"],
                    "description": "The other side",
                },
            ],
        },
        {"name": "L1", "on_enter": {"name": "greet", "params": {"who": "emil"}}},
        {
            "name": "DEEP",
            "type": "parallel",
            "parent": "WIDE",
            "regions": [
                {"name": "up", "initial": "U0", "states": _many("U")},
                {"name": "down", "initial": "D0", "states": ["D0", "D1"]},
            ],
        },
        {"name": "PICK", "type": "choice"},
        {"name": "U4", "type": "terminal"},
        {"name": "D1", "type": "terminal"},
    ],
    "transitions": [
        {"trigger": "go", "source": "OUT", "dest": ["L1", "U1"]},
        {
            "trigger": "go",
            "source": "L0",
            "dest": "L1",
            "region": "left",
            "guards": {"anyOf": ["is_fine", {"expr": f'text == "{SLOT}"'}]},
            "actions": [{"set": {"word": {"expr": "text"}}}, {"raise": "inner"}],
        },
        {
            "trigger": "inner",
            "source": "R0",
            "dest": "PICK",
            "guards": {"expr": f'reason != "{SLOT}"'},
            "actions": [{"set": {"word": {"expr": "reason"}}}, "log_it"],
        },
        {"auto": True, "source": "PICK", "dest": "DEEP", "guards": "is_deep"},
        {"auto": True, "source": "PICK", "dest": "R1", "ref": "W-1"},
        {"trigger": "back", "source": "L1", "dest": "L0", "guards": {"in_state": "R0"}},
        {"trigger": "back", "source": "R1", "dest": "R0"},
        {"trigger": "back", "source": "U1", "dest": "U4", "region": "up"},
        {"trigger": "back", "source": "D0", "dest": "D1", "region": "down"},
        {"done": True, "source": "DEEP", "dest": "R2"},
        {"after": "5m", "source": "R2", "dest": "R0"},
        {"trigger": "leave", "source": "WIDE", "dest": "OUT"},
        *_ADVANCES,
        {"trigger": "back", "source": "R0", "dest": "R3"},
        {"trigger": "back", "source": "L0", "dest": "L2"},
        {"trigger": "back", "source": "U0", "dest": "U2"},
    ],
}

# What is left is remembered: a configuration is more than what is active.
_HISTORY: Data = {
    "meta": {"machine_name": "player_flow", "version": "2"},
    "events": [{"name": "pause"}, {"name": "resume"}, {"name": "skip"}],
    "states": [
        {"name": "OFF", "type": "initial"},
        {
            "name": "PLAYER",
            "type": "parallel",
            "regions": [
                {"name": "sound", "initial": "LOUD", "states": ["LOUD", "QUIET"]},
                {"name": "track", "initial": "FIRST", "states": ["FIRST", "SIDE"]},
            ],
        },
        {"name": "SIDE", "parent": "PLAYER", "initial_child": "INTRO"},
        {"name": "INTRO", "parent": "SIDE", "on_enter": "play_intro"},
        {"name": "MAIN", "parent": "SIDE", "on_exit": "fade"},
        {"name": "MENU", "initial_child": "LIST"},
        {"name": "LIST", "parent": "MENU"},
        {"name": "FORM", "parent": "MENU"},
    ],
    "transitions": [
        {"trigger": "resume", "source": "OFF", "dest": "H(PLAYER)"},
        {"trigger": "skip", "source": "OFF", "dest": "H*(PLAYER)", "ref": "H-1"},
        {"trigger": "pause", "source": "PLAYER", "dest": "OFF"},
        {"trigger": "pause", "source": "OFF", "dest": "H(MENU)"},
        {"trigger": "resume", "source": "MENU", "dest": "OFF"},
        {"trigger": "skip", "source": "LIST", "dest": "FORM", "guards": "is_long"},
        {"trigger": "skip", "source": "LOUD", "dest": "QUIET", "region": "sound"},
        {"trigger": "skip", "source": "FIRST", "dest": "SIDE", "region": "track"},
        {
            "trigger": "skip",
            "source": "INTRO",
            "dest": "MAIN",
            "guards": {"expr": f'speed != "{SLOT}"'},
            "actions": {"set": {"speed": "fast"}},
        },
        {"trigger": "resume", "source": "MAIN", "dest": "H*(SIDE)"},
    ],
}

# The same of compound states alone.
_REMEMBERED: Data = {
    "state_variables": [{"key": "word", "type": "string", "default": "a"}],
    "events": [{"name": "go", "payload": {"text": "string"}}, {"name": "back"}],
    "states": [
        {"name": "A", "type": "initial"},
        {"name": "B", "initial_child": "C", "invoke": [{"id": "one", "src": "two"}]},
        {"name": "C", "parent": "B"},
        {"name": "D", "parent": "B", "type": "terminal"},
    ],
    "transitions": [
        {
            "trigger": "go",
            "source": "A",
            "dest": "H(B)",
            "guards": {"expr": f'text != "{SLOT}"'},
        },
        {"trigger": "go", "source": "A", "dest": "H*(B)", "actions": "log_it"},
        {"trigger": "back", "source": "B", "dest": "A"},
        {"trigger": "go", "source": "C", "dest": "D"},
        {"done": True, "source": "B", "dest": "A", "actions": {"raise": "back"}},
    ],
}

_PROMISED: Data = {
    "state_variables": [
        {"key": "paid", "type": "boolean", "default": False},
        {"key": "remark", "type": "string", "default": "none"},
    ],
    "events": [{"name": "pay"}, {"name": "ship"}],
    "states": [
        {"name": "NEW", "type": "initial"},
        {"name": "PACKED"},
        {"name": "SENT", "type": "terminal"},
    ],
    "transitions": [
        {
            "trigger": "pay",
            "source": "NEW",
            "dest": "PACKED",
            "actions": {"set": {"paid": True, "remark": "thanks"}},
        },
        {"trigger": "ship", "source": "PACKED", "dest": "SENT"},
    ],
    "properties": [
        {
            "name": "paid before it is sent",
            "always": "paid or not (PACKED or SENT)",
            "description": "Nothing for free",
        },
        {"name": "no slot", "never": f'ctx.remark == "{SLOT}" and state.SENT'},
        {"name": "sold", "reachable": "SENT"},
        {"name": "delivered", "leads_to": {"from": "PACKED", "to": "SENT"}},
        {"name": "over", "terminates": True},
    ],
}

SKELETONS: dict[str, Data] = {
    "typed": _TYPED,
    "dynamic": _DYNAMIC,
    "open": _OPEN,
    "carried": _CARRIED,
    "parallel": _PARALLEL,
    "routed": _ROUTED,
    "history": _HISTORY,
    "remembered": _REMEMBERED,
    "promised": _PROMISED,
}


class Place(Enum):
    """What of a skeleton is replaced."""

    VALUE = "value"
    KEY = "key"
    EVERYWHERE = "everywhere"
    LITERAL = "literal"
    FILE_NAME = "file name"


@dataclass(frozen=True, slots=True)
class Position:
    """`path` leads to the value or the key; `name` is what is replaced EVERYWHERE."""

    skeleton: str
    place: Place
    path: Path = ()
    name: str = ""

    def __str__(self) -> str:
        where = self.name or "/".join(map(str, self.path))
        return f"{self.skeleton}-{self.place.value}-{where}"

    @property
    def is_type(self) -> bool:
        """Whether a word here may be one of the language, and change the module."""
        words = [step for step in self.path if isinstance(step, str)]
        return self.place is Place.VALUE and bool(
            {"type", "payload", "fields", "op"} & set(words)
        )


@dataclass(frozen=True, slots=True)
class Filled:
    text: str
    file_name: str = "machine.yaml"


def fill(position: Position, payload: str) -> Filled:
    """The skeleton with the payload at this position."""
    data = SKELETONS[position.skeleton]
    if position.place is Place.FILE_NAME:
        return Filled(text_of(data), payload)
    return Filled(text_of(planted(data, position, payload)))


def planted(data: Data, position: Position, payload: str) -> Data:
    """A definition of the form of the position's skeleton, with the payload in it."""
    data, path = copy.deepcopy(data), position.path
    match position.place:
        case Place.VALUE:
            _replace(data, path, payload)
        case Place.KEY:
            _replace_key(data, path, payload)
        case Place.LITERAL:
            written = _at(data, path)
            assert isinstance(written, str)
            _replace(data, path, written.replace(SLOT, _escaped(payload)))
        case Place.EVERYWHERE:
            data = _renamed(data, position.name, payload)
        case Place.FILE_NAME:
            raise AssertionError("a file name is not in the data")
    return data


def text_of(data: Data) -> str:
    """As JSON, which is YAML, with escapes for all that is not ASCII."""
    return json.dumps(data, indent=1).replace(SLOT, SLOT_FILLING)


def raw(payload: str) -> Iterator[str]:
    """Definitions with the payload as it is, in every style that YAML has."""
    rest = "\nstates:\n  - {name: A, type: initial}\n"
    indented = payload.replace("\n", "\n    ")
    yield f"meta:\n  description: {payload}{rest}"
    yield f"meta:\n  description: '{payload}'{rest}"
    yield f'meta:\n  description: "{payload}"{rest}'
    yield f"meta:\n  description: |\n    {indented}{rest}"
    yield f"meta:\n  description: >-\n    {indented}{rest}"
    yield f"# {payload}{rest}"
    yield f"meta:\n  {payload}: owner{rest}"
    yield f"states: [{{name: {payload}, type: initial}}]\n"
    yield f"states: [{{name: A, type: initial, group: {payload}}}]\n"
    yield f"{payload}{rest}"


def positions() -> Iterator[Position]:
    yield Position("open", Place.FILE_NAME)
    for skeleton, data in SKELETONS.items():
        seen: dict[str, int] = {}
        for path, place in _places(data):
            if _is_repeated(skeleton, path):
                continue
            yield Position(skeleton, place, path)
            text = path[-1] if place is Place.KEY else _at(data, path)
            assert isinstance(text, str)
            if place is Place.VALUE and SLOT in text:
                yield Position(skeleton, Place.LITERAL, path)
            for word in re.findall(r"[A-Za-z_]\w*", text):
                seen[word] = seen.get(word, 0) + 1
        for word in _names(data):
            if seen.get(word, 0) > 1:
                yield Position(skeleton, Place.EVERYWHERE, name=word)


def _is_repeated(skeleton: str, path: Path) -> bool:
    """One of the many states and transitions that only make a machine large."""
    return skeleton == "carried" and len(path) > 1 and path[1] in range(1, 70)


def keys(data: Data) -> Iterator[str]:
    match data:
        case dict():
            yield from data
            for value in data.values():
                yield from keys(value)
        case list():
            for item in data:
                yield from keys(item)


def _places(data: Data, path: Path = ()) -> Iterator[tuple[Path, Place]]:
    match data:
        case str():
            yield path, Place.VALUE
        case list():
            for number, item in enumerate(data):
                yield from _places(item, (*path, number))
        case dict():
            for key, value in data.items():
                yield (*path, key), Place.KEY
                yield from _places(value, (*path, key))


def _names(data: Data) -> list[str]:
    """What is declared, or called by a name: these may stand in several places."""
    found: dict[str, None] = {}
    for path, place in _places(data):
        text = path[-1] if place is Place.KEY else _at(data, path)
        parent = path[-2] if len(path) > 1 else None
        if place is Place.KEY:
            declares = parent in ("fields", "payload", "params")
        else:
            declares = parent == "enum" or path[-1] in ("name", "key", "trigger")
        if isinstance(text, str) and declares:
            found[text] = None
    return list(found)


def _at(data: Data, path: Path) -> Data:
    for step in path:
        if isinstance(data, dict):
            assert isinstance(step, str)
            data = data[step]
        else:
            assert isinstance(data, list) and isinstance(step, int)
            data = data[step]
    return data


def _replace(data: Data, path: Path, value: str) -> None:
    owner, last = _at(data, path[:-1]), path[-1]
    if isinstance(owner, dict):
        assert isinstance(last, str)
        owner[last] = value
    else:
        assert isinstance(owner, list) and isinstance(last, int)
        owner[last] = value


def _replace_key(data: Data, path: Path, value: str) -> None:
    owner = _at(data, path[:-1])
    assert isinstance(owner, dict)
    entries = list(owner.items())
    owner.clear()
    owner.update((value if key == path[-1] else key, item) for key, item in entries)


def _renamed(data: Data, name: str, new: str) -> Data:
    match data:
        case str():
            return _renamed_text(data, name, new)
        case list():
            return [_renamed(item, name, new) for item in data]
        case dict():
            entries: dict[str, Data] = {}
            for key, value in data.items():
                if key in ("expr", "always", "never") and isinstance(value, str):
                    entries[key] = re.sub(rf"\b{name}\b", lambda _: new, value)
                else:
                    entries[_renamed_text(key, name, new)] = _renamed(value, name, new)
            return entries
        case _:
            return data


def _renamed_text(text: str, name: str, new: str) -> str:
    return new if text == name else text


def _escaped(payload: str) -> str:
    return payload.replace("\\", "\\\\").replace('"', '\\"')

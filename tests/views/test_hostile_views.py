"""No text of a definition becomes a part of a diagram: every payload in every place.

What a machine with hostile texts is drawn as differs in these texts only from what it
is drawn as with harmless ones.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TypeAlias

import pytest

from tests.security.payloads import PAYLOADS
from tests.views.dot_tokens import check_dot
from tests.views.mermaid_lines import check_mermaid
from tests.views.views import VIEWS, flat_of

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

BENIGN = "harmless"
OWN = (
    'end note\nstate "x" as s1',
    "END NOTE",
    "a : b\ns1 --> s2",
    "; s1 --> s2;",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "%% comment",
    "# comment",
    "#quot;#59;",
    "style x: y#59; z;",
    "classDef x fill:#f00;",
    "click s1 href javascript:alert(1)",
    "<img src=x onerror=alert(1)>",
    "$$\\href{javascript:alert(1)}{x}$$",
    "`**x**`",
    ":::class",
    "-->",
    "--",
    "[*]",
    "}",
    '"];s1 [URL="javascript:alert(1)"];x [label="',
    "\\N \\G \\E \\T \\H \\l \\r",
    "\\",
    "&quot;&#34;&lt;script&gt;",
    "---\ntitle: x\n---\n",
    "*/ // #",
)
"""What means something to mermaid, graphviz or a page."""

TEXTS = tuple(dict.fromkeys(text for text in (*PAYLOADS, *OWN) if text.strip()))


def machine(payload: str) -> Json:
    """One with the payload in every place for free text."""
    named: Json = {"name": "say", "params": {"text": payload, "deep": [{"a": payload}]}}
    return {
        "meta": {"machine_name": payload, "version": payload, "description": payload},
        "groups": {"g": payload, "h": {"label": payload, "color": payload}},
        "state_variables": [
            {
                "key": "word",
                "type": "string",
                "default": payload,
                "description": payload,
            }
        ],
        "events": [{"name": "go", "description": payload}],
        "states": [
            {
                "name": "A",
                "type": "initial",
                "description": payload,
                "group": payload,
                "metadata": {"x": payload},
                "on_enter": named,
                "on_exit": {"set": {"word": payload}},
                "invoke": {"id": "i", "src": payload},
            },
            {
                "name": "P",
                "type": "parallel",
                "description": payload,
                "on_enter": named,
                "invoke": {"id": "i", "src": payload},
                "regions": [
                    {"name": "r", "initial": "B", "states": ["B"]},
                    {
                        "name": "s",
                        "initial": "C",
                        "states": ["C"],
                        "description": payload,
                    },
                ],
            },
            {"name": "C", "type": "terminal", "description": payload},
        ],
        "transitions": [
            {
                "trigger": "go",
                "source": "A",
                "dest": "P",
                "guards": {"name": "hears", "params": {"text": payload}},
                "actions": [named, {"set": {"word": payload}}],
                "description": payload,
                "refs": [payload, payload],
                "metadata": {"x": payload},
            },
            {"trigger": "go", "source": "P", "internal": True, "actions": named},
            {"trigger": "go", "source": "*", "dest": ["B", "C"], "actions": named},
        ],
    }


def quoting(payload: str) -> Json:
    """One with the payload as a string of expressions."""
    string = payload.replace("\\", "\\\\").replace('"', '\\"')
    return {
        "state_variables": [{"key": "word", "type": "string", "default": ""}],
        "states": [{"name": "A", "type": "initial"}, {"name": "B"}],
        "transitions": [
            {
                "trigger": "go",
                "source": "A",
                "dest": "B",
                "guards": [
                    {"expr": f'word != "{string}"'},
                    {"check": {"field": "word", "op": "in", "values": [payload, "b"]}},
                ],
                "actions": {"set": {"word": {"expr": f'"{string}"'}}},
            }
        ],
    }


def keyed(payload: str) -> Json:
    """One with the payload as keys, an enumerated value and a name."""
    return {
        "meta": {payload: {payload: 1}},
        "groups": {payload: {payload: 1}},
        "state_variables": [
            {"key": "word", "type": {"enum": [payload, "b"]}, "default": "b"}
        ],
        "states": [{"name": "A", "type": "initial"}, {"name": "B"}],
        "transitions": [
            {
                "trigger": "go",
                "source": "A",
                "dest": "B",
                "actions": {"name": "say", "params": {"deep": {payload: 1}}},
            }
        ],
    }


def named(payload: str) -> Json:
    """One with the payload as every name; most are refused."""
    return {
        "states": [
            {"name": payload, "type": "initial", "initial_child": "B"},
            {"name": "B", "parent": payload},
            {
                "name": "P",
                "type": "parallel",
                "regions": [{"name": payload, "initial": "C", "states": ["C"]}],
            },
        ],
        "transitions": [
            {
                "trigger": payload,
                "source": payload,
                "dest": "P",
                "guards": payload,
                "actions": payload,
            },
            {"trigger": "x", "source": "P", "dest": f"H({payload})"},
        ],
    }


MACHINES = {form.__name__: form for form in (machine, quoting, keyed, named)}
ACCEPTED = {"machine": 100, "quoting": 90, "keyed": 90, "named": 20}
"""So many payloads of each form, at least, are no fault."""


def views(form: str, payload: str) -> dict[str, str] | None:
    """None where the definition is refused."""
    flat = flat_of(json.dumps(MACHINES[form](payload)))
    return None if flat is None else {name: view(flat) for name, view in VIEWS.items()}


@cache
def harmless(form: str) -> dict[str, str]:
    found = views(form, BENIGN)
    assert found is not None
    return found


def erased(data: Json) -> Json:
    match data:
        case str():
            return ""
        case list():
            return [erased(item) for item in data]
        case dict():
            return {key: erased(value) for key, value in data.items()}
        case _:
            return data


def heads(dump: str) -> list[str]:
    """The indentation and the first word of every line."""
    return [
        line[: len(line) - len(line.lstrip())] + line.split()[0]
        for line in dump.split("\n")
        if line
    ]


@pytest.mark.parametrize("form", MACHINES)
def test_hostile_texts_are_only_texts(form: str) -> None:
    accepted = 0
    for payload in TEXTS:
        made = views(form, payload)
        if made is None:
            continue
        accepted += 1
        like = harmless(form)
        for text in made.values():
            assert text.endswith("\n")
            assert all(char == "\n" or char.isprintable() for char in text)
        assert check_mermaid(made["mmd"]) == check_mermaid(like["mmd"]), payload
        assert made["mmd"].count("<") == like["mmd"].count("<")
        assert check_dot(made["dot"]) == check_dot(like["dot"]), payload
        assert made["json"].isascii() and not set(made["json"]) & set("<>&")
        assert erased(json.loads(made["json"])) == erased(json.loads(like["json"]))
        if form != "named":
            assert heads(made["txt"]) == heads(like["txt"]), payload
    assert accepted >= ACCEPTED[form], accepted


def test_json_keeps_texts_as_they_are() -> None:
    kept = 0
    for payload in TEXTS:
        made = views("machine", payload)
        if made is None:
            continue
        kept += 1
        graph = json.loads(made["json"])
        assert graph["machine"]["name"] == payload
        assert [s["description"] for s in graph["states"]] == [
            payload,
            payload,
            "",
            payload,
        ]
        assert graph["states"][0]["services"][0]["src"] == payload
        assert graph["transitions"][0]["refs"] == [payload, payload]
    assert kept >= ACCEPTED["machine"]


def test_the_dump_keeps_what_is_printable_as_it_is() -> None:
    for payload in TEXTS:
        made = views("machine", payload)
        if made is None or not payload.isprintable():
            continue
        line = next(x for x in made["txt"].split("\n") if x.startswith("  description"))
        assert json.loads(line.removeprefix("  description ")) == payload


@pytest.mark.parametrize("length", [1, 100, 1_000, 13_000])
def test_long_texts_do_not_make_long_lines(length: int) -> None:
    made = views("machine", "word " * length)
    assert made is not None
    for view in ("mmd", "dot"):
        assert max(map(len, made[view].split("\n"))) < 1_500

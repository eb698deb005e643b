"""Documents of other notations with what they do, in Markdown.

The `##` headings of SCXML name the clause. Each has a block `xml` (SCXML) or `json`
(XState), a block `script`, and a block `notes` with all that the import
says, unless it says nothing. A line of a script is

    set {"to": 3} -> a1 b1 | first second | n=3

the event with its data (`start` begins, `a/0` is the first delay of `a`), the active
atomic states in any order, the actions in their order, and variables.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pystator.compiler.interchange.importer import Format

FOLDER = Path(__file__).parent / "documents"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_LINE = re.compile(r"(\S+)(?: (\{.*\}))? -> ([^|]*)(?:\|([^|]*))?(?:\|(.*))?")
_VARIABLE = re.compile(r"(\w+)=(\S+)")


@dataclass(frozen=True, slots=True)
class Step:
    """`actions` and `variables` are empty where the line does not tell."""

    event: str
    data: dict[str, object]
    states: frozenset[str]
    actions: tuple[str, ...]
    variables: dict[str, object]


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    text: str
    format: Format
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def documents() -> list[Document]:
    return [
        document
        for path in sorted(FOLDER.glob("*.md"))
        for document in _documents(path)
    ]


def _documents(path: Path) -> list[Document]:
    text = path.read_text(encoding="utf-8")
    found = []
    for part in text.split("\n## ")[1:]:
        heading = part.partition("\n")[0]
        blocks = dict(_BLOCK.findall(part))
        format = Format.XSTATE if "json" in blocks else Format.SCXML
        source = blocks.pop("json" if format is Format.XSTATE else "xml")
        assert blocks.keys() <= {"script", "notes"}, heading
        steps = tuple(_step(line) for line in blocks["script"].splitlines())
        assert steps and steps[0].event == "start", heading
        notes = tuple(blocks.get("notes", "").splitlines())
        found.append(Document(heading, source, format, steps, notes))
    return found


def _step(line: str) -> Step:
    match = _LINE.fullmatch(line)
    assert match is not None, f"not a step: {line}"
    event, data, states, actions, variables = match.groups()
    return Step(
        event,
        json.loads(data or "{}"),
        frozenset(states.split()),
        tuple((actions or "").split()),
        {k: json.loads(v) for k, v in _VARIABLE.findall(variables or "")},
    )

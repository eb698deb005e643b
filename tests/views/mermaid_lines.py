"""The lines of mermaid that our diagrams may have, and nothing that mermaid also reads.

`check_mermaid` gives the lines with the author's texts taken out, so that two diagrams
can be compared for what they draw.
"""

from __future__ import annotations

import json
import re
from typing import Final

_TEXT: Final = r"(?P<text>(?:[\w .,()=+*/!?'\[\]-]|#(?:quot|lt|gt|amp|[0-9]+);)+)"
_ID: Final = r"[a-z][0-9]*|any"
_LINES: Final = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "open": rf'state "{_TEXT}" as (?P<new>{_ID}) {{',
        "state": rf'state "{_TEXT}" as (?P<new>{_ID})',
        "pseudo": rf"state (?P<new>{_ID}) <<(?:choice|fork)>>",
        "close": r"}",
        "divide": r"--",
        "start": rf"\[\*\] --> (?P<old>{_ID})",
        "stop": rf"(?P<old>{_ID}) --> \[\*\]",
        "arrow": rf"(?P<old>{_ID}) --> (?P<other>{_ID})(?: : {_TEXT})?",
        "line": rf"(?P<old>{_ID}) : {_TEXT}",
        "note": rf"note right of (?P<old>{_ID})",
        "comment": r"%% (?P<text>[A-Za-z_][A-Za-z0-9_.:-]*)",
    }.items()
}
_HEAD: Final = ("---", "%% pystator graph", "stateDiagram-v2")


def check_mermaid(text: str) -> list[str]:
    assert text.endswith("\n")
    assert all(char == "\n" or char.isprintable() for char in text)
    first, title, *head, rest = text[:-1].split("\n", 5)
    assert (first, *head) == (_HEAD[0], *_HEAD)
    key, quoted = title.split(": ", 1)
    assert key == "title" and isinstance(json.loads(quoted), str)
    assert quoted.isascii() and not set(quoted) & set("<>&%{}#;")
    return _body(rest.split("\n"))


def _body(lines: list[str]) -> list[str]:
    found: list[str] = []
    known: set[str] = set()
    depth, in_note = 1, False
    for line in lines:
        bare = line.lstrip(" ")
        if in_note:
            in_note = bare != "end note"
            assert not in_note or re.fullmatch(_TEXT, bare), line
            assert not in_note or "end note" not in bare.lower(), line
            found.append("...")
            continue
        kind, match = _matched(bare)
        groups = match.groupdict()
        depth -= kind == "close"
        assert depth > 0, "a brace too many"
        assert line == " " * 4 * min(depth, 20) + bare, f"not in its place: {line!r}"
        depth += kind == "open"
        if groups.get("new"):
            assert groups["new"] not in known, f"declared twice: {line}"
            known.add(groups["new"])
        if kind == "divide":
            assert depth > 1, "only regions are divided"
        for end in ("old", "other"):
            # the states of a scope stand before its arrows
            assert groups.get(end) is None or groups[end] in known, line
        in_note = kind == "note"
        text = groups.get("text")
        found.append(bare if text is None else bare.replace(text, "..."))
    assert depth == 1 and not in_note, "something is open at the end"
    return found


def _matched(line: str) -> tuple[str, re.Match[str]]:
    for kind, pattern in _LINES.items():
        match = pattern.fullmatch(line)
        if match is not None:
            return kind, match
    raise AssertionError(f"not a line of ours: {line!r}")

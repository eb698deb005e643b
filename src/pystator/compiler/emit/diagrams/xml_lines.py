"""Elements -> lines of XML, indented; an attribute without a value is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL: Final = re.compile("[&<>]")
_FORBIDDEN: Final = re.compile("[^\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST: Final = 40
"""Where it goes deeper, lines are not indented further: they would only be blank."""


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""


def lines(root: Element) -> Iterator[str]:
    """Without recursion: states may be nested as deep as the language allows."""
    pending: list[tuple[int, Element | str]] = [(0, root)]
    while pending:
        depth, what = pending.pop()
        indent = "  " * min(depth, _DEEPEST)
        if isinstance(what, str):
            yield f"{indent}</{what}>"
            continue
        given = ((key, value) for key, value in what.attributes.items() if value)
        start = what.name + "".join(f" {key}={_quoted(value)}" for key, value in given)
        if what.text:
            yield f"{indent}<{start}>{escaped(what.text)}</{what.name}>"
        elif what.children:
            yield f"{indent}<{start}>"
            pending.append((depth, what.name))
            pending.extend((depth + 1, child) for child in reversed(what.children))
        else:
            yield f"{indent}<{start}/>"


def _quoted(text: str) -> str:
    """In double quotes, unless single ones need no escapes."""
    if '"' in text and "'" not in text:
        return f"'{escaped(text)}'"
    return '"' + escaped(text).replace('"', "&quot;") + '"'


def escaped(text: str) -> str:
    """On one line, and without markup."""
    shown = _FORBIDDEN.sub(lambda match: ascii(match[0])[1:-1], text)
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], shown)

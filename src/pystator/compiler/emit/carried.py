"""The kernel's own text, as a module carries it for cells that cannot be written out.

    class Outcome: ...   ->   class _KOutcome: ...

Only its module-level names change, so that they meet no name of the machine.
"""

from __future__ import annotations

import io
import re
import tokenize
from functools import cache
from importlib.resources import files
from typing import Final

_NAME: Final = re.compile(r"(?:class |def )?([A-Za-z_]\w*)\b(?=[:(]| = )")
_OWN: Final = "Reason"
"""The module has this enum itself, member for member."""


@cache
def carried_kernel(*, texts: bool = False) -> str:
    """The statements of the kernel under names that start with `_K` or `_k`.

    With `texts`, also those that write and read configurations.
    """
    body = _body(texts)
    return _rename(body, _names(body))


def carried_names() -> frozenset[str]:
    """All that a carried kernel defines."""
    return frozenset(_names(_body(texts=True)).values())


@cache
def _body(texts: bool) -> str:
    source = _source("kernel.py")
    body = source[source.index("\nROOT: Final") + 1 :]
    start = body.index(f"class {_OWN}(")
    end = body.index("\n@dataclass", start)
    body = body[:start] + body[end + 1 :]
    if texts:
        source = _source("configuration.py")
        body += "\n\n" + source[source.index("\ndef ") + 1 :]
    return body


@cache
def _names(body: str) -> dict[str, str]:
    return {
        match[1]: renamed(match[1])
        for line in body.split("\n")
        if line[:1] not in (" ", "", "@", '"', ")", "#")
        and (match := _NAME.match(line)) is not None
    }


def _source(file: str) -> str:
    return files("pystator").joinpath(file).read_text(encoding="utf-8")


def renamed(name: str) -> str:
    """The name of a kernel's class, constant or function in a module."""
    bare = name.lstrip("_")
    return f"_K{bare}" if bare[0].isupper() else f"_k_{bare}"


def _rename(text: str, names: dict[str, str]) -> str:
    lines = text.split("\n")
    edits: list[tuple[int, int, int, str]] = []
    previous = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string in names and previous != ".":
            row, start = token.start
            edits.append((row - 1, start, token.end[1], names[token.string]))
        previous = token.string
    for row, start, end, name in reversed(edits):
        lines[row] = f"{lines[row][:start]}{name}{lines[row][end:]}"
    return "\n".join(lines).rstrip("\n")

"""Blank lines, as black counts them.

Templates leave gaps where parts begin and end; here each gap becomes what black makes
of it: two blank lines round functions and classes at module level, at most two
elsewhere there, at most one inside.
"""

from __future__ import annotations

from typing import Final

_BLOCKS: Final = ("def ", "class ", "async def ", "@")
_CLOSING: Final = (")", "]", "}")


def space(text: str) -> str:
    """The text with its blank lines counted. No literal in it spans lines."""
    lines = text.split("\n")
    out: list[str] = []
    gap = 0
    after_block = False
    decorated = False
    for number, line in enumerate(lines):
        if not line.strip():
            gap += 1
            continue
        if line[0] == " ":
            gap = min(gap, 1)
        elif line.startswith(_CLOSING):
            gap = 0
        else:
            starts = line.startswith(_BLOCKS)
            leads = starts or (line[0] == "#" and _leads_to_block(lines, number))
            previous_comment = bool(out) and out[-1].startswith("#") and gap == 0
            if decorated or (leads and previous_comment):
                gap = 0
            elif leads or after_block:
                gap = 2
            else:
                gap = min(gap, 2)
            decorated = line[0] == "@"
            after_block = starts
        if out:
            out += [""] * gap
        out.append(line)
        gap = 0
    return "\n".join(out) + "\n"


def _leads_to_block(lines: list[str], number: int) -> bool:
    """Whether the comment belongs to the function or class right below it."""
    below = number + 1
    while below < len(lines) and lines[below].startswith("#"):
        below += 1
    return below < len(lines) and lines[below].startswith(_BLOCKS)

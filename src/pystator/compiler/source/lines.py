"""Lines as the YAML parser counts them: ended by CR LF, LF or CR, and nothing else."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    return _BREAK.split(text)


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset`."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return line, offset - start + 1

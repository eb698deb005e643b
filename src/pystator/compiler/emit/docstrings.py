"""Docstrings: the author's sentences as a one-line literal that nothing leaves."""

from __future__ import annotations

from pystator.compiler.emit.layout import WIDTH
from pystator.compiler.emit.sinks import Docstring

_PLAIN = {'"': "'", "\\": "\\\\"}


def docstring(text: str, indent: int) -> Docstring:
    """The literal, quotes included, cut to the width of a line.

    Double quotes become single ones, line breaks spaces; what is not printable ASCII is
    escaped.
    """
    room = WIDTH - indent - len('""""""')
    parts: list[str] = []
    used = 0
    for char in " ".join(text.split()):
        part = _escaped(char)
        if used + len(part) > room:
            while parts and (used + 3 > room or parts[-1] != " "):
                used -= len(parts.pop())
            return Docstring(f'"""{"".join(parts).rstrip()}..."""')
        parts.append(part)
        used += len(part)
    return Docstring(f'"""{"".join(parts).strip()}"""')


def _escaped(char: str) -> str:
    code = ord(char)
    if 32 <= code < 127:
        return _PLAIN.get(char, char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""The two places where libyaml does not take JSON: surrogate escapes and leading tabs.

Both are replaced by something of the same width, so that every position stays. A
pair `\\ud83d\\ude00` becomes two escapes from a private range that the text does not
use otherwise, and the characters are put right in the values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HALVES = 0x800
_RANGES = (
    (0xE000, "[\ue000-\ue7ff]|\\\\u[eE][0-7]"),
    (0xE800, "[\ue800-\uefff]|\\\\u[eE][89a-fA-F]"),
    (0xF000, "[\uf000-\uf7ff]|\\\\u[fF][0-7]"),
)
"""Private ranges with room for all halves, and how a text would use one itself."""

# possessive: a megabyte of escapes must not be remembered for backtracking
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ESCAPE = re.compile(
    r"\\u[dD]([89abAB])([0-9a-fA-F]{2})\\u[dD]([c-fC-F])([0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class YamlText:
    """Text for the YAML parser. `base` is where surrogates were moved, if any were."""

    text: str
    base: int | None = None

    def restored(self, value: str) -> str:
        """A value of the parsed text as the author wrote it."""
        if self.base is None or value.isascii():
            return value
        base = self.base
        half = _HALVES // 2
        first, middle, last = chr(base), chr(base + half), chr(base + _HALVES - 1)
        pair = re.compile(f"([{first}-{chr(base + half - 1)}])([{middle}-{last}])")
        return pair.sub(
            lambda found: chr(
                0x10000 + (ord(found[1]) - base) * half + (ord(found[2]) - base - half)
            ),
            value,
        )


def as_yaml(text: str) -> YamlText:
    """`text` itself, or JSON in a form that the YAML parser takes."""
    body = text.lstrip(" \t\r\n")
    if body[:1] not in ("{", "["):
        return YamlText(text)
    start = len(text) - len(body)
    text = text[:start].replace("\t", " ") + body
    if "\\ud" not in text and "\\uD" not in text:
        return YamlText(text)
    base = _free_range(text)
    if base is None:
        return YamlText(text)
    moved = _STRING.sub(lambda string: _moved(string[0], base), text)
    return YamlText(moved, base)


def _free_range(text: str) -> int | None:
    for base, written in _RANGES:
        if not re.search(written, text):
            return base
    return None


def _moved(string: str, base: int) -> str:
    moved = [f"{base + 0x100 * step:04x}"[:2] for step in range(8)]

    def move(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        high, rest, low, last = found.groups()
        first, second = int(high, 16) - 8, int(low, 16) - 8
        return f"\\u{moved[first]}{rest}\\u{moved[second]}{last}"

    return _ESCAPE.sub(move, string)

"""One source line and the marks under it, as a terminal shows them.

The invariant: a mark stands under the characters it is about, whatever their width
on a terminal (tabs, wide and combining characters, escapes for what is invisible).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pystator.compiler.diagnostics.quote import visible

WIDTH = 120
"""The columns that a shown line takes at most; a longer one is cut around the mark."""

_TAB = "    "
_CUT = "..."
_MARGIN = 30


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as shown: `columns` are the widths before each character in view.

    `first` is the index of the first of these in the whole line.
    """

    text: str
    first: int
    columns: tuple[int, ...]

    def marks(self, column: int, end_column: int, sign: str) -> str:
        """The row below with `sign` under the characters from `column`, counted from 1.

        At least one sign, also for an empty span and beyond the end of the line.
        """
        last = len(self.columns) - 1
        start = self.columns[min(max(0, column - 1 - self.first), last)]
        end = self.columns[min(max(0, end_column - 1 - self.first), last)]
        return " " * start + sign * max(1, end - start)


def shown_line(line: str, column: int, end_column: int) -> ShownLine:
    """`line` for display, cut so that the characters from `column` are in view."""
    # what is further away cannot come into view, and a line may be megabytes long
    skipped = max(0, min(column, len(line)) - 1 - WIDTH)
    near = line[skipped : column + WIDTH]
    shown = [_shown(char) for char in near]
    first, last = 0, len(shown)
    if len(near) < len(line) or sum(width for _, width in shown) > WIDTH:
        start = column - 1 - skipped
        first, last = _window(shown, start, start + end_column - column)
    before = _CUT if skipped + first > 0 else ""
    after = _CUT if skipped + last < len(line) else ""
    columns = [len(before)]
    for _, width in shown[first:last]:
        columns.append(columns[-1] + width)
    text = before + "".join(piece for piece, _ in shown[first:last]) + after
    return ShownLine(text, skipped + first, tuple(columns))


def _window(shown: list[tuple[str, int]], start: int, end: int) -> tuple[int, int]:
    """From some way before `start` as far as the width goes."""
    room = WIDTH - 2 * len(_CUT)
    first = min(max(0, start), len(shown))
    taken = 0
    # a short span sits in the middle with its surroundings; a long one fills the line
    margin = max(_MARGIN, (room - (end - start)) // 2)
    while first > 0 and taken + shown[first - 1][1] <= margin:
        first -= 1
        taken += shown[first][1]
    last, taken = first, 0
    while last < len(shown) and taken + shown[last][1] <= room:
        taken += shown[last][1]
        last += 1
    return first, last


def _shown(char: str) -> tuple[str, int]:
    """What stands for a character, and its width in columns."""
    if " " <= char <= "~":
        return char, 1
    if char == "\t":
        return _TAB, len(_TAB)
    if not char.isprintable():
        escape = visible(char)
        return escape, len(escape)
    if unicodedata.combining(char):
        return char, 0
    wide = unicodedata.east_asian_width(char) in ("W", "F")
    return char, 2 if wide else 1

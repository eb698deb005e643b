"""Did you mean: the nearest of the names that would have been right.

Nearness is the optimal string alignment distance (Damerau's four edits, no
substring edited twice) on case-folded names. The answer depends on the order of the
candidates only between equally near ones, where the first wins.
"""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.quote import quoted

LONGEST = 128
"""Longer names get no suggestion: the distance is quadratic in their length."""


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The nearest candidate, or None if all are far (a third of the letters or more).

    One call looks at 20 000 candidates in some milliseconds; cheap lower bounds of
    the distance sort out nearly all of them.
    """
    folded = name.casefold()
    length = len(folded)
    if not 0 < length <= LONGEST:
        return None
    letters = set(folded)
    allowed = max(1, (length + 1) // 3)
    best: str | None = None
    for candidate in candidates:
        if abs(len(candidate) - length) > allowed or candidate == name:
            continue
        other = candidate.casefold()
        if other == folded:
            return candidate
        if len(letters.symmetric_difference(other)) > 2 * allowed:
            continue
        distance = _distance(folded, other, allowed)
        if distance is not None and distance < max(length, len(other)):
            best = candidate
            allowed = distance - 1
            if allowed < 0:
                break
    return best


def did_you_mean(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The help lines for an unknown name: one line or none."""
    near = closest(name, candidates)
    return () if near is None else (f"did you mean {quoted(near)}?",)


def _distance(left: str, right: str, limit: int) -> int | None:
    """The distance if it is at most `limit`, else None, found out row by row."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, char in enumerate(left, start=1):
        row = [i]
        for j, other in enumerate(right, start=1):
            edit = above[j - 1] + (char != other)
            edit = min(edit, above[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                edit = min(edit, before[j - 2] + 1)
            row.append(edit)
        if min(row) > limit and min(above) > limit:
            return None
        before, above = above, row
    return above[-1] if above[-1] <= limit else None

"""Durations as a definition writes them, in whole milliseconds.

Computed in integers: `1.1s` is 1100, not what binary fractions make of it.
"""

from __future__ import annotations

import re

MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
LIMIT_MS = 2**53
"""Delays are below this, so that they survive JSON and floats."""

_DURATION = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?(ms|s|m|h|d)?")
_LOOSE = re.compile(r"\s*([0-9.]+)\s*([A-Za-z]+)\s*")
_UNITS = {
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "min": "m",
    "mins": "m",
    "minute": "m",
    "minutes": "m",
    "hour": "h",
    "hours": "h",
    "day": "d",
    "days": "d",
}


class DurationError(ValueError):
    """The text is not a duration; says why, and in `help` what was perhaps meant."""

    def __init__(self, reason: str, *help: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help


def parse_delay(text: str) -> int:
    """The milliseconds of `5000`, `500ms`, `1.5s`, `10m`, `1h`, `2d`.

    Raises DurationError unless they are whole, more than 0 and below 2**53.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        if re.fullmatch(r"-[0-9.]+[a-z]*", text):
            raise DurationError("a delay must be longer than 0")
        raise DurationError("not a duration", *_meant(text))
    whole, fraction, unit = match.groups()
    if fraction is not None and unit is None:
        raise DurationError(
            "a fraction needs a unit",
            f"write `{text}s` for seconds, or whole milliseconds without a unit",
        )
    return _milliseconds(whole, fraction or "", unit or "ms")


def parse_seconds(text: str) -> int:
    """The milliseconds of a plain number of seconds, as `timeout` has it.

    Raises DurationError like `parse_delay`.
    """
    match = re.fullmatch(r"([0-9]{1,20})(?:\.([0-9]{0,20}))?", text)
    if match is None:
        if text.startswith("-"):
            raise DurationError("a delay must be longer than 0")
        raise DurationError("not a plain number of seconds")
    whole, fraction = match.groups()
    return _milliseconds(whole, fraction or "", "s")


def _milliseconds(whole: str, fraction: str, unit: str) -> int:
    total = int(whole + fraction) * MILLISECONDS[unit]
    result, rest = divmod(total, int("1" + "0" * len(fraction)))
    if rest:
        raise DurationError("not a whole number of milliseconds")
    if result == 0:
        raise DurationError("a delay must be longer than 0")
    if result >= LIMIT_MS:
        raise DurationError("a delay must be shorter than 2**53 ms")
    return result


def _meant(text: str) -> tuple[str, ...]:
    match = _LOOSE.fullmatch(text)
    if match is not None:
        number, unit = match.groups()
        unit = _UNITS.get(unit.lower(), unit.lower())
        if unit in MILLISECONDS and _DURATION.fullmatch(number + unit):
            return (f"did you mean `{number}{unit}`?",)
    return ("write milliseconds or a unit: `5000`, `500ms`, `1.5s`, `10m`, `1h`, `2d`",)

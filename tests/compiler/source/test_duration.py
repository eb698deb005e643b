"""Delays in whole milliseconds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pystator.compiler.source.duration import (
    LIMIT_MS,
    DurationError,
    parse_delay,
    parse_seconds,
)

UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1", 1),
        ("5000", 5_000),
        ("500ms", 500),
        ("1.5s", 1_500),
        ("1.1s", 1_100),
        ("0.001s", 1),
        ("1.000ms", 1),
        ("10m", 600_000),
        ("1h", 3_600_000),
        ("2d", 172_800_000),
        ("9007199254740991", 2**53 - 1),
    ],
)
def test_delay(text: str, milliseconds: int) -> None:
    assert parse_delay(text) == milliseconds


@given(st.integers(0, 10**6), st.integers(0, 999), st.sampled_from(sorted(UNITS)))
def test_delay_is_exact(whole: int, thousandths: int, unit: str) -> None:
    text = f"{whole}.{thousandths:03}{unit}"
    exact = Fraction(whole * 1_000 + thousandths, 1_000) * UNITS[unit]
    if exact.denominator == 1 and 0 < exact < LIMIT_MS:
        assert parse_delay(text) == exact
    else:
        with pytest.raises(DurationError):
            parse_delay(text)


@pytest.mark.parametrize(
    ("text", "reason", "help"),
    [
        ("", "not a duration", "`5000`"),
        ("0", "longer than 0", None),
        ("0s", "longer than 0", None),
        ("-5", "longer than 0", None),
        ("-1.5s", "longer than 0", None),
        ("1.5", "a fraction needs a unit", "`1.5s`"),
        ("0.5ms", "not a whole number", None),
        ("1.0005s", "not a whole number", None),
        ("9007199254740992", "shorter than 2**53 ms", None),
        ("99999999999999999999d", "shorter than 2**53 ms", None),
        ("9" * 60_000, "not a duration", None),
        ("5 s", "not a duration", "did you mean `5s`?"),
        ("5S", "not a duration", "did you mean `5s`?"),
        ("5 minutes", "not a duration", "did you mean `5m`?"),
        ("2 weeks", "not a duration", "`5000`"),
        ("1h30m", "not a duration", "`5000`"),
        ("1_000", "not a duration", "`5000`"),
        ("1e3", "not a duration", "`5000`"),
        (".5s", "not a duration", "`5000`"),
        ("٣s", "not a duration", "`5000`"),
        ("soon", "not a duration", "`5000`"),
    ],
)
def test_no_delay(text: str, reason: str, help: str | None) -> None:
    with pytest.raises(DurationError) as caught:
        parse_delay(text)
    assert reason in caught.value.reason
    if help is not None:
        assert help in caught.value.help[0]


@pytest.mark.parametrize(
    ("text", "milliseconds"), [("30", 30_000), ("0.25", 250), ("1.", 1_000)]
)
def test_seconds(text: str, milliseconds: int) -> None:
    assert parse_seconds(text) == milliseconds


@pytest.mark.parametrize("text", ["0", "-1", "0.0001", "5s", "", "1e3", "true"])
def test_no_seconds(text: str) -> None:
    with pytest.raises(DurationError):
        parse_seconds(text)

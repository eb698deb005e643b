"""The registry of codes, and diagnostics made from it."""

from __future__ import annotations

import re

import pytest

from pystator.compiler.diagnostics.codes import CODES, diagnostic
from pystator.compiler.diagnostics.model import Label, Severity, Span

SPAN = Span("m.yaml", 1, 2, 1, 3)


def test_each_code_and_slug_once() -> None:
    assert list(CODES) == sorted(CODES)
    assert all(code == row.code for code, row in CODES.items())
    slugs = [row.slug for row in CODES.values()]
    assert len(set(slugs)) == len(slugs)
    for row in CODES.values():
        assert re.fullmatch(r"PS0\d{3}", row.code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.slug)


def test_severity_comes_from_the_registry() -> None:
    assert diagnostic("PS0120", "m", SPAN).severity is Severity.ERROR
    assert diagnostic("PS0125", "m", SPAN).severity is Severity.WARNING


def test_all_parts() -> None:
    label = Label(SPAN, "there")
    found = diagnostic(
        "PS0104", "m", SPAN, label="l", secondary=[label], notes=["n"], help=["h"]
    )
    assert (found.primary, found.label, found.secondary) == (SPAN, "l", (label,))
    assert (found.notes, found.help) == (("n",), ("h",))


def test_unregistered_code() -> None:
    with pytest.raises(AssertionError, match="PS0999"):
        diagnostic("PS0999", "m", SPAN)

"""No text of a definition becomes code: every place of one x every payload.

What comes out is diagnostics, or a module that is the module of a benign definition
but for constants and names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pystator.compiler.diagnostics.render.concise import render_concise
from pystator.compiler.diagnostics.render.json import render_json
from pystator.compiler.diagnostics.render.text import render_text
from pystator.compiler.pipeline import check, compile_text
from pystator.compiler.source import shapes
from pystator.compiler.source.shape import Shape
from tests.security.payloads import MARK, PAYLOADS
from tests.security.python_text import offences, shape
from tests.security.skeleton import (
    SKELETONS,
    Filled,
    Place,
    Position,
    fill,
    keys,
    positions,
    raw,
)

POSITIONS = tuple(positions())
DEEP = os.environ.get("PYSTATOR_DEEP") == "1"
QUICK_PAYLOADS = 2
"""So many payloads a position, another choice for each, unless all are asked for."""

# What may stand in the same place without harm, and legally changes the module: a
# text, no text, and names that are identifiers or become one.
BENIGN = ("benign", "Benign.two-x:y", "benign words", "", "7")
TYPES = ("string", "integer", "number", "boolean", "datetime", "object", "list", "neq")

NOT_YET = {"properties", "regions", "region", "invoke", "done", "raise"}
"""Keys that no definition without errors has."""


def compiled(filled: Filled) -> str | None:
    """The module, or None where there are diagnostics, which can all be shown."""
    checked = check(filled.text, filled.file_name)
    shown(filled, checked.report)
    if checked.flat is None:
        assert checked.report.has_errors, "no module and no reason"
        return None
    return compile_text(checked, filled.file_name)


def shown(filled: Filled, report: object) -> None:
    from pystator.compiler.diagnostics.model import Report

    assert isinstance(report, Report)
    texts = [
        render_text(report, {filled.file_name: filled.text}, color=False),
        render_concise(report),
        render_json(report),
    ]
    for text in texts:
        assert all(char == "\n" or char.isprintable() for char in text), ascii(text)


@cache
def benign_shape(position: Position, word: str) -> str | None:
    text = compiled(fill(position, word))
    return None if text is None else shape(text)


@cache
def skeleton_shape(skeleton: str) -> str | None:
    return benign_shape(Position(skeleton, Place.FILE_NAME), "machine.yaml")


def is_benign(position: Position, text: str) -> bool:
    """Whether some harmless text in the same place gives the same module."""
    found = shape(text)
    words = BENIGN + (TYPES if position.is_type else ())
    return found == skeleton_shape(position.skeleton) or any(
        found == benign_shape(position, word) for word in words
    )


def chosen(position: Position) -> Iterator[str]:
    number = POSITIONS.index(position)
    for index, payload in enumerate(PAYLOADS):
        turn = (index * 7 + number * 11) % len(PAYLOADS)
        if DEEP or turn < QUICK_PAYLOADS:
            yield payload


@pytest.mark.parametrize("position", POSITIONS, ids=str)
def test_no_text_becomes_code(position: Position) -> None:
    for payload in chosen(position):
        text = compiled(fill(position, payload))
        if text is not None:
            assert not list(offences(text)), payload[:100]
            assert is_benign(position, text), payload[:100]

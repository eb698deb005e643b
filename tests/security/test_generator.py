"""No text of a definition becomes code: every place of one x every payload.

What comes out is diagnostics, or a module that is the module of a benign definition
but for constants and names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.render.concise import render_concise
from pystator.compiler.diagnostics.render.json import render_json
from pystator.compiler.diagnostics.render.text import render_text
from pystator.compiler.pipeline import check, compile_text
from pystator.compiler.source import shapes
from pystator.compiler.source.shape import Shape
from tests.security.payloads import MARK, PAYLOADS
from tests.security.python_text import IMPORTS, offences, shape
from tests.security.skeleton import (
    SKELETONS,
    Filled,
    Place,
    Position,
    fill,
    keys,
    planted,
    positions,
    raw,
    text_of,
)

POSITIONS = tuple(positions())
DEEP = os.environ.get("PYSTATOR_DEEP") == "1"
"""All cases, which takes hours, and not a choice of them."""

# What may stand in the same place without harm, and legally changes the module: a
# text, no text, names that are identifiers or become one, private ones, a path, a sum.
BENIGN = (
    *("benign", "Benign.two-x:y", "benign words", "", "7", "__benign"),
    *("one.two.three", "one-two"),
)
TYPES = ("string", "integer", "number", "boolean", "datetime", "object", "list", "neq")

CONSTANTS = {"None", "True", "null"}
"""The payloads that are words of expressions, and mean something there."""
KEYS = {
    key
    for found in vars(shapes).values()
    if isinstance(found, Shape)
    for key in found.keys
}
LARGE = {"carried", "routed", "history", "remembered"}
"""Skeletons whose modules carry the kernel, and take long to walk."""
NAMED = {"TRIP", "money", "book", "WIDE", "left", "go", "PLAYER", "sound", "pause"}
"""Triggers, parallel states and regions, which name classes, tables and functions."""


def compiled(filled: Filled) -> str | None:
    """The module, or None where there are diagnostics, which can all be shown."""
    checked = check(filled.text, filled.file_name)
    shown(filled, checked.report)
    if checked.flat is None:
        assert checked.report.has_errors, "no module and no reason"
        return None
    return compile_text(checked, filled.file_name)


def shown(filled: Filled, report: Report) -> None:
    """Every renderer has an answer, and none that could steer a terminal."""
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


def is_understood(position: Position, payload: str) -> bool:
    """Whether the payload is a word of the language here, and rightly heard."""
    match position.place:
        case Place.KEY:
            return payload in KEYS
        case Place.EVERYWHERE:
            return payload in CONSTANTS
        case _:
            return payload in CONSTANTS and position.path[-1:] == ("expr",)


def chosen(position: Position) -> tuple[str, ...]:
    """All payloads for a file name, many for strings in code, else a few, in turns."""
    large = position.skeleton in LARGE
    match position.place:
        case Place.FILE_NAME:
            return PAYLOADS
        case Place.LITERAL:
            count = 4 if large else 20
        case _:
            count = 2 if large else 4
    return some(count, POSITIONS.index(position))


def some(count: int, turn: int) -> tuple[str, ...]:
    """So many of the payloads, which differ with the turn, unless all are wanted."""
    number = len(PAYLOADS)
    if DEEP:
        return PAYLOADS
    # prime to their number, so that in the end all have had their turn
    return tuple(PAYLOADS[(turn + 7 * step) % number] for step in range(count))


@cache
def free_places(skeleton: str) -> tuple[Position, ...]:
    """The values that may be any text, all of them at once."""
    data, free = SKELETONS[skeleton], []
    for position in POSITIONS:
        if position.skeleton == skeleton and position.place is Place.VALUE:
            more = planted(data, position, "any text")
            if not check(text_of(more), "m.yaml").report.has_errors:
                data = more
                free.append(position)
    return tuple(free)


def planted_everywhere(skeleton: str, payload: str) -> Filled:
    data = SKELETONS[skeleton]
    for position in free_places(skeleton):
        data = planted(data, position, payload)
    return Filled(text_of(data))


def all_at_once(skeleton: str) -> tuple[str, ...]:
    return some(10 if skeleton in LARGE else 40, len(skeleton))


def violations(position: Position, payload: str) -> list[str]:
    """What is wrong with the module of one case; nothing if it is refused."""
    text = compiled(fill(position, payload))
    if text is None:
        return []
    found = list(offences(text))
    if not is_understood(position, payload) and not is_benign(position, text):
        found.append("not the module of a harmless text")
    return found


@pytest.mark.parametrize("position", POSITIONS, ids=str)
def test_no_text_becomes_code(position: Position) -> None:
    found = {
        ascii(payload[:100]): wrong
        for payload in chosen(position)
        if (wrong := violations(position, payload))
    }
    assert not found


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_no_text_becomes_code_in_all_places_at_once(skeleton: str) -> None:
    benign = compiled(planted_everywhere(skeleton, "benign words"))
    assert benign is not None
    expected = shape(benign)
    payloads = all_at_once(skeleton)
    accepted = 0
    for payload in payloads:
        text = compiled(planted_everywhere(skeleton, payload))
        if text is not None:
            accepted += 1
            assert not list(offences(text)), payload[:100]
            assert shape(text) == expected, payload[:100]
    assert accepted > len(payloads) / 2


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_skeletons_are_without_errors(skeleton: str) -> None:
    text = compiled(fill(Position(skeleton, Place.FILE_NAME), "machine.yaml"))
    assert text is not None
    assert not list(offences(text))


def test_skeletons_use_every_key_of_the_language() -> None:
    used = {key for data in SKELETONS.values() for key in keys(data)}
    assert used >= KEYS


def test_there_are_enough_cases() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 80
    assert len(POSITIONS) >= 1_000
    cases = {(position, p) for position in POSITIONS for p in chosen(position)}
    assert len(cases) >= 4_000


@pytest.mark.parametrize("word", ["KROOT", "KSTART", "E", "Within", "P_R", "TypeVar"])
@pytest.mark.parametrize("skeleton", ["parallel", "routed", "history", "carried"])
def test_no_name_takes_one_of_the_module(skeleton: str, word: str) -> None:
    for position in POSITIONS:
        if position.skeleton == skeleton and position.name in NAMED:
            text = compiled(fill(position, word))
            assert text is None or not list(offences(text)), position


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_text_as_it_is_in_every_style_of_yaml(number: int) -> None:
    for text in raw(PAYLOADS[number]):
        module = compiled(Filled(text))
        if module is not None:
            assert not list(offences(module)), text[:200]


@pytest.mark.parametrize(
    "attack",
    [
        f"{MARK}()",
        "import os",
        "from os import system",
        "from . import x",
        "from typing import Any as system",
        "open('x')",
        "eval('x')",
        "getattr(State, 'x')",
        "x = State.A.__class__",
        "(lambda: 1)()",
        "with x: pass",
        "\u017felf = 1",
        "x = '\u2028'",
        "x = 1 # \r",
        "FORMAT = 2",
        "class State: pass",
    ],
)
def test_the_walk_sees_attacks(attack: str) -> None:
    text = compiled(fill(Position("dynamic", Place.FILE_NAME), "machine.yaml"))
    assert text is not None
    assert list(offences(f"{text}{attack}\n"))


def test_the_walk_sees_a_declaration_of_the_encoding() -> None:
    text = compiled(fill(Position("dynamic", Place.FILE_NAME), "machine.yaml"))
    assert text is not None
    for number in (1, 2):
        lines = text.split("\n", number)
        lines[number - 1] += " vim: set fileencoding=utf-7 :"
        assert list(offences("\n".join(lines)))


@pytest.mark.parametrize("addition", ["x = 1", "print()", "def f(): pass", "State.x"])
def test_shapes_differ_where_code_does(addition: str) -> None:
    text = compiled(fill(Position("dynamic", Place.FILE_NAME), "machine.yaml"))
    assert text is not None
    assert shape(f"{text}{addition}\n") != shape(text)
    assert shape(f"{text}# {addition}\n") == shape(text)
    assert shape(text.replace("LooseFlow", "Other")) == shape(text)


_AUDIT = """
import os
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location

path, *allowed = sys.argv[1:]
# so that all that these modules do themselves has been done
for name in allowed:
    import_module(name)

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# what dataclasses and the import system do
QUIET = {
    "compile", "exec", "marshal.loads", "object.__getattr__", "object.__setattr__",
    "object.__delattr__", "os.listdir", "os.scandir", "sys._getframe",
    "sys._getframemodulename", "builtins.id",
}
seen = []
watching = False

def hook(event, arguments):
    if not watching or event in QUIET:
        return
    if event == "open":
        file, mode, flags = arguments
        own = (path, cached)
        if str(file) in own and mode in ("r", "rb", None) and not flags & WRITES:
            return
    seen.append(f"{event} {arguments!r}")

sys.addaudithook(hook)
spec = spec_from_file_location("hostile", path)
cached = spec.cached
module = module_from_spec(spec)
sys.modules["hostile"] = module
watching = True
try:
    spec.loader.exec_module(module)
finally:
    watching = False
    for line in seen:
        print(ascii(line))
"""


def imported(path: Path) -> list[str]:
    """What happens when a module is imported, apart from importing."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", _AUDIT, str(path), *IMPORTS],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_importing_a_hostile_module_does_nothing(skeleton: str, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    payload = f'x"); open("{opened}", "w")#\nimport os'
    text = compiled(planted_everywhere(skeleton, payload))
    assert text is not None and "/opened" in text
    path = tmp_path / "hostile.py"
    path.write_text(text, encoding="ascii")
    assert imported(path) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["hostile.py"]


def test_the_audit_sees_what_a_module_does(tmp_path: Path) -> None:
    path = tmp_path / "hostile.py"
    path.write_text(
        "import subprocess\n"
        f"open({str(tmp_path / 'opened')!r}, 'w').close()\n"
        "subprocess.run(['true'])\n"
    )
    seen = imported(path)
    assert any("open (" in event for event in seen)
    assert any("subprocess.Popen" in event for event in seen)

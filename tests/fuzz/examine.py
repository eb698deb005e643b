"""One input: what comes out of the compiler, or in which way it went wrong."""

from __future__ import annotations

import signal
import traceback
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from black import format_str
from black.mode import Mode, TargetVersion

from tests.fuzz.steps import take_steps
from tests.security.answer import answer

ALARM = 10.0
"""Seconds of processor time, so that a busy machine makes no input hang."""


class Hang(Exception):
    """An input was not done with when the alarm went off."""


@dataclass(frozen=True, slots=True)
class Answer:
    codes: frozenset[str]
    compiled: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """`kind` is the same for inputs that fail in the same way at the same place."""

    kind: str
    trace: str


def examine(data: bytes, formatted: bool, alarm: float = ALARM) -> Answer | Failure:
    """Check and compile an input; `formatted` asks black about the module as well."""
    try:
        with _alarm(alarm):
            checked, module = answer(data)
            if checked.flat is not None:
                take_steps(checked.flat, zlib.crc32(data))
            if module is not None:
                compile(module, "m_fsm.py", "exec", dont_inherit=True)
                if formatted:
                    _is_black(module)
    except Exception as error:
        return Failure(_kind(error), "".join(traceback.format_exception(error)))
    codes = frozenset(item.code for item in checked.report)
    return Answer(codes, module is not None)


def _is_black(module: str) -> None:
    mode = Mode(target_versions={TargetVersion.PY311})
    assert format_str(module, mode=mode) == module, "black changes the module"


def _kind(error: Exception) -> str:
    if isinstance(error, Hang):
        # where the alarm met it is chance
        return "Hang"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "/pystator/" in frame.filename or "/tests/" in frame.filename
    ]
    last = frames[-1]
    where = "/".join(last.filename.rsplit("/", 2)[-2:])
    return f"{type(error).__name__} at {where}:{last.lineno} in {last.name}"


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(signum: int, frame: FrameType | None) -> None:
        raise Hang(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

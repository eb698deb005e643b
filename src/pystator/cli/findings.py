"""Diagnostics on their way to a stream: chosen, rendered, counted.

The invariant: an error is always shown. `select` and `ignore` choose among warnings,
so that no setting can make a definition look sound that does not compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

import click

from pystator.cli.console import in_color
from pystator.compiler.diagnostics.codes import CODES
from pystator.compiler.diagnostics.model import Diagnostic, Severity
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean

_PREFIX_LENGTH = 4
"""Of `PS04`, all codes of a range."""


class Format(StrEnum):
    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"


class UnknownCodeError(Exception):
    """A code that `select` or `ignore` cannot take; the message says why."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which warnings are shown: `select` has those to show, or None for all."""

    select: frozenset[str] | None
    ignore: frozenset[str]

    def takes(self, item: Diagnostic) -> bool:
        if item.severity is Severity.ERROR:
            return True
        selected = self.select is None or item.code in self.select
        return selected and item.code not in self.ignore


def choose(select: Sequence[str] | None, ignore: Sequence[str] | None) -> Chosen:
    """Raises UnknownCodeError."""
    chosen = None if select is None else frozenset().union(*map(_codes, select))
    ignored: set[str] = set()
    for text in ignore or ():
        codes = _codes(text)
        if len(codes) == 1 and _severity(*codes) is Severity.ERROR:
            raise UnknownCodeError(f"{quoted(text)} is an error, which none can ignore")
        ignored |= codes
    return Chosen(chosen, frozenset(ignored))


@dataclass(slots=True)
class Printer:
    """Prints reports as they come, and knows in the end what there was.

    `stream` is None where the process was started without it.
    """

    stream: TextIO | None
    format: Format
    chosen: Chosen
    files: int = 0
    _counts: dict[Severity, int] = field(default_factory=dict)

    def print(self, diagnostics: Iterable[Diagnostic], path: str, text: str) -> None:
        """Those of one file; `text` is its content as far as it is known."""
        self.files += 1
        shown = [item for item in diagnostics if self.chosen.takes(item)]
        for item in shown:
            self._counts[item.severity] = self._counts.get(item.severity, 0) + 1
        if shown:
            self._echo(self._rendered(shown, path, text))

    def note(self, text: str) -> None:
        """What is neither an error nor a warning, for people only."""
        if self.format is Format.TEXT:
            self._echo(text)

    def summary(self) -> None:
        """The last line, for people only."""
        if self.format is not Format.TEXT:
            return
        parts = [
            counted(self._counts[severity], severity.value)
            for severity in Severity
            if self._counts.get(severity)
        ]
        files = counted(self.files, "file")
        self._echo(f"{', '.join(parts)} in {files}" if parts else f"ok: {files}")

    @property
    def found(self) -> bool:
        return bool(self._counts)

    def fails(self, on: Severity) -> bool:
        """Whether something as bad as `on`, or worse, was printed."""
        if self._counts.get(Severity.ERROR):
            return True
        return on is Severity.WARNING and bool(self._counts.get(Severity.WARNING))

    def _rendered(self, shown: list[Diagnostic], path: str, text: str) -> str:
        match self.format:
            case Format.TEXT:
                from pystator.compiler.diagnostics.render.text import render_text

                color = in_color(self.stream)
                return render_text(shown, {path: text}, color=color) + "\n"
            case Format.CONCISE:
                from pystator.compiler.diagnostics.render.concise import render_concise

                return render_concise(shown)
            case Format.JSON:
                from pystator.compiler.diagnostics.render.json import render_json

                return render_json(shown)

    def _echo(self, text: str) -> None:
        if self.stream is not None:
            # what has colour was decided above
            click.echo(text, file=self.stream, color=True)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def split_codes(values: Sequence[str]) -> tuple[str, ...] | None:
    """The codes of a repeatable option with commas in it; None if it was not given."""
    codes = [code.strip() for value in values for code in value.split(",")]
    return tuple(code for code in codes if code) if values else None


def _codes(text: str) -> frozenset[str]:
    """The codes that a code, a slug or the start of codes stands for."""
    upper = text.upper()
    if len(upper) >= _PREFIX_LENGTH:
        codes = frozenset(code for code in CODES if code.startswith(upper))
        if codes:
            return codes
    slugs = {row.slug: code for code, row in CODES.items()}
    if text in slugs:
        return frozenset((slugs[text],))
    message = f"there is no diagnostic {quoted(text)}"
    raise UnknownCodeError("; ".join([message, *did_you_mean(text, [*CODES, *slugs])]))


def _severity(code: str) -> Severity:
    return CODES[code].severity

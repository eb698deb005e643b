"""What a message is before it is text: a code, a place, and sentences.

A `Diagnostic` stands alone: `message` says what is wrong (lower case, no full
stop, names in backticks) and only `help` says what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one source file: lines and columns from 1, the end exclusive.

    Columns count characters (code points), not bytes. An empty span (start = end)
    marks a position, as for something that is missing.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that a diagnostic points at, with the reason."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of a definition.

    `label` is the short text under the carets of the primary place; `notes` are
    facts, `help` the advice.
    """

    code: str
    severity: Severity
    message: str
    primary: Span
    label: str = ""
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()


class TooManyErrors(Exception):
    """Raised by a report that is full, through whatever goes on finding errors."""


@dataclass(slots=True)
class Report:
    """The diagnostics of one run. It only grows, to `limit` errors if that is set."""

    limit: int | None = None
    _diagnostics: list[Diagnostic] = field(default_factory=list)
    _errors: int = 0

    def add(self, diagnostic: Diagnostic) -> None:
        """Raises TooManyErrors for an error past the limit, which is not kept."""
        if diagnostic.severity is Severity.ERROR:
            if self.limit is not None and self._errors >= self.limit:
                raise TooManyErrors
            self._errors += 1
        self._diagnostics.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def has_errors(self) -> bool:
        return self._errors > 0

    def __iter__(self) -> Iterator[Diagnostic]:
        """In order of place, then code, each once."""
        unique = dict.fromkeys(self._diagnostics)
        return iter(sorted(unique, key=lambda d: (d.primary, d.code, d.message)))

    def __len__(self) -> int:
        return len(set(self._diagnostics))

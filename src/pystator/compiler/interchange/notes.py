"""What an import has to say about what it read: one warning for each loss or change."""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Report, Span


class ImportFault(Exception):
    """The text cannot be imported at all; raised once the report says why."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Every method names what was read and says what became of it."""

    report: Report

    def refuse(self, span: Span, message: str, *help: str) -> ImportFault:
        """Reports that there is nothing to import; to be raised."""
        self.report.add(diagnostic("PS0801", message, span, help=help))
        return ImportFault(message)

    def lost(self, span: Span, message: str, *notes: str) -> None:
        self.report.add(diagnostic("PS0802", message, span, notes=notes))

    def named(self, span: Span, message: str, *notes: str) -> None:
        self.report.add(diagnostic("PS0803", message, span, notes=notes))

    def renamed(self, span: Span, message: str) -> None:
        self.report.add(diagnostic("PS0804", message, span))

    def differs(self, span: Span, message: str, *notes: str) -> None:
        self.report.add(diagnostic("PS0805", message, span, notes=notes))

"""How a fault of the schema travels from where it is found to the report.

A fault that spoils a value is raised as a `Fault` (pydantic collects those); one
that spoils nothing, such as an unknown key, goes straight to `Findings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import (
    Diagnostic,
    Label,
    Report,
    Severity,
    Span,
)
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.limits import LISTED_LIMIT, too_many_faults
from pystator.compiler.source.nodes import Mapping, Node, Scalar, Sequence

UnknownKeys: TypeAlias = Literal["error", "warning"]


class TooManyFaults(Exception):
    """Raised through the validation to end it."""


class Fault(ValueError):
    """A value is wrong.

    A `whole` message stands alone. Any other lacks its subject, as in "must be a
    list": who reports it knows the key that the value belongs to.
    """

    def __init__(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        whole: bool = True,
        label: str = "",
        notes: tuple[str, ...] = (),
        help: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.whole = whole
        self.label = label
        self.notes = notes
        self.help = help


def wrong_type(node: Node, expected: str, *help: str) -> Fault:
    return Fault(
        "PS0122",
        f"must be {expected}, not {described(node)}",
        node.span,
        whole=False,
        label=f"expected {expected}",
        help=help,
    )


def described(node: Node) -> str:
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return quoted(node.text) if node.text else "empty"
        case _:
            return quoted(node.text)


@dataclass(slots=True)
class Findings:
    """The report of one validation, and how it takes unknown keys.

    Whatever finds a fault counts it once, by `add`, `unknown`, `spoiled` or `met`;
    one more than LISTED_LIMIT raises TooManyFaults.
    """

    report: Report
    unknown_keys: UnknownKeys
    failed: bool = False
    _count: int = 0
    _met: list[tuple[Fault, str]] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        label: str = "",
        secondary: Iterable[Label] = (),
        notes: Iterable[str] = (),
        help: Iterable[str] = (),
    ) -> None:
        self._report(
            diagnostic(
                code,
                message,
                span,
                label=label,
                secondary=secondary,
                notes=notes,
                help=help,
            )
        )
        self._counted()

    def unknown(
        self, key: Scalar, place: str, near: str | None, known: Iterable[str]
    ) -> None:
        """An unknown key, an error or a warning; `near` is the one perhaps meant."""
        help = f"the keys of {place} are {listed(known)}"
        if near is not None:
            help = f"did you mean `{near}`?"
        found = diagnostic(
            "PS0120",
            f"unknown key {quoted(key.text)} in {place}",
            key.span,
            label="this key has no meaning here",
            help=(help,),
        )
        if self.unknown_keys == "warning":
            found = replace(found, severity=Severity.WARNING)
        self._report(found)
        self._counted()

    def spoiled(self, fault: Fault, subject: str) -> None:
        """Report a fault here and now; `subject` are the words for what it is about."""
        self.settle(fault, subject)
        self._counted()

    def met(self, fault: Fault, subject: str) -> None:
        """Count a fault that is raised and will be settled by who catches it."""
        self._met.append((fault, subject))
        self._counted()

    def settle(self, fault: Fault, subject: str) -> None:
        message = fault.message if fault.whole else f"{subject} {fault.message}"
        self._report(
            diagnostic(
                fault.code,
                message,
                fault.span,
                label=fault.label,
                notes=fault.notes,
                help=fault.help,
            )
        )

    def abandon(self, span: Span) -> None:
        """Report what was only met so far, and that there may be more."""
        for fault, subject in self._met:
            self.settle(fault, subject)
        self._report(too_many_faults(span))

    def _counted(self) -> None:
        self._count += 1
        if self._count > LISTED_LIMIT:
            raise TooManyFaults

    def _report(self, found: Diagnostic) -> None:
        self.failed = self.failed or found.severity is Severity.ERROR
        self.report.add(found)


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)

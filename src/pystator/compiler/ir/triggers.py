"""Triggers as written -> as the machine knows them, and which of them meet.

With `event_normalizer: lower` the declared event `Fill` and a transition on `FILL` are
one trigger: whatever mentions a declared event means it, however it is spelled. Two
declared events that become one, or two spellings of what is not declared, are faults,
since nothing says that one event was meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.text import Text


class Triggers:
    """What the normalizer makes of trigger names; remembers how they were written."""

    def __init__(self, normalizer: str) -> None:
        self.normalizer = normalizer
        self._used: list[Text] = []

    def used(self, trigger: Text) -> Text:
        """The trigger that a transition, an action or a service names."""
        self._used.append(trigger)
        return self.known(trigger)

    def known(self, trigger: Text) -> Text:
        """The trigger as the machine knows it, with the place where it was written."""
        match self.normalizer:
            case "lower":
                return Text(trigger.lower(), trigger.span, trigger.inner)
            case "upper":
                return Text(trigger.upper(), trigger.span, trigger.inner)
            case _:
                return trigger

    def check_spelling(self, declared: Iterable[Text], report: Report) -> None:
        """Report each further spelling of a trigger that no event declares."""
        if not self.normalizer:
            return
        events = {str(self.known(name)) for name in declared}
        spelled: dict[str, dict[str, Text]] = {}
        for trigger in sorted(self._used, key=lambda used: used.span):
            name = str(self.known(trigger))
            if name not in events:
                spelled.setdefault(name, {}).setdefault(trigger, trigger)
        for spellings in spelled.values():
            first, *others = spellings.values()
            for other in others:
                report.add(self.meeting("trigger", other, first))

    def meeting(self, what: str, again: Text, first: Text) -> Diagnostic:
        """Two names, spelled differently, that are one to the machine."""
        name = quoted(self.known(again))
        return diagnostic(
            "PS0205",
            f"{what}s {quoted(first)} and {quoted(again)} are one",
            again.span,
            label=f"also {name}",
            secondary=(Label(first.span, "the other spelling"),),
            notes=(f"`event_normalizer: {self.normalizer}` makes both {name}",),
            help=("spell both the same way, or rename one of them",),
        )

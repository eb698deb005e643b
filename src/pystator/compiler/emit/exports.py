"""The public names of a module, in the order of isort."""

from __future__ import annotations

import re

from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import StringLiteral, ascii_literal


def exports(words: Vocabulary) -> tuple[StringLiteral, ...]:
    """The literals of `__all__`."""
    names = words.names
    constants = ["FORMAT", *(["DELAY_MS"] if words.has_timers else [])]
    classes = [
        "Accepted",
        "Action",
        "Context",
        "Event",
        "Outcome",
        "Reason",
        "Rejected",
        "State",
        "Trigger",
        names.machine,
        *names.events.values(),
        *words.objects.values(),
    ]
    if words.has_guards:
        classes += ["AsyncGuards", "Guards"]
    if words.has_actions:
        classes += ["Actions", "AsyncActions"]
    if words.has_timers:
        classes += ["Elapsed", "Timer"]
    if names.nodes:
        classes.append("Node")
    for part in names.parts.values():
        classes += [part.name, *part.aliases.values()]
    if words.configuration != "State":
        classes.append("Configuration")
    if words.place == "Place":
        classes.append("Place")
    if words.machine.services:
        constants.append("INVOKED")
        classes.append("Service")
    if words.open and not words.dynamic:
        classes.append("Payload")
    functions = ["parse_event", "parse_state"]
    # a machine that can never rest has no state to be in
    if names.nodes and words.machine.leaves:
        functions.append("is_in")
    listed = sorted([*constants, *classes, *functions], key=_isort_order)
    return tuple(ascii_literal(name) for name in listed)


def _isort_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Constants, classes, the rest; numbers count as numbers: `Ev2` before `Ev10`."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return rank, natural_order(name)


def natural_order(name: str) -> list[tuple[int, str]]:
    """`r2` before `r10`."""
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]

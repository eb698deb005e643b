"""The registry of codes: each message of the compiler has one, for ever.

Append-only: a code keeps its number and its slug, and a retired one is not given
out again. Ranges: PS01xx reading and schema, PS02xx names, PS03xx structure, PS04xx
reachability and determinism, PS05xx guards, actions and delays, PS06xx generated
names, PS07xx properties, PS08xx import and export, PS09xx internal.

Retired: PS0190 (not-yet), for keys of the language that had not been implemented.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pystator.compiler.diagnostics.model import Diagnostic, Label, Severity, Span


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the registry; `title` is a phrase for lists and rule indexes."""

    code: str
    slug: str
    severity: Severity
    title: str


_E, _W = Severity.ERROR, Severity.WARNING

_ROWS = (
    Code("PS0101", "syntax", _E, "the text is not YAML"),
    Code("PS0102", "encoding", _E, "the file is not UTF-8"),
    Code("PS0103", "control-character", _E, "a character YAML does not allow"),
    Code("PS0104", "duplicate-key", _E, "a key stands twice in one mapping"),
    Code("PS0105", "tag", _E, "a YAML tag"),
    Code("PS0106", "merge-key", _E, "a merge key `<<`"),
    Code("PS0107", "complex-key", _E, "a key that is a list or a mapping"),
    Code("PS0108", "several-documents", _E, "more than one document in a file"),
    Code("PS0109", "empty-document", _E, "a file without a document"),
    Code("PS0110", "alias", _E, "an alias without an anchor before it"),
    Code("PS0111", "too-large", _E, "more bytes than a definition may have"),
    Code("PS0112", "too-deep", _E, "nested deeper than a definition may be"),
    Code("PS0113", "too-many-nodes", _E, "more values than a definition may have"),
    Code("PS0114", "long-scalar", _E, "a text longer than a value may be"),
    Code("PS0115", "number-range", _E, "a number that 64 bits do not hold"),
    Code("PS0116", "too-many-faults", _E, "more faults than are listed"),
    Code("PS0120", "unknown-key", _E, "a key that has no meaning here"),
    Code("PS0121", "missing-key", _E, "a required key is missing"),
    Code("PS0122", "wrong-type", _E, "a value of the wrong kind"),
    Code("PS0123", "invalid-name", _E, "a text that cannot be a name"),
    Code("PS0124", "invalid-choice", _E, "a word that is not one of those allowed"),
    Code("PS0125", "unknown-type", _W, "the name of a type that does not exist"),
    Code("PS0126", "invalid-type", _E, "a type that is not well formed"),
    Code("PS0127", "invalid-delay", _E, "a delay that is not a positive duration"),
    Code("PS0128", "conflicting-keys", _E, "keys that exclude each other"),
    Code("PS0129", "no-cause", _E, "a transition that nothing can set off"),
    Code("PS0130", "no-destination", _E, "a transition that leads nowhere"),
    Code("PS0131", "empty", _E, "a list or mapping that needs an entry"),
    Code("PS0132", "too-many-states", _E, "more states than a machine may have"),
    Code("PS0201", "unknown-state", _E, "no state has this name"),
    Code("PS0202", "duplicate-name", _E, "a name is declared twice"),
    Code("PS0203", "unknown-region", _E, "no parallel state has this region"),
    Code("PS0204", "unknown-variable", _E, "no state variable has this name"),
    Code("PS0205", "names-meet", _E, "names that the normalizer makes one"),
    Code("PS0301", "no-initial-state", _E, "the machine has no initial state"),
    Code("PS0302", "no-initial-child", _E, "a compound state has no initial child"),
    Code("PS0303", "two-initials", _E, "two states want to be the initial one"),
    Code("PS0304", "parent-cycle", _E, "a state is nested in itself"),
    Code("PS0305", "not-a-child", _E, "the initial child is no child of the state"),
    Code("PS0306", "leaves-terminal", _E, "a transition leaves a terminal state"),
    Code("PS0307", "terminal-parent", _E, "a terminal state has children"),
    Code("PS0308", "not-internal", _W, "an internal transition leaves its source"),
    Code("PS0309", "no-regions", _E, "a parallel state has no regions"),
    Code("PS0310", "not-parallel", _E, "regions of a state that is not parallel"),
    Code("PS0311", "no-region", _E, "a state of a parallel state is in no region"),
    Code("PS0312", "two-places", _E, "a state has two places in the tree"),
    Code("PS0313", "empty-region", _E, "a region has no state to rest in"),
    Code("PS0314", "other-region", _E, "the source is not in the region named"),
    Code("PS0315", "stuck-choice", _E, "a choice without a way out"),
    Code("PS0316", "choice-key", _E, "a choice has what needs a state at rest"),
    Code("PS0317", "no-history", _E, "the history of a state without children"),
    Code("PS0318", "invalid-fork", _E, "a fork whose states exclude each other"),
    Code("PS0319", "never-done", _E, "`done` of a state without children"),
    Code("PS0401", "unreachable-state", _W, "a state that is never entered"),
    Code("PS0402", "shadowed-transition", _W, "a transition that is never taken"),
    Code("PS0403", "eventless-cycle", _E, "transitions that never come to rest"),
    Code("PS0404", "never-completes", _W, "a completion that never happens"),
    Code("PS0405", "unhandled-raise", _W, "a raised event that nothing handles"),
    Code("PS0406", "region-conflict", _W, "regions that leave the same state"),
    Code("PS0407", "left-at-once", _W, "a delay in a state that is left at once"),
    Code("PS0501", "expression-syntax", _E, "an expression that cannot be read"),
    Code("PS0502", "expression-type", _E, "an expression with wrong names or types"),
    Code("PS0503", "effect-type", _E, "an effect that does not fit its variable"),
    Code("PS0504", "never-holds", _W, "a guard that never holds"),
    Code("PS0505", "parameter-keys", _E, "one name, called with different parameters"),
    Code("PS0506", "default-type", _E, "a default that does not fit its type"),
    Code("PS0507", "merge-type", _E, "a payload field that its variable cannot hold"),
    Code("PS0508", "decided-comparison", _W, "a comparison with only one answer"),
    Code("PS0509", "raised-payload", _E, "a raised event that needs a payload"),
    Code("PS0601", "name-clash", _E, "two names that become one in Python"),
    Code("PS0701", "property-fails", _E, "a condition that does not always hold"),
    Code("PS0702", "never-reached", _E, "a state that no events lead to"),
    Code("PS0703", "not-led-to", _E, "a state that need not follow another"),
    Code("PS0704", "never-ends", _E, "a way to where no end can be reached"),
    Code("PS0705", "undecided-property", _W, "a property that was not decided"),
    Code("PS0801", "not-a-statechart", _E, "a text that cannot be imported"),
    Code("PS0802", "not-carried-over", _W, "something that has no words here"),
    Code("PS0803", "became-a-name", _W, "something that somebody has to write"),
    Code("PS0804", "renamed", _W, "a name that is none here"),
    Code("PS0805", "other-meaning", _W, "something that means a little else here"),
    Code("PS0806", "not-in-scxml", _W, "something that SCXML has no words for"),
    Code("PS0807", "not-exported", _W, "something that is not in the document"),
)

CODES: dict[str, Code] = {row.code: row for row in _ROWS}


def diagnostic(
    code: str,
    message: str,
    span: Span,
    *,
    label: str = "",
    secondary: Iterable[Label] = (),
    notes: Iterable[str] = (),
    help: Iterable[str] = (),
) -> Diagnostic:
    """A diagnostic of a registered code, with the severity the registry gives it."""
    assert code in CODES, f"{code} is not in the registry of codes"
    return Diagnostic(
        code=code,
        severity=CODES[code].severity,
        message=message,
        primary=span,
        label=label,
        secondary=tuple(secondary),
        notes=tuple(notes),
        help=tuple(help),
    )

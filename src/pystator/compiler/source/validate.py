"""From the document to the machine's source, or to all that is wrong with it.

The invariant: one fault gives one diagnostic, and a source comes out only if no
error was found.
"""

from __future__ import annotations

from pydantic import ValidationError

from pystator.compiler.diagnostics.model import Report
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.faults import Fault, Findings, TooManyFaults, UnknownKeys
from pystator.compiler.source.model import MachineSource
from pystator.compiler.source.nodes import Document
from pystator.compiler.source.pause import collection_paused


def validate(
    document: Document, report: Report, *, unknown_keys: UnknownKeys = "error"
) -> MachineSource | None:
    """The source that the document holds; None if the report got an error.

    With `unknown_keys="warning"`, keys without a meaning are reported as warnings and
    kept in the `metadata` of what they stand in, if that has any.
    """
    findings = Findings(report, unknown_keys)
    try:
        with collection_paused():
            source = MachineSource.model_validate(document.root, context=findings)
    except TooManyFaults:
        findings.abandon(document.start)
        return None
    except ValidationError as error:
        _report(error, findings)
        assert findings.failed, f"validation failed without a diagnostic: {error}"
        return None
    return None if findings.failed else source


def _report(error: ValidationError, findings: Findings) -> None:
    for detail in error.errors(include_url=False, include_input=False):
        fault = detail.get("ctx", {}).get("error")
        if isinstance(fault, Fault):
            findings.settle(fault, _subject(detail["loc"]))
        else:
            # What is missing was reported where the mapping was opened, with its place
            assert detail["type"] == "missing", detail


def _subject(path: tuple[int | str, ...]) -> str:
    """The key, or the item of a key, that a pydantic location leads to, in words."""
    keys = [step for step in path if not str(step).startswith("form:")]
    if not keys:
        return "a machine definition"
    last = keys[-1]
    if isinstance(last, str):
        return quoted(last)
    owner = next((step for step in reversed(keys) if isinstance(step, str)), "")
    return f"an item of {quoted(owner)}"

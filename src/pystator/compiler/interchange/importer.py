"""What an import is, as a list of verbs: detect, read, lower, write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pystator.compiler.diagnostics.model import Report
from pystator.compiler.interchange.lower import lower
from pystator.compiler.interchange.notes import ImportFault, Notes
from pystator.compiler.interchange.scxml import read_scxml
from pystator.compiler.interchange.xstate import read_xstate
from pystator.compiler.interchange.yaml_text import yaml_text


class Format(StrEnum):
    SCXML = "scxml"
    XSTATE = "xstate"


@dataclass(frozen=True, slots=True)
class Imported:
    """`text` is the definition, None if the report says why there is none."""

    text: str | None
    report: Report


def detect(data: bytes, path: str) -> Format:
    """By the name, else by the first sign."""
    for ending, format in (
        (".scxml", Format.SCXML),
        (".xml", Format.SCXML),
        (".json", Format.XSTATE),
    ):
        if path.lower().endswith(ending):
            return format
    start = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return Format.SCXML if start.startswith(b"<") else Format.XSTATE


def import_text(data: bytes, path: str, format: Format | None = None) -> Imported:
    """The definition that says the same as a document of another notation."""
    report = Report()
    notes = Notes(report)
    try:
        match format or detect(data, path):
            case Format.SCXML:
                chart = read_scxml(data, path, notes)
            case Format.XSTATE:
                chart = read_xstate(data, path, notes)
        return Imported(yaml_text(lower(chart, notes)), report)
    except ImportFault:
        return Imported(None, report)

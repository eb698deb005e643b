"""The page about import and export says what happens."""

from __future__ import annotations

import re
from pathlib import Path

from pystator.compiler.interchange.importer import Format
from tests.interchange.documents import documents
from tests.interchange.round_trips import codes, imported, read

PAGE = Path(__file__).parent.parent.parent / "docs" / "statecharts.md"


def test_the_example_becomes_what_it_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (xml,) = re.findall(r"^```xml\n(.*?)^```$", page, re.M | re.S)
    (yaml,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    text, report = imported(xml)
    assert text == yaml
    assert codes(report) == ["PS0805", "PS0805"]
    read(text)


def test_the_numbers_are_those_of_the_documents() -> None:
    counts = [
        sum(document.format is format for document in documents())
        for format in (Format.SCXML, Format.XSTATE)
    ]
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"(\d+)(?: documents)? of (?:SCXML|XState)", page) == [
        str(count) for count in counts
    ]

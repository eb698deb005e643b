"""What the generators start from: every definition that the tests have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pystator.compiler.source.nodes import Mapping, Node, Scalar
from pystator.compiler.source.reader import read_text
from tests.case_files import read_cases
from tests.security.random_text import skeleton_texts
from tests.security.skeleton import Data

_TESTS = Path(__file__).parents[1]


@cache
def texts() -> tuple[str, ...]:
    """Definitions of the case files, right and wrong, and those without a fault."""
    cases = [
        case.definition.text
        for path in sorted((_TESTS / "cases").rglob("*.md"))
        for case in read_cases(path)
    ]
    small = [
        path.read_text(encoding="utf-8")
        for path in sorted((_TESTS / "variations").glob("*.yaml"))
    ]
    return (*cases, *small, *skeleton_texts())


@cache
def trees() -> tuple[dict[str, Data], ...]:
    """The mappings among them, as data."""
    found = []
    for text in texts():
        document, _ = read_text(text, "m.yaml")
        if document is not None:
            data = _data(document.root)
            if isinstance(data, dict):
                found.append(data)
    return tuple(found)


def _data(node: Node) -> Data:
    match node:
        case Scalar():
            return node.value
        case Mapping():
            return {key.text: _data(value) for key, value in node.entries}
        case _:
            return [_data(item) for item in node.items]

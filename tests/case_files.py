"""Case files: Markdown whose `##` headings are test cases.

A case is prose, one block with a definition (`yaml` or `json`), and what is expected
of it: blocks `diagnostics`, `trace` and `python`, and markers `# error: PS0201` at the
end of lines of the definition. Nothing that is written goes unread: a block of another
kind, an expectation without a definition, or a case that expects nothing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DEFINITIONS = ("yaml", "json")
EXPECTATIONS = ("diagnostics", "trace", "python")
PICTURES = ("text",)
"""What a page of the documentation has beside: nothing reads it."""
_FENCE = re.compile(r"```([a-z]*)\n?")
_MARKER = re.compile(r"#\s*(error|warning): (PS\d{4}(?:, PS\d{4})*)\s*$")


class CaseError(Exception):
    """A case file that does not say what it should; the message has the line."""


@dataclass(frozen=True, slots=True)
class Block:
    """The text between two fences; `line` is that of its first line, from 1."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One heading. `expected` has the expectation blocks by kind."""

    path: Path
    heading: str
    definition: Block
    expected: Mapping[str, Block]

    @property
    def file_name(self) -> str:
        """What the definition would be called, by its kind."""
        return f"case.{self.definition.kind}"

    def markers(self) -> list[tuple[int, str, str]]:
        """(line, severity, code) of each marker, lines counted in the definition."""
        return list(markers(self.definition.text))


def markers(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _MARKER.search(line)
        if found is not None:
            for code in found[2].split(", "):
                yield number, found[1], code


def read_cases(path: Path, *, pictures: bool = False) -> list[Case]:
    """The cases of one file, in order. Raises CaseError."""
    cases: list[Case] = []
    heading, blocks = "", list[Block]()
    known: set[str] = set()
    for number, item in _items(path, pictures):
        if isinstance(item, Block):
            if not heading:
                raise CaseError(f"{path}:{number}: a block before the first `##`")
            blocks.append(item)
            continue
        if heading:
            cases.append(_case(path, heading, blocks))
        heading, blocks = item, []
        if heading in known:
            raise CaseError(f"{path}:{number}: a second case `{heading}`")
        known.add(heading)
    if not heading:
        raise CaseError(f"{path}: no case")
    cases.append(_case(path, heading, blocks))
    return cases


def replace_blocks(path: Path, heading: str, texts: Mapping[str, str]) -> None:
    """Rewrite the expectation blocks of one case, by kind."""
    case = next(case for case in read_cases(path) if case.heading == heading)
    lines = path.read_text(encoding="utf-8").splitlines()
    blocks = sorted(case.expected.items(), key=lambda item: -item[1].line)
    for kind, block in blocks:
        if kind in texts:
            start = block.line - 1
            end = start + len(block.text.splitlines())
            lines[start:end] = texts[kind].splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _items(path: Path, pictures: bool) -> Iterator[tuple[int, str | Block]]:
    """Headings and blocks, each with its line."""
    kinds = (*DEFINITIONS, *EXPECTATIONS, *(PICTURES if pictures else ()))
    inside: tuple[str, int] | None = None
    text: list[str] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if inside is not None:
            if line != "```":
                text.append(line)
                continue
            kind, start = inside
            yield start, Block(kind, "".join(f"{t}\n" for t in text), start + 1)
            inside, text = None, []
        elif line.startswith("```"):
            fence = _FENCE.fullmatch(line)
            if fence is None or fence[1] not in kinds:
                raise CaseError(f"{path}:{number}: no case has a block `{line}`")
            inside = (fence[1], number)
        elif line.startswith("## "):
            yield number, line.removeprefix("## ").strip()
    if inside is not None:
        raise CaseError(f"{path}:{inside[1]}: the block is not closed")


def _case(path: Path, heading: str, blocks: list[Block]) -> Case:
    place = f"{path}: `{heading}`"
    definitions = [block for block in blocks if block.kind in DEFINITIONS]
    if len(definitions) != 1:
        raise CaseError(f"{place} has {len(definitions)} definitions")
    expected: dict[str, Block] = {}
    for block in blocks:
        if block.kind in EXPECTATIONS:
            if block.kind in expected:
                raise CaseError(f"{place} has two blocks `{block.kind}`")
            expected[block.kind] = block
    case = Case(path, heading, definitions[0], expected)
    if not expected and not case.markers():
        raise CaseError(f"{place} expects nothing")
    return case

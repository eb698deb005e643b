"""XML text -> elements with places, for texts that nobody vouches for.

The invariant: nothing outside of the text is read, no entity is ever expanded (a
document type declaration is refused where it starts), and size, depth and number of
elements are bounded before anything is built from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.source.reader import SIZE_LIMIT

DEPTH_LIMIT: Final = 200
ELEMENT_LIMIT: Final = 50_000
SCXML: Final = "http://www.w3.org/2005/07/scxml"
OURS: Final = "urn:pystator:scxml"
"""The namespace of what SCXML has no words for."""
_STATES: Final = ("state", "parallel", "final", "history")
_OURS_PREFIX: Final = "pystator:"


@dataclass(frozen=True, slots=True)
class Element:
    """`name` and keys of `attributes`: local ones of SCXML or of no namespace as they
    are, ours with `pystator:`, others as `{namespace}local`.
    """

    name: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    text: str
    span: Span

    def get(self, key: str) -> str:
        """The attribute without white space around it, empty if there is none."""
        return self.attributes.get(key, "").strip()

    def named(self, *names: str) -> tuple[Element, ...]:
        return tuple(child for child in self.children if child.name in names)


def inside(element: Element) -> list[Element]:
    """All elements inside in order, without those of other states."""
    found: list[Element] = []
    pending = list(reversed(element.children))
    while pending:
        child = pending.pop()
        if child.name not in _STATES:
            found.append(child)
            pending.extend(reversed(child.children))
    return found


def whole(element: Element) -> list[Element]:
    """The element and all inside it, those nearer first."""
    found = [element]
    for each in found:
        found.extend(each.children)
    return found


def json_of(text: str, otherwise: Json) -> Json:
    """The data in an attribute or a text of ours, `otherwise` if there is none."""
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return otherwise
    return found


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    span: Span
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Refused(Exception):
    pass


def read_xml(data: bytes, path: str, notes: Notes) -> Element:
    """The root element. Raises ImportFault."""
    if len(data) > SIZE_LIMIT:
        start = Span(path, 1, 1, 1, 1)
        raise notes.refuse(start, f"larger than {SIZE_LIMIT} bytes")
    builder = _Builder(path)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        place = Span(path, line, column, line, column)
        reason = expat.errors.messages[error.code]
        raise notes.refuse(place, f"not XML: {reason}") from None
    except _Refused as refused:
        raise notes.refuse(builder.here(), str(refused)) from None
    except (ValueError, LookupError) as error:
        # an encoding that Python does not have, or that decodes to something odd
        raise notes.refuse(builder.here(), f"not XML: {error}") from None
    assert builder.root is not None, "expat accepts no text without an element"
    return builder.root


class _Builder:
    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Element | None = None
        self.open: list[_Open] = []
        self.count = 0
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser = parser

    def here(self) -> Span:
        line = max(self.parser.CurrentLineNumber, 1)
        column = self.parser.CurrentColumnNumber + 1
        return Span(self.path, line, column, line, column)

    def doctype(self, *declared: object) -> None:
        raise _Refused("a document type declaration, which could define entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEPTH_LIMIT:
            raise _Refused(f"nested deeper than {DEPTH_LIMIT} elements")
        if self.count > ELEMENT_LIMIT:
            raise _Refused(f"more than {ELEMENT_LIMIT} elements")
        named = {_local(key): value for key, value in attributes.items()}
        self.open.append(_Open(_local(name), named, self.here()))

    def end(self, name: str) -> None:
        opened = self.open.pop()
        element = Element(
            opened.name,
            opened.attributes,
            tuple(opened.children),
            "".join(opened.text).strip(),
            opened.span,
        )
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element

    def characters(self, text: str) -> None:
        self.open[-1].text.append(text)


def _local(name: str) -> str:
    space, _, local = name.rpartition("\n")
    if space in ("", SCXML):
        return local
    return f"{_OURS_PREFIX}{local}" if space == OURS else f"{{{space}}}{local}"

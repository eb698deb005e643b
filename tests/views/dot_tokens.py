"""A reader of the part of graphviz' language that our diagrams use.

`check_dot` gives the tokens with the author's texts taken out, so that two diagrams can
be compared for what they draw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?: (?P<string>"(?:[^"\\\n]|\\.)*")
             | (?P<word>[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?)
             | (?P<sign>->|[{}\[\]=,;]) )""",
    re.VERBOSE,
)
_COMMENT: Final = "// pystator graph\n"
_ENTITY: Final = re.compile("&(?!amp;|lt;|gt;)")


def check_dot(text: str) -> list[str]:
    assert text.startswith(_COMMENT) and text.endswith("}\n")
    assert all(char == "\n" or char.isprintable() for char in text)
    tokens = list(_tokens(text.removeprefix(_COMMENT).rstrip()))
    reader = _Reader(tokens)
    reader.graph()
    assert reader.ends <= reader.nodes, "an arrow at a node that is not declared"
    assert reader.clipped <= reader.clusters, "an arrow clipped at no cluster"
    return ['"..."' if token[0] == '"' else token for token in tokens]


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match is not None, f"not a token: {text[place : place + 40]!r}"
        place = match.end()
        if match["string"]:
            _check_string(match["string"][1:-1])
        yield match["string"] or match["word"] or match["sign"]


def _check_string(inner: str) -> None:
    assert not set(inner) & set("<>")
    assert not _ENTITY.search(inner), "graphviz would read an entity"
    for escape in re.findall(r"\\(.)", inner):
        assert escape in '"\\n', f"graphviz would read \\{escape}"


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.nodes: set[str] = set()
        self.ends: set[str] = set()
        self.clusters: set[str] = set()
        self.clipped: set[str] = set()

    def graph(self) -> None:
        self.expect("digraph")
        self.statements()
        assert self.place == len(self.tokens), "something after the graph"

    def statements(self) -> None:
        self.expect("{")
        while self.tokens[self.place] != "}":
            if self.tokens[self.place] == "subgraph":
                self.place += 1
                name = self.word()
                assert name not in self.clusters, f"declared twice: {name}"
                self.clusters.add(name)
                self.statements()
            else:
                self.statement()
                self.expect(";")
        self.expect("}")

    def statement(self) -> None:
        name = self.word()
        match self.tokens[self.place]:
            case "=":
                self.place += 1
                self.value()
            case "->":
                self.place += 1
                self.ends |= {name, self.word()}
                self.attributes()
            case _:
                assert name not in self.nodes, f"declared twice: {name}"
                if name not in ("node", "edge"):
                    self.nodes.add(name)
                self.attributes()

    def attributes(self) -> None:
        if self.tokens[self.place] != "[":
            return
        while self.tokens[self.place] != "]":
            self.place += 1
            name = self.word()
            self.expect("=")
            value = self.value()
            if name in ("lhead", "ltail"):
                self.clipped.add(value)
            assert self.tokens[self.place] in (",", "]")
        self.place += 1

    def word(self) -> str:
        token = self.value()
        assert token[0] != '"', "an id is never a string"
        return token

    def value(self) -> str:
        token = self.tokens[self.place]
        assert token[0] == '"' or token[0].isalnum() or token[0] == "_"
        self.place += 1
        return token

    def expect(self, token: str) -> None:
        assert self.tokens[self.place] == token
        self.place += 1

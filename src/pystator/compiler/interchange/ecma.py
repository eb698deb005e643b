"""The part of ECMAScript expressions that conditions of statecharts are made of.

    x > 3 && In('a')  ->  Binary("&&", Binary(">", x, 3), Call(In, ("a",)))

Statements, assignments, functions and regular expressions are none of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from pystator.compiler.interchange.chart import Json

LENGTH_LIMIT: Final = 4_000
DEPTH_LIMIT: Final = 60
OPERATOR_LIMIT: Final = 200
"""A chain of operators is a deep tree, whatever it looks like."""


class EcmaError(ValueError):
    """The text is outside of the part that is read; the message says where."""


@dataclass(frozen=True, slots=True)
class Lit:
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Ident:
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`owner.key`, or `owner["key"]`."""

    owner: Js
    key: str


@dataclass(frozen=True, slots=True)
class Call:
    function: Js
    args: tuple[Js, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    op: str
    operand: Js


@dataclass(frozen=True, slots=True)
class Binary:
    op: str
    left: Js
    right: Js


@dataclass(frozen=True, slots=True)
class Conditional:
    test: Js
    then: Js
    otherwise: Js


@dataclass(frozen=True, slots=True)
class Array:
    items: tuple[Js, ...]


@dataclass(frozen=True, slots=True)
class Object:
    items: tuple[tuple[str, Js], ...]


Js: TypeAlias = (
    Lit | Ident | Member | Call | Unary | Binary | Conditional | Array | Object
)

_LEVELS: Final = (
    ("||",),
    ("&&",),
    ("===", "!==", "==", "!="),
    ("<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "/", "%"),
)
_WORDS: Final = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "Infinity": float("inf"),
    "NaN": float("nan"),
}
_REFUSED: Final = frozenset(
    ("new", "function", "typeof", "void", "delete", "in", "instanceof", "this", "var")
)
_TOKEN: Final = re.compile(
    r"""\s*(?: (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
             | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
             | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
             | (?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}]) )""",
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
}


def parse_ecma(text: str) -> Js:
    """The tree of an expression. Raises EcmaError."""
    if len(text) > LENGTH_LIMIT:
        raise EcmaError(f"longer than {LENGTH_LIMIT} characters")
    reader = _Reader(_tokens(text))
    found = reader.conditional()
    if reader.kind != "end":
        raise EcmaError(f"`{reader.text}` is not expected")
    return found


def is_call(js: Js, name: str) -> bool:
    return isinstance(js, Call) and js.function == Ident(name)


def constant_of(js: Js) -> Json:
    """The data that a literal stands for. Raises EcmaError if it is none."""
    match js:
        case Lit(value):
            return value
        case Unary("-", Lit(int() | float() as number)) if not isinstance(number, bool):
            return -number
        case Array(items):
            return [constant_of(item) for item in items]
        case Object(items):
            return {key: constant_of(value) for key, value in items}
        case _:
            raise EcmaError("not a literal")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    text = text.rstrip()
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise EcmaError(f"`{text[place:].strip()[:20]}` is not read")
        place = match.end()
        kind = match.lastgroup
        assert kind is not None, "every alternative has a name"
        found.append((kind, match[kind]))
    return [*found, ("end", "the end")]


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)


def _string(quoted: str) -> str:
    text = _ESCAPE.sub(_unescaped, quoted[1:-1])
    # a pair of surrogates, each escaped, is one character
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.operators = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    @property
    def text(self) -> str:
        return self.tokens[self.place][1]

    def at(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def take(self) -> str:
        text = self.text
        self.place += 1
        return text

    def expect(self, sign: str) -> None:
        if not self.at(sign):
            raise EcmaError(f"`{sign}` is missing before {self.text}")
        self.place += 1

    def conditional(self) -> Js:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise EcmaError("nested too deeply")
        test = self.binary(0)
        if self.at("?"):
            self.take()
            then = self.conditional()
            self.expect(":")
            test = Conditional(test, then, self.conditional())
        self.depth -= 1
        return test

    def binary(self, level: int) -> Js:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.at(*_LEVELS[level]):
            op = self.take()
            self.operators += 1
            if self.operators > OPERATOR_LIMIT:
                raise EcmaError(f"more than {OPERATOR_LIMIT} operators")
            left = Binary(op, left, self.binary(level + 1))
        return left

    def unary(self) -> Js:
        signs: list[str] = []
        while self.at("!", "-"):
            signs.append(self.take())
            if len(signs) > DEPTH_LIMIT:
                raise EcmaError("nested too deeply")
        found = self.postfix()
        for sign in reversed(signs):
            found = Unary(sign, found)
        return found

    def postfix(self) -> Js:
        found = self.primary()
        links = 0
        while self.at(".", "[", "("):
            links += 1
            if links > DEPTH_LIMIT:
                raise EcmaError("nested too deeply")
            match self.take():
                case ".":
                    if self.kind != "word":
                        raise EcmaError("a name is missing after `.`")
                    found = Member(found, self.take())
                case "[":
                    key = self.conditional()
                    self.expect("]")
                    if not (isinstance(key, Lit) and isinstance(key.value, str)):
                        raise EcmaError("an index that is computed")
                    found = Member(found, key.value)
                case _:
                    found = Call(found, tuple(self.items(")")))
        return found

    def items(self, end: str) -> list[Js]:
        found: list[Js] = []
        while not self.at(end):
            found.append(self.conditional())
            if not self.at(","):
                break
            self.take()
        self.expect(end)
        return found

    def primary(self) -> Js:
        kind, text = self.kind, self.take()
        match kind:
            case "number":
                is_integer = text.isdigit() and len(text) < 19
                return Lit(int(text) if is_integer else float(text))
            case "string":
                return Lit(_string(text))
            case "word" if text in _WORDS:
                return Lit(_WORDS[text])
            case "word" if text not in _REFUSED:
                return Ident(text)
            case "sign" if text == "(":
                inner = self.conditional()
                self.expect(")")
                return inner
            case "sign" if text == "[":
                return Array(tuple(self.items("]")))
            case "sign" if text == "{":
                return self.object()
        raise EcmaError(f"`{text}` is not expected")

    def object(self) -> Js:
        found: list[tuple[str, Js]] = []
        while not self.at("}"):
            kind, text = self.kind, self.take()
            if kind not in ("word", "string"):
                raise EcmaError(f"`{text}` is no key")
            self.expect(":")
            key = _string(text) if kind == "string" else text
            found.append((key, self.conditional()))
            if not self.at(","):
                break
            self.take()
        self.expect("}")
        return Object(tuple(found))

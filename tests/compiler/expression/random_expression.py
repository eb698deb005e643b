"""Random well-typed expressions over one fixed scope, and values for its names."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.types import Kind, Type

STRING: Final = Type(Kind.STRING)
INTEGER: Final = Type(Kind.INTEGER)
NUMBER: Final = Type(Kind.NUMBER)
BOOLEAN: Final = Type(Kind.BOOLEAN)
DATETIME: Final = Type(Kind.DATETIME)
STATUSES: Final = ("open", "closed", "on hold")
STATUS: Final = Type(Kind.ENUM, values=STATUSES)
CITY: Final = Type(
    Kind.OBJECT, fields=(("name", STRING), ("size", INTEGER), ("rank", NUMBER))
)


def optional(type: Type) -> Type:
    return Type(type.kind, True, type.element, type.fields, type.values)


def listed(element: Type) -> Type:
    return Type(Kind.LIST, element=element)


VARIABLES: Final = {
    "qty": INTEGER,
    "limit": INTEGER,
    "price": NUMBER,
    "title": STRING,
    "owner": STRING,
    "status": STATUS,
    "former": STATUS,
    "flag": BOOLEAN,
    "vip": BOOLEAN,
    "due": DATETIME,
    "start": DATETIME,
    "note": optional(STRING),
    "bonus": optional(NUMBER),
    "count": optional(INTEGER),
    "phase": optional(STATUS),
    "agreed": optional(BOOLEAN),
    "seen": optional(DATETIME),
    "codes": listed(INTEGER),
    "rates": listed(NUMBER),
    "tags": listed(STRING),
    "marks": listed(BOOLEAN),
    "stages": listed(STATUS),
    "city": CITY,
    "home": optional(CITY),
}
PAYLOAD: Final = {
    "amount": NUMBER,
    "pieces": INTEGER,
    "reason": optional(STRING),
    "title": STRING,
    "urgent": BOOLEAN,
}
SCOPE: Final = NameScope(VARIABLES, PAYLOAD)
DYNAMIC_SCOPE: Final = NameScope(None, None)


@dataclass(frozen=True, slots=True)
class Place:
    """A name as it is written, with its type."""

    text: str
    type: Type


def _places() -> tuple[Place, ...]:
    found: list[Place] = []
    for name, type in VARIABLES.items():
        written = f"ctx.{name}" if name in PAYLOAD else name
        if type.fields is None:
            found += [Place(written, type), Place(f"ctx.{name}", type)]
        for field, inner in type.fields or ():
            if not type.optional:
                found.append(Place(f"{written}.{field}", inner))
    for name, type in PAYLOAD.items():
        found += [Place(name, type), Place(f"event.{name}", type)]
    return tuple(found)


PLACES: Final = _places()
OPTIONAL: Final = tuple(place for place in PLACES if place.type.optional)

_WORDS: Final = ("open", "closed", "on hold", "", "a", "Zu", "x'y", 'say "a"', "\u00e9")
_INTEGERS: Final = (0, 1, 2, 3, -1, 7, 100, 2**40)
_FLOATS: Final = (0.0, 0.5, 1.0, -2.5, 1e16, 3.14159)


class Generator:
    """One stream of expressions; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._present: list[Place] = []

    def expression(self, depth: int = 4) -> str:
        return self.boolean(self._random.randrange(1, depth + 1))

    def _name(self, *kinds: Kind) -> str | None:
        """A name of one of the kinds that is not null, now and then one that may be."""
        careless = self._random.random() < 0.02
        names = [
            place.text
            for place in (*PLACES, *self._present * 3)
            if place.type.kind in kinds
            and (careless or place in self._present or not place.type.optional)
        ]
        return self._random.choice(names) if names else None

    def _pick(self, *options: Callable[[int], str], depth: int) -> str:
        return self._random.choice(options)(depth - 1)

    def boolean(self, depth: int) -> str:
        if depth <= 0:
            return self._name(Kind.BOOLEAN) or "flag"
        return self._pick(
            self._comparison,
            self._comparison,
            self._equality,
            self._membership,
            self._junction,
            self._junction,
            self._guarded,
            self._guarded,
            self._negation,
            self._null_test,
            self._predicate,
            lambda inner: self._ternary(inner, self.boolean),
            lambda _: self._random.choice(("true", "False", "flag", "event.urgent")),
            depth=depth,
        )

    def _comparison(self, depth: int) -> str:
        op = self._random.choice(("<", "<=", ">", ">="))
        kind = self._random.choice((self.number, self.number, self.text, self.moment))
        left, right = self._side(kind, depth), self._side(kind, depth)
        if self._random.random() < 0.2:
            middle = self._side(kind, depth)
            other = self._random.choice(("<", "<=", "==", "!="))
            return f"{left} {op} {middle} {other} {right}"
        return f"{left} {op} {right}"

    def _equality(self, depth: int) -> str:
        op = self._random.choice(("==", "!="))
        kind = self._random.choice((self.number, self.text, self._status, self.boolean))
        left, right = self._side(kind, depth), self._side(kind, depth)
        if kind == self._status:
            right = self._quoted(self._random.choice(STATUSES))
        if self._random.random() < 0.2:
            place = self._random.choice(OPTIONAL)
            left = place.text
            right = self._side(self._of(place.type), depth)
        if self._random.random() < 0.1:
            left, right = right, left
        return f"{left} {op} {right}"

    def _membership(self, depth: int) -> str:
        op = self._random.choice(("in", "not in"))
        picks = self._random.randrange(1, 4)
        match self._random.randrange(5):
            case 0:
                items = [str(self._random.choice(_INTEGERS)) for _ in range(picks)]
                left = self._side(self.number, depth)
            case 1:
                items = [
                    self._quoted(self._random.choice(_WORDS)) for _ in range(picks)
                ]
                left = self._side(self.text, depth)
            case 2:
                items = [
                    self._quoted(self._random.choice(STATUSES)) for _ in range(picks)
                ]
                left = self._random.choice(("status", "former", "phase"))
            case 3:
                items = [repr(self._random.choice(_FLOATS)) for _ in range(picks)]
                left = self._random.choice(("price", "bonus", "qty", "count"))
            case _:
                left, right = self._in_list(depth)
                return f"{left} {op} {right}"
        return f"{left} {op} ({', '.join(items)}{',' if picks == 1 else ''})"

    def _in_list(self, depth: int) -> tuple[str, str]:
        right = self._random.choice(("codes", "rates", "tags", "stages", "marks"))
        kind = self._of(VARIABLES[right].element or STRING)
        return self._side(kind, depth), right

    def _junction(self, depth: int) -> str:
        word = self._random.choice((" and ", " or "))
        count = self._random.randrange(2, 4)
        return word.join(self._side(self.boolean, depth) for _ in range(count))

    def _guarded(self, depth: int) -> str:
        """A null test, and an operand that relies on it."""
        place = self._random.choice(OPTIONAL)
        self._present.append(place)
        inner = self._side(self._about(place), depth)
        other = self._side(self.boolean, depth)
        self._present.pop()
        test = self._random.choice(("is not None", "!= null", "is not null"))
        absent = self._random.choice(("is None", "== None"))
        match self._random.randrange(7):
            case 0 | 1:
                return f"{place.text} {test} and {inner}"
            case 2:
                return f"{place.text} {absent} or {inner}"
            case 3:
                return f"{inner} if {place.text} {test} else {other}"
            case 4:
                return f"not ({place.text} {absent}) and {other} and {inner}"
            case 5:
                return f"not ({place.text} {test}) or {inner}"
            case _:
                return f"not ({place.text} {absent} or {other}) and {inner}"

    def _about(self, place: Place) -> Callable[[int], str]:
        """A boolean that uses the place."""

        def about(depth: int) -> str:
            kind = self._of(place.type)
            if kind == self.boolean:
                return place.text
            if place.type.kind is Kind.ENUM:
                return f"{place.text} == {self._quoted(self._random.choice(STATUSES))}"
            other = self._side(kind, depth - 1)
            op = self._random.choice(("<", ">=", "==", "!="))
            return f"{place.text} {op} {other}"

        return about

    def _negation(self, depth: int) -> str:
        return f"not {self._side(self.boolean, depth)}"

    def _null_test(self, depth: int) -> str:
        test = self._random.choice(("is None", "is not None", "== null", "!= None"))
        if self._random.random() < 0.2:
            kind = self._random.choice((self.number, self.text))
            return f"{self._side(kind, depth)} {test}"
        place = self._random.choice((*OPTIONAL, Place("home", optional(CITY))))
        if place.text == "home" and self._random.random() < 0.7:
            return "home is not None and home.size > 3"
        return f"{place.text} {test}"

    def _predicate(self, depth: int) -> str:
        text, part = self.text(depth - 1), self.text(depth - 1)
        item, whole = self._in_list(depth - 1)
        return self._random.choice(
            (
                f"startswith({text}, {part})",
                f"endswith({text}, {part})",
                f"contains({text}, {part})",
                f"contains({whole}, {item})",
                "any(marks)",
                "all(ctx.marks)",
            )
        )

    def _ternary(self, depth: int, kind: Callable[[int], str]) -> str:
        then, test, otherwise = (
            self._side(kind, depth),
            self._side(self.boolean, depth),
            self._side(kind, depth),
        )
        return f"{then} if {test} else {otherwise}"

    def number(self, depth: int) -> str:
        if depth <= 0 or self._random.random() < 0.3:
            name = self._name(Kind.INTEGER, Kind.NUMBER)
            if name is not None and self._random.random() < 0.7:
                return name
            return repr(self._random.choice((*_INTEGERS, *_FLOATS)))
        return self._pick(
            self._arithmetic,
            self._arithmetic,
            self._numeric_call,
            lambda inner: f"-{self._side(self.number, inner)}",
            lambda inner: f"({self._ternary(inner, self.number)})",
            depth=depth,
        )

    def _arithmetic(self, depth: int) -> str:
        op = self._random.choice(("+", "-", "*", "+", "-", "*", "/", "//", "%"))
        left, right = self._side(self.number, depth), self._side(self.number, depth)
        return f"{left} {op} {right}"

    def _numeric_call(self, depth: int) -> str:
        one, two = self.number(depth), self.number(depth)
        return self._random.choice(
            (
                f"abs({one})",
                f"round({one})",
                f"round({one}, 2)",
                f"min({one}, {two})",
                f"max({one}, {two}, 3)",
                "min(rates)",
                "max(codes)",
                f"len({self.text(depth)})",
                "len(tags)",
            )
        )

    def text(self, depth: int) -> str:
        if depth <= 0 or self._random.random() < 0.4:
            name = self._name(Kind.STRING, Kind.ENUM)
            if name is not None and self._random.random() < 0.7:
                return name
            return self._quoted(self._random.choice(_WORDS))
        return self._pick(
            lambda inner: f"lower({self.text(inner)})",
            lambda inner: f"upper({self.text(inner)})",
            lambda inner: f"({self.text(inner)} + {self.text(inner)})",
            lambda inner: f"({self._ternary(inner, self.text)})",
            lambda inner: f"min({self.text(inner)}, {self.text(inner)})",
            lambda inner: "max(tags)",
            depth=depth,
        )

    def _status(self, depth: int) -> str:
        return self._name(Kind.ENUM) or "status"

    def moment(self, depth: int) -> str:
        return self._name(Kind.DATETIME) or "due"

    def _of(self, type: Type) -> Callable[[int], str]:
        match type.kind:
            case Kind.INTEGER | Kind.NUMBER:
                return self.number
            case Kind.STRING:
                return self.text
            case Kind.ENUM:
                return self._status
            case Kind.DATETIME:
                return self.moment
            case _:
                return self.boolean

    def _side(self, kind: Callable[[int], str], depth: int) -> str:
        """An operand, in parentheses where it is not one word."""
        text = kind(depth - 1)
        return text if text.replace(".", "").isidentifier() else f"({text})"

    def _quoted(self, text: str) -> str:
        quote = self._random.choice("\"'")
        escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
        return f"{quote}{escaped}{quote}"

    # Values

    def values(self, types: dict[str, Type]) -> dict[str, object]:
        return {name: self.value(type) for name, type in types.items()}

    def value(self, type: Type) -> object:
        if type.optional and self._random.random() < 0.4:
            return None
        match type.kind:
            case Kind.INTEGER:
                return self._random.choice(_INTEGERS)
            case Kind.NUMBER:
                odd = (float("inf"), float("nan"))
                return self._random.choice((*_INTEGERS, *_FLOATS * 2, *odd))
            case Kind.STRING:
                return self._random.choice(_WORDS)
            case Kind.BOOLEAN:
                return self._random.random() < 0.5
            case Kind.ENUM:
                return self._random.choice(type.values)
            case Kind.DATETIME:
                hours = timedelta(hours=self._random.randrange(5))
                return datetime(2024, 1, 1, tzinfo=UTC) + hours
            case Kind.LIST:
                element = type.element or STRING
                return [self.value(element) for _ in range(self._random.randrange(4))]
            case Kind.OBJECT:
                return self.values(dict(type.fields or ()))
            case _:
                raise AssertionError(type)

    def disorder(self, values: dict[str, object]) -> dict[str, object]:
        """The values with some missing and some of another type."""
        wrong: tuple[object, ...] = (
            None,
            True,
            3,
            2.5,
            "open",
            [],
            [1, "a"],
            {"name": "x"},
        )
        kept = {k: v for k, v in values.items() if self._random.random() > 0.05}
        return {
            name: self._random.choice(wrong) if self._random.random() < 0.1 else value
            for name, value in kept.items()
        }


def expressions() -> st.SearchStrategy[str]:
    """Expressions that are nearly all well-typed in SCOPE."""
    return st.integers(0, 2**32).map(lambda seed: Generator(seed).expression())

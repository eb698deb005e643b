"""ECMAScript expressions -> those of our language, as far as they mean the same.

    x >= 3 && _event.data.ok  ->  x >= 3 and event.ok

What is translated is parsed and, where the context is declared, type-checked by the
compiler's own rules: what those refuse has no translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.literal import constant_literal
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.expression.words import FUNCTIONS, is_element, is_plain_name
from pystator.compiler.interchange.ecma import (
    Array,
    Binary,
    Call,
    Conditional,
    Ident,
    Js,
    Lit,
    Member,
    Unary,
    constant_of,
)
from pystator.compiler.ir.types import Kind, Type

EVENT: Final = Ident("_event")
EVENT_NAME: Final = Member(EVENT, "name")
EVENT_DATA: Final = Member(EVENT, "data")
_BINARY: Final = {
    "&&": "and",
    "||": "or",
    "===": "==",
    "==": "==",
    "!==": "!=",
    "!=": "!=",
    **{op: op for op in ("<", "<=", ">", ">=", "+", "-", "*", "/", "%")},
}
_METHODS: Final = {
    "toLowerCase": ("lower", 0),
    "toUpperCase": ("upper", 0),
    "startsWith": ("startswith", 1),
    "endsWith": ("endswith", 1),
    "includes": ("contains", 1),
}
_MATH: Final = {"min": "min", "max": "max", "abs": "abs"}
BOOLEAN: Final = Type(Kind.BOOLEAN)


class Untranslatable(ValueError):
    """Our language has no such expression; the message says what stands in the way."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of the chart mean.

    `variables` is None where any name may be one. `payloads` has the declared fields
    of the events, by trigger. What is `trusted` was checked when it was written.
    """

    variables: Mapping[str, Type] | None
    payloads: Mapping[str, Mapping[str, Type]]
    trusted: bool = False

    def scopes(self, trigger: str | None) -> list[NameScope]:
        """Those an expression may be evaluated in; None is for any event."""
        if self.variables is None:
            return [NameScope(None, None)]
        if trigger is not None:
            return [NameScope(self.variables, self.payloads.get(trigger, {}))]
        every: list[Mapping[str, Type]] = [{}, *self.payloads.values()]
        return [NameScope(self.variables, payload) for payload in every]


def translated(
    js: Js,
    names: Names,
    trigger: str | None,
    wanted: Type | None = BOOLEAN,
    *,
    division: bool = True,
) -> str:
    """The text of the same expression in our language. Raises Untranslatable."""
    if names.trusted:
        # a bare name was said with `_event.data` where the event is known
        payload = names.payloads.get(trigger, {}) if trigger is not None else {}
        names = replace(names, payloads={"": payload})
    try:
        expr = parse(_text(js, names))
        if names.trusted:
            return canonical(expr)
        for scope in names.scopes(trigger):
            found = check(expr, scope, wanted, allow_division=division)
            if isinstance(found, Typed):
                return canonical(expr)
    except ExpressionError as error:
        raise Untranslatable(error.message) from None
    assert not isinstance(found, Typed)
    raise Untranslatable(found[0].message)


def folded(js: Js, event: str) -> Js:
    """The expression under an event of this name, as far as that decides it."""
    match js:
        case Unary("!", operand):
            inner = folded(operand, event)
            if isinstance(inner, Lit) and _decided(inner):
                return Lit(not inner.value)
            return Unary("!", inner)
        case Binary("&&" | "||" as op, left, right):
            one, other = folded(left, event), folded(right, event)
            neutral = op == "&&"
            for side, rest in ((one, other), (other, one)):
                if side == Lit(neutral) and _decided(side):
                    return rest
                if side == Lit(not neutral) and _decided(side):
                    return side
            return Binary(op, one, other)
        case Binary("===" | "==" | "!==" | "!=" as op, left, right):
            sides = {left, right} if _hashable(left, right) else set()
            literal = next((s for s in sides if isinstance(s, Lit)), None)
            if EVENT_NAME in sides and literal is not None:
                return Lit((literal.value == event) is not op.startswith("!"))
            return js
        case _:
            return js


def _decided(js: Js) -> bool:
    return isinstance(js, Lit) and isinstance(js.value, bool)


def _hashable(*sides: Js) -> bool:
    return all(isinstance(side, Lit | Member | Ident) for side in sides)


def literal_text(value: object) -> str:
    if isinstance(value, float) and not isfinite(value):
        raise Untranslatable("a number that is not finite")
    if value is None or isinstance(value, bool | int | float | str):
        return constant_literal(value)
    raise Untranslatable("a list or an object")


def _text(js: Js, names: Names) -> str:
    """Every part that is not atomic stands in parentheses."""
    match js:
        case Lit(value):
            return literal_text(value)
        case Ident(name):
            return _variable(name, names)
        case Member(Member() | Ident(), _):
            return _member(js, names)
        case Unary("!", operand):
            return f"(not {_text(operand, names)})"
        case Unary("-", operand):
            return f"(-{_text(operand, names)})"
        case Binary(op, left, right):
            return _binary(op, left, right, names)
        case Conditional(test, then, otherwise):
            parts = [_text(part, names) for part in (then, test, otherwise)]
            return f"({parts[0]} if {parts[1]} else {parts[2]})"
        case Call(function, args):
            return _call(function, args, names)
        case _:
            raise Untranslatable("a list or an object")


def _variable(name: str, names: Names) -> str:
    if names.variables is None:
        if not is_plain_name(name) or name in ("ctx", "event"):
            raise Untranslatable(f"`{name}` is no name here")
        return name
    if name not in names.variables:
        raise Untranslatable(f"`{name}` is not declared")
    if any(name in payload for payload in names.payloads.values()):
        # a bare name would be that of the payload
        return f"ctx.{name}"
    return name if is_plain_name(name) and name != "ctx" else f'ctx["{name}"]'


def _member(js: Js, names: Names) -> str:
    path: list[str] = []
    here = js
    while isinstance(here, Member) and here != EVENT_DATA:
        path.append(here.key)
        here = here.owner
    path.reverse()
    if here == EVENT_DATA:
        base = "event"
    elif isinstance(here, Ident) and here != EVENT:
        if here.name == "ctx" and "ctx" not in (names.variables or {}):
            base = "ctx"
        elif path[-1] == "length" and names.variables is not None:
            inner = js.owner if isinstance(js, Member) else js
            return f"len({_text(inner, names)})"
        else:
            base = _variable(here.name, names)
    else:
        raise Untranslatable("a member of something that is no variable")
    if path and path[-1] == "length" and not (base == "event" and len(path) == 1):
        path.pop()
        return f"len({base}{_path(path)})"
    return base + _path(path)


def _path(path: list[str]) -> str:
    text = ""
    for key in path:
        if not is_element(key):
            raise Untranslatable(f"`{key}` is no name here")
        text += f".{key}" if is_plain_name(key) else f'["{key}"]'
    return text


def _binary(op: str, left: Js, right: Js, names: Names) -> str:
    texts = _text(left, names), _text(right, names)
    if Lit(None) in (left, right) and op in ("===", "==", "!==", "!="):
        word = "is not" if op.startswith("!") else "is"
        return f"({texts[0]} {word} {texts[1]})"
    return f"({texts[0]} {_BINARY[op]} {texts[1]})"


def _call(function: Js, args: tuple[Js, ...], names: Names) -> str:
    match function:
        case Member(Array(items), "includes") if len(args) == 1:
            values = [literal_text(constant_of(item)) for item in items]
            tail = "," if len(values) == 1 else ""
            return f"({_text(args[0], names)} in ({', '.join(values)}{tail}))"
        case Member(Ident("Math"), "floor"):
            match args:
                case (Binary("/", left, right),):
                    return f"({_text(left, names)} // {_text(right, names)})"
            raise Untranslatable("`Math.floor` of something that is no quotient")
        case Member(Ident("Math"), name) if name in _MATH:
            return f"{_MATH[name]}({_args(args, names)})"
        case Member(owner, name) if name in _METHODS and len(args) == _METHODS[name][1]:
            return f"{_METHODS[name][0]}({_args((owner, *args), names)})"
        case Member(owner, "some" | "every" as name) if args == (Ident("Boolean"),):
            word = "any" if name == "some" else "all"
            return f"{word}({_text(owner, names)})"
        case Ident(name) if name in FUNCTIONS:
            return f"{name}({_args(args, names)})"
    raise Untranslatable("a function that the language does not have")


def _args(args: tuple[Js, ...], names: Names) -> str:
    return ", ".join(_text(arg, names) for arg in args)

"""Conditions in ECMAScript -> guards.

    In('a') && x > 3 && may_go({"n": 1})
        ->  [{in_state: a}, {expr: x > 3}, {name: may_go, params: {n: 1}}]

What is no expression of ours becomes a named guard, which somebody has to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.words import FUNCTIONS
from pystator.compiler.interchange.chart import Json
from pystator.compiler.interchange.ecma import (
    Binary,
    Call,
    EcmaError,
    Ident,
    Js,
    Lit,
    Unary,
    constant_of,
    is_call,
    parse_ecma,
)
from pystator.compiler.interchange.expressions import (
    Names,
    Untranslatable,
    folded,
    translated,
)
from pystator.compiler.interchange.notes import Notes
from pystator.compiler.source.fields import NAME_LIMIT

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")
ANY_NAME: Final = "guard"
"""`guard("not-an-identifier", {...})` calls a guard of any name."""
_JOINED: Final = 32
"""So many operands are tried as one expression, where not all of them are one."""
_NOT_GUARDS: Final = frozenset((*FUNCTIONS, ANY_NAME, "In"))


class Never(Exception):
    """The condition is false under the event in question."""


@dataclass(slots=True)
class Conditions:
    """Translates the conditions of one chart; the same text gets the same guard.

    `state` gives the name that a state goes by here, None if there is none.
    """

    names: Names
    notes: Notes
    state: Callable[[str], str | None]
    readable: bool = True
    _invented: dict[str, str] = field(default_factory=dict)

    def guards(
        self, text: str, trigger: str | None, event: str, span: Span
    ) -> list[Json]:
        """The guards that must all hold. Raises Never.

        `event` is the name of the event as the chart has it, empty for none.
        """
        text = " ".join(text.split())
        if not text:
            return []
        if not self.readable:
            return [self._invent(text, "the data model is not ECMAScript", span)]
        try:
            js = parse_ecma(text)
        except EcmaError as error:
            return [self._invent(text, str(error), span)]
        if event:
            js = folded(js, event)
        if js == Lit(True) and isinstance(js, Lit) and js.value is True:
            return []
        if isinstance(js, Lit) and js.value is False:
            raise Never
        try:
            return self._all(js, trigger)
        except Untranslatable as error:
            return [self._invent(text, str(error), span)]

    def _all(self, js: Js, trigger: str | None) -> list[Json]:
        """Guards that must all hold. Raises Untranslatable."""
        return self._parts("&&", _operands(js, "&&"), trigger)

    def _parts(self, op: str, operands: list[Js], trigger: str | None) -> list[Json]:
        """As few as possible: what one part has tested, the next may rely on."""
        found: list[Json] = []
        while operands:
            counts = range(min(len(operands), _JOINED), 0, -1)
            # all of them first, which is what most conditions are
            for count in dict.fromkeys((len(operands), *counts)):
                joined = reduce(lambda x, y: Binary(op, x, y), operands[:count])
                try:
                    found.append({"expr": translated(joined, self.names, trigger)})
                except (Untranslatable, EcmaError):
                    continue
                break
            else:
                count = 1
                found.append(self._one(operands[0], trigger))
            operands = operands[count:]
        return found

    def _one(self, js: Js, trigger: str | None) -> Json:
        """One guard. Raises Untranslatable."""
        match js:
            case Binary("&&"):
                return {"allOf": self._all(js, trigger)}
            case Binary("||"):
                operands = _operands(js, "||")
                return {"anyOf": self._parts("||", operands, trigger)}
            case Unary("!", operand):
                inner = self._all(operand, trigger)
                return {"not": inner[0] if len(inner) == 1 else {"allOf": inner}}
            case Call(_, (Lit(str() as name),)) if is_call(js, "In"):
                state = self.state(name)
                if state is None:
                    raise Untranslatable(f"there is no state {quoted(name)}")
                return {"in_state": state}
            case Call(Ident(name), args) if name not in _NOT_GUARDS:
                return _named(name, args)
            case Call(_, (Lit(str() as name), *args)) if is_call(js, ANY_NAME):
                return _named(name, tuple(args))
        try:
            return {"expr": translated(js, self.names, trigger)}
        except EcmaError as error:
            raise Untranslatable(str(error)) from None

    def _invent(self, text: str, why: str, span: Span) -> Json:
        name = self._invented.setdefault(text, f"condition_{len(self._invented) + 1}")
        self.notes.named(
            span,
            f"a condition became the guard {quoted(name)}",
            f"it stands for {quoted(text)}",
            why,
        )
        return name


def _operands(js: Js, op: str) -> list[Js]:
    """Of a chain, however it is put in parentheses."""
    found: list[Js] = []
    pending = [js]
    while pending:
        here = pending.pop()
        if isinstance(here, Binary) and here.op == op:
            pending += (here.right, here.left)
        else:
            found.append(here)
    return found


def _named(name: str, args: tuple[Js, ...]) -> Json:
    if not NAME.fullmatch(name) or len(name) > NAME_LIMIT or len(args) > 1:
        raise Untranslatable("a call that is no guard")
    try:
        params = constant_of(args[0]) if args else {}
    except EcmaError:
        raise Untranslatable("a call whose arguments are computed") from None
    if not isinstance(params, dict):
        raise Untranslatable("a call whose arguments have no names")
    return {"name": name, "params": params} if params else name

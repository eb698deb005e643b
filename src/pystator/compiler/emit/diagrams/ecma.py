"""Expressions of our language as ECMAScript, of which an import reads every form back.

x in (1, 2) and event.ok is not None  ->  [1, 2].includes(x) && _event.data.ok !== null
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pystator.compiler.expression.canonical import Level
from pystator.compiler.expression.tree import (
    And,
    Arith,
    ArithOp,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Literal,
    Name,
    Negate,
    Not,
    Or,
    Scope,
    Tuple,
    links,
)
from pystator.compiler.ir.machine import Machine
from pystator.compiler.source.text import Data

_OPS: Final = {
    CompareOp.EQ: "===",
    CompareOp.NE: "!==",
    CompareOp.LT: "<",
    CompareOp.LE: "<=",
    CompareOp.GT: ">",
    CompareOp.GE: ">=",
    CompareOp.IS: "===",
    CompareOp.IS_NOT: "!==",
}
_METHODS: Final = {
    "lower": "toLowerCase",
    "upper": "toUpperCase",
    "startswith": "startsWith",
    "endswith": "endsWith",
    "contains": "includes",
}
_MATH: Final = ("min", "max", "abs")
_QUANTIFIED: Final = {"any": "some", "all": "every"}
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = frozenset(
    (
        *(
            "break",
            "case",
            "catch",
            "class",
            "const",
            "continue",
            "debugger",
            "default",
        ),
        *("delete", "do", "else", "enum", "export", "extends", "false", "finally"),
        *("for", "function", "if", "import", "in", "instanceof", "new", "null"),
        *("return", "super", "switch", "this", "throw", "true", "try", "typeof"),
        *("var", "void", "while", "with", "yield", "let", "static", "await"),
        *("undefined", "NaN", "Infinity", "ctx", "event", "Math", "_event"),
    )
)


def data_text(data: Data) -> str:
    """Data as a literal. ASCII, so that it may stand in any document."""
    return json.dumps(data)


def is_identifier(name: str) -> bool:
    return _IDENTIFIER.fullmatch(name) is not None and name not in _RESERVED


@dataclass(frozen=True, slots=True)
class Ecma:
    """Expressions of one machine.

    `differs` hears of what is not quite the same, `loses` of what cannot be said.
    """

    machine: Machine
    differs: Callable[[str], None]
    loses: Callable[[str], None]

    def text(self, expr: Expr, trigger: str | None) -> str:
        """`trigger` is that of the transition, None where the event is not known."""
        return self._text(expr, trigger, Level.TERNARY)

    def _text(self, expr: Expr, trigger: str | None, least: Level) -> str:
        text, level = self.spelled(expr, trigger)
        return text if level >= least else f"({text})"

    def spelled(self, expr: Expr, trigger: str | None) -> tuple[str, Level]:
        """The text, and how tightly it binds."""

        def part(inner: Expr, least: Level) -> str:
            return self._text(inner, trigger, least)

        match expr:
            case Literal(value):
                number = isinstance(value, int | float) and not isinstance(value, bool)
                negative = number and str(value).startswith("-")
                return data_text(value), Level.UNARY if negative else Level.ATOM
            case Name():
                return self.name(expr, trigger), Level.ATOM
            case Not(operand):
                return f"!{part(operand, Level.UNARY)}", Level.UNARY
            case Negate(operand):
                # a second sign would make `--`
                return f"-{part(operand, Level.ATOM)}", Level.UNARY
            case And(operands):
                texts = [part(inner, Level.COMPARE) for inner in operands]
                return " && ".join(texts), Level.AND
            case Or(operands):
                texts = [part(inner, Level.AND) for inner in operands]
                return " || ".join(texts), Level.OR
            case Compare():
                return self._compare(expr, part)
            case Arith(op, left, right):
                return self._arith(op, left, right, part)
            case Tuple(items):
                inside = ", ".join(part(item, Level.TERNARY) for item in items)
                return f"[{inside}]", Level.ATOM
            case IfElse(condition, then, otherwise):
                parts = (condition, then, otherwise)
                test, yes, no = (part(inner, Level.OR) for inner in parts)
                return f"{test} ? {yes} : {no}", Level.TERNARY
            case Call(function, args):
                return self._call(function, args, part), Level.ATOM

    def _compare(
        self, expr: Compare, part: Callable[[Expr, Level], str]
    ) -> tuple[str, Level]:
        texts = []
        for link in links(expr):
            ((op, right),) = link.rest
            if op in (CompareOp.IN, CompareOp.NOT_IN):
                item = part(link.first, Level.TERNARY)
                text = f"{part(right, Level.ATOM)}.includes({item})"
                texts.append(f"!{text}" if op is CompareOp.NOT_IN else text)
                continue
            left, other = part(link.first, Level.SUM), part(right, Level.SUM)
            texts.append(f"{left} {_OPS[op]} {other}")
        return " && ".join(texts), Level.AND if len(texts) > 1 else Level.COMPARE

    def _arith(
        self, op: ArithOp, left: Expr, right: Expr, part: Callable[[Expr, Level], str]
    ) -> tuple[str, Level]:
        is_sum = op in (ArithOp.ADD, ArithOp.SUB)
        level = Level.SUM if is_sum else Level.PRODUCT
        tighter = Level.PRODUCT if is_sum else Level.UNARY
        first, second = part(left, level), part(right, tighter)
        if op is ArithOp.FLOOR_DIV:
            return f"Math.floor({first} / {second})", Level.ATOM
        if op is ArithOp.MOD:
            self.differs("`%` has the sign of the divisor here, there of the dividend")
        return f"{first} {op.value} {second}", level

    def _call(
        self, function: str, args: Iterable[Expr], part: Callable[[Expr, Level], str]
    ) -> str:
        args = tuple(args)
        inside = ", ".join(part(arg, Level.TERNARY) for arg in args)
        if function in _MATH and len(args) > (function != "abs"):
            return f"Math.{function}({inside})"
        if function in _METHODS:
            owner = part(args[0], Level.ATOM)
            rest = (part(arg, Level.TERNARY) for arg in args[1:])
            return f"{owner}.{_METHODS[function]}({', '.join(rest)})"
        if function == "len":
            return f"{part(args[0], Level.ATOM)}.length"
        if function in _QUANTIFIED:
            return f"{part(args[0], Level.ATOM)}.{_QUANTIFIED[function]}(Boolean)"
        self.differs(f"`{function}` is no function of ECMAScript")
        return f"{function}({inside})"

    def name(self, name: Name, trigger: str | None) -> str:
        head, *path = name.path
        scope = name.scope
        if scope is Scope.BARE:
            scope = self._resolved(head, trigger)
        if scope is Scope.EVENT:
            return f"_event.data{_members(name.path)}"
        if scope is Scope.CTX and self.machine.variables is not None:
            if name.scope is Scope.CTX and trigger is None and self._is_field(head):
                self.loses(f"`ctx.{head}` becomes `{head}`, which may be a field")
            return self.variable(head) + _members(path)
        if scope is Scope.CTX:
            return f"ctx{_members(name.path)}"
        return self.variable(head) + _members(path)

    def variable(self, name: str) -> str:
        if is_identifier(name):
            return name
        self.differs(f"the variable `{name}` has a name that is none in ECMAScript")
        return f"ctx{_members((name,))}"

    def _resolved(self, head: str, trigger: str | None) -> Scope:
        machine = self.machine
        if machine.variables is None:
            return Scope.BARE
        is_variable = any(head == variable.name for variable in machine.variables)
        if trigger is not None:
            return Scope.EVENT if self._is_field(head, trigger) else Scope.CTX
        if is_variable and self._is_field(head):
            self.differs(
                f"`{head}` is the field of the event taken last, if that has one; "
                "there it is always the variable"
            )
        return Scope.CTX if is_variable else Scope.EVENT

    def _is_field(self, name: str, trigger: str | None = None) -> bool:
        """Whether the event, or any event, declares a field of this name."""
        return any(
            name == field.name
            for event in self.machine.events
            if trigger is None or event.name == trigger
            for field in event.payload or ()
        )


def _members(path: Iterable[str]) -> str:
    return "".join(
        f".{key}" if _IDENTIFIER.fullmatch(key) else f"[{json.dumps(key)}]"
        for key in path
    )

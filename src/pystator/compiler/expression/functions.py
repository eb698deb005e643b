"""The rules of the functions: what each takes, what comes out, what may raise."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.faults import Faults, Operand
from pystator.compiler.expression.shape import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    Family,
    Outcome,
    Shape,
    declared,
    family,
    join,
)
from pystator.compiler.expression.tree import Call, Literal
from pystator.compiler.ir.types import Kind, Type

# function -> least and most arguments, and how it is written
ARITY: Final[dict[str, tuple[int, int, str]]] = {
    "len": (1, 1, "len(text)` or `len(list)"),
    "min": (1, 200, "min(x, y)` or `min(list)"),
    "max": (1, 200, "max(x, y)` or `max(list)"),
    "abs": (1, 1, "abs(number)"),
    "round": (1, 2, "round(number)` or `round(number, 2)"),
    "any": (1, 1, "any(list)"),
    "all": (1, 1, "all(list)"),
    "lower": (1, 1, "lower(text)"),
    "upper": (1, 1, "upper(text)"),
    "startswith": (2, 2, "startswith(text, prefix)"),
    "endswith": (2, 2, "endswith(text, suffix)"),
    "contains": (2, 2, "contains(text, part)` or `contains(list, item)"),
}

MOST_DIGITS: Final = 15
"""Of `round(x, digits)`: a float has no more; and 10**digits is computed for it."""


def call(expr: Call, args: tuple[Operand, ...], faults: Faults) -> Outcome | None:
    """The outcome of a call; None where a fault was reported.

    `contains` of a list is a membership and ruled there.
    """
    least, most, usage = ARITY[expr.function]
    if not least <= len(args) <= most:
        message = f"{quoted(expr.function)} is called with {len(args)} arguments"
        faults.add(expr, message, f"write `{usage}`")
        return None
    if not all([faults.present(arg) for arg in args]):
        return None
    first = args[0]
    match expr.function:
        case "len":
            sized = _is(first, "`len` needs a string or a list", faults, *_SIZED)
            return _outcome(sized, INTEGER, first)
        case "min" | "max":
            return _extreme(expr, args, faults)
        case "abs":
            fine = _is(first, "`abs` needs a number", faults, Family.NUMBER)
            type = first.shape.type if first.shape.type.kind in _NUMERIC else NUMBER
            outcome = _outcome(fine, type, first)
            if outcome is None:
                return None
            return replace(outcome, shape=replace(outcome.shape, bits=first.shape.bits))
        case "round":
            return _round(args, faults)
        case "any" | "all":
            return _quantifier(expr, first, faults)
        case "lower" | "upper":
            what = f"{quoted(expr.function)} needs a string"
            return _outcome(_is(first, what, faults, Family.TEXT), STRING, first)
        case "startswith" | "endswith" | "contains":
            what = f"{quoted(expr.function)} needs two strings"
            if expr.function == "contains":
                what = "`contains` needs a list and an item, or two strings"
            texts = [_is(arg, what, faults, Family.TEXT) for arg in args]
            return _outcome(all(texts), BOOLEAN, *args)
        case _:
            raise AssertionError(f"no rule for the function {expr.function}")


_SIZED: Final = (Family.TEXT, Family.LIST)
_EXTREMES: Final = (Family.NUMBER, Family.TEXT, Family.DYNAMIC)
_NUMERIC: Final = (Kind.INTEGER, Kind.NUMBER)


def _is(arg: Operand, what: str, faults: Faults, *families: Family) -> bool:
    if family(arg.shape.type) in (*families, Family.DYNAMIC):
        return True
    faults.needs(arg, what)
    return False


def _outcome(fine: bool, type: Type, *args: Operand) -> Outcome | None:
    known = all(family(arg.shape.type) is not Family.DYNAMIC for arg in args)
    return Outcome(Shape(type), known) if fine else None


def _element(arg: Operand) -> Type:
    element = arg.shape.type.element
    return Type(Kind.DYNAMIC) if element is None else element


def _extreme(expr: Call, args: tuple[Operand, ...], faults: Faults) -> Outcome | None:
    name = quoted(expr.function)
    if len(args) == 1:
        arg, what = args[0], f"{name} of one value needs a list of numbers or strings"
        if not _is(arg, what, faults, Family.LIST):
            return None
        element = _element(arg)
        if family(element) not in _EXTREMES or element.optional:
            faults.add(arg.expr, f"{what}, and this list holds {quoted(str(element))}")
            return None
        shape = declared(element)
        if element.kind is Kind.ENUM:
            shape = replace(shape, type=STRING)
        return Outcome(shape, False)
    whole: Shape | None = args[0].shape
    for arg in args:
        what = f"{name} needs numbers or strings"
        if not _is(arg, what, faults, Family.NUMBER, Family.TEXT):
            return None
        whole = None if whole is None else join(whole, arg.shape)
    if whole is None:
        faults.add(expr, f"{name} takes numbers or strings, not both")
        return None
    if whole.type.kind is Kind.DYNAMIC:
        return Outcome(declared(whole.type), False)
    type = whole.type if whole.type.kind in _NUMERIC else STRING
    return Outcome(Shape(type, whole.values, bits=whole.bits), True)


def _round(args: tuple[Operand, ...], faults: Faults) -> Outcome | None:
    first = args[0]
    if not _is(first, "`round` needs a number", faults, Family.NUMBER):
        return None
    integer = first.shape.type.kind is Kind.INTEGER
    if len(args) == 1:
        # round(float) gives as many bits as the largest float has; inf and nan raise.
        bits = first.shape.bits if integer else max(first.shape.bits, 1_024)
        return Outcome(Shape(INTEGER, bits=bits), integer)
    digits = args[1].expr
    value = digits.value if isinstance(digits, Literal) else None
    if isinstance(value, bool) or not isinstance(value, int):
        faults.add(digits, "the digits of `round` are an integer literal")
        return None
    if not 0 <= value <= MOST_DIGITS:
        faults.add(digits, f"the digits of `round` go from 0 to {MOST_DIGITS}")
        return None
    total = family(first.shape.type) is not Family.DYNAMIC
    return Outcome(Shape(INTEGER if integer else NUMBER, bits=first.shape.bits), total)


def _quantifier(expr: Call, arg: Operand, faults: Faults) -> Outcome | None:
    what = f"{quoted(expr.function)} needs a list of booleans"
    if not _is(arg, what, faults, Family.LIST):
        return None
    element = _element(arg)
    if element.kind not in (Kind.BOOLEAN, Kind.DYNAMIC) or element.optional:
        faults.add(arg.expr, f"{what}, and this list holds {quoted(str(element))}")
        return None
    known = arg.shape.type.kind is Kind.LIST and element.kind is Kind.BOOLEAN
    return Outcome(Shape(BOOLEAN), known)

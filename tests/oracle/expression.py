"""Expressions of the machine language, evaluated as they are read."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache


class EvaluationError(Exception):
    """An operand is missing or has a wrong type, or a division is by zero."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of an expression mean at one moment."""

    context: Mapping[str, object]
    payload: Mapping[str, object]
    open: bool = False

    def bare(self, name: str) -> object:
        # The payload field if the event taken last declares it, else the variable.
        declared = not self.open and name in self.payload
        return _field(self.payload if declared else self.context, name)

    def path(self, text: str) -> object:
        """What the dotted path of a `check` guard leads to."""
        first, *rest = text.split(".")
        match first:
            case "ctx":
                value: object = self.context
            case "event":
                value = self.payload
            case _:
                value = self.bare(first)
        for name in rest:
            value = _field(value, name)
        return value


def evaluate(text: str, names: Names) -> object:
    """The value of an expression of the machine language.

    Raises EvaluationError for what the language leaves to run time.
    """
    return _value(_parsed(text), names)


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def _value(node: ast.expr, names: Names) -> object:
    def value(inner: ast.expr) -> object:
        return _value(inner, names)

    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id="true" | "false" | "null" as word):
            return {"true": True, "false": False, "null": None}[word]
        case ast.Name(id=name):
            return names.bare(name)
        case ast.Attribute(value=ast.Name(id="ctx"), attr=name):
            return _field(names.context, name)
        case ast.Attribute(value=ast.Name(id="event"), attr=name):
            return _field(names.payload, name)
        case ast.Subscript(ast.Name(id="ctx"), ast.Constant(value=str(name))):
            return _field(names.context, name)
        case ast.Subscript(ast.Name(id="event"), ast.Constant(value=str(name))):
            return _field(names.payload, name)
        case ast.Attribute(value=inner, attr=name):
            return _field(value(inner), name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not truth(value(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -number(value(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(truth(value(v)) for v in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(truth(value(v)) for v in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return value(body) if truth(value(test)) else value(orelse)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            a = value(left)
            for op, comparator in zip(ops, comparators, strict=True):
                b = value(comparator)
                if not _compare(op, a, b):
                    return False
                a = b
            return True
        case ast.BinOp(left=left, op=operator, right=right):
            return _arithmetic(operator, value(left), value(right))
        case ast.Tuple(elts=elements):
            return [value(e) for e in elements]
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, [value(a) for a in args])
    raise ValueError(f"not an expression of the language: {ast.dump(node)}")


def _field(data: object, name: str) -> object:
    if not isinstance(data, Mapping) or name not in data:
        raise EvaluationError(f"nothing is called {name}")
    return data[name]


def truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise EvaluationError(f"{value!r} is not a boolean")
    return value


def number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationError(f"{value!r} is not a number")
    return value


def equal(a: object, b: object) -> bool:
    # Booleans are not numbers; anything may be compared with anything.
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def ordered(op: str, a: object, b: object) -> bool:
    match a, b:
        case str(), str():
            less, equal = a < b, a == b
        case datetime(), datetime():
            less, equal = a < b, a == b
        case _:
            less, equal = number(a) < number(b), number(a) == number(b)
    return {
        "lt": less,
        "lte": less or equal,
        "gt": not less and not equal,
        "gte": not less,
    }[op]


def _compare(op: ast.cmpop, a: object, b: object) -> bool:
    match op:
        case ast.Eq():
            return equal(a, b)
        case ast.NotEq():
            return not equal(a, b)
        case ast.Is():
            return a is b
        case ast.IsNot():
            return a is not b
        case ast.In() | ast.NotIn():
            if not isinstance(b, list):
                raise EvaluationError(f"{b!r} is not a list")
            return any(equal(a, x) for x in b) == isinstance(op, ast.In)
        case ast.Lt():
            return ordered("lt", a, b)
        case ast.LtE():
            return ordered("lte", a, b)
        case ast.Gt():
            return ordered("gt", a, b)
        case ast.GtE():
            return ordered("gte", a, b)
    raise ValueError(f"not a comparison of the language: {op}")


def _arithmetic(op: ast.operator, a: object, b: object) -> object:
    if isinstance(op, ast.Add) and isinstance(a, str) and isinstance(b, str):
        return a + b
    x, y = number(a), number(b)
    try:
        match op:
            case ast.Add():
                return x + y
            case ast.Sub():
                return x - y
            case ast.Mult():
                return x * y
            case ast.Div():
                return x / y
            case ast.FloorDiv():
                return x // y
            case ast.Mod():
                return x % y
    except ArithmeticError as error:
        raise EvaluationError(str(error)) from error
    raise ValueError(f"not an operator of the language: {op}")


def _call(function: str, args: list[object]) -> object:
    match function, args:
        case "len", [str() | list() as a]:
            return len(a)
        case "abs", [a]:
            return abs(number(a))
        case "round", [a]:
            return round(number(a))
        case "round", [a, int(digits)]:
            return round(number(a), digits)
        case "any", [list(items)]:
            return any(truth(item) for item in items)
        case "all", [list(items)]:
            return all(truth(item) for item in items)
        case "min" | "max", [list(items)] if items:
            return _extreme(function, items)
        case "min" | "max", [_, _, *_]:
            return _extreme(function, args)
        case "lower", [str(text)]:
            return text.lower()
        case "upper", [str(text)]:
            return text.upper()
        case "startswith", [str(text), str(part)]:
            return text.startswith(part)
        case "endswith", [str(text), str(part)]:
            return text.endswith(part)
        case "contains", [str(text), str(part)]:
            return part in text
        case "contains", [list(items), a]:
            return any(equal(a, item) for item in items)
    raise EvaluationError(f"{function} does not take {args!r}")


def _extreme(function: str, items: list[object]) -> object:
    best = items[0]
    for item in items[1:]:
        if ordered("lt" if function == "min" else "gt", item, best):
            best = item
    return best

"""An independent reading of the expression language, for tests only.

Written from the language page: Python's own parser reads the text, a walk over its
nodes says what the value is. It shares no code with the compiler and is as slow and
plain as it likes. What the language refuses is not refused here; ask it only about
expressions that are meant to be valid.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from datetime import datetime

CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}


class EvaluationError(Exception):
    """The guard would be a `guard_error`."""


def evaluate(
    text: str, variables: Mapping[str, object], payload: Mapping[str, object]
) -> object:
    """The value of the expression; raises EvaluationError."""
    tree = ast.parse(" ".join(text.split("\n")).strip(), mode="eval")
    try:
        return _value(tree.body, variables, payload)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise EvaluationError(str(error)) from error


def _value(
    node: ast.expr, variables: Mapping[str, object], payload: Mapping[str, object]
) -> object:
    def value(of: ast.expr) -> object:
        return _value(of, variables, payload)

    match node:
        case ast.Constant(value=constant):
            assert not isinstance(constant, (complex, bytes)), constant
            return constant
        case ast.Name(id="true" | "false" | "null" as word):
            return CONSTANTS[word]
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return _look_up(_path(node), variables, payload)
        case ast.BoolOp(op=ast.And(), values=operands):
            return all(truth(value(operand)) for operand in operands)
        case ast.BoolOp(op=ast.Or(), values=operands):
            return any(truth(value(operand)) for operand in operands)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not truth(value(operand))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -number(value(operand))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return value(body) if truth(value(test)) else value(orelse)
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, value(left), value(right))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            before = value(left)
            for comparison, operand in zip(ops, comparators, strict=True):
                after = value(operand)
                if not _compare(comparison, before, after):
                    return False
                before = after
            return True
        case ast.Tuple(elts=items):
            return [value(item) for item in items]
        case ast.Call(func=ast.Name(id=function), args=args):
            return _call(function, [value(arg) for arg in args])
        case _:
            raise AssertionError(f"not of the language: {ast.dump(node)}")


def _path(node: ast.expr) -> list[str]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=inner, attr=field):
            return [*_path(inner), field]
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(field))):
            return [*_path(inner), field]
        case _:
            raise AssertionError(f"not a path: {ast.dump(node)}")


def _look_up(
    path: list[str], variables: Mapping[str, object], payload: Mapping[str, object]
) -> object:
    found: object
    if path[0] == "event":
        found, path = payload, path[1:]
    elif path[0] == "ctx":
        found, path = variables, path[1:]
    elif path[0] in payload:
        found = payload
    else:
        found = variables
    for field in path:
        if not isinstance(found, Mapping) or field not in found:
            raise EvaluationError(f"there is no {field}")
        found = found[field]
    return found


def truth(value: object) -> bool:
    if value is True or value is False:
        return value
    raise EvaluationError("not a boolean")


def number(value: object) -> int | float:
    if type(value) is int or type(value) is float:
        return value
    raise EvaluationError("not a number")


def string(value: object) -> str:
    if type(value) is str:
        return value
    raise EvaluationError("not a string")


def items(value: object) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    raise EvaluationError("not a list")


def equal(left: object, right: object) -> bool:
    """Anything may be compared with anything; booleans are not numbers."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _compare(op: ast.cmpop, left: object, right: object) -> bool:
    match op:
        case ast.Eq():
            return equal(left, right)
        case ast.NotEq():
            return not equal(left, right)
        case ast.Is():
            return left is right
        case ast.IsNot():
            return left is not right
        case ast.In():
            return any(equal(left, item) for item in items(right))
        case ast.NotIn():
            return not any(equal(left, item) for item in items(right))
        case ast.Lt():
            return _less(left, right)
        case ast.Gt():
            return _less(right, left)
        case ast.LtE():
            return _less(left, right) or equal(left, right)
        case ast.GtE():
            return _less(right, left) or equal(left, right)
        case _:
            raise AssertionError(op)


def _less(left: object, right: object) -> bool:
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left < right
    if isinstance(left, str):
        return left < string(right)
    return number(left) < number(right)


def _arithmetic(op: ast.operator, left: object, right: object) -> object:
    match op:
        case ast.Add() if isinstance(left, str):
            return left + string(right)
        case ast.Add():
            return number(left) + number(right)
        case ast.Sub():
            return number(left) - number(right)
        case ast.Mult():
            return number(left) * number(right)
        case ast.Div():
            return number(left) / number(right)
        case ast.FloorDiv():
            return number(left) // number(right)
        case ast.Mod():
            return number(left) % number(right)
        case _:
            raise AssertionError(op)


def _call(function: str, args: list[object]) -> object:
    match function, args:
        case "len", [str(text)]:
            return len(text)
        case "len", [whole]:
            return len(items(whole))
        case ("min" | "max"), _:
            values = items(args[0]) if len(args) == 1 else args
            if not values:
                raise EvaluationError("empty")
            strings = isinstance(values[0], str)
            for value in values:
                string(value) if strings else number(value)
            chosen = values[0]
            for value in values[1:]:
                smaller = _less(value, chosen)
                larger = _less(chosen, value)
                if smaller if function == "min" else larger:
                    chosen = value
            return chosen
        case "abs", [value]:
            return abs(number(value))
        case "round", [value]:
            return round(number(value))
        case "round", [value, int(digits)]:
            return round(number(value), digits)
        case "any", [values]:
            return any([truth(value) for value in items(values)])
        case "all", [values]:
            return all([truth(value) for value in items(values)])
        case "lower", [text]:
            return string(text).lower()
        case "upper", [text]:
            return string(text).upper()
        case "startswith", [text, part]:
            return string(text).startswith(string(part))
        case "endswith", [text, part]:
            return string(text).endswith(string(part))
        case "contains", [str(text), part]:
            return string(part) in text
        case "contains", [whole, item]:
            return any(equal(item, other) for other in items(whole))
        case _:
            raise AssertionError(function)

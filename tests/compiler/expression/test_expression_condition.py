"""`check:` guards as trees."""

from __future__ import annotations

import pytest

from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.condition import OPERATORS, condition
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.expression.tree import Scope
from pystator.compiler.source.text import Data
from tests.compiler.expression.random_expression import INTEGER, SCOPE


@pytest.mark.parametrize(
    ("field", "op", "value", "values", "text"),
    [
        ("qty", "eq", 3, None, "qty == 3"),
        ("qty", "neq", -3, None, "qty != -3"),
        ("ctx.qty", "gt", 3, None, "ctx.qty > 3"),
        ("event.amount", "gte", 2.5, None, "event.amount >= 2.5"),
        ("qty", "lt", 3, None, "qty < 3"),
        ("qty", "lte", 3, None, "qty <= 3"),
        ("flag", "eq", True, None, "flag == True"),
        ("title", "eq", "", None, 'title == ""'),
        ("note", "eq", None, None, "note is None"),
        ("note", "neq", None, None, "note is not None"),
        ("note", "is_set", None, None, "note is not None"),
        ("note", "is_null", None, None, "note is None"),
        ("status", "in", None, ("open", "closed"), 'status in ("open", "closed")'),
        ("status", "in", ("open",), None, 'status in ("open",)'),
        ("qty", "not_in", None, (1, 2), "qty not in (1, 2)"),
        ("city.size", "gt", 3, None, "city.size > 3"),
        ("ctx.city.size", "gt", 3, None, "ctx.city.size > 3"),
        ("ctx.a-b.c:d", "gt", 3, None, 'ctx["a-b"]["c:d"] > 3'),
        ("a-b", "gt", 3, None, "a-b > 3"),
        ("ctx", "gt", 3, None, "ctx > 3"),
        ("class", "is_set", None, None, "class is not None"),
    ],
)
def test_conditions(
    field: str, op: str, value: Data, values: tuple[Data, ...] | None, text: str
) -> None:
    assert canonical(condition(field, op, value, values)) == text


@pytest.mark.parametrize(
    ("field", "op", "value", "values", "message"),
    [
        ("qty", "equals", 3, None, "unknown operator `equals`"),
        ("qty", "gtt", 3, None, "unknown operator `gtt`"),
        ("qty", "gt", None, None, "`gt` needs a `value`"),
        ("qty", "gt", None, (1,), "`gt` takes one `value`"),
        ("qty", "in", None, None, "`in` needs `values`"),
        ("qty", "in", 3, None, "`in` needs `values`"),
        ("qty", "in", None, (), "the `values` of `in` are empty"),
        ("qty", "in", None, (1, None), "the `values` of `in` hold null"),
        ("qty", "in", None, (1,) * 199, "at most 198 values"),
        ("qty", "is_set", True, None, "`is_set` takes no value"),
        ("qty", "is_null", None, (1,), "`is_null` takes no value"),
        ("qty", "eq", (1, 2), None, "a number, a string or a boolean"),
        ("qty", "eq", {"a": 1}, None, "a number, a string or a boolean"),
        ("qty", "eq", float("inf"), None, "finite"),
        ("qty", "eq", float("nan"), None, "finite"),
        ("qty", "eq", 2**63, None, "64 bits"),
        ("qty", "eq", "a" * 1001, None, "more than 1000 characters"),
        ("", "eq", 3, None, "`` is not a name"),
        ("a..b", "eq", 3, None, "`a..b` is not a name"),
        ("a b", "eq", 3, None, "`a b` is not a name"),
        ("x]; import os", "eq", 3, None, "is not a name"),
        (".".join("a" * 31), "eq", 3, None, "more than 30 parts"),
    ],
)
def test_what_is_no_condition(
    field: str, op: str, value: Data, values: tuple[Data, ...] | None, message: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        condition(field, op, value, values)
    assert message in caught.value.message


def test_an_unknown_operator_gets_a_suggestion() -> None:
    with pytest.raises(ExpressionError) as caught:
        condition("qty", "gtt", 3)
    assert caught.value.help == ("did you mean `gt`?",)


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_is_known(op: str) -> None:
    if op in ("is_set", "is_null"):
        tree = condition("count", op)
    elif op in ("in", "not_in"):
        tree = condition("qty", op, values=(1, 2))
    else:
        tree = condition("qty", op, 1)
    assert isinstance(check(tree, SCOPE), Typed)


def test_a_condition_is_checked_like_an_expression() -> None:
    result = check(condition("ctx.title", "gt", 3), SCOPE)
    assert not isinstance(result, Typed)
    assert "they cannot be compared" in result[0].message
    result = check(condition("ttile", "eq", "a"), SCOPE)
    assert not isinstance(result, Typed)
    assert (result[0].offset, result[0].length) == (0, 5)


def test_a_name_with_a_dash_is_found() -> None:
    result = check(condition("a-b", "gt", 3), NameScope({"a-b": INTEGER}, {}))
    assert isinstance(result, Typed)
    assert result.names == ((Scope.CTX, ("a-b",)),)

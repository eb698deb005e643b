"""The Python that comes out, to the letter."""

from __future__ import annotations

import ast

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.condition import condition
from pystator.compiler.expression.dynamic import (
    HELPERS,
    helper_imports,
    helper_source,
)
from pystator.compiler.expression.emit import emit
from pystator.compiler.expression.literal import ascii_literal, number_literal
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.types import Kind, Type
from tests.compiler.expression.names import Attributes
from tests.compiler.expression.random_expression import (
    BOOLEAN,
    DYNAMIC_SCOPE,
    NUMBER,
    PAYLOAD,
    SCOPE,
    STRING,
    expressions,
)


def emitted(
    text: str, scope: NameScope = SCOPE, expected: Type | None = None
) -> tuple[str, frozenset[str]]:
    result = check(parse(text), scope, expected)
    assert isinstance(result, Typed), [error.message for error in result]
    found = emit(result, Attributes())
    return found.source, found.helpers


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("amount>=price", "event.amount >= context.price"),
        ("ctx.title == title", "context.title == event.title"),
        ("city.size > 3", "context.city.size > 3"),
        ("0<qty<=limit", "0 < context.qty <= context.limit"),
        ("(qty+limit)*2-1 > 0", "(context.qty + context.limit) * 2 - 1 > 0"),
        ("qty-(limit-1) > 0", "context.qty - (context.limit - 1) > 0"),
        ("-(qty+1) < -3", "-(context.qty + 1) < -3"),
        ("--qty > -qty", "--context.qty > -context.qty"),
        ("qty - -3 > 0", "context.qty - -3 > 0"),
        (
            "(flag or vip) and not flag",
            "(context.flag or context.vip) and not context.flag",
        ),
        (
            "flag or (vip and limit > 1)",
            "context.flag or (context.vip and context.limit > 1)",
        ),
        ("flag or (vip and flag)", "context.flag"),
        ("not (flag and vip)", "not (context.flag and context.vip)"),
        ("not qty == 3", "context.qty != 3"),
        ("qty in (1,2)", "context.qty in (1, 2)"),
        ("not qty in (1,)", "context.qty not in (1,)"),
        ("not qty not in (1,)", "context.qty in (1,)"),
        ("qty in codes", "context.qty in context.codes"),
        ("note == null", "context.note is None"),
        ("null != note", "context.note is not None"),
        ("not (note is None)", "context.note is not None"),
        ("flag == true", "context.flag is True"),
        ("flag != True", "context.flag is not True"),
        ("not flag == false", "context.flag is not False"),
        ("true == (qty > 1)", "(context.qty > 1) is True"),
        ("3 == qty", "context.qty == 3"),
        ("3 < qty", "context.qty > 3"),
        ("'open' != status", 'context.status != "open"'),
        (
            "1 if flag else 2 if vip else 3",
            "1 if context.flag else 2 if context.vip else 3",
        ),
        ("(1 if flag else 2) > 1", "(1 if context.flag else 2) > 1"),
        (
            "(1 if flag else 2) if vip else 3",
            "(1 if context.flag else 2) if context.vip else 3",
        ),
        ("len(ctx.title) > 3", "len(context.title) > 3"),
        ("lower(owner) == 'a'", 'context.owner.lower() == "a"'),
        ("upper('a' + owner)", '("a" + context.owner).upper()'),
        ("startswith('abc', owner)", '"abc".startswith(context.owner)'),
        ("contains(owner, 'a')", '"a" in context.owner'),
        ("not contains(owner, 'a')", '"a" not in context.owner'),
        ("contains(codes, qty + 1)", "context.qty + 1 in context.codes"),
        (
            "contains(codes, qty) == flag",
            "(context.qty in context.codes) == context.flag",
        ),
        ("min(qty, 3) > max(codes)", "min(context.qty, 3) > max(context.codes)"),
        ("round(price, 2) > abs(-1)", "round(context.price, 2) > abs(-1)"),
        ("any(marks)", "any(context.marks)"),
        ("'it\\'s' == owner", 'context.owner == "it\'s"'),
        ("owner == '\u00e9\u2028'", r'context.owner == "\xe9\u2028"'),
        ("1e20 < price", "context.price > 1e20"),
    ],
)
def test_typed_source(text: str, source: str) -> None:
    assert emitted(text) == (source, frozenset())


@pytest.mark.parametrize(
    ("text", "source", "helpers"),
    [
        ("a > 3", "_gt(either.a, 3)", "_gt _number"),
        ("ctx.a == event.b", "_eq(context.a, event.b)", "_eq"),
        ("a != b", "not _eq(either.a, either.b)", "_eq"),
        ("not a != b", "_eq(either.a, either.b)", "_eq"),
        ("not a == b", "not _eq(either.a, either.b)", "_eq"),
        ("a is None", "either.a is None", ""),
        ("a == true", "_eq(either.a, True)", "_eq"),
        ("a and not b", "_boolean(either.a) and not _boolean(either.b)", "_boolean"),
        (
            "1 < a < 3",
            "_lt(1, either.a) and _lt(either.a, 3)",
            "_lt _number",
        ),
        (
            "not 1 < a != 3",
            "not (_lt(1, either.a) and not _eq(either.a, 3))",
            "_eq _lt _number",
        ),
        (
            "a in (1, 2)",
            "_in(either.a, (1, 2))",
            "_eq _in _is_list _items",
        ),
        (
            "a not in b",
            "not _in(either.a, either.b)",
            "_eq _in _is_list _items",
        ),
        ("a - 1 > 2 * 3", "_sub(either.a, 1) > 2 * 3", "_number _sub"),
        ("a + 1 > 2", "_gt(_add(either.a, 1), 2)", "_add _gt _number"),
        ("-a < 2", "_neg(either.a) < 2", "_neg _number"),
        ("a / b > 1", "_div(either.a, either.b) > 1", "_div _number"),
        ("a // 2 > a % 2", "_floordiv(either.a, 2) > _mod(either.a, 2)", None),
        ("len(a) > 1", "_len(either.a) > 1", "_is_list _items _len"),
        ("min(a) > 1", "_gt(_min(either.a), 1)", None),
        ("max(a, 1) > 1", "_gt(_max((either.a, 1)), 1)", None),
        ("round(a) > 1", "_round(either.a) > 1", "_number _round"),
        ("round(a, 1) > 1", "_round_to(either.a, 1) > 1", "_number _round_to"),
        ("abs(a) > 1", "_abs(either.a) > 1", "_abs _number"),
        ("lower(a) == upper('b')", '_lower(either.a) == "b".upper()', "_lower _string"),
        ("startswith(a, 'b')", '_startswith(either.a, "b")', "_startswith _string"),
        ("endswith('b', a)", '_endswith("b", either.a)', "_endswith _string"),
        ("not contains(a, 1)", "not _contains(either.a, 1)", None),
        ("any(a) or all(b)", "_any(either.a) or _all(either.b)", None),
        (
            "(1 if a else b) == 1",
            "_eq(1 if _boolean(either.a) else either.b, 1)",
            "_boolean _eq",
        ),
    ],
)
def test_dynamic_source(text: str, source: str, helpers: str | None) -> None:
    found, needed = emitted(text, DYNAMIC_SCOPE)
    assert found == source
    assert helpers is None or " ".join(sorted(needed)) == helpers


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        (BOOLEAN, "_boolean(either.a)"),
        (NUMBER, "_number(either.a)"),
        (Type(Kind.INTEGER), "_integer(either.a)"),
        (STRING, "_string(either.a)"),
        (Type(Kind.DYNAMIC), "either.a"),
        (None, "either.a"),
    ],
)
def test_a_dynamic_value_becomes_what_is_expected(
    expected: Type | None, source: str
) -> None:
    assert emitted("a", DYNAMIC_SCOPE, expected)[0] == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("title is None", "False"),
        ("not (title is None)", "True"),
        ("title is None or qty > 1", "context.qty > 1"),
        ("title is not None and qty > 1", "context.qty > 1"),
        ("qty > 1 and title is None", "False"),
        ("qty > 1 or title is not None", "True"),
        ("not (flag and title is None)", "True"),
        ("1 + 1 == 2 and flag", "context.flag"),
        ("flag and not flag", "False"),
        ("flag and (flag or vip)", "context.flag"),
        ("flag == (1 == 2)", "context.flag is False"),
        (
            "status == 'open' and status != 'closed'",
            'context.status == "open"',
        ),
        ("bonus is not None and bonus != null", "context.bonus is not None"),
        ("(qty if title is None else limit) > 1", "context.limit > 1"),
        ("qty > 1 if title is not None else bonus > 3", "context.qty > 1"),
        ("true if flag else false", "context.flag"),
        ("false if qty == 1 else true", "context.qty != 1"),
        ("vip if flag else vip", "context.vip"),
        ("1 < 2 < qty", "context.qty > 2"),
        ("not not flag", "context.flag"),
        ("not (not (qty in codes) or false)", "context.qty in context.codes"),
    ],
)
def test_what_is_decided_is_not_asked(text: str, source: str) -> None:
    assert emitted(text, expected=BOOLEAN) == (source, frozenset())


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("qty % limit is None", "_eq(context.qty % context.limit, None)"),
        ("not qty % limit is None", "not _eq(context.qty % context.limit, None)"),
        (
            "qty % limit == 1 and flag and title is None",
            "(context.qty % context.limit == 1, False)[1]",
        ),
        (
            "flag or qty % limit == 1 or title is not None or vip",
            "(context.flag or context.qty % context.limit == 1, True)[1]",
        ),
        ("title is None and qty % limit == 1", "False"),
        (
            "(qty if qty % limit is None else limit) > 1",
            "(_eq(context.qty % context.limit, None), context.limit)[1] > 1",
        ),
        (
            "vip if qty % limit == 1 else vip",
            "(context.qty % context.limit == 1, context.vip)[1]",
        ),
        (
            "1 < 2 < qty < 9",
            "_lt(2, context.qty) and _lt(context.qty, 9)",
        ),
        (
            "'open' == status == former",
            '_eq("open", context.status) and _eq(context.status, context.former)',
        ),
    ],
)
def test_what_may_raise_is_evaluated_all_the_same(text: str, source: str) -> None:
    assert emitted(text, expected=BOOLEAN)[0] == source


def test_a_tuple_of_anything_on_unknown_operands() -> None:
    source, helpers = emitted("a in (1, 'x', true)", DYNAMIC_SCOPE)
    assert source == '_in(either.a, (1, "x", True))'
    assert "_in" in helpers
    tree = condition("a", "not_in", values=(1, "x"))
    result = check(tree, DYNAMIC_SCOPE, BOOLEAN)
    assert isinstance(result, Typed)
    assert emit(result, Attributes()).source == 'not _in(either.a, (1, "x"))'


def test_a_declared_operand_beside_dynamic_ones_stays_plain() -> None:
    scope = NameScope(None, PAYLOAD)
    source, helpers = emitted("amount > 1 and other > 1", scope)
    assert source == "event.amount > 1 and _gt(context.other, 1)"
    assert "_gt" in helpers


def test_the_middle_of_a_dynamic_chain_is_written_at_most_twice() -> None:
    text = " < ".join("abcdefgh")
    source, _ = emitted(text, DYNAMIC_SCOPE)
    assert all(source.count(f"either.{name}") <= 2 for name in "abcdefgh")


def laid_out(source: str) -> str:
    return black.format_str(source, mode=black.Mode())


@given(expressions())
@settings(max_examples=150, deadline=None)
def test_black_has_nothing_to_change(text: str) -> None:
    for scope in (SCOPE, DYNAMIC_SCOPE):
        result = check(parse(text), scope, BOOLEAN)
        if isinstance(result, Typed):
            source = emit(result, Attributes()).source
            assert source.isascii() and "\n" not in source
            if len(source) < 84:
                assert laid_out(f"x = {source}\n") == f"x = {source}\n"


def test_black_has_nothing_to_change_in_the_helpers() -> None:
    text = helper_source(HELPERS)
    assert laid_out(text) == text
    assert helper_imports(HELPERS) == (
        "from datetime import datetime",
        "from typing import TypeGuard",
    )
    assert helper_imports(["_add", "_number"]) == ()


def test_helpers_stand_after_what_they_call() -> None:
    order = list(HELPERS)
    for name, helper in HELPERS.items():
        assert all(order.index(need) < order.index(name) for need in helper.needs)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", '""'),
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ("\"'", '"\\"\'"'),
        ('""\'', "'\"\"\\''"),
        ("a\\b", '"a\\\\b"'),
        ("a\nb\r\t", '"a\\nb\\r\\t"'),
        ("\x00\x7f", '"\\x00\\x7f"'),
        ("\u00e9\u20ac\U0001f600", '"\\xe9\\u20ac\\U0001f600"'),
        ("{x} %s", '"{x} %s"'),
    ],
)
def test_string_literals(text: str, literal: str) -> None:
    assert ascii_literal(text) == literal


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
def test_a_string_literal_reads_back_and_pleases_black(text: str) -> None:
    literal = ascii_literal(text)
    assert literal.isascii() and literal.isprintable()
    assert ast.literal_eval(literal) == text
    assert laid_out(f"x = {literal}\n") == f"x = {literal}\n"


@given(
    st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
def test_a_number_literal_reads_back_and_pleases_black(value: int | float) -> None:
    literal = number_literal(value)
    back = ast.literal_eval(literal)
    assert (back, type(back)) == (value, type(value))
    assert laid_out(f"x = {literal}\n") == f"x = {literal}\n"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), True])
def test_what_is_no_number_literal(value: float) -> None:
    with pytest.raises(AssertionError):
        number_literal(value)


def test_a_check_is_emitted_like_its_text() -> None:
    tree = condition("ctx.title", "neq", "a\"; import os'")
    result = check(tree, SCOPE, BOOLEAN)
    assert isinstance(result, Typed)
    assert emit(result, Attributes()).source == ('context.title != "a\\"; import os\'"')

"""Names, types, null tests, and what may raise."""

from __future__ import annotations

import pytest

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.constant import constant
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.expression.tree import Scope
from pystator.compiler.ir.types import Kind, Type
from tests.compiler.expression.random_expression import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    SCOPE,
    STATUS,
    STRING,
    VARIABLES,
    listed,
    optional,
)

DYNAMIC = Type(Kind.DYNAMIC)


def typed(text: str, scope: NameScope = SCOPE, expected: Type | None = None) -> Typed:
    result = check(parse(text), scope, expected)
    assert isinstance(result, Typed), [error.message for error in result]
    return result


def faults(
    text: str,
    scope: NameScope = SCOPE,
    expected: Type | None = None,
    *,
    allow_division: bool = True,
) -> tuple[ExpressionError, ...]:
    result = check(parse(text), scope, expected, allow_division=allow_division)
    assert not isinstance(result, Typed), "no fault was found"
    return result


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1", INTEGER),
        ("1.5", NUMBER),
        ("true", BOOLEAN),
        ("qty + limit * 2 - 1", INTEGER),
        ("qty // 2 % 7", INTEGER),
        ("qty / 2", NUMBER),
        ("qty + price", NUMBER),
        ("qty // 2.0", NUMBER),
        ("-qty", INTEGER),
        ("-price", NUMBER),
        ("ctx.title + owner", STRING),
        ("status + 'x'", STRING),
        ("len(title) + len(codes)", INTEGER),
        ("min(qty, 3)", INTEGER),
        ("max(qty, price)", NUMBER),
        ("min(title, 'x')", STRING),
        ("min(codes)", INTEGER),
        ("max(rates)", NUMBER),
        ("max(tags)", STRING),
        ("abs(qty)", INTEGER),
        ("abs(price)", NUMBER),
        ("round(price)", INTEGER),
        ("round(price, 2)", NUMBER),
        ("round(qty, 2)", INTEGER),
        ("lower(status)", STRING),
        ("startswith(title, 'a')", BOOLEAN),
        ("contains(title, owner)", BOOLEAN),
        ("contains(codes, qty)", BOOLEAN),
        ("any(marks) or all(marks)", BOOLEAN),
        ("qty if flag else price", NUMBER),
        ("title if flag else status", STRING),
        ("status if flag else former", STATUS),
        ("note if flag else title", optional(STRING)),
        ("title if flag else None", optional(STRING)),
        ("codes if flag else codes", listed(INTEGER)),
        ("city.size", INTEGER),
        ("due < start", BOOLEAN),
        ("due == seen", BOOLEAN),
        ("0 < qty <= limit < price", BOOLEAN),
        ("title < status", BOOLEAN),
        ("bonus == 3 or bonus != qty", BOOLEAN),
        ("count in (1, 2.5)", BOOLEAN),
        ("count in codes", BOOLEAN),
        ("price in codes", BOOLEAN),
        ("flag == vip", BOOLEAN),
        ("agreed == true", BOOLEAN),
        ("phase == status", BOOLEAN),
    ],
)
def test_types(text: str, type: Type) -> None:
    assert typed(text).type == type


def test_a_string_literal_fits_the_enum_that_has_it() -> None:
    assert typed("'open' if flag else 'closed'", expected=STATUS)
    (fault,) = faults("'open' if flag else 'shut'", expected=STATUS)
    assert "`shut` is not one of the values" in fault.message
    (fault,) = faults("title", expected=STATUS)
    assert "`title` is a string" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "bonus is not None and bonus > 3",
        "bonus != null and bonus > 3 and bonus < 9",
        "bonus is None or bonus > 3",
        "bonus > 3 if bonus is not None else false",
        "false if bonus is None else bonus > 3",
        "not (bonus is None) and bonus > 3",
        "not (bonus is None or count is None) and bonus > count",
        "not (bonus is not None and flag) or bonus > 3",
        "None != bonus and bonus > 3",
        "flag and bonus is not None and (vip or bonus > 3)",
        "(bonus is not None and flag or bonus is not None) and bonus > 3",
        "(bonus if bonus is not None else 0) > 3",
        "count == 3 and count < qty",
        "3 == count and count < qty",
        "count in (1, 2) and count < qty",
        "count in codes and count < qty",
        "contains(codes, count) and count < qty",
        "count not in (1, 2) or count < qty",
        "agreed is not None and agreed",
        "agreed == true and agreed",
        "home is not None and home.size > 3",
        "home is None or home.size + qty > 3",
        "reason is not None and contains(title, reason)",
        "event.reason is not None and len(reason) > 3",
        "ctx.note is not None and len(note) > 3",
    ],
)
def test_a_null_test_makes_optional_values_usable(text: str) -> None:
    assert typed(text, expected=BOOLEAN).total


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("bonus > 3", "bonus"),
        ("3 <= bonus", "bonus"),
        ("bonus > 3 and bonus is not None", "bonus"),
        ("bonus is not None or bonus > 3", "bonus"),
        ("bonus is None and flag or bonus > 3", "bonus"),
        ("(bonus is not None and flag or vip) and bonus > 3", "bonus"),
        ("bonus > 3 if flag else bonus is None", "bonus"),
        ("count is not None and bonus > 3", "bonus"),
        ("bonus == price and bonus > 3", "bonus"),
        ("bonus + 1", "bonus"),
        ("-bonus", "bonus"),
        ("abs(bonus)", "bonus"),
        ("len(note)", "note"),
        ("contains(title, note)", "note"),
        ("agreed", "agreed"),
        ("not agreed", "agreed"),
        ("agreed and flag", "agreed"),
        ("home.size", "home.size"),
    ],
)
def test_what_may_be_null_is_not_used(text: str, stretch: str) -> None:
    fault, *_ = faults(text, expected=None if "+" in text or "(" in text else BOOLEAN)
    assert "may be null" in fault.message
    assert text[fault.offset : fault.offset + fault.length] == stretch
    assert "is not None" in " ".join(fault.help)


@pytest.mark.parametrize(
    ("text", "message", "stretch", "help"),
    [
        ("qty == title", "`qty` is an integer and `title` is a string", None, None),
        ("qty == flag", "they cannot be compared", None, None),
        ("qty < 'a'", "they cannot be compared", None, None),
        ("0 < qty < title", "they cannot be compared", "qty < title", None),
        ("due < 3", "`due` is a datetime", None, None),
        ("flag < vip", "only numbers, strings and datetimes", "flag", None),
        ("codes < codes", "only numbers, strings and datetimes", "codes", None),
        ("city == city", "`city` is an object", "city", None),
        ("codes == codes", "`codes` is a list", "codes", None),
        ("qty + title", "`+` takes two numbers or two strings", None, None),
        ("flag + 1", "`+` needs numbers or strings", "flag", None),
        ("title - owner", "`-` needs numbers", "title", None),
        ("title * 3", "`*` needs numbers", "title", None),
        ("title % 3", "`%` needs numbers", "title", None),
        ("-title", "`-` needs a number", "title", None),
        ("qty / 0", "division by zero", "0", None),
        ("qty % 0.0", "division by zero", "0.0", None),
        ("not qty", "a condition is a boolean", "qty", None),
        ("flag and title", "a condition is a boolean", "title", None),
        ("1 if qty else 2", "a condition is a boolean", "qty", None),
        ("1 if flag else 'a'", "the two values differ", None, None),
        ("qty in (1, 'a')", "a tuple holds values of one type", "'a'", None),
        ("qty in ('a',)", "holds strings", None, None),
        ("title in codes", "holds numbers", None, None),
        ("qty in 3", "`in` needs a tuple", "3", "(1,)"),
        ("qty in (3)", "`in` needs a tuple", "3", "(1,)"),
        ("'a' in title", "`in` needs a tuple", "title", "contains(text, part)"),
        ("codes in codes", "can be looked for", "codes", None),
        ("status == 'opne'", "`opne` is not a value of `status`", "'opne'", "`open`"),
        ("'zzz' != status", "is not a value of `status`", "'zzz'", "are `open`"),
        ("status in ('open', 'shut')", "`shut` is not a value", "'shut'", None),
        ("phase == 'opne'", "`opne` is not a value of `phase`", "'opne'", "`open`"),
        ("'opne' in stages", "`opne` is not a value of", "'opne'", "`open`"),
        ("contains(stages, 'opne')", "`opne` is not a value", "'opne'", "`open`"),
        ("len(3)", "`len` needs a string or a list", "3", None),
        ("len(title, 1)", "called with 2 arguments", None, "`len(text)`"),
        ("len()", "called with 0 arguments", None, "`len(text)`"),
        ("min(title, 3)", "takes numbers or strings, not both", None, None),
        ("min(flag, vip)", "needs numbers or strings", "flag", None),
        ("min(qty)", "needs a list of numbers", "qty", None),
        ("max(marks)", "this list holds `boolean`", "marks", None),
        ("any(flag)", "needs a list of booleans", "flag", None),
        ("any(codes)", "this list holds `integer`", "codes", None),
        ("abs(title)", "`abs` needs a number", "title", None),
        ("round(price, 16)", "from 0 to 15", "16", None),
        ("round(price, -1)", "from 0 to 15", "-1", None),
        ("round(price, qty)", "an integer literal", "qty", None),
        ("round(price, true)", "an integer literal", "true", None),
        ("lower(qty)", "`lower` needs a string", "qty", None),
        ("startswith(title, 3)", "needs two strings", "3", None),
        ("contains(qty, 3)", "`contains` needs a list and an item", "qty", None),
        ("contains(title, 3)", "`contains` needs", "3", None),
        ("contains(codes, 'a')", "holds numbers", None, None),
        ("citty.size", "unknown name `citty`", "citty.size", "`city`"),
        ("city.sise", "`city` has no field `sise`", "city.sise", "`size`"),
        ("title.size", "`title` is a string", "title.size", None),
        ("event.qty", "the event has no field `qty`", "event.qty", "`ctx.qty`"),
        ("event.amonut", "the event has no field", "event.amonut", "event.amount"),
        ("ctx.amount", "unknown variable `amount`", "ctx.amount", "event.amount"),
        ("ctx.qyt", "unknown variable `qyt`", "ctx.qyt", "`ctx.qty`"),
        ("ammount", "unknown name `ammount`", "ammount", "`amount`"),
    ],
)
def test_faults(text: str, message: str, stretch: str | None, help: str | None) -> None:
    fault, *_ = faults(text)
    assert message in fault.message
    assert text[fault.offset : fault.offset + fault.length] == (stretch or text)
    assert help is None or help in " ".join(fault.help)


@pytest.mark.parametrize(
    ("text", "message", "stretch", "help"),
    [
        ("title is None", "`title` is never null here", "title", None),
        ("title == null", "`title` is never null here", "title", None),
        ("bonus is not None and bonus is None", "never null here", "bonus", None),
        ("city is None", "`city` is never null here", "city", None),
        (
            "status == 'open' and status == 'closed'",
            "is always false here",
            "status == 'closed'",
            None,
        ),
        (
            "status == 'open' or status != 'open'",
            "is always true here",
            "status != 'open'",
            None,
        ),
        ("qty in (1, 2) and qty == 3", "is always false here", "qty == 3", None),
        ("qty in (1, 2) and qty in (3,)", "is never in", "qty in (3,)", None),
        ("qty == 1 and qty + 1 == 3", "is always false", "qty + 1 == 3", None),
        ("bonus is None and bonus == 3", "is always false", "bonus == 3", None),
        (
            "'open' == status == former and former == 'closed'",
            "is always false here",
            "former == 'closed'",
            None,
        ),
        (
            "former == status == 'open' and former == 'closed'",
            "is always false here",
            "former == 'closed'",
            None,
        ),
        ("1 == 2", "`1 == 2` is always false here", None, None),
        ("'a' != 'b'", "is always true here", None, None),
        ("false and flag", "`flag` is never evaluated", "flag", None),
        ("flag or not flag or vip", "`vip` is never evaluated", "vip", None),
        ("1 if true else 2", "`True` is always true here", "true", None),
        ("flag and 1 > 2", "`1 > 2` is always false here", "1 > 2", None),
        ("title is not None", "never null here", "title", "make its type optional"),
        ("len(title) is None", "never null here", "len(title)", "leave the test out"),
        ("bonus is None and bonus is null", "`bonus` is always null", "bonus", None),
        ("qty == 1 and qty in (1, 2)", "is always in `(1, 2)`", "qty in (1, 2)", None),
        (
            "status == 'open' and contains(stages, status) and status == 'closed'",
            "is always false",
            "status == 'closed'",
            None,
        ),
        (
            "status == 'open' and 'closed' != status",
            "is always true here",
            "'closed' != status",
            None,
        ),
        (
            "former == status != 'open' != 'closed'",
            "is always true here",
            "'open' != 'closed'",
            None,
        ),
        ("'open' == status == 'closed'", "is always false here", None, None),
        ("flag and not flag", "`flag and not flag` is always false here", None, None),
        ("min(status, 'x') == 'y'", "is always false here", None, None),
    ],
)
def test_what_types_decide_is_noted(
    text: str, message: str, stretch: str | None, help: str | None
) -> None:
    result = check(parse(text), SCOPE)
    assert isinstance(result, Typed), "it is no fault"
    note, *_ = result.notes
    assert message in note.message
    assert text[note.offset : note.offset + note.length] == (stretch or text)
    assert help is None or help in " ".join(note.help)


@pytest.mark.parametrize(
    ("text", "answer", "notes"),
    [
        ("title is None", False, 1),
        ("title is None and flag and vip", False, 1),
        ("title is None or owner is None", False, 2),
        ("title is not None or owner is None", True, 1),
        ("title is not None and owner is not None", True, 2),
        ("(title is None and owner is None) or flag", None, 1),
        ("1 if 1 == 2 else 3", None, 1),
        ("flag and not flag", False, 1),
        ("flag or true", True, 1),
        ("true", True, 0),
        ("false", False, 0),
        ("flag and vip", None, 0),
        ("bonus is not None and bonus > 3", None, 0),
    ],
)
def test_each_finding_is_one_note(text: str, answer: bool | None, notes: int) -> None:
    found = typed(text)
    assert found.answer is answer
    assert len(found.notes) == notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title is None and ttile > 3", "unknown name `ttile`"),
        ("title is not None or qty == 'a'", "they cannot be compared"),
        ("false and qty", "a condition is a boolean"),
        ("qty > 1 if title is not None else qty == 'a'", "they cannot be compared"),
        ("qty if title is not None else owner", "the two values differ"),
        ("owner if title is None else qty", "`owner` is a string and `qty` is an"),
    ],
)
def test_what_is_never_evaluated_is_still_checked(text: str, message: str) -> None:
    (fault,) = faults(text)
    assert message in fault.message


def test_what_is_never_evaluated_may_be_null_and_may_raise() -> None:
    found = typed("bonus is None and bonus is not None and bonus > qty / limit")
    assert found.total
    assert found.answer is False


def test_a_decided_part_that_may_raise_makes_the_whole_one_that_may() -> None:
    assert not typed("qty % limit is None").total
    assert not typed("qty % limit == 1 and title is None").total
    assert typed("title is None and qty % limit == 1").total


def test_all_faults_are_told_in_one_run_and_each_once() -> None:
    found = faults("title > 3 and foo + bar > 1 and len(baz) == 2", expected=INTEGER)
    assert [(fault.offset, fault.message.split("`")[1]) for fault in found] == [
        (0, "title"),
        (14, "foo"),
        (20, "bar"),
        (36, "baz"),
    ]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("qty + limit > price", True),
        ("qty / 2 > 1", True),
        ("qty % 2.5 == 0", True),
        ("qty / limit > 1", False),
        ("qty // (limit + 1) > 1", False),
        ("qty % limit == 0", False),
        ("round(price) > 1", False),
        ("round(qty) > 1", True),
        ("round(price, 2) > 1", True),
        ("min(codes) > 1", False),
        ("min(qty, 2) > 1", True),
        ("any(marks)", True),
        ("len(tags) > 1", True),
        ("*".join(["qty"] * 15) + " > price", True),
        ("*".join(["qty"] * 17) + " > price", True),
        ("*".join(["qty"] * 17) + " + price > 0", False),
        ("*".join(["qty"] * 17) + " / 2 > 0", False),
        ("*".join(["price"] * 17) + " > 0", False),
    ],
)
def test_total_says_that_nothing_is_raised(text: str, total: bool) -> None:
    assert typed(text, expected=BOOLEAN).total is total


def test_the_names_used_are_told_once_and_in_order() -> None:
    found = typed("qty > 1 and amount < ctx.qty and city.size == event.amount")
    assert found.names == (
        (Scope.CTX, ("qty",)),
        (Scope.EVENT, ("amount",)),
        (Scope.CTX, ("city", "size")),
    )


class TestScopes:
    def test_a_bare_name_is_the_payload_field_first(self) -> None:
        scope = NameScope({"size": STRING}, {"size": INTEGER})
        assert typed("size", scope).type == INTEGER
        assert typed("event.size", scope).type == INTEGER
        assert typed("ctx.size", scope).type == STRING

    def test_without_payload(self) -> None:
        scope = NameScope({"size": STRING}, {})
        assert typed("size", scope).type == STRING
        (fault,) = faults("event.size", scope)
        assert "carries no payload" in fault.message

    def test_with_an_open_payload_the_variables_say_the_types(self) -> None:
        scope = NameScope({"size": INTEGER}, None)
        assert typed("size", scope).type == INTEGER
        assert typed("event.size", scope).type == optional(INTEGER)
        assert typed("event.size is not None and event.size > size", scope).total
        (fault,) = faults("event.sise", scope)
        assert fault.help == ("did you mean `event.size`?",)
        (fault,) = faults("event.other", scope)
        assert "no field `other` is declared" in fault.message

    def test_a_dynamic_machine_knows_no_names(self) -> None:
        scope = NameScope(None, None)
        for text in ("size", "ctx.size", "event.size", "size.deep.er"):
            found = typed(text, scope)
            assert found.type == DYNAMIC
            assert not found.total
        assert typed("size", scope).names == ((Scope.BARE, ("size",)),)

    def test_a_dynamic_context_beside_a_declared_payload(self) -> None:
        scope = NameScope(None, {"size": INTEGER})
        assert typed("size", scope).type == INTEGER
        assert typed("other", scope).names == ((Scope.CTX, ("other",)),)
        (fault,) = faults("event.other", scope)
        assert "the event has no field `other`" in fault.message

    def test_open_variables_are_dynamic_where_they_are_not_declared(self) -> None:
        scope = NameScope({"size": INTEGER}, {}, open_variables=True)
        assert typed("size", scope).type == INTEGER
        assert typed("other", scope).type == DYNAMIC
        assert faults("size == 'a'", scope)

    def test_a_declared_type_is_still_checked_beside_dynamic_ones(self) -> None:
        scope = NameScope(None, {"size": INTEGER})
        (fault,) = faults("size + other > 1 and size == 'a'", scope)
        assert "they cannot be compared" in fault.message

    def test_fields_that_are_not_declared(self) -> None:
        scope = NameScope({"thing": Type(Kind.OBJECT)}, {})
        (fault,) = faults("thing.size > 3", scope)
        assert "the fields of `thing` are not declared" in fault.message

    def test_a_name_with_a_dot_of_its_own(self) -> None:
        scope = NameScope({"a.b": INTEGER}, {})
        assert typed('ctx["a.b"]', scope).type == INTEGER
        (fault,) = faults("a.b", scope)
        assert 'ctx["a.b"]' in fault.help[0]

    def test_a_list_of_anything(self) -> None:
        scope = NameScope({"things": Type(Kind.LIST)}, {})
        assert typed("len(things) > 1 and 3 in things", scope, BOOLEAN)
        assert typed("min(things)", scope).type == DYNAMIC

    def test_dynamic_operands_still_have_rules(self) -> None:
        scope = NameScope(None, None)
        for text in (
            "x + true",
            "x and 3",
            "-'a'",
            "len(3) + x",
            "x in 'abc'",
            "x < true",
            "1 in (1, 'a')",
        ):
            assert faults(text, scope), text


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        ("qty", NUMBER, None),
        ("qty", optional(NUMBER), None),
        ("None", optional(NUMBER), None),
        ("status", STRING, None),
        ("note", optional(STRING), None),
        ("tags", Type(Kind.LIST), None),
        ("city", Type(Kind.OBJECT), None),
        ("price", INTEGER, "`price` is a number, and an integer is needed"),
        ("note", STRING, "`note` may be null here"),
        ("None", STRING, "`None` is null, and a string is needed"),
        ("qty", BOOLEAN, "`qty` is an integer, and a boolean is needed"),
        ("flag", INTEGER, "`flag` is a boolean, and an integer is needed"),
        ("codes", listed(STRING), "`codes` is a list"),
        ("title", STATUS, "`title` is a string"),
    ],
)
def test_the_expected_type(text: str, expected: Type, message: str | None) -> None:
    if message is None:
        assert typed(text, expected=expected)
    else:
        (fault,) = faults(text, expected=expected)
        assert message in fault.message


def test_a_dynamic_value_is_checked_where_it_can_be() -> None:
    scope = NameScope(None, None)
    for expected in (BOOLEAN, INTEGER, NUMBER, STRING, DYNAMIC):
        assert typed("x", scope, expected)
    (fault,) = faults("x", scope, VARIABLES["due"])
    assert "the type of `x` is not known: a datetime is needed" in fault.message


@pytest.mark.parametrize(
    "text", ["qty / 2", "qty // 2", "qty % 2", "round(price)", "min(codes)"]
)
def test_effects_do_not_fail(text: str) -> None:
    assert typed(text)
    (fault,) = faults(text, allow_division=False)
    assert "an effect" in fault.message
    assert text[fault.offset : fault.offset + fault.length] == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("true", True),
        ("False", False),
        ("not false", True),
        ("1 > 2", False),
        ("1 < 2 < 3", True),
        ("1 < 2 < 2", False),
        ("2 * 3 - 1 >= 5.0", True),
        ("-(2) < -3", False),
        ("'a' < 'b'", True),
        ("'a' >= 'b'", False),
        ("1 == true", False),
        ("null is null", True),
        ("1 is not null", True),
        ("2 in (1, 2)", True),
        ("2 not in (1, 3)", True),
        ("true and not false", True),
        ("false and x", False),
        ("true or x", True),
        ("x or true", None),
        ("x and false", None),
        ("not x", None),
        ("x == x", None),
        ("true if 1 < 2 else x", True),
        ("x if 1 < 2 else true", None),
        ("1 / 0 > 1", None),
        ("7 % 4 == 3 and 7 // 4 == 1 and 1 / 4 == 0.25", True),
        ("1e308 * 10 > 1", True),
        ("true < false", None),
        ("1 < 'a'", None),
        ("len('a') == 1", None),
        ("x in (1, 2)", None),
        ("3", None),
    ],
)
def test_constant_answers(text: str, answer: bool | None) -> None:
    assert constant(parse(text)) is answer

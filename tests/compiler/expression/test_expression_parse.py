"""What the expression language accepts, and what it says of everything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.tree import (
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Literal,
    Name,
    Scope,
    children,
)
from tests.compiler.expression.random_expression import expressions


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fill_qty>=order_qty", "fill_qty >= order_qty"),
        ("  a\n  and b\t", "a and b"),
        ("(((a)))", "a"),
        ("not(a and(b and c))or d", "not (a and b and c) or d"),
        ("(a or b) and c", "(a or b) and c"),
        ("a or (b and c)", "a or b and c"),
        ("a or (b or c)", "a or b or c"),
        ("not (not a)", "not not a"),
        ("(not a) == b", "(not a) == b"),
        ("not (a == b)", "not a == b"),
        ("1<x<=10", "1 < x <= 10"),
        ("(1 < x) == y", "(1 < x) == y"),
        ("a - (b - c) - d", "a - (b - c) - d"),
        ("(a * b) + c", "a * b + c"),
        ("a * (b + c) // d % e", "a * (b + c) // d % e"),
        ("a / (b * c)", "a / (b * c)"),
        ("-(a + b)", "-(a + b)"),
        ("-a * b", "-a * b"),
        ("- - 2", "--2"),
        ("-(3)", "-3"),
        ("x in(1,-2)", "x in (1, -2)"),
        ("x in (1,)", "x in (1,)"),
        ("x not   in ('a', \"b\",)", 'x not in ("a", "b")'),
        ("x in items", "x in items"),
        ("a if b else c if d else e", "a if b else c if d else e"),
        ("(a if b else c) if d else e", "(a if b else c) if d else e"),
        ("a if (b if c else d) else e", "a if (b if c else d) else e"),
        ("(a if b else c) == d", "(a if b else c) == d"),
        ("min(a,b , 3,)", "min(a, b, 3)"),
        ("len( name )>0", "len(name) > 0"),
        ("startswith(lower(a), 'x')", 'startswith(lower(a), "x")'),
        ("x is not null", "x is not None"),
        ("x == null", "x == None"),
        ("true or False", "True or False"),
        ("event.qty > ctx . qty", "event.qty > ctx.qty"),
        ("address.city.name == 'a'", 'address.city.name == "a"'),
        (
            "ctx['a-b'].c[\"d:e\"] == event['x.y']",
            'ctx["a-b"].c["d:e"] == event["x.y"]',
        ),
        ("ctx['plain']", "ctx.plain"),
        ("ctx['class']", 'ctx["class"]'),
        ("ctx.event == event.ctx", "ctx.event == event.ctx"),
        ("len == 3", "len == 3"),
        ("'it\\'s'", '"it\'s"'),
        ("'\"'", "'\"'"),
        (r"'\x41\u0042\U00000043\t\\'", r'"ABC\t\\"'),
        ("'\u00e9'", r'"\xe9"'),
        ("1e3", "1000.0"),
        (".5 + 1.", "0.5 + 1.0"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("0", "0"),
        ("-(0)", "0"),
    ],
)
def test_canonical_text(text: str, expected: str) -> None:
    assert canonical(parse(text)) == expected
    assert canonical(parse(expected)) == expected


@given(expressions())
@settings(max_examples=300, deadline=None)
def test_canonical_text_is_stable(text: str) -> None:
    once = canonical(parse(text))
    assert canonical(parse(once)) == once


def test_nodes_know_their_stretch_of_the_text() -> None:
    text = " (a + 12) >= ctx.limit"
    tree = parse(text)
    assert isinstance(tree, Compare)
    stretches = [
        text[node.offset : node.offset + node.length]
        for node in (tree, *children(tree), *children(tree.first))
    ]
    assert stretches == ["(a + 12) >= ctx.limit", "a + 12", "ctx.limit", "a", "12"]


def test_the_tree_of_a_comparison() -> None:
    assert parse("a*2 < ctx.b") == Compare(
        Arith(
            ArithOp.MUL,
            Name(Scope.BARE, ("a",), 0, 1),
            Literal(2, 2, 1),
            0,
            3,
        ),
        ((CompareOp.LT, Name(Scope.CTX, ("b",), 6, 5)),),
        0,
        11,
    )


@pytest.mark.parametrize(
    ("text", "message", "stretch", "help"),
    [
        ("a && b", "`&&` is not an operator", "&&", "write `and`"),
        ("a || b", "`||` is not an operator", "||", "write `or`"),
        ("!a", "`!` is not an operator", "!", "write `not`"),
        ("a = 1", "`=` is not an operator", "=", "compare with `==`"),
        ("a === 1", "`===` is not an operator", "===", "compare with `==`"),
        ("a <> 1", "`<>` is not an operator", "<>", "compare with `!=`"),
        ("a => 1", "`=>` is not an operator", "=>", "did you mean `>=`?"),
        ("a ? b : c", "`?` is not an operator", "?", "write `x if condition else y`"),
        ("a ** 2", "expressions have no power operator", "**", None),
        ("a & b", "expressions have no bitwise operators", "&", "write `and`"),
        ("a << b", "expressions have no bitwise operators", "<<", None),
        ("(a := 3) > 2", "expressions assign nothing", ":=", None),
        ("lambda: 1", "expressions have no `lambda`", "lambda", None),
        ("len(x for x in y)", "no loops or comprehensions", "for", "use `any`"),
        ("[a]", "no lists, sets or dictionaries", "[", "tuple of literals"),
        ("{a}", "no lists, sets or dictionaries", "{", None),
        ("a[0]", "expressions have no indexing", "[", None),
        ("a['b']", "expressions have no indexing", "[", 'ctx["odd-name"]'),
        ("ctx[0]", "expressions have no indexing", "[", None),
        ("ctx['a b']", "`a b` is not a name", "'a b'", None),
        ("f'{a}'", "strings have no prefix `f`", "f", "write the string alone"),
        ("b'a'", "strings have no prefix `b`", "b", None),
        ("a.upper()", "methods cannot be called", "a.upper", "write `upper(...)`"),
        ("a.pop()", "methods cannot be called", "a.pop", "the functions are len"),
        ("len(a).b", "only names have fields", ".", None),
        ("'a'.b", "only names have fields", ".", None),
        ("len(a)(b)", "only functions can be called", "(", None),
        ("lenn(a)", "unknown function `lenn`", "lenn", "did you mean `len`?"),
        ("LEN(a)", "unknown function `LEN`", "LEN", "did you mean `len`?"),
        ("open('x')", "unknown function `open`", "open", "the functions are len, min"),
        ("class", "`class` is a reserved word", "class", 'ctx["class"]'),
        ("a.import", "`import` is a reserved word", "import", '["import"]'),
        ("ctx", "`ctx` alone is not a value", "ctx", "`ctx.field`"),
        ("event > 1", "`event` alone is not a value", "event", "`event.field`"),
        ("a is 3", "`is` compares with `None` only", "is", "compare with `==`"),
        ("a is not b", "`is not` compares with `None` only", "is", "with `!="),
        ("1 < a in b", "`in` and `is` cannot be part of a chain", "in", "`and`"),
        ("a is None == b", "`in` and `is` cannot be part of a chain", "==", "`and`"),
        ("a == None == b", "`None` cannot be part of a chain", "None", "`and`"),
        ("a < b == true", "`True` cannot be part of a chain", "true", "`and`"),
        ("a < (b < c < d) < e", "cannot stand inside another", "b < c < d", "`and`"),
        ("a < -(1 if b<c<d else 2) < e", "stand inside another", "b<c<d", "`and`"),
        ("(a, b)", "a tuple holds only literals", "(", None),
        ("a in (1, b)", "a tuple holds only numbers", "b", None),
        ("a in (1, None)", "a tuple holds only numbers", "None", "`is None`"),
        ("a in ()", "the tuple is empty", "()", None),
        ("1, 2", "an expression is one value", ",", None),
        ("a; b", "an expression is one value", ";", None),
        ("a if b", "`if` has no `else`", "if", "write `x if condition else y`"),
        ("a else b", "`else` cannot stand here", "else", None),
        ("a b", "an operator is missing before `b`", "b", None),
        ("'a' 'b'", "an operator is missing before `'b'`", "'b'", None),
        ("a not b", "`not` cannot stand here", "not", None),
        ("and a", "a value is missing before `and`", "and", None),
        ("a + * b", "a value is missing before `*`", "*", None),
        ("+a", "a value has no `+` sign", "+", "leave the sign out"),
        ("a +", "a value is missing at the end of the expression", "", None),
        ("a..b", "a value is missing before `.`", ".", None),
        ("(a", "`(` is never closed", "(", "add `)`"),
        ("len(a", "`(` is never closed", "(", "add `)`"),
        ("ctx['a'", "`[` is never closed", "[", "add `]`"),
        ("a)", "`)` closes nothing", ")", None),
        ("", "the expression is empty", "", None),
        ("  ", "the expression is empty", "  ", None),
        ("'a", "the string has no closing quote", "'a", None),
        ("'a\nb'", "the string has no closing quote", "'a\nb'", None),
        ("'\\q'", "unknown escape `\\q` in a string", "\\q", None),
        ("'\\ud800'", "half of a surrogate pair", "'\\ud800'", None),
        ("'\x07'", "unexpected character `\\x07` in a string", "\x07", None),
        ("a \u2260 b", "unexpected character", "\u2260", None),
        ("a == \u201cx\u201d", "unexpected character", "\u201c", "straight quotes"),
        ("\u202ea", "unexpected character `\\u202e`", "\u202e", None),
        ("a # b", "unexpected character `#`", "#", None),
        ("a\\\n", "unexpected character `\\`", "\\", None),
        ("1_000", "`1_000` is not a number", "1_000", "numbers are decimal"),
        ("0x10", "`0x10` is not a number", "0x10", None),
        ("007", "`007` is not a number", "007", None),
        ("3px", "`3px` is not a number", "3px", None),
        ("1.2.3", "`1.2.3` is not a number", "1.2.3", None),
        ("1j", "`1j` is not a number", "1j", None),
        ("1e999", "the number is too large", "1e999", None),
        ("9223372036854775808", "more than 64 bits", "9223372036854775808", None),
        ("-9223372036854775809", "more than 64 bits", "9223372036854775809", None),
    ],
)
def test_what_is_refused(
    text: str, message: str, stretch: str, help: str | None
) -> None:
    error = refused(text)
    assert message in error.message
    assert text[error.offset : error.offset + error.length] == stretch
    assert help is None or help in " ".join(error.help)


@pytest.mark.parametrize(
    ("fits", "too_much", "message"),
    [
        ("a" + " " * 999, "a" + " " * 1000, "has 1001 characters"),
        ("(" * 30 + "a" + ")" * 30, "(" * 31 + "a" + ")" * 31, "30 levels deep"),
        ("not " * 30 + "a", "not " * 31 + "a", "30 levels deep"),
        ("-" * 30 + "a", "-" * 31 + "a", "30 levels deep"),
        ("abs(" * 30 + "a" + ")" * 30, "abs(" * 31 + "a" + ")" * 31, "30 levels"),
        ("a if b else " * 30 + "c", "a if b else " * 31 + "c", "30 levels deep"),
        ("+".join("a" * 100), "+".join("a" * 101), "more than 200 parts"),
        (
            f"a in ({','.join('1' * 197)})",
            f"a in ({','.join('1' * 198)})",
            "more than 200 parts",
        ),
    ],
)
def test_limits(fits: str, too_much: str, message: str) -> None:
    parse(fits)
    assert message in refused(too_much).message


@pytest.mark.parametrize("char", "([{-!~'\"\\,.")
@pytest.mark.parametrize("count", [900, 1_000, 100_000])
def test_repeated_characters_are_one_error(char: str, count: int) -> None:
    refused(char * count)
    refused(char * count + "a" + char * count)


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_an_error_inside_it(text: str) -> None:
    try:
        canonical(parse(text))
    except ExpressionError as error:
        assert 0 <= error.offset <= len(text)
        assert error.offset + error.length <= max(len(text), 1)


PIECES = (
    *("a", "b.c", "ctx", "event", "1", "2.5", "'x'", '"y"', "None", "true"),
    *(".", "[", "]", "(", ")", ",", "=", ":", "&", "**"),
    *("and", "or", "not", "in", "is", "if", "else", "for", "lambda"),
    *("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "//", "%"),
    *("len", "min", "contains"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_tokens_are_a_tree_or_an_error(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        once = canonical(parse(text))
    except ExpressionError as error:
        assert error.message and error.offset + error.length <= max(len(text), 1)
    else:
        assert canonical(parse(once)) == once

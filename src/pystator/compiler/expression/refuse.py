"""What the parser says of a token that cannot stand where it does.

Most of them are habits from other languages; the message names the habit, the help
names what to write instead.
"""

from __future__ import annotations

import keyword
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.tokens import Kind, Token

_BITWISE: Final = "expressions have no bitwise operators"
_INDEXING: Final = "expressions have no indexing"
_COLLECTIONS: Final = "expressions have no lists, sets or dictionaries"
_COMPREHENSION: Final = "expressions have no loops or comprehensions"
_ASSIGNMENT: Final = "expressions assign nothing"

# text -> (message, help)
_HABITS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "&&": ("`&&` is not an operator", ("write `and`",)),
    "||": ("`||` is not an operator", ("write `or`",)),
    "!": ("`!` is not an operator", ("write `not`",)),
    "=": ("`=` is not an operator", ("compare with `==`",)),
    "===": ("`===` is not an operator", ("compare with `==`",)),
    "!==": ("`!==` is not an operator", ("compare with `!=`",)),
    "<>": ("`<>` is not an operator", ("compare with `!=`",)),
    "=>": ("`=>` is not an operator", ("did you mean `>=`?",)),
    "->": ("`->` is not an operator", ()),
    "??": ("`??` is not an operator", ("write `x if x is not None else y`",)),
    "**": ("expressions have no power operator", ()),
    "&": (_BITWISE, ("write `and`",)),
    "|": (_BITWISE, ("write `or`",)),
    "^": (_BITWISE, ()),
    "~": (_BITWISE, ("write `not`",)),
    "<<": (_BITWISE, ()),
    ">>": (_BITWISE, ()),
    "@": ("`@` is not an operator", ()),
    ":=": (_ASSIGNMENT, ()),
    "?": ("`?` is not an operator", ("write `x if condition else y`",)),
    ":": ("`:` is not an operator", ("write `x if condition else y`",)),
    ";": ("an expression is one value, without statements", ()),
    "...": ("`...` is not a value", ()),
    "[": (_INDEXING, ('a field with an odd name is `ctx["odd-name"]`',)),
    "]": ("`]` closes nothing", ()),
    "{": (_COLLECTIONS, ()),
    "}": ("`}` closes nothing", ()),
    "for": (_COMPREHENSION, ("use `any`, `all`, `min` or `max` of a list",)),
    "async": (_COMPREHENSION, ()),
    "lambda": ("expressions have no `lambda`", ()),
}


def refusal(token: Token, *, after_value: bool) -> ExpressionError:
    """The error for a token that comes after a value, or where a value should."""
    message, help = _reason(token, after_value)
    return ExpressionError(message, token.offset, len(token.text), help)


def _reason(token: Token, after_value: bool) -> tuple[str, tuple[str, ...]]:
    shown = quoted(token.text)
    if token.kind is Kind.END:
        return "a value is missing at the end of the expression", ()
    if not after_value and token.text == "[":
        return _COLLECTIONS, ("write a tuple of literals, `x in (1, 2)`",)
    if token.kind in (Kind.OP, Kind.WORD) and token.text in _HABITS:
        return _HABITS[token.text]
    if token.kind is Kind.WORD and token.text in ("and", "or", "in", "is"):
        return f"a value is missing before {shown}", ()
    if token.kind is Kind.WORD and token.text in ("if", "else", "not"):
        return (
            f"{shown} cannot stand here",
            ("write `x if condition else y`",)[: token.text != "not"],
        )
    if token.kind is Kind.WORD and keyword.iskeyword(token.text):
        return (
            f"{shown} is a reserved word and not part of expressions",
            (f'a variable of this name is `ctx["{token.text}"]`',),
        )
    if not after_value:
        if token.text == "+":
            return "a value has no `+` sign", ("leave the sign out",)
        return f"a value is missing before {shown}", ()
    match token.text:
        case ".":
            return "only names have fields", ()
        case "(":
            return "only functions can be called", ()
        case ",":
            return "an expression is one value", ()
        case ")":
            return "`)` closes nothing", ()
        case _:
            return f"an operator is missing before {shown}", ()

"""Hostile expressions: every one is refused, and nothing of it is run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.scope import NameScope
from tests.compiler.expression.random_expression import SCOPE

HOSTILE = (
    "__import__('os').system('id')",
    "__import__('os')",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd')",
    "open('/etc/passwd').read()",
    "globals()",
    "locals()",
    "vars()",
    "dir()",
    "getattr(qty, '__class__')",
    "setattr(ctx, 'qty', 1)",
    "type(qty)",
    "breakpoint()",
    "input()",
    "print(qty)",
    "exit()",
    "quit()",
    "help()",
    "memoryview(title)",
    "qty.__class__",
    "qty.__class__.__mro__",
    "title.__class__.__base__.__subclasses__()",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__",
    "''.__class__.__mro__[1].__subclasses__()",
    "[].__class__",
    "{}.__class__",
    "(1).__class__",
    "1 .__class__",
    "ctx.__dict__",
    "ctx.__class__",
    "ctx['__class__']",
    "ctx['__dict__']['qty']",
    "event.__init__.__globals__",
    "event['__globals__']",
    "city.__class__",
    "city.name.__class__",
    "len.__self__",
    "len.__class__",
    "min.__globals__",
    "title.format(qty)",
    "'{0.__class__}'.format(qty)",
    "'%s' % qty",
    "title % qty",
    "f'{qty}'",
    "f\"{__import__('os')}\"",
    "rb'x'",
    "u'x'",
    "'{__import__(\"os\")}' + qty",
    "lambda: 0",
    "(lambda: 0)()",
    "(lambda x: x)(1)",
    "[x for x in codes]",
    "(x for x in codes)",
    "{x for x in codes}",
    "{x: x for x in codes}",
    "any(x > 1 for x in codes)",
    "[1, 2]",
    "{1, 2}",
    "{'a': 1}",
    "codes[0]",
    "codes[0:1]",
    "codes[-1]",
    "tags['a']",
    "title[0]",
    "ctx[title]",
    "ctx[0]",
    "ctx['a' + 'b']",
    "ctx['']",
    "ctx['a b']",
    "ctx['x\"]; import os']",
    "ctx['../../x']",
    "(qty := 3)",
    "qty := 3",
    "qty = 3",
    "qty += 1",
    "del qty",
    "import os",
    "from os import system",
    "import os; os.system('id')",
    "qty; import os",
    "qty\nimport os",
    "qty\rimport os",
    "qty\x0bimport os",
    "qty\x00",
    "\x00",
    "qty # comment",
    "qty \\\n + 1",
    "assert qty",
    "raise qty",
    "return qty",
    "yield qty",
    "(yield qty)",
    "await qty",
    "pass",
    "global qty",
    "while True: pass",
    "for x in codes: pass",
    "if qty: pass",
    "with qty: pass",
    "try: qty",
    "class A: pass",
    "def f(): pass",
    "async def f(): pass",
    "match qty: pass",
    "@qty",
    "*codes",
    "**ctx",
    "len(*codes)",
    "len(**ctx)",
    "len(x=codes)",
    "min(codes, key=len)",
    "max(codes, default=0)",
    "2 ** 10",
    "9 ** 9 ** 9 ** 9",
    "1 << 100000",
    "qty << 3",
    "qty >> 3",
    "qty & 3",
    "qty | 3",
    "qty ^ 3",
    "~qty",
    "qty @ 3",
    "'a' * 1000000000",
    "title * 1000000",
    "codes * 1000000",
    "codes + codes",
    "1000000000 * 'a'",
    "99999999999999999999999999",
    "1e400",
    "-1e400",
    "0x7fffffffffffffffff",
    "0b11",
    "0o7",
    "1_000",
    "1j",
    "1.5j",
    "...",
    "Ellipsis",
    "NotImplemented",
    "__debug__",
    "__builtins__",
    "__name__",
    "__file__",
    "self",
    "cls",
    "state.__class__",
    "os.system",
    "sys.exit",
    "sys.modules",
    "os.environ['HOME']",
    "str(qty)",
    "int(title)",
    "float('nan')",
    "bool(qty)",
    "bytes(1000000000)",
    "list(codes)",
    "dict()",
    "range(10 ** 9)",
    "sum(codes)",
    "sorted(codes)",
    "map(len, tags)",
    "id(qty)",
    "hash(title)",
    "isinstance(qty, title)",
    "repr(ctx)",
    "chr(97)",
    "pow(2, 10)",
    "round(price, 10000000)",
    "round(qty, -1000000000)",
    "round(price, qty)",
    "title.upper()",
    "title.join(tags)",
    "tags.append('x')",
    "tags.clear()",
    "lower.upper('x')",
    "len(tags)()",
    "len(tags).real",
    "'abc",
    '"abc',
    "'a\nb'",
    "'''abc'''",
    '"""abc"""',
    "'\\",
    "'\\x'",
    "'\\N{BULLET}'",
    "'\\ud800'",
    "'\ud800'",
    "'a' 'b'",
    "qty'a'",
    "\u202eqty",
    "qty\u200b",
    "\u0430qty",
    "qty\uff1d1",
    "\uff51ty",
    "${qty}",
    "{{7*7}}",
    "{% raw %}",
    "<script>alert(1)</script>",
    "</script>",
    "`id`",
    "$(id)",
    "qty && limit",
    "qty || limit",
    "!vip",
    "qty ? 1 : 2",
    "qty => 3",
    "qty -> 3",
    "qty <> 3",
    "qty === 3",
    "qty is limit",
    "qty is 3",
    "flag is True",
    "None < qty",
    "vip < flag",
    "qty == title",
    "qty + vip",
    "vip + vip",
    "title < qty",
    "-title",
    "not title",
    "title and flag",
    "flag or qty",
    "city == city",
    "codes == codes",
    "bonus > 3",
    "note + 'x'",
    "home.size",
    "status == 'opne'",
    "qty in (1, 'a')",
    "qty in ('a',)",
    "qty in 3",
    "qty in ()",
    "qty in [1]",
    "qty in {1}",
    "qty in (limit,)",
    "qty in (limit, 1)",
    "'a' in title",
    "(qty, limit)",
    "()",
    "(((((",
    ")))",
    "(" * 500,
    "(" * 200 + "qty" + ")" * 200,
    "[" * 300,
    "-" * 400 + "qty",
    "not " * 200 + "flag",
    "abs(" * 100 + "qty" + ")" * 100,
    "qty if flag else " * 50 + "qty",
    "+".join(["qty"] * 150),
    " or ".join(["flag"] * 300),
    "a" * 100_000,
    "(" * 100_000,
    "'" * 100_000,
    "1" * 990,
    "." * 900,
    "if else if else",
    "and or not",
    "qty > ",
    "> qty",
    "qty > > 3",
    "qty limit",
    "",
    " ",
)

# Where a hostile part could stand inside an expression that is otherwise fine.
PLACES = ("{}", "flag and ({})", "not ({})", "len({}) > 1", "{} == {}")

EFFECTS = (
    "qty / 2",
    "qty // 2",
    "qty % 2",
    "price / qty",
    "round(price)",
    "min(rates)",
    "max(codes)",
    "codes[0]",
)


def refused(text: str, scope: NameScope, *, allow_division: bool = True) -> bool:
    try:
        result = check(parse(text), scope, allow_division=allow_division)
    except ExpressionError:
        return True
    return not isinstance(result, Typed)


RUNNING = ("exec", "compile", "import", "open", "os", "subprocess", "socket", "ctypes")
_watching: list[list[str]] = []


def _hook(event: str, args: object) -> None:
    if _watching and event.split(".")[0] in RUNNING:
        _watching[-1].append(event)


# An audit hook stays for good, so there is one, and it sleeps.
sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The audit events of everything that runs or opens something."""
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


def test_the_watch_sees_what_is_run() -> None:
    with watched() as events:
        compile("1", "", "eval")
    assert events == ["compile"]


@pytest.mark.parametrize("place", PLACES)
def test_every_hostile_expression_is_refused(place: str) -> None:
    with watched() as events:
        accepted = [
            text
            for text in HOSTILE
            if not refused(place.format(*[text] * place.count("{}")), SCOPE)
        ]
    assert accepted == []
    assert events == []


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE)
    assert len(HOSTILE) * len(PLACES) >= 500


@pytest.mark.parametrize("text", EFFECTS)
def test_an_effect_does_nothing_that_may_fail(text: str) -> None:
    assert refused(text, SCOPE, allow_division=False)

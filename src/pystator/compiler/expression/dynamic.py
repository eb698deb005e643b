"""Helpers that a generated module carries where operands are known at run time only.

Each takes `object`, looks at what it was given, and raises TypeError with a sentence
where the language has no meaning for it. Anything may be compared for equality, but
booleans are no numbers. They are text here; a module gets those that its expressions
name, and theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Helper:
    """The source of one function, what it calls, and the import lines it needs."""

    source: str
    needs: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


_DATETIME = "from datetime import datetime"
_TYPE_GUARD = "from typing import TypeGuard"


def _ordering(name: str, operator: str) -> Helper:
    return Helper(
        f"""\
def {name}(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left {operator} right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left {operator} right
    return _number(left) {operator} _number(right)
""",
        ("_number",),
        (_DATETIME,),
    )


def _arithmetic(name: str, operator: str) -> Helper:
    return Helper(
        f"""\
def {name}(left: object, right: object) -> int | float:
    return _number(left) {operator} _number(right)
""",
        ("_number",),
    )


def _extreme(name: str, function: str) -> Helper:
    return Helper(
        f"""\
def {name}(values: object) -> int | float | str:
    items = _items(values)
    if all(isinstance(item, str) for item in items):
        return {function}(_string(item) for item in items)
    return {function}(_number(item) for item in items)
""",
        ("_items", "_number", "_string"),
    )


def _quantifier(name: str, function: str) -> Helper:
    return Helper(
        f"""\
def {name}(values: object) -> bool:
    return {function}([_boolean(item) for item in _items(values)])
""",
        ("_boolean", "_items"),
    )


def _affix(name: str, method: str) -> Helper:
    return Helper(
        f"""\
def {name}(text: object, part: object) -> bool:
    return _string(text).{method}(_string(part))
""",
        ("_string",),
    )


HELPERS: Final[dict[str, Helper]] = {
    "_boolean": Helper("""\
def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"a boolean is needed, not {type(value).__name__}")
"""),
    "_number": Helper("""\
def _number(value: object) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise TypeError(f"a number is needed, not {type(value).__name__}")
"""),
    "_integer": Helper("""\
def _integer(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"an integer is needed, not {type(value).__name__}")
"""),
    "_string": Helper("""\
def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"a string is needed, not {type(value).__name__}")
"""),
    "_is_list": Helper(
        """\
def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))
""",
        (),
        (_TYPE_GUARD,),
    ),
    "_items": Helper(
        """\
def _items(value: object) -> list[object] | tuple[object, ...]:
    if _is_list(value):
        return value
    raise TypeError(f"a list is needed, not {type(value).__name__}")
""",
        ("_is_list",),
    ),
    "_eq": Helper("""\
def _eq(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right
"""),
    "_lt": _ordering("_lt", "<"),
    "_le": _ordering("_le", "<="),
    "_gt": _ordering("_gt", ">"),
    "_ge": _ordering("_ge", ">="),
    "_in": Helper(
        """\
def _in(value: object, values: object) -> bool:
    return any(_eq(value, item) for item in _items(values))
""",
        ("_eq", "_items"),
    ),
    "_add": Helper(
        """\
def _add(left: object, right: object) -> int | float | str:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return _number(left) + _number(right)
""",
        ("_number",),
    ),
    "_sub": _arithmetic("_sub", "-"),
    "_mul": _arithmetic("_mul", "*"),
    "_div": _arithmetic("_div", "/"),
    "_floordiv": _arithmetic("_floordiv", "//"),
    "_mod": _arithmetic("_mod", "%"),
    "_neg": Helper(
        """\
def _neg(value: object) -> int | float:
    return -_number(value)
""",
        ("_number",),
    ),
    "_len": Helper(
        """\
def _len(value: object) -> int:
    return len(value) if isinstance(value, str) else len(_items(value))
""",
        ("_items",),
    ),
    "_min": _extreme("_min", "min"),
    "_max": _extreme("_max", "max"),
    "_abs": Helper(
        """\
def _abs(value: object) -> int | float:
    return abs(_number(value))
""",
        ("_number",),
    ),
    "_round": Helper(
        """\
def _round(value: object) -> int:
    return round(_number(value))
""",
        ("_number",),
    ),
    "_round_to": Helper(
        """\
def _round_to(value: object, digits: int) -> int | float:
    return round(_number(value), digits)
""",
        ("_number",),
    ),
    "_any": _quantifier("_any", "any"),
    "_all": _quantifier("_all", "all"),
    "_lower": Helper(
        """\
def _lower(text: object) -> str:
    return _string(text).lower()
""",
        ("_string",),
    ),
    "_upper": Helper(
        """\
def _upper(text: object) -> str:
    return _string(text).upper()
""",
        ("_string",),
    ),
    "_startswith": _affix("_startswith", "startswith"),
    "_endswith": _affix("_endswith", "endswith"),
    "_contains": Helper(
        """\
def _contains(whole: object, part: object) -> bool:
    if isinstance(whole, str):
        return _string(part) in whole
    return _in(part, whole)
""",
        ("_in", "_string"),
    ),
}
"""In an order in which each stands after what it calls."""


def with_needs(names: Iterable[str]) -> frozenset[str]:
    """The helpers and all that they call."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(HELPERS[name].needs)
    return frozenset(found)


def helper_imports(names: Iterable[str]) -> tuple[str, ...]:
    """The import lines the helpers need, sorted, once each."""
    return tuple(sorted({line for name in names for line in HELPERS[name].imports}))


def helper_source(names: Iterable[str]) -> str:
    """The text of the helpers, in the order of the table, as black lays it out."""
    wanted = frozenset(names)
    return "\n\n".join(
        helper.source for name, helper in HELPERS.items() if name in wanted
    )

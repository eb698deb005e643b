"""Helpers of generated modules whose context is a mapping of anything.

Like those of `expression.dynamic`, they take `object` and raise TypeError, or
LookupError for a name that is not there: a guard that meets them is a `guard_error`.
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.expression.dynamic import Helper

CONTEXT_HELPERS: Final[dict[str, Helper]] = {
    "_variable": Helper("""\
def _variable(context: Mapping[str, object], name: str) -> object:
    if name not in context:
        raise LookupError(f"no variable `{name}`")
    return context[name]
"""),
    "_is_mapping": Helper("""\
def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)
"""),
    "_member": Helper("""\
def _member(value: object, name: str) -> object:
    if not _is_mapping(value):
        raise TypeError(f"an object is needed, not {type(value).__name__}")
    return _variable(value, name)
"""),
    "_appended": Helper(
        """\
def _appended(value: object, item: object) -> list[object]:
    return [*_items(value), item]
""",
        ("_items",),
    ),
}
OWN_NEEDS: Final = {"_member": ("_is_mapping", "_variable")}
"""Helpers of this table that others of it call."""

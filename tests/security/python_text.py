"""What a generated module may consist of, and how two of them are compared.

`offences` walks a module by allow-lists: all that is not on one of them is an offence.
`shape` is what stays of a module when constants and names are erased.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COOKIE: Final = re.compile(r"coding[:=]")

IMPORTS: Final = {
    "__future__": {"annotations"},
    "collections.abc": {
        "Awaitable",
        "Callable",
        "Coroutine",
        "Generator",
        "Iterable",
        "Iterator",
        "Mapping",
        "Sequence",
    },
    "dataclasses": {"dataclass", "field", "replace"},
    "datetime": {"UTC", "datetime"},
    "enum": {"StrEnum"},
    "typing": {
        "ClassVar",
        "Final",
        "Generic",
        "Literal",
        "Protocol",
        "TypeAlias",
        "TypedDict",
        "TypeGuard",
        "TypeVar",
        "Unpack",
        "overload",
    },
}
"""The standard modules that a module may import from, and what."""

BUILTINS: Final = {
    "AssertionError",
    "AttributeError",
    "BaseException",
    "Exception",
    "IndexError",
    "KeyError",
    "LookupError",
    "NotImplemented",
    "OverflowError",
    "RecursionError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "ZeroDivisionError",
    "abs",
    "all",
    "any",
    "bool",
    "dict",
    "enumerate",
    "float",
    "frozenset",
    "hash",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "max",
    "min",
    "next",
    "object",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
}
"""The builtins that a module may name."""

DUNDERS: Final = {
    "__all__",
    "__await__",
    "__bool__",
    "__eq__",
    "__future__",
    "__getattribute__",
    "__getitem__",
    "__hash__",
    "__init__",
    "__missing__",
    "__name__",
    "__reduce__",
    "__repr__",
    "__slots__",
    "__str__",
}
"""The special names that a module may define or read."""

_FORBIDDEN_NODES: Final = (
    ast.AsyncFor,
    ast.AsyncWith,
    ast.Delete,
    ast.Global,
    ast.Import,
    ast.NamedExpr,
    ast.Nonlocal,
    ast.With,
)


def offences(text: str) -> Iterator[str]:
    """What the text of a module has and must not have."""
    if not all(char == "\n" or " " <= char <= "~" for char in text):
        yield "a character that is not printable ASCII"
        return
    head, body = _parts(text)
    for line in head:
        if not line.startswith("#"):
            yield f"no comment: {line}"
        if _COOKIE.search(line):
            yield f"a declaration of the encoding: {line}"
    yield from _body_offences(body)


def _parts(text: str) -> tuple[list[str], str]:
    """The header, which is never the same twice, and what often is."""
    first, second, body = text.split("\n", 2)
    return [first, second], body


@lru_cache(maxsize=100)
def _body_offences(body: str) -> tuple[str, ...]:
    tree = ast.parse(body)
    nodes = [offence for node in ast.walk(tree) for offence in _node_offences(node)]
    unknown = sorted(_free_names(tree) - BUILTINS)
    return (
        *nodes,
        *(f"a name that is not known: {name}" for name in unknown),
        *(f"a name with two meanings: {name}" for name in _bound_twice(tree)),
    )


def _node_offences(node: ast.AST) -> Iterator[str]:
    for name in _identifiers(node):
        if not _IDENTIFIER.fullmatch(name):
            yield f"an identifier: {name!r}"
        if name.startswith("__") and name.endswith("__") and name not in DUNDERS:
            yield f"a special name: {name}"
    match node:
        case ast.ImportFrom(module=module, names=names, level=level):
            known = IMPORTS.get(module or "", set())
            for alias in names:
                if level or alias.asname or alias.name not in known:
                    yield f"an import: {ast.unparse(node)}"
        case ast.Call(func=ast.Name() | ast.Attribute()):
            pass
        case ast.Call(func=ast.Subscript(value=ast.Name())):
            pass  # `Rejected[...](...)`
        case ast.Call():
            yield f"a call of {ast.unparse(node.func)}"
        case _ if isinstance(node, _FORBIDDEN_NODES):
            yield f"a {type(node).__name__}: {ast.unparse(node)}"


def _identifiers(node: ast.AST) -> Iterator[str]:
    """The names in the fields of a node; of a module path, its parts."""
    match node:
        case ast.alias(name=name):
            yield from name.split(".")
        case ast.ImportFrom(module=str(module)):
            yield from module.split(".")
        case ast.Constant():
            pass
        case _:
            for _, value in ast.iter_fields(node):
                if isinstance(value, str):
                    yield value
                elif isinstance(value, list):
                    yield from (item for item in value if isinstance(item, str))


def _free_names(tree: ast.Module) -> set[str]:
    """The names that are read and that nothing in the module binds."""
    bound: set[str] = set()
    read: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name):
                bound.add(name)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.alias(name=name)
                | ast.arg(arg=name)
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                bound.add(name)
    return read - bound


def _bound_twice(tree: ast.Module) -> Iterator[str]:
    """The names that one statement of the module takes from another."""
    seen: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case ast.Assign(targets=targets):
                names = [
                    target.id for target in targets if isinstance(target, ast.Name)
                ]
            case ast.ImportFrom(names=aliases):
                names = [alias.name for alias in aliases]
            case _:
                names = []
        for name in names:
            if name in seen:
                yield name
            seen.add(name)


def shape(text: str) -> str:
    """The syntax tree without constants, docstrings, and names."""
    return _body_shape(_parts(text)[1])


@lru_cache(maxsize=100)
def _body_shape(body: str) -> str:
    tree = ast.parse(body)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom() | ast.alias():
                continue
            case ast.Module() | ast.ClassDef() | ast.FunctionDef():
                node.body = _without_docstring(node.body)
            case ast.Constant():
                node.value = type(node.value).__name__
                node.kind = None
        for field, value in ast.iter_fields(node):
            if isinstance(value, str) and not isinstance(node, ast.Constant):
                setattr(node, field, "_")
    return ast.dump(tree)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest or [ast.Pass()]
    return body

"""What may import what, what is loaded when, and what the tree never holds."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src"
FILES = sorted(SRC.rglob("*.py"))

LAYERS = (
    ("pystator",),
    ("pystator.kernel", "pystator.errors"),
    ("pystator.configuration",),
    ("pystator.cells",),
    ("pystator.compiler.ir.types",),
    ("pystator.compiler.source.lines",),
    ("pystator.compiler.diagnostics",),
    ("pystator.compiler.source.text",),
    ("pystator.compiler.expression", "pystator.compiler.source"),
    ("pystator.compiler.ir",),
    ("pystator.compiler.interchange",),
    ("pystator.compiler.flatten",),
    ("pystator.compiler.analysis",),
    ("pystator.compiler.emit",),
    ("pystator.compiler", "pystator.compiler.pipeline", "pystator.compiler.files"),
    ("pystator.cli", "pystator.__main__"),
)
"""Low to high; a module belongs to the longest name that it lies in."""

LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager"}
THIRD_PARTY = {"click", "black", "jinja2", "pydantic", "pydantic_core", "yaml"}
DANGEROUS = {"eval", "exec", "compile", "__import__"}
DANGEROUS_MODULES = {"pickle", "marshal", "shelve", "dill"}


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, also of those inside functions."""
    known = {module_name(file) for file in FILES}
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    inner = f"{module}.{alias.name}"
                    yield node.lineno, inner if inner in known else module
            case ast.ImportFrom():
                raise AssertionError(f"{path}:{node.lineno}: a relative import")


def level(module: str) -> int:
    name = module
    while name not in LEVELS:
        name = name.rpartition(".")[0]
    assert name != "pystator" or module == name, f"{module} needs a layer"
    return LEVELS[name]


def ids(path: Path) -> str:
    return module_name(path)


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_imports_point_down(path: Path) -> None:
    module = module_name(path)
    if module == "pystator":
        return  # the public names, from any layer, when they are asked for
    own = level(module)
    upward = [
        f"{path}:{line}: {module} imports {other}"
        for line, other in imports(path)
        if other.partition(".")[0] == "pystator" and level(other) > own
    ]
    assert not upward


def test_the_kernel_imports_the_standard_library_only() -> None:
    found = {name for _, name in imports(SRC / "pystator" / "kernel.py")}
    tops = {name.partition(".")[0] for name in found}
    assert tops <= sys.stdlib_module_names


def test_the_cells_import_the_kernel_only() -> None:
    found = {name for _, name in imports(SRC / "pystator" / "cells.py")}
    assert {n for n in found if n.startswith("pystator")} == {"pystator.kernel"}


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_third_party_modules_have_their_places(path: Path) -> None:
    """pydantic is a matter of the source models, and so is PyYAML of reading."""
    module = module_name(path)
    tops = {name.partition(".")[0] for _, name in imports(path)}
    foreign = tops - sys.stdlib_module_names - {"pystator"}
    allowed: set[str] = set()
    if module.startswith("pystator.compiler.source"):
        allowed = {"pydantic", "pydantic_core", "yaml"}
    elif module.startswith("pystator.compiler.emit"):
        allowed = {"black", "jinja2"}
    elif module.startswith("pystator.cli"):
        allowed = {"click"}
    assert foreign <= allowed


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_file_names_say_what_is_inside(path: Path) -> None:
    assert not FORBIDDEN_NAMES & set(path.relative_to(SRC).with_suffix("").parts)


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_nothing_runs_data(path: Path) -> None:
    found = [f"imports {name}" for _, name in imports(path) if _dangerous(name)]
    for node in ast.walk(tree(path)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in DANGEROUS:
                found.append(f"line {node.lineno} calls {name}")
            case ast.Attribute(value=ast.Name(id="yaml"), attr=name) if name.startswith(
                ("load", "unsafe", "full_load", "UnsafeLoader")
            ):
                found.append(f"line {node.lineno} uses yaml.{name}")
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if (
                name in DANGEROUS
            ):
                found.append(f"line {node.lineno} uses builtins.{name}")
    assert not found


def _dangerous(module: str) -> bool:
    return module.partition(".")[0] in DANGEROUS_MODULES


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after `statement`."""
    program = (
        f"{statement}\nimport sys\nprint(*{{m.partition('.')[0] for m in sys.modules}})"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(SRC)!r})\n{program}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    assert "pystator" in loaded_by("import pystator")
    assert not loaded_by("import pystator") & THIRD_PARTY


def test_checking_a_definition_does_not_load_the_emitter_s_tools() -> None:
    statement = (
        "from pystator.compiler.pipeline import check\n"
        "text = 'states: [{name: A, type: initial}]'\n"
        "assert check(text, 'm.yaml').cells is not None"
    )
    loaded = loaded_by(statement)
    assert "pydantic" in loaded
    assert not loaded & {"jinja2", "black", "click"}

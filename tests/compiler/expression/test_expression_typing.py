"""What the type check accepts, mypy and pyright accept as Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.dynamic import (
    HELPERS,
    helper_imports,
    helper_source,
)
from pystator.compiler.expression.emit import emit
from pystator.compiler.expression.parse import parse
from pystator.compiler.ir.types import Kind, Type
from tests.compiler.expression.entangled import entangled
from tests.compiler.expression.names import Attributes
from tests.compiler.expression.random_expression import (
    BOOLEAN,
    CITY,
    DYNAMIC_SCOPE,
    PAYLOAD,
    SCOPE,
    VARIABLES,
    Generator,
)
from tests.typing_harness import mismatches


def python_type(type: Type) -> str:
    names = {
        Kind.STRING: "str",
        Kind.INTEGER: "int",
        Kind.NUMBER: "float",
        Kind.BOOLEAN: "bool",
        Kind.DATETIME: "datetime",
        Kind.OBJECT: "City",
    }
    match type.kind:
        case Kind.LIST if type.element is not None:
            name = f"list[{python_type(type.element)}]"
        case Kind.ENUM:
            values = ", ".join(f'"{value}"' for value in type.values)
            name = f"Literal[{values}]"
        case kind:
            name = names[kind]
    return f"{name} | None" if type.optional else name


def record(name: str, fields: dict[str, Type]) -> str:
    lines = [f"    {field}: {python_type(type)}" for field, type in fields.items()]
    head = f"@dataclass(slots=True, kw_only=True)\nclass {name}:\n"
    return head + "\n".join(lines) + "\n"


def module(texts: list[str]) -> tuple[str, int]:
    """A module with a function for each well-typed text, and how many those are."""
    functions: list[str] = []
    helpers: frozenset[str] = frozenset()
    for text in texts:
        result = check(parse(text), SCOPE, BOOLEAN)
        if isinstance(result, Typed):
            emitted = emit(result, Attributes())
            helpers |= emitted.helpers
            functions.append(
                f"def f{len(functions)}(context: Context, event: Event) -> bool:\n"
                f"    return {emitted.source}\n"
            )
    parts = [
        "from __future__ import annotations\n",
        "from dataclasses import dataclass\n"
        "from datetime import datetime\n"
        "from typing import Literal\n",
        "".join(f"{line}\n" for line in helper_imports(helpers) if "Type" in line),
        helper_source(helpers),
        record("City", dict(CITY.fields or ())),
        record("Event", PAYLOAD),
        record("Context", VARIABLES),
        *functions,
    ]
    return "\n\n".join(parts), len(functions)


def dynamic_module(texts: list[str]) -> str:
    """A module with all helpers and a function for each text, on unknown operands."""
    parts = ["from __future__ import annotations\n"]
    parts += [f"{line}\n" for line in helper_imports(HELPERS)]
    parts.append(helper_source(HELPERS))
    for index, text in enumerate(texts):
        result = check(parse(text), DYNAMIC_SCOPE, BOOLEAN)
        if isinstance(result, Typed):
            source = emit(result, Lookups()).source
            parts.append(
                f"def f{index}(context: dict[str, object]) -> bool:\n"
                f"    return {source}\n"
            )
    # Pyright reports private functions that nothing calls.
    parts.append(f"ALL = ({', '.join(HELPERS)})\n")
    return "\n\n".join(parts)


class Lookups:
    def variable(self, path: tuple[str, ...]) -> str:
        return f"context[{'.'.join(path)!r}]"

    payload = bare = variable


def test_linters_accept_what_is_emitted(tmp_path: Path) -> None:
    file = tmp_path / "typed.py"
    file.write_text(module([entangled(seed) for seed in range(1500)])[0])
    rules = "E7,F6,F7,F8,SIM,RUF02,RUF034"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            f"--select={rules}",
            file,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "All checks passed!\n", done.stdout + done.stderr


def test_checkers_accept_what_the_check_accepts(tmp_path: Path) -> None:
    plain = [Generator(seed).expression() for seed in range(600)]
    text, accepted = module([*plain, *(entangled(seed) for seed in range(1500))])
    assert accepted > 1000
    typed = tmp_path / "typed.py"
    typed.write_text(text)
    dynamic = tmp_path / "dynamic.py"
    dynamic.write_text(dynamic_module(plain))
    assert not mismatches(
        tmp_path, [typed, dynamic], mypy_options=["--disallow-any-expr"]
    )

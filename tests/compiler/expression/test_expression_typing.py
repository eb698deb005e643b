"""What the type check accepts, mypy and pyright accept as Python."""

from __future__ import annotations

import random
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

# Tests of few names, so that what one shows bears on the next.
ATOMS = (
    "status == 'open'",
    "'closed' != status",
    "status in ('open', 'on hold')",
    "status not in ('open', 'closed')",
    "phase == 'open'",
    "phase != 'closed'",
    "phase in ('open', 'closed')",
    "phase is None",
    "phase is not None",
    "phase == status",
    "status == former",
    "status == phase",
    "'open' == status == former",
    "former == 'closed'",
    "status in stages",
    "contains(stages, phase)",
    "(status if vip else 'open') == 'closed'",
    "status + 'x' == 'openx'",
    "startswith(phase, 'o')",
    "flag",
    "not vip",
    "flag == true",
    "flag != false",
    "flag == vip",
    "(flag and vip) == true",
    "agreed == true",
    "agreed is None",
    "agreed",
    "qty == 1",
    "2 == qty",
    "qty != 3",
    "qty in (1, 2)",
    "qty not in (2, 3)",
    "qty + 1 == 3",
    "-qty == 1",
    "qty == limit",
    "1 == qty == limit",
    "(1 if flag else 2) == qty",
    "(qty in codes) == flag",
    "count == 1",
    "3 == count",
    "count in (1, 3)",
    "count in codes",
    "count is not None",
    "count is None",
    "count > 1",
    "count == qty",
    "qty == count",
    "count < qty < 3",
    "bonus == 1",
    "bonus in (1, 2.5)",
    "bonus > price",
    "note in tags",
    "note in ('a', 'b')",
    "note == owner",
    "owner == 'a'",
    "lower(note) == 'a'",
    "1 > 2",
    "1 + 1 == 2",
    "title is None",
    "qty != null",
    "city is None",
    "tags is not None",
    "(flag and vip) is None",
    "qty % limit == 1",
    "qty // limit is None",
    "min(codes) is not None",
    "'open' == status != 'closed'",
    "'open' == status == 'closed'",
    "0 < 1 < qty",
    "qty == 1 != qty % limit",
    "(1 if title is None else qty) == 1",
    "(qty if qty % limit is None else 2) == 1",
    "true if vip else false",
    "contains(stages, 'open') is None",
    "agreed == (1 == 2)",
    "true",
    "not not flag",
)


def entangled(seed: int) -> str:
    """Tests of few names joined at random, which narrow each other."""
    chosen = random.Random(seed)

    def part(depth: int) -> str:
        if depth == 0:
            return chosen.choice(ATOMS)
        parts = [part(chosen.randrange(depth)) for _ in range(3)]
        match chosen.randrange(8):
            case 0:
                return f"not ({parts[0]})"
            case 1:
                return f"({parts[0]}) if ({parts[1]}) else ({parts[2]})"
            case 2 | 3 | 4:
                return " and ".join(f"({each})" for each in parts)
            case _:
                return " or ".join(f"({each})" for each in parts)

    return part(chosen.randrange(1, 4))


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

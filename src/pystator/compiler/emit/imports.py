"""The import block of a module: the standard library, and only what is used."""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.emit.layout import WIDTH
from pystator.compiler.emit.sinks import Code


@dataclass(frozen=True, slots=True)
class Needs:
    """What the module contains, as far as it decides what is imported."""

    context: bool
    default_factory: bool
    guards: bool
    truth: bool
    actions: bool
    events: bool
    overloads: bool
    guarded: bool
    generic_variable: bool
    sequence: bool
    typed_dict: bool
    unpack: bool
    type_guard: bool
    utc: bool
    stepper: bool
    iterator: bool


def import_lines(needs: Needs) -> Code:
    """In isort's order."""
    abc = [
        *(["Awaitable"] if needs.guards or needs.actions else []),
        "Callable",
        *(["Coroutine"] if needs.truth or needs.actions else []),
        *(["Generator", "Iterable"] if needs.stepper else []),
        *(["Iterator"] if needs.iterator else []),
        "Mapping",
        *(["Sequence"] if needs.sequence or needs.stepper else []),
    ]
    typing = [
        *(["ClassVar"] if needs.events else []),
        "Final",
        "Generic",
        "Literal",
        *(["Protocol"] if needs.guards or needs.actions else []),
        "TypeAlias",
        *(["TypedDict"] if needs.typed_dict else []),
        *(["TypeGuard"] if needs.type_guard else []),
        "TypeVar",
        *(["Unpack"] if needs.unpack else []),
        *(["overload"] if needs.overloads else []),
    ]
    lines = [_from("collections.abc", abc)]
    if needs.context or needs.stepper:
        factory = ["field"] if needs.default_factory else []
        lines.append(_from("dataclasses", ["dataclass", *factory]))
    lines.append(_from("datetime", [*(["UTC"] if needs.utc else []), "datetime"]))
    lines.append(_from("enum", ["StrEnum"]))
    lines.append(_from("typing", typing))
    return Code("\n".join(lines))


def _from(module: str, names: list[str]) -> str:
    one = f"from {module} import {', '.join(names)}"
    if len(one) <= WIDTH:
        return one
    rows = "".join(f"    {name},\n" for name in names)
    return f"from {module} import (\n{rows})"

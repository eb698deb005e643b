"""Plan -> text, through the templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import pystator
from pystator.compiler.emit.format import wrap_long
from pystator.compiler.emit.header import HEADER_PLACE
from pystator.compiler.emit.plan import ModulePlan
from pystator.compiler.emit.sections import Section
from pystator.compiler.emit.spacing import space


def render(plan: ModulePlan) -> str:
    """The module without its header, in the form that black gives it."""
    template = _environment().get_template("module.py.j2")
    return wrap_long(space(template.render(plan=plan, header=HEADER_PLACE)))


def template_folder() -> Path:
    """Where the templates are: in the package, or beside `src` in a source tree."""
    package = Path(pystator.__file__).resolve().parent
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / "module.py.j2").is_file():
            return folder
    raise AssertionError("the templates of pystator are not installed")


@cache
def _environment() -> Environment:
    # The output is Python, not HTML: what reaches it is quoted by the plan.
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["stacked"] = _stacked
    return environment


def _stacked(sections: Iterable[Section]) -> str:
    """Sections one under the other; `space` settles the gaps."""
    parts: list[str] = []
    for section in sections:
        parts.append(f"\n{section.title}\n")
        for item in section.items:
            gap = "\n" if item.comment else ""
            parts.append(gap + "\n".join([*item.comment, item.text]))
    return "\n".join(parts)

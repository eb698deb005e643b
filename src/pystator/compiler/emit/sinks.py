"""The kinds of text that may reach a module; a plain `str` in the plan is a type error.

With `Identifier` (made by `names`), `StringLiteral` and `NumberLiteral` (made by
`expression.literal`) these are all. Code is put together from the others, and from the
words of this package, by `layout`.
"""

from __future__ import annotations

from typing import NewType

Code = NewType("Code", str)
"""Python, laid out: statements, or a part of one."""

Comment = NewType("Comment", str)
"""One line that begins with `#`, printable ASCII."""

Docstring = NewType("Docstring", str)
"""One literal on one line, quotes included."""

"""The last resort for long lines: black itself.

Statements are laid out as black would; an expression of the author's that is too long
for one line is the exception, and only the statements that hold one are given to
black, which takes a hundred milliseconds to import.
"""

from __future__ import annotations

from pystator.compiler.emit.layout import WIDTH


def wrap_long(text: str) -> str:
    """The module with every statement that has too long a line formatted by black."""
    lines = text.split("\n")
    if not any(map(_too_long, lines)):
        return text
    out: list[str] = []
    for statement in _statements(lines):
        out += _blackened(statement) if any(map(_too_long, statement)) else statement
    return "\n".join(out)


def _too_long(line: str) -> bool:
    return len(line) > WIDTH and not line.lstrip().startswith(("#", '"""'))


def _statements(lines: list[str]) -> list[list[str]]:
    """The lines cut before each statement at module level."""
    statements: list[list[str]] = []
    decorated = False
    for line in lines:
        inside = not line or line[0] in " )]}" or decorated
        decorated = line.startswith("@")
        if not inside or not statements:
            statements.append([])
        statements[-1].append(line)
    return statements


def _blackened(statement: list[str]) -> list[str]:
    from black import format_str
    from black.mode import Mode, TargetVersion

    gap = len(statement) - len("\n".join(statement).rstrip("\n").split("\n"))
    mode = Mode(target_versions={TargetVersion.PY311})
    text = format_str("\n".join(statement), mode=mode)
    return [*text.rstrip("\n").split("\n"), *[""] * gap]

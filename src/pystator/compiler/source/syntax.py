"""The parser's complaint as a diagnostic in words that an author knows.

PyYAML names what it was doing and what it met; the table below says what that means
for the text. A complaint that is not in the table is passed on as it stands.
"""

from __future__ import annotations

import re

import yaml

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Label, Span
from pystator.compiler.diagnostics.quote import quoted, visible
from pystator.compiler.source.limits import too_deep
from pystator.compiler.source.lines import split_lines

_QUOTE = "put the text in quotes"
_PROBLEMS = (
    (
        r"mapping values are not allowed",
        "a `:` that starts a value is not allowed here",
        "put a text with `: ` in it in quotes, or check the indentation",
    ),
    (r"could not find expected ':'", "a key without its `:`", ""),
    (
        r"did not find expected key|expected <block end>.*mapping",
        "this does not line up with the keys before it",
        "keys of one mapping start in the same column",
    ),
    (
        r"did not find expected '-' indicator|expected <block end>",
        "this does not line up with the list before it",
        "items of one list start with `-` in the same column",
    ),
    (
        r"did not find expected ',' or '\]'|expected ',' or '\]'",
        "a `,` or the closing `]` is missing before this",
        "",
    ),
    (
        r"did not find expected ',' or '\}'|expected ',' or '\}'",
        "a `,` or the closing `}` is missing before this",
        "",
    ),
    (
        r"found unexpected end of stream",
        "the text ends within quotes",
        "close the quote",
    ),
    (r"found unexpected document indicator", "the document ends within quotes", ""),
    (
        r"unknown escape character",
        "an escape that does not exist",
        "in double quotes a backslash is written `\\\\`; single quotes know no escapes",
    ),
    (
        r"invalid Unicode character escape|invalid Unicode character code",
        "an escape for a character that does not exist",
        "",
    ),
    (
        r"did not find expected node content|expected the node content",
        "a value is missing before this",
        "",
    ),
    (r"block sequence entries are not allowed", "a list cannot start here", ""),
    (r"did not find expected <document start>", "text after the document's end", ""),
    (r"incompatible YAML document", "a version of YAML that is not 1.x", ""),
    (r"unknown directive name", "an unknown directive", ""),
)
_SECONDARY = (
    ("flow sequence", "the list starts here"),
    ("flow mapping", "the mapping starts here"),
    ("block mapping", "the mapping starts here"),
    ("block collection", "the list starts here"),
    ("block sequence", "the list starts here"),
    ("quoted scalar", "the quote opens here"),
    ("simple key", "the key starts here"),
)


def syntax_error(error: yaml.YAMLError, text: str, path: str) -> Diagnostic:
    """The one diagnostic of a text that cannot be parsed."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return diagnostic("PS0101", "invalid YAML", Span(path, 1, 1, 1, 1))
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = split_lines(text)
    if line >= len(lines):  # libyaml ends every text with a line break
        line, column = len(lines) - 1, len(lines[-1])
    if "maximum nesting depth" in (error.problem or ""):
        # The parser looks ahead of what it has passed on to be counted.
        return too_deep(Span(path, line + 1, column + 1, line + 1, column + 2))
    message, help = _explained(error, lines[line][column : column + 1])
    secondary: list[Label] = []
    context = error.context_mark
    if context is not None and (context.line, context.column) != (line, column):
        for words, label in _SECONDARY:
            if words in (error.context or ""):
                at = Span(
                    path,
                    context.line + 1,
                    context.column + 1,
                    context.line + 1,
                    context.column + 2,
                )
                secondary.append(Label(at, label))
                break
    return diagnostic(
        "PS0101",
        f"invalid YAML: {message}",
        Span(path, line + 1, column + 1, line + 1, column + 2),
        secondary=secondary,
        help=(help,) if help else (),
    )


def _explained(error: yaml.MarkedYAMLError, char: str) -> tuple[str, str]:
    """Message and help."""
    problem = error.problem or "unknown problem"
    if "alias" in (error.context or "") or "anchor" in (error.context or ""):
        sign = "*" if "alias" in (error.context or "") else "&"
        return f"a `{sign}` without a name", f'write `"{sign}"` for the sign itself'
    if "cannot start any token" in problem:
        if char == "\t":
            return "a tab cannot indent", "indent with spaces"
        return f"{quoted(char)} cannot start a text", _QUOTE
    for pattern, message, help in _PROBLEMS:
        if re.search(pattern, problem):
            return message, help
    return visible(problem), ""

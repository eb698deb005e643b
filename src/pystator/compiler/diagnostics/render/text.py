"""Diagnostics for people: the message, the lines it is about, the advice.

error[PS0201]: unknown state `OPN`
  --> order.yaml:31:11
   |
31 |     dest: OPN
   |           ^^^ no state has this name
   = help: did you mean `OPEN`?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pystator.compiler.diagnostics.model import Diagnostic, Severity, Span
from pystator.compiler.diagnostics.quote import visible
from pystator.compiler.diagnostics.render.snippet import shown_line
from pystator.compiler.source.lines import split_lines

NEAR = 5
"""Places at most so many lines apart are shown in one snippet."""

_RESET = "\x1b[0m"
_SEVERITY = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_BOLD, _GUTTER, _SECONDARY = "\x1b[1m", "\x1b[1;34m", "\x1b[1;34m"


def render_text(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], *, color: bool
) -> str:
    """One block for each diagnostic, an empty line between, no line end at the end.

    `sources` has the text of each path as far as it is known; a place in another is
    named but not shown.
    """
    renderer = _Renderer(sources, color)
    return "\n\n".join("\n".join(renderer.block(item)) for item in diagnostics)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place to show; `sign` is `^` for the primary one, `-` for others."""

    span: Span
    label: str
    sign: str
    style: str


class _Renderer:
    def __init__(self, sources: Mapping[str, str], color: bool) -> None:
        self._sources = sources
        self._color = color
        self._lines: dict[str, list[str]] = {}

    def block(self, item: Diagnostic) -> Iterator[str]:
        style = _SEVERITY[item.severity]
        head = self._styled(style, f"{item.severity}[{item.code}]")
        yield head + self._styled(_BOLD, f": {visible(item.message)}")
        groups = _grouped(item, style)
        shown = [
            place for group in groups for place in group if self._known(place.span)
        ]
        width = max((len(str(place.span.line)) for place in shown), default=1)
        arrow = "-->"
        for group in groups:
            yield from self._group(group, arrow, width)
            arrow = ":::"
        for kind, texts in (("note", item.notes), ("help", item.help)):
            for text in texts:
                gutter = self._styled(_GUTTER, " " * (width + 1) + "=")
                yield f"{gutter} {self._styled(_BOLD, kind)}: {visible(text)}"

    def _group(self, group: list[_Place], arrow: str, width: int) -> Iterator[str]:
        first = group[0]
        span = first.span
        where = f"{visible(span.path)}:{span.line}:{span.column}"
        gutter = self._styled(_GUTTER, " " * width + arrow)
        if not self._known(span):
            label = visible(first.label) if arrow == ":::" else ""
            yield f"{gutter} {where} {label}".rstrip()
            return
        yield f"{gutter} {where}"
        bar = self._styled(_GUTTER, " " * (width + 1) + "|")
        yield bar
        before: int | None = None
        for place in sorted(group, key=lambda place: place.span):
            span = place.span
            line = self._line(span)
            if line is None:
                continue
            end = span.end_column if span.end_line == span.line else len(line) + 1
            shown = shown_line(line, span.column, end)
            if span.line != before:
                if before is not None and span.line == before + 2:
                    yield self._numbered(before + 1, self._plain(span, -1), width)
                elif before is not None and span.line > before + 2:
                    yield self._styled(_GUTTER, "...")
                yield self._numbered(span.line, shown.text, width)
            before = span.line
            marks = shown.marks(span.column, end, place.sign)
            blank = len(marks) - len(marks.lstrip())
            text = f"{marks[blank:]} {visible(place.label)}".rstrip()
            yield f"{bar} {' ' * blank}{self._styled(place.style, text)}"

    def _numbered(self, number: int, text: str, width: int) -> str:
        gutter = self._styled(_GUTTER, f"{number:>{width}} |")
        return f"{gutter} {text}".rstrip()

    def _plain(self, span: Span, offset: int) -> str:
        """A line near a span, with no mark in it."""
        line = self._lines[span.path][span.line - 1 + offset]
        return shown_line(line, 1, 1).text

    def _line(self, span: Span) -> str | None:
        """The line where a span starts, if its source is known and has it."""
        path = span.path
        if path not in self._sources:
            return None
        if path not in self._lines:
            self._lines[path] = split_lines(self._sources[path])
        lines = self._lines[path]
        return lines[span.line - 1] if span.line <= len(lines) else None

    def _known(self, span: Span) -> bool:
        return self._line(span) is not None

    def _styled(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self._color else text


def _grouped(item: Diagnostic, style: str) -> list[list[_Place]]:
    """The places that go into one snippet each; the primary one leads the first."""
    groups = [[_Place(item.primary, item.label, "^", style)]]
    for label in item.secondary:
        place = _Place(label.span, label.message, "-", _SECONDARY)
        for group in groups:
            if any(_near(place.span, other.span) for other in group):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups


def _near(one: Span, other: Span) -> bool:
    return one.path == other.path and abs(one.line - other.line) <= NEAR

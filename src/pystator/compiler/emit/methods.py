"""Methods: every trigger as a method, with an overload for each kind of result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pystator.compiler.emit.cells import CellWriter, Result
from pystator.compiler.emit.columns import Column
from pystator.compiler.emit.docstrings import docstring
from pystator.compiler.emit.layout import Piece, define
from pystator.compiler.emit.sinks import Code, Docstring
from pystator.compiler.emit.source_types import Source, SourceTypes
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.flatten.configurations import outer_parallels
from pystator.compiler.ir.machine import Event


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """One trigger as a method: the overloads, then the function itself."""

    overloads: tuple[Code, ...]
    head: Code
    doc: Docstring
    column: Column


def method_plan(
    writer: CellWriter,
    trigger: int,
    event: Event,
    column: Column,
    sources: SourceTypes,
) -> MethodPlan:
    words = writer.words
    method = words.names.methods[event.name]
    kind = words.names.events[event.name]
    overloads = []
    anything = f"state: {words.configuration}"
    cases = _cases(writer, trigger, sources)
    if len(cases) > 1:
        together = _union(result for _, result in cases)
        for state, result in [*cases, (anything, together)]:
            if state is not None:
                returns = writer.result_type(result)
                head = _head(writer, method, state, kind, returns, ": ...", column)
                overloads.append(head)
    head = _head(writer, method, anything, kind, "Outcome", ":", column)
    doc = docstring(f"`process` for the event `{event.name}`.", 8)
    return MethodPlan(tuple(overloads), head, doc, column)


def _cases(
    writer: CellWriter, trigger: int, sources: SourceTypes
) -> list[tuple[Piece | None, Result]]:
    """What can happen, by the states from which it can; legal pairs first.

    None stands for more states than are worth an overload.
    """
    results = _results(writer, trigger)
    # in each group the first is the earliest, and groups are in order of appearance
    groups = sorted(_groups(results), key=lambda group: _rank(group[0][1]))
    cases = [
        (
            sources.parameter([source for source, _ in group]),
            _union(r for _, r in group),
        )
        for group in groups
    ]
    elsewhere = _elsewhere(writer, trigger)
    if elsewhere is not None:
        if groups and _rank(groups[-1][0][1]):
            elsewhere = _union([cases.pop()[1], elsewhere])
        legal = [source for source, result in results.items() if not _rank(result)]
        parts = [source for source in results if isinstance(source, str)]
        parts = [part for part in parts if part not in legal]
        cases.append((sources.others(legal, parts), elsewhere))
    return cases


def _elsewhere(writer: CellWriter, trigger: int) -> Result | None:
    """What the states that do not listen to the trigger make of it, if there are any.

    There may be many more of them than of those that do, so they are not looked at one
    by one.
    """
    words = writer.words
    if words.history or words.interned or not words.machine.strict:
        return None
    final = sum(
        1 for leaf in words.flat.tables.final if leaf not in words.leaves_in_parts
    )
    reasons: list[str] = []
    if len(words.places) > final + len(writer.results[trigger]):
        used = trigger in words.flat.tables.rows
        reasons.append("invalid_transition" if used else "undefined_trigger")
    if final:
        reasons.append("terminal_state")
    return Result((), tuple(reasons)) if reasons else None


def _groups(results: dict[Source, Result]) -> list[list[tuple[Source, Result]]]:
    """States with the same kind of result share an overload.

    Where nothing can happen it does not matter why. States that the event leaves as
    they are say so together, unless it brings others there too.
    """
    alike = Counter(map(_kind, results.values()))
    groups: dict[object, list[tuple[Source, Result]]] = {}
    for source, result in results.items():
        kind = _kind(result)
        if result.targets == (source,) and alike[kind] == 1:
            kind = ("stays", tuple(sorted(result.reasons)))
        groups.setdefault(kind, []).append((source, result))
    return list(groups.values())


def _kind(result: Result) -> object:
    if _rank(result):
        return "impossible"
    return result.targets, tuple(sorted(result.reasons)), result.any


def _union(results: Iterable[Result]) -> Result:
    found = list(results)
    return Result(
        tuple(dict.fromkeys(t for result in found for t in result.targets)),
        tuple(dict.fromkeys(r for result in found for r in result.reasons)),
        any(result.any for result in found),
    )


def _rank(result: Result) -> int:
    """Legal pairs first, then those in which nothing can happen."""
    return (
        0 if result.any or result.targets or "guard_rejected" in result.reasons else 1
    )


def _results(writer: CellWriter, trigger: int) -> dict[Source, Result]:
    words = writer.words
    column = writer.results[trigger]
    used = trigger in words.flat.tables.rows
    if words.history:
        return {"Configuration": Result((), (), any=True)}
    results: dict[Source, Result] = {}
    if _elsewhere(writer, trigger) is not None:
        results.update((place, result) for place, result in column.items())
        return _in_parts(words, trigger, results)
    for place in words.places:
        if place in column:
            results[place] = column[place]
        elif place[0] in words.flat.tables.final:
            results[place] = Result((), ("terminal_state",))
        elif not words.machine.strict:
            results[place] = Result((place,), ())
        else:
            reason = "invalid_transition" if used else "undefined_trigger"
            results[place] = Result((), (reason,))
    if words.interned:
        return _by_part(words, results)
    return _in_parts(words, trigger, results)


def _in_parts(
    words: Vocabulary, trigger: int, results: dict[Source, Result]
) -> dict[Source, Result]:
    """The same with the parallel states, each as one."""
    used = trigger in words.flat.tables.rows
    row = words.flat.tables.rows.get(trigger, {})
    for state in outer_parallels(words.machine):
        name = str(words.names.parts[state.name].name)
        around = words.machine.path_to(state.id)
        if any(s in around or state.id < s <= state.last for s in row):
            results[name] = Result((), (), any=True)
        elif words.machine.strict:
            reason = "invalid_transition" if used else "undefined_trigger"
            results[name] = Result((), (reason,))
        else:
            results[name] = Result((), (), any=True)
    return results


def _by_part(words: Vocabulary, results: dict[Source, Result]) -> dict[Source, Result]:
    """All configurations of one parallel state together, after the others."""
    apart: dict[Source, Result] = {}
    parts: dict[str, list[tuple[Source, Result]]] = {}
    for source, result in results.items():
        if not isinstance(source, str) and words.in_part(source[0]):
            name = str(words.part_of(source[0]))
            parts.setdefault(name, []).append((source, result))
        else:
            apart[source] = result
    return apart | {n: _union(r for _, r in found) for n, found in parts.items()}


def _head(
    writer: CellWriter,
    method: str,
    state: Piece,
    kind: str,
    returns: Piece,
    tail: str,
    column: Column,
) -> Code:
    words = writer.words
    asks = words.has_guards and (column.guarded or words.configuration != "State")
    receiver = f"self: {words.names.machine}[Guards]" if asks else "self"
    params: list[Piece] = [receiver, state, f"event: {kind}", "context: Context"]
    return define(
        f"def {method}(", [*params, now_param(words.has_now)], returns, tail, 4
    )


def now_param(required: bool) -> str:
    return "now: datetime" if required else "now: datetime | None = None"

"""Mistakes planted in a generated module, one in each mutant.

target    an outcome leads to the next state of the enumeration
guard     a test of a decision holds always, or one part of it does
dropped   an outcome lacks one of its actions
doubled   an outcome has one of its actions twice
effect    an outcome leaves the context as it is
delay     a timer is one second longer
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

ACTIONS = ("exit_actions", "transition_actions", "enter_actions")
KINDS = ("target", "guard", "dropped", "doubled", "effect", "delay")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module that is wrong in one place: `before` has become `after` in this line."""

    kind: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}, line {self.line}: {self.before} -> {self.after}"


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a module whose cells are written out."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    tree = ast.parse(text)
    states = _states(tree)
    for node in ast.walk(tree):
        for kind, place, after in _changes(node, states):
            assert place.end_lineno is not None and place.end_col_offset is not None
            start = starts[place.lineno - 1] + place.col_offset
            end = starts[place.end_lineno - 1] + place.end_col_offset
            mutated = text[:start] + after + text[end:]
            yield Mutant(kind, place.lineno, text[start:end], after, mutated)


def _states(tree: ast.Module) -> list[str]:
    return [
        target.id
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == "State"
        for line in node.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    ]


def _changes(node: ast.AST, states: list[str]) -> Iterator[tuple[str, ast.expr, str]]:
    match node:
        case ast.Call(func=ast.Name("Accepted"), args=[target], keywords=keywords):
            if isinstance(target, ast.Attribute):
                after = states[(states.index(target.attr) + 1) % len(states)]
                yield "target", target, f"State.{after}"
            for keyword in keywords:
                yield from _of_keyword(keyword)
        case ast.FunctionDef(name=name) if name.startswith(("_decide_", "_holds_")):
            for inner in ast.walk(node):
                if isinstance(inner, ast.If):
                    yield from _of_test(inner.test)
        case ast.AnnAssign(target=ast.Name("DELAY_MS"), value=ast.Dict(values=values)):
            for value in values:
                assert isinstance(value, ast.Constant) and isinstance(value.value, int)
                yield "delay", value, str(value.value + 1000)


def _of_keyword(keyword: ast.keyword) -> Iterator[tuple[str, ast.expr, str]]:
    if keyword.arg == "effects":
        yield "effect", keyword.value, "None"
    if keyword.arg in ACTIONS and isinstance(keyword.value, ast.Tuple):
        items = [ast.unparse(item) for item in keyword.value.elts]
        for at, item in enumerate(items):
            fewer = [*items[:at], *items[at + 1 :]]
            more = [*items[:at], item, *items[at:]]
            yield "dropped", keyword.value, f"({''.join(f'{i}, ' for i in fewer)})"
            yield "doubled", keyword.value, f"({', '.join(more)})"


def _of_test(test: ast.expr) -> Iterator[tuple[str, ast.expr, str]]:
    yield "guard", test, "True"
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield "guard", part, "True"

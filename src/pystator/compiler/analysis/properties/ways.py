"""Shortest ways in a graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from typing import TypeVar

from pystator.compiler.analysis.properties.graph import Edge, Graph

_T = TypeVar("_T", bound=Hashable)


def way_to(graph: Graph, goal: int) -> tuple[Edge, ...]:
    """The steps from the start to a node."""
    found = search(
        ((edge, edge.target) for edge in graph.starts),
        lambda node: ((e, e.target) for e in graph.edges[node] or ()),
        lambda node: node == goal,
    )
    assert found is not None, "a node of a graph was found from its start"
    return found[0]


def search(
    first: Iterable[tuple[Edge, _T]],
    following: Callable[[_T], Iterable[tuple[Edge, _T]]],
    is_goal: Callable[[_T], bool],
) -> tuple[tuple[Edge, ...], _T] | None:
    """The shortest way to a goal, at least one edge long, and the goal."""
    before: dict[_T, tuple[Edge, _T | None]] = {}
    pending: deque[_T] = deque()

    def meet(edges: Iterable[tuple[Edge, _T]], source: _T | None) -> _T | None:
        for edge, target in edges:
            if target not in before:
                before[target] = edge, source
                pending.append(target)
                if is_goal(target):
                    return target
        return None

    goal = meet(first, None)
    while goal is None and pending:
        here = pending.popleft()
        goal = meet(following(here), here)
    if goal is None:
        return None
    way: list[Edge] = []
    here_: _T | None = goal
    while here_ is not None:
        edge, here_ = before[here_]
        way.append(edge)
    return tuple(reversed(way)), goal


def leading_to(graph: Graph, goals: Iterable[int]) -> set[int]:
    """The nodes from which one of the goals can be reached; these included."""
    sources: dict[int, list[int]] = {}
    for number, edges in enumerate(graph.edges):
        for edge in edges or ():
            sources.setdefault(edge.target, []).append(number)
    found = set(goals)
    pending = list(found)
    while pending:
        for source in sources.get(pending.pop(), ()):
            if source not in found:
                found.add(source)
                pending.append(source)
    return found


def components(
    roots: Iterable[int], following: Callable[[int], Iterable[int]]
) -> Iterator[set[int]]:
    """The strongly connected components, by Tarjan's algorithm."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in roots:
        if root in index:
            continue
        work: list[tuple[int, Iterator[int]]] = [(root, iter(()))]
        fresh = True
        while work:
            node, rest = work[-1]
            if fresh:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
                rest = iter(tuple(following(node)))
                work[-1] = node, rest
                fresh = False
            for target in rest:
                if target not in index:
                    work.append((target, iter(())))
                    fresh = True
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            if fresh:
                continue
            work.pop()
            if work:
                above = work[-1][0]
                low[above] = min(low[above], low[node])
            if low[node] == index[node]:
                found: set[int] = set()
                while node not in found:
                    found.add(stack.pop())
                on_stack -= found
                yield found


def within(edges: Iterable[Edge] | None, nodes: Container[int]) -> Iterator[Edge]:
    return (edge for edge in edges or () if edge.target in nodes)

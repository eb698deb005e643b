"""Definitions of any size, in shapes that strain different parts of the compiler.

Every function takes the number of transitions wanted and returns YAML text with
exactly that many in its `transitions` section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

_FAN = 10
_PER_STATE = 5
_GROUPS_IN_AREA = 5
_LEAVES_IN_GROUP = 4


def chain(size: int) -> str:
    """As many states as transitions, one trigger: large enumerations, short rows."""
    states = [f"- {{name: S{i}}}" for i in range(1, size + 1)]
    states.insert(0, "- {name: S0, type: initial}")
    moves = [f"- {{trigger: next, source: S{i}, dest: S{i + 1}}}" for i in range(size)]
    return _document("Chain", states, moves)


def grid(size: int) -> str:
    """Ten states and a tenth as many triggers: many event classes and methods."""
    fan = min(_FAN, size)
    states = [f"- {{name: S{i}}}" for i in range(1, fan)]
    states.insert(0, "- {name: S0, type: initial}")
    moves = [
        f"- {{trigger: t{i // fan}, source: S{i % fan}, "
        f"dest: S{(i + i // fan + 1) % fan}}}"
        for i in range(size)
    ]
    return _document("Grid", states, moves)


def guarded(size: int) -> str:
    """Pairs of guarded transitions with a payload and an effect: decide functions."""
    pairs = (size + 1) // 2
    states = [f"- {{name: S{i}}}" for i in range(1, pairs + 1)]
    states.insert(0, "- {name: S0, type: initial}")
    moves: list[str] = []
    for i in range(size):
        source = f"source: S{i // 2}"
        if i % 2:
            moves.append(
                f"- {{trigger: fill, {source}, dest: S0, "
                "guards: [{name: may_reset, params: {limit: 3}}], actions: reset}"
            )
        else:
            moves.append(
                f"- {{trigger: fill, {source}, dest: S{i // 2 + 1}, "
                f'guards: [{{expr: "amount >= {i} and total < 1000000"}}], '
                "actions: [{increment: total}, notify]}"
            )
    return _document(
        "Guarded",
        states,
        moves,
        "state_variables:\n- {key: total, type: integer, default: 0}\n"
        "events:\n- {name: fill, payload: {amount: integer}}\n",
    )


def hierarchy(size: int) -> str:
    """Areas of groups of leaves; every state adds five transitions of its own.

    Leaves inherit what their group and area do, so there are three cells for a
    transition of a leaf and more than ten for one of an area.
    """
    levels: list[tuple[str, str, int]] = []
    while len(levels) * _PER_STATE < size or "L" not in levels[-1][0]:
        levels.append(_place(len(levels)))
    leaves = [name for name, _, level in levels if level == 2]
    states = [_nested(at, *place) for at, place in enumerate(levels)]
    moves = [
        f"- {{trigger: t0, source: {leaf}, dest: {leaves[(at + 1) % len(leaves)]}}}"
        for at, leaf in enumerate(leaves)
    ]
    for at, (name, _, level) in enumerate(levels):
        first = (2 - level) * _PER_STATE
        for number in range(first + (level == 2), first + _PER_STATE):
            dest = leaves[(at + number) % len(leaves)]
            moves.append(f"- {{trigger: t{number}, source: {name}, dest: {dest}}}")
    return _document("Hierarchy", states, moves[:size])


def _place(at: int) -> tuple[str, str, int]:
    """Name, parent and depth of the state with this number in document order."""
    area, rest = divmod(at, 1 + _GROUPS_IN_AREA * (1 + _LEAVES_IN_GROUP))
    if rest == 0:
        return f"A{area}", "", 0
    group, leaf = divmod(rest - 1, 1 + _LEAVES_IN_GROUP)
    name = f"A{area}.G{group}"
    return (name, f"A{area}", 1) if leaf == 0 else (f"{name}.L{leaf - 1}", name, 2)


def _nested(at: int, name: str, parent: str, level: int) -> str:
    kind = ", type: initial" if at == 0 else ""
    inside = f", parent: {parent}" if parent else ""
    child = ("G0", "L0", "")[level]
    initial = f", initial_child: {name}.{child}" if child else ""
    return f"- {{name: {name}{kind}{inside}{initial}}}"


SHAPES: Mapping[str, Callable[[int], str]] = {
    "chain": chain,
    "grid": grid,
    "guarded": guarded,
    "hierarchy": hierarchy,
}


def _document(
    name: str, states: Iterable[str], moves: Iterable[str], more: str = ""
) -> str:
    lines = [f"meta: {{machine_name: {name}}}", "states:", *states]
    return "\n".join([*lines, "transitions:", *moves]) + "\n" + more

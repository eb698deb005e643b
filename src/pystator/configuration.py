"""The text form of a configuration, which is what is stored.

    (B, D) in P {r: B, C; s: D, E}  ->  `P:r=B,s=D`
    A, with what P remembers        ->  `A;H(P)=X`

Regions stand in the order of their names, a parallel state inside a region stands in
parentheses, and states that are not parallel are implied by what is in them. Like the
kernel, this may travel inside generated modules. `names` are those of the states; the
records of history are by memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pystator.kernel import NOWHERE, ROOT, Configuration, Memory, Tables


def write_configuration(
    tables: Tables,
    names: Sequence[str],
    leaves: Configuration,
    history: Mapping[int, Configuration],
) -> str:
    """The text of a configuration and of what each memory holds."""
    parts = [_active_text(tables, names, leaves, ROOT)]
    order = sorted([(names[m.state], m.deep, n) for n, m in enumerate(tables.memories)])
    for _, _, number in order:
        record = history.get(number)
        if record:
            memory = tables.memories[number]
            text = _record_text(tables, names, memory, record)
            parts.append(_memory_text(names, memory) + "=" + text)
    return ";".join(parts)


def read_configuration(
    tables: Tables, names: Sequence[str], text: str
) -> tuple[Configuration, dict[int, Configuration]]:
    """The configuration and its records. Raises ValueError for any other text."""
    first, *others = text.split(";")
    between = {region for found in tables.regions.values() for region in found}
    ids = {name: n for n, name in enumerate(names) if n not in between}
    known = {_memory_text(names, memory): n for n, memory in enumerate(tables.memories)}
    try:
        leaves = _leaves_in(ids, first)
        history: dict[int, Configuration] = {}
        for part in others:
            name, _, record = part.partition("=")
            history[known[name]] = _leaves_in(ids, record)
        if (
            write_configuration(tables, names, leaves, history) == text
            and all(_is_leaf(tables, leaf) for leaf in leaves)
            and all(_is_record(tables, n, record) for n, record in history.items())
        ):
            return leaves, history
    except (KeyError, IndexError):
        pass
    raise ValueError(f"not a state of this machine: {text!r}")


def _leaves_in(ids: Mapping[str, int], text: str) -> Configuration:
    """What stands behind the last `=` of each part, as numbers."""
    parts = text.replace("(", "").replace(")", "").split(",")
    return tuple(sorted([ids[part.rpartition("=")[2]] for part in parts]))


def _is_leaf(tables: Tables, state: int) -> bool:
    """Whether an entity can rest in the state."""
    childless = tables.initial[state] == NOWHERE and state not in tables.regions
    return childless and state not in tables.choices


def _is_record(tables: Tables, number: int, record: Configuration) -> bool:
    memory = tables.memories[number]
    inside = range(memory.state + 1, tables.last[memory.state] + 1)
    if memory.deep:
        return all(s in inside and _is_leaf(tables, s) for s in record)
    depth = len(tables.path[memory.state]) + (memory.state in tables.regions) + 1
    return all(
        s in inside and len(tables.path[s]) == depth and s not in tables.choices
        for s in record
    )


def _memory_text(names: Sequence[str], memory: Memory) -> str:
    return f"{'H*' if memory.deep else 'H'}({names[memory.state]})"


def _active_text(
    tables: Tables, names: Sequence[str], leaves: Configuration, around: int
) -> str:
    """What is active below `around`, which is not parallel."""
    for state in tables.path[leaves[0]]:
        if state > around and state in tables.regions:
            return names[state] + ":" + _region_text(tables, names, leaves, state)
    return names[leaves[0]]


def _region_text(
    tables: Tables, names: Sequence[str], leaves: Configuration, parallel: int
) -> str:
    parts: list[str] = []
    for region in sorted(tables.regions[parallel], key=names.__getitem__):
        last = tables.last[region]
        inside = tuple([leaf for leaf in leaves if region < leaf <= last])
        text = _active_text(tables, names, inside, region)
        nested = text != names[inside[0]]
        parts.append(
            f"{names[region]}=({text})" if nested else f"{names[region]}={text}"
        )
    return ",".join(parts)


def _record_text(
    tables: Tables, names: Sequence[str], memory: Memory, record: Configuration
) -> str:
    state = memory.state
    if state not in tables.regions:
        if memory.deep:
            return _active_text(tables, names, record, state)
        return names[record[0]]
    if memory.deep:
        return _active_text(tables, names, record, tables.path[state][-2])
    named = {names[tables.path[child][-2]]: names[child] for child in record}
    return f"({','.join([f'{region}={named[region]}' for region in sorted(named)])})"

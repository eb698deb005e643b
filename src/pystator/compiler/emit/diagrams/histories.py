"""The nodes that stand for what was active in a state when it was last left."""

from __future__ import annotations

from pystator.compiler.ir.machine import History, Machine, StateId


def histories(machine: Machine) -> dict[StateId, list[History]]:
    """Those that some transition leads to, by state, in the order they are met."""
    found: dict[StateId, dict[History, None]] = {}
    for transition in machine.transitions:
        for target in transition.targets:
            if target.history is not None:
                found.setdefault(target.state, {})[target.history] = None
    return {state: list(kinds) for state, kinds in found.items()}


def history_id(state: StateId, history: History) -> str:
    return f"h{state}" if history is History.SHALLOW else f"d{state}"

"""What stands at the arrows and in the boxes of a diagram, before any escaping.

The invariant: every text is printable, on one line and of bounded length, whatever the
definition says.

    {trigger: fill, guards: big, actions: ring}  ->  fill [big()] / ring()
"""

from __future__ import annotations

from typing import Final

from pystator.compiler.diagnostics.quote import visible
from pystator.compiler.emit.comments import cause
from pystator.compiler.ir.machine import Action, Machine, State, Transition
from pystator.compiler.ir.shown import action_text, group_labels, guard_text

LABEL_LIMIT: Final = 160
TITLE_LIMIT: Final = 80
ANY_STATE: Final = "any state"
"""What the source `*` is drawn as."""


def one_line(text: str, limit: int = LABEL_LIMIT) -> str:
    """`text` with every run of white space a single space, made visible, cut."""
    # cut first: a text may have a hundred thousand characters
    start = " ".join(visible(" ".join(text[: 4 * limit].split())).split())
    if len(start) > limit:
        return f"{start[: limit - 3]}..."
    return start if len(text) <= 4 * limit else f"{start}..."


def transition_label(transition: Transition) -> str:
    """`trigger or after 5s [guard, guard] / action, action`."""
    text = cause(transition, " or ")
    if transition.internal and transition.targets:
        text += " (internal)"
    if transition.guards:
        text += f" [{', '.join(map(guard_text, transition.guards))}]"
    if transition.actions:
        text += f" / {_actions(transition.actions)}"
    return one_line(text)


def _actions(actions: tuple[Action, ...]) -> str:
    return ", ".join(map(action_text, actions))


class Boxes:
    """What stands inside the boxes of a machine's states, line by line."""

    def __init__(self, machine: Machine) -> None:
        self._lines: dict[int, list[str]] = {state.id: [] for state in machine.states}
        labels = group_labels(machine)
        for state in machine.states:
            if state.group:
                text = f"group / {labels[state.group]}"
                self._lines[state.id].append(one_line(text))
            self._add_actions(state)
        for service in machine.services:
            text = f"invoke / {service.name}: {service.source}"
            self._lines[service.state].append(one_line(text))
        for transition in machine.transitions:
            if not transition.targets:
                self._lines[transition.source].append(transition_label(transition))

    def lines(self, state: State) -> list[str]:
        """Its group, actions and services, and the transitions that do not leave it."""
        return self._lines[state.id]

    def _add_actions(self, state: State) -> None:
        for word, actions in (("enter", state.on_enter), ("exit", state.on_exit)):
            if actions:
                text = f"{word} / {_actions(actions)}"
                self._lines[state.id].append(one_line(text))


def arrows(machine: Machine) -> list[Transition]:
    """The transitions that lead somewhere."""
    return [transition for transition in machine.transitions if transition.targets]

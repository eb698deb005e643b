"""What a variation of a definition is, and how outcomes of the two are compared."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tests.differential import comparable
from tests.oracle import Definition, Oracle, OracleEvent, OracleOutcome
from tests.oracle.text import Configuration, Record


def triggers_of(definition: Definition, oracle: Oracle) -> list[str]:
    """The triggers of transitions, as they are written: another spelling is a fault."""
    written = {
        str(oracle.normal(transition["trigger"])): str(transition["trigger"])
        for transition in definition.get("transitions", ())
        if transition.get("trigger") is not None
    }
    return sorted(written[trigger] for trigger in oracle.triggers)


@dataclass(frozen=True, slots=True)
class Variation:
    """A definition, and what is different in it by intent.

    `names` are new names of states and regions (`P/r`), `triggers` of triggers;
    `added` are nodes that are active beside a node (`*`: always), `around` new parents,
    which a shallow record has in the place of their child. `never` are a state and a
    trigger to which a transition was added that is always refused. `text` is how the
    definition is written, if not as YAML in the usual way.
    """

    definition: Definition
    names: Mapping[str, str] = field(default_factory=dict)
    triggers: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, frozenset[str]] = field(default_factory=dict)
    around: Mapping[str, str] = field(default_factory=dict)
    never: tuple[str, str] | None = None
    slower: int = 1
    other_guards: bool = False
    text: str | None = None
    path: str = "machine.yaml"


Vary: TypeAlias = Callable[[random.Random, Definition], Variation | None]
"""None where it cannot be done to the definition."""


class Twins:
    """A definition and its variation: what the second should say, given the first."""

    def __init__(self, definition: Definition, variation: Variation) -> None:
        self.one = Oracle(definition)
        self.other = Oracle(variation.definition)
        self.variation = variation

    def state(self, text: str) -> str:
        """The configuration of the variation for one of the original."""
        if not text:
            return text
        given = self.one.parse(text)
        active = frozenset(self._beside({self._name(n) for n in given.active}))
        history = {
            (self._name(name), deep): self._record(self._name(name), deep, record)
            for (name, deep), record in given.history.items()
        }
        return self.other.text(Configuration(active, history))

    def event(self, event: OracleEvent | None) -> OracleEvent | None:
        if event is None:
            return None
        if event.timer is not None:
            state, index = event.timer
            return OracleEvent(timer=(self._name(state), index))
        trigger = self.one.normal(event.trigger) or ""
        if trigger not in self.variation.triggers:
            return event
        return replace(event, trigger=self.variation.triggers[trigger])

    def outcome(
        self, state: str, event: OracleEvent | None, outcome: OracleOutcome
    ) -> OracleOutcome:
        """What the variation should do for what the original did."""
        rename, slower = self._name, self.variation.slower
        if self._is_refused_now(state, event, outcome):
            outcome = replace(
                outcome,
                accepted=False,
                reason="guard_rejected",
                handled=False,
                guard_name=None,
                guards_tried=(),
            )
        return self.seen(
            replace(
                outcome,
                target=self.state(outcome.target),
                started=tuple(
                    (rename(name), index, delay * slower)
                    for name, index, delay in outcome.started
                ),
                cancelled=tuple((rename(name), n) for name, n in outcome.cancelled),
                invoked=tuple((rename(name), s) for name, s in outcome.invoked),
                stopped=tuple((rename(name), s) for name, s in outcome.stopped),
            )
        )

    def seen(self, outcome: OracleOutcome) -> OracleOutcome:
        """Without what the variation may change about guards."""
        outcome = comparable(outcome)
        if self.variation.never is not None:
            outcome = replace(outcome, guard_name=None)
        if self.variation.other_guards:
            outcome = replace(outcome, guard_name=None, guards_tried=())
        return outcome

    def _is_refused_now(
        self, state: str, event: OracleEvent | None, outcome: OracleOutcome
    ) -> bool:
        """If only the transition that never holds is there for the event."""
        never = self.variation.never
        unmatched = outcome.reason == "invalid_transition" or not outcome.handled
        if never is None or event is None or outcome.reason not in (None, *UNMATCHED):
            return False
        trigger = self.one.normal(event.trigger)
        there = never[0] in {"*", *self.one.active(state)}
        return unmatched and trigger == never[1] and there

    def _name(self, node: str) -> str:
        return self.variation.names.get(node, node)

    def _beside(self, nodes: set[str]) -> set[str]:
        added = self.variation.added
        more = {other for node in nodes for other in added.get(node, ())}
        return nodes | more | added.get("*", frozenset())

    def _record(self, name: str, deep: bool, record: Record) -> Record:
        nodes = {self._name(node) for node in record}
        if not deep:
            nodes = {self.variation.around.get(node, node) for node in nodes}
        for node, beside in self.variation.added.items():
            parallel = node != "*" and self.other.tree.is_parallel(node)
            above = {a for n in nodes for a in (n, *self.other.tree.ancestors(n))}
            inside = deep and (node == name or name in self.other.tree.ancestors(node))
            if parallel and node in above and (inside or name == node):
                nodes |= {n for n in beside if not self.other.children[n]}
        return tuple(self.other.tree.in_order(nodes))


UNMATCHED = ("invalid_transition",)

"""The oracle, noting what its steps have really used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.oracle import ROOT, Data, Definition, Guards, Oracle, OracleEvent
from tests.oracle.data import Answers
from tests.oracle.model import OracleOutcome, Transition
from tests.oracle.run import Completed, Raised, Run
from tests.oracle.text import Configuration
from tests.oracle.tree import history_of

FEATURES = (
    *("depth 4", "regions", "many regions", "nested regions", "ancestor's", "any"),
    *("several at once", "conflict", "internal", "actions only", "self", "fork"),
    *("auto", "choice", "raise", "raise dropped", "done", "history", "deep history"),
    *("record", "delay", "timer stopped", "service", "effect", "merge", "end"),
    *("named guard", "expression", "check", "combined", "in_state", "no guard holds"),
    *("guard error", "invalid", "typed", "dynamic"),
)
"""What is counted in pairs, by the names that the table has."""
EXCLUSIVE = frozenset({("dynamic", "typed")})
"""Pairs that no machine can have."""


class WatchedOracle(Oracle):
    """`met` has the features of the last step, whether it was accepted or not."""

    def __init__(self, definition: Definition) -> None:
        super().__init__(definition)
        self.met: set[str] = set()

    def start(
        self, context: Data, guards: Guards, now: datetime | None
    ) -> OracleOutcome:
        self.met = self._always()
        return self._seen(super().start(context, guards, now))

    def step(
        self,
        configuration: str,
        event: OracleEvent,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> OracleOutcome:
        self.met = self._always()
        if event.timer is not None:
            self.met.add("delay")
        return self._seen(super().step(configuration, event, context, guards, now))

    def run(
        self,
        before: Configuration,
        event: OracleEvent | None,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> Run:
        return _WatchedRun(self, before, event, context, guards, now)

    def _always(self) -> set[str]:
        return {"dynamic" if self.variables is None else "typed"}

    def _seen(self, outcome: OracleOutcome) -> OracleOutcome:
        if not outcome.accepted:
            self.met.discard("delay")
            words = {
                "guard_rejected": "no guard holds",
                "guard_error": "guard error",
                "invalid_transition": "invalid",
            }
            self.met |= {words[r] for r in (outcome.reason or "",) if r in words}
            return outcome
        if outcome.cancelled:
            self.met.add("timer stopped")
        if outcome.invoked or outcome.stopped:
            self.met.add("service")
        active = self.active(outcome.target)
        if self.ended(active):
            self.met.add("end")
        self.met |= self._places(active)
        return outcome

    def _places(self, active: frozenset[str]) -> set[str]:
        """Where the machine rests now."""
        tree, met = self.tree, set[str]()
        for node in active:
            if tree.is_parallel(node):
                met.add("regions")
                if len(tree.children[node]) > 2:
                    met.add("many regions")
                if any(tree.is_parallel(above) for above in tree.ancestors(node)):
                    met.add("nested regions")
            elif len([a for a in tree.ancestors(node) if a in tree.states]) >= 3:
                met.add("depth 4")
        return met


class _WatchedAnswers(Answers):
    def __init__(self, note: Callable[[str], None], *given: Any) -> None:
        super().__init__(*given)
        self.note = note

    def holds(self, guard: Any) -> bool:
        words = {"expr": "expression", "check": "check", "in_state": "in_state"}
        words |= {"allOf": "combined", "anyOf": "combined", "not": "combined"}
        kind = guard if isinstance(guard, str) else next(iter(guard))
        self.note(words.get(kind, "named guard"))
        return super().holds(guard)

    def apply(self, kind: str, operand: Any) -> None:
        self.note("effect")
        super().apply(kind, operand)

    def merge_payload(self) -> None:
        before = dict(self.context)
        super().merge_payload()
        if self.context != before:
            self.note("merge")


class _WatchedRun(Run):
    def __init__(self, oracle: WatchedOracle, *given: Any) -> None:
        super().__init__(oracle, *given)
        self.note = oracle.met.add
        _, event, context, guards, now = given
        self.answers = _WatchedAnswers(self.note, oracle, event, context, guards, now)

    def without_conflicts(self, enabled: list[Transition]) -> list[Transition]:
        kept = super().without_conflicts(enabled)
        if len(kept) < len(enabled):
            self.note("conflict")
        return kept

    def microstep(self, chosen: list[Transition], *, merge: bool = False) -> None:
        if len(chosen) > 1:
            self.note("several at once")
        for transition in chosen:
            for feature in self._features(transition):
                self.note(feature)
        super().microstep(chosen, merge=merge)

    def targets(self, dest: str) -> list[str]:
        past = history_of(dest)
        if past is not None:
            self.note("deep history" if past[1] else "history")
            if past in self.history:
                self.note("record")
        return super().targets(dest)

    def take(self, internal: Raised | Completed) -> None:
        before = self.microsteps
        super().take(internal)
        match internal, self.microsteps > before:
            case Raised(), taken:
                self.note("raise" if taken else "raise dropped")
            case Completed(), True:
                self.note("done")

    def _features(self, transition: Transition) -> list[str]:
        source, found = transition.source, list[str]()
        if source == ROOT:
            found.append("any")
        elif self.tree.kind(source) == "choice":
            found.append("choice")
        elif transition.auto:
            found.append("auto")
        if source != ROOT and self.tree.children[source]:
            found.append("ancestor's")
        if not transition.dests:
            found.append("actions only")
        elif source != ROOT and self.tree.domain(transition) == source:
            found.append("internal")
        if source in transition.dests:
            found.append("self")
        if len(transition.dests) > 1:
            found.append("fork")
        return found

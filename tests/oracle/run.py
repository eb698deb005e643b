"""One macrostep: selection, conflicts, microsteps, settling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.oracle.data import Answers
from tests.oracle.expression import EvaluationError
from tests.oracle.model import (
    ROOT,
    Action,
    Data,
    Guards,
    OracleEvent,
    OracleOutcome,
    Refusal,
    Transition,
)
from tests.oracle.text import Configuration
from tests.oracle.tree import history_of
from tests.oracle.written import listed

if TYPE_CHECKING:
    from tests.oracle.machine import Oracle

BOUND = 100


@dataclass(frozen=True, slots=True)
class Raised:
    """An internal event: a trigger that an action raised."""

    trigger: str


@dataclass(frozen=True, slots=True)
class Completed:
    """An internal event: a compound or parallel state is complete."""

    state: str


class Run:
    """One macrostep; rule 3: everything it needs is given, nothing outlives it."""

    def __init__(
        self,
        oracle: Oracle,
        before: Configuration,
        event: OracleEvent | None,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> None:
        if oracle.needs_now and now is None:
            raise TypeError("this machine needs the time")
        self.oracle = oracle
        self.tree = oracle.tree
        self.before = before.active
        self.active = before.active
        self.history = dict(before.history)
        self.given = context
        self.answers = Answers(oracle, event, context, guards, now)
        self.microsteps = 0
        self.queue: list[Raised | Completed] = []
        # Rule 9: the trigger that brought us where we are, for choices to look at.
        self.handed_on: str | None = None
        self.actions: list[tuple[str, Action]] = []
        self.entered: set[str] = set()
        self.left: set[str] = set()

    def select_for_event(self, event: OracleEvent) -> list[Transition]:
        """The transitions to take; none when a machine that is not strict ignores it.

        Reasons in order: terminal_state, undefined_trigger, invalid_transition,
        guard_rejected (rule 14).
        """
        if self.oracle.ended(self.active):
            raise Refusal("terminal_state")  # rule 11

        def matches(t: Transition) -> bool:
            # Rule 18: a firing is an event that the timer's state handles.
            if event.timer is not None:
                return (t.source, t.timer) == event.timer
            return t.trigger is not None and t.trigger == event.trigger

        outgoing = self.oracle.outgoing
        if not any(
            matches(t) for state in {*self.active, ROOT} for t in outgoing[state]
        ):
            if not self.oracle.strict:
                return []
            known = event.timer is not None or event.trigger in self.oracle.triggers
            raise Refusal("invalid_transition" if known else "undefined_trigger")
        chosen = self.select(matches)
        if not chosen:
            raise Refusal("guard_rejected", self.answers.failed[0])
        return chosen

    def select(self, matches: Callable[[Transition], bool]) -> list[Transition]:
        # Rule 4: for each leaf, from the leaf to the root, the first enabled one.
        enabled: list[Transition] = []
        for leaf in self.tree.leaves(self.active):
            for state in (leaf, *self.tree.ancestors(leaf)):
                first = self.first_enabled(state, matches)
                if first is not None:
                    if first not in enabled:
                        enabled.append(first)
                    break
        return self.without_conflicts(enabled)

    def first_enabled(
        self, state: str, matches: Callable[[Transition], bool]
    ) -> Transition | None:
        for transition in self.oracle.outgoing[state]:
            if matches(transition) and self.answers.enabled(transition, self.active):
                return transition
        return None

    def without_conflicts(self, enabled: list[Transition]) -> list[Transition]:
        # Rule 5: a descendant's transition wins, else that of the earlier leaf. One
        # that loses against a transition already kept drops none of the others.
        kept: list[Transition] = []
        for transition in enabled:
            exits = self.exits(transition)
            rivals = [other for other in kept if exits & self.exits(other)]
            if all(self.tree.is_below(transition.source, r.source) for r in rivals):
                kept = [other for other in kept if other not in rivals]
                kept.append(transition)
        return kept

    def exits(self, transition: Transition) -> set[str]:
        """What is left: all that is active below the domain."""
        if not transition.dests:
            return set()
        domain = self.tree.domain(transition)
        return {node for node in self.active if self.tree.is_below(node, domain)}

    def microstep(self, chosen: list[Transition], *, merge: bool = False) -> None:
        # Rule 6: exit deepest and last first, act, enter outermost and first first.
        self.microsteps += 1
        if merge:
            self.answers.merge_payload()
        exits = {node for t in chosen for node in self.exits(t)}
        self.record(exits)
        for node in reversed(self.tree.in_order(exits)):
            self.act("exit", self.tree.states.get(node, {}).get("on_exit"))
            # Rule 17: leaving a state cancels its timers, if they ran before.
            self.entered.discard(node)
            if node in self.before:
                self.left.add(node)
        self.active -= exits
        for transition in chosen:
            self.act("transition", list(transition.actions))
        self.enter({node for t in chosen for node in self.entries(t)})

    def record(self, exits: set[str]) -> None:
        # Rule 10: what is left is recorded before anything happens.
        for name, deep in self.oracle.remembered:
            below = {n for n in self.active if self.tree.is_below(n, name)}
            if name not in exits or self.tree.choices(below):
                continue
            if deep:
                record = self.tree.leaves(below)
            else:
                homes = [name]
                if self.tree.is_parallel(name):
                    homes = self.tree.children[name]
                record = [c for home in homes for c in self.tree.children[home]]
                record = [child for child in record if child in below]
            self.history[name, deep] = tuple(record)

    def entries(self, transition: Transition) -> set[str]:
        """The paths from the domain to the targets, without what is below these."""
        if not transition.dests:
            return set()
        domain = self.tree.domain(transition)
        entries: set[str] = set()
        for dest in transition.dests:
            for target in self.targets(dest):
                entries.add(target)
                for above in self.tree.ancestors(target):
                    if above == domain:
                        break
                    entries.add(above)
        return entries

    def targets(self, dest: str) -> list[str]:
        # Rule 10: back to what was recorded; with no record, the default entry.
        past = history_of(dest)
        if past is None:
            return [dest]
        name, _ = past
        if past in self.history:
            return list(self.history[past])
        if self.tree.is_parallel(name):
            return self.tree.children[name]
        return [self.tree.default_child(name)]

    def first_entry(self) -> None:
        # Rule 13.
        (initial,) = (
            child
            for child in self.tree.children[ROOT]
            if self.tree.kind(child) == "initial"
        )
        self.microsteps = 1
        self.entered.add(ROOT)  # the timers of `"*"` run from here to the end
        self.enter({initial})

    def enter(self, nodes: Iterable[str]) -> None:
        # Rule 6: outermost and first first. Rule 17: entry starts the timers.
        for node in self.tree.in_order(self.tree.with_defaults(nodes)):
            self.active |= {node}
            self.entered.add(node)
            self.act("enter", self.tree.states.get(node, {}).get("on_enter"))
            if self.tree.kind(node) == "terminal":
                self.complete(self.tree.parent[node])

    def complete(self, parent: str) -> None:
        # Rule 11: a terminal child completes a compound, and a parallel state when
        # each of its regions has one.
        completed = parent
        if parent in self.tree.regions:
            completed = self.tree.parent[parent]
            for region in self.tree.children[completed]:
                inner = [c for c in self.tree.children[region] if c in self.active]
                if not any(self.tree.kind(child) == "terminal" for child in inner):
                    return
        if completed in self.oracle.listened:
            self.queue.append(Completed(completed))

    def settle(self) -> None:
        # Rule 7: choices, then autos, then internal events, until nothing is left.
        while not self.oracle.ended(self.active):
            if self.tree.choices(self.active):
                self.bounded_microstep(self.select_from_choices())
            elif chosen := self.select(lambda t: t.auto):
                self.handed_on = None
                self.bounded_microstep(chosen)
            elif self.queue:
                self.take(self.queue.pop(0))
            else:
                return

    def bounded_microstep(
        self, chosen: list[Transition], *, merge: bool = False
    ) -> None:
        if self.microsteps >= BOUND:
            raise Refusal("livelock")  # rule 12
        self.microstep(chosen, merge=merge)

    def select_from_choices(self) -> list[Transition]:
        # Rule 9: each choice its first way out; its ancestors have no say.
        def matches(t: Transition) -> bool:
            by_trigger = t.trigger is not None and t.trigger == self.handed_on
            return t.auto or by_trigger

        enabled: list[Transition] = []
        for choice in self.tree.choices(self.active):
            failed = len(self.answers.failed)
            first = self.first_enabled(choice, matches)
            if first is None:
                refused = [*self.answers.failed[failed:], None]
                raise Refusal("guard_rejected", refused[0])
            enabled.append(first)
        return self.without_conflicts(enabled)

    def take(self, internal: Raised | Completed) -> None:
        # Rule 7: an internal event that matches nothing is dropped.
        self.answers.forget()
        before = self.answers.event
        match internal:
            case Raised(trigger):
                # A guard asked now sees this event, also if it is dropped then.
                self.answers.event = OracleEvent(trigger)
                chosen = self.select(lambda t: t.trigger == trigger)
                if chosen:
                    self.handed_on = trigger
                    self.bounded_microstep(chosen, merge=True)
                else:
                    self.answers.event = before
            case Completed(state):
                chosen = self.select(lambda t: t.done and t.source == state)
                if chosen:
                    self.handed_on = None
                    self.bounded_microstep(chosen)

    def act(self, part: str, written: Any) -> None:
        # Rule 8: effects apply as they are reached; named actions are only listed.
        for action in listed(written):
            match action:
                case str():
                    self.actions.append((part, (action, {})))
                case {"name": name}:
                    params = deepcopy(action.get("params") or {})
                    self.actions.append((part, (name, params)))
                case {"raise": trigger}:
                    self.queue.append(Raised(str(self.oracle.normal(trigger))))
                case _:
                    ((kind, operand),) = action.items()
                    try:
                        self.answers.apply(kind, operand)
                    except EvaluationError as error:
                        raise Refusal("effect_error") from error

    def accepted(self) -> OracleOutcome:
        timers, states = self.oracle.timers, self.tree.states
        entered, left = self.tree.in_order(self.entered), self.tree.in_order(self.left)
        actions = self.actions

        def services(name: str) -> list[str]:
            invoked = states.get(name, {}).get("invoke")
            return [service["id"] for service in listed(invoked)]

        return OracleOutcome(
            accepted=True,
            reason=None,
            handled=True,
            target=self.oracle.text(Configuration(self.active, self.history)),
            context=self.answers.context,
            actions=tuple(action for _, action in actions),
            exit=tuple(action for part, action in actions if part == "exit"),
            transition=tuple(a for part, a in actions if part == "transition"),
            enter=tuple(action for part, action in actions if part == "enter"),
            started=tuple(
                (name, index, delay)
                for name in entered
                for index, delay in enumerate(timers[name])
            ),
            cancelled=tuple(
                (name, index) for name in left for index in range(len(timers[name]))
            ),
            guards_tried=tuple(self.answers.tried),
            invoked=tuple((name, s) for name in entered for s in services(name)),
            stopped=tuple((name, s) for name in left for s in services(name)),
        )

    def ignored(self, configuration: str) -> OracleOutcome:
        """An unmatched event of a machine that is not strict: accepted, unhandled."""
        given = deepcopy(self.given)
        return OracleOutcome(True, None, False, configuration, given)

    def rejected(self, refusal: Refusal, configuration: str) -> OracleOutcome:
        # Rule 14: a rejected step changes nothing.
        return OracleOutcome(
            accepted=False,
            reason=refusal.reason,
            handled=False,
            target=configuration,
            context=deepcopy(self.given),
            guard_name=refusal.guard_name,
            guards_tried=tuple(self.answers.tried),
            error=refusal.reason in {"guard_error", "effect_error"},
        )

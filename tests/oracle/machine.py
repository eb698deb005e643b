"""One definition, ready to step."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from tests.oracle.model import (
    ROOT,
    Data,
    Definition,
    Guards,
    OracleEvent,
    OracleOutcome,
    Refusal,
)
from tests.oracle.run import Run
from tests.oracle.text import Configuration, read, written
from tests.oracle.tree import Tree, history_of
from tests.oracle.written import (
    REQUIRED,
    Transitions,
    cleared_values,
    effect_kinds,
    payload_fields_of,
    variable_names,
)


class Oracle:
    """What a machine does. `timers` has the delays of each state in ms."""

    def __init__(self, definition: Definition) -> None:
        meta = definition.get("meta") or {}
        self.strict: bool = meta.get("strict_mode", True)
        self.normalizer: str | None = meta.get("event_normalizer")
        self.tree = Tree(definition)
        self.states = self.tree.states
        self.children = self.tree.children
        self.order = self.tree.order
        self.variables = variable_names(definition)
        self.cleared = cleared_values(definition)
        self.payloads: dict[str, Data] | None = None
        if definition.get("events") is not None:
            self.payloads = {
                str(self.normal(event["name"])): payload_fields_of(event)
                for event in definition["events"]
            }
        transitions = Transitions(self.tree, definition, self.normal)
        self.timers = transitions.timers
        self.outgoing = transitions.outgoing
        every = [t for ts in self.outgoing.values() for t in ts]
        self.triggers = {t.trigger for t in every if t.trigger}
        # Rule 10: only what some transition goes back to is recorded.
        self.remembered = {
            past for t in every for past in map(history_of, t.dests) if past is not None
        }
        # Rule 7: a completion that no transition listens to is not even queued.
        self.listened = {t.source for t in every if t.done}
        self.needs_now = "timestamp" in effect_kinds(definition)

    def start(
        self, context: Data, guards: Guards, now: datetime | None
    ) -> OracleOutcome:
        # Rule 13: the first configuration, its entry actions, autos, timers.
        run = self.run(Configuration(), None, context, guards, now)
        try:
            run.first_entry()
            run.settle()
        except Refusal as refusal:
            return run.rejected(refusal, "")
        return run.accepted()

    def step(
        self,
        configuration: str,
        event: OracleEvent,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> OracleOutcome:
        """Raises ValueError for a configuration that this machine does not have."""
        # Rule 4 selects, rule 6 takes, rule 7 settles; rule 14 says what comes out.
        event = OracleEvent(
            self.normal(event.trigger), deepcopy(event.payload), event.timer
        )
        before = self.parse(configuration)
        run = self.run(before, event, context, guards, now)
        try:
            chosen = run.select_for_event(event)
            if not chosen:
                return run.ignored(configuration)
            run.handed_on = event.trigger
            run.microstep(chosen, merge=event.timer is None)
            run.settle()
        except Refusal as refusal:
            return run.rejected(refusal, configuration)
        return run.accepted()

    def run(
        self,
        before: Configuration,
        event: OracleEvent | None,
        context: Data,
        guards: Guards,
        now: datetime | None,
    ) -> Run:
        """One step under way, which a test may want to watch."""
        return Run(self, before, event, context, guards, now)

    def parse(self, configuration: str) -> Configuration:
        return read(self.tree, self.remembered, configuration)

    def text(self, configuration: Configuration) -> str:
        return written(self.tree, configuration)

    def active(self, configuration: str) -> frozenset[str]:
        """The states and regions that are active; rule 1."""
        return self.parse(configuration).active

    def is_final(self, configuration: str) -> bool:
        return self.ended(self.active(configuration))

    def ended(self, active: frozenset[str]) -> bool:
        # Rule 11: a terminal child of the root ends the entity.
        return any(
            self.tree.kind(child) == "terminal" and child in active
            for child in self.children[ROOT]
        )

    def payload_fields(self, event: OracleEvent | None) -> Data:
        """What the event taken last brings: declared fields, or its open payload."""
        if event is None or event.trigger is None:
            return {}
        if self.payloads is None:
            return event.payload
        fields: Data = {}
        for name, default in self.payloads.get(event.trigger, {}).items():
            if name in event.payload:
                fields[name] = event.payload[name]
            elif default is not REQUIRED:
                fields[name] = default
        return fields

    def normal(self, trigger: str | None) -> str | None:
        match self.normalizer:
            case "lower" if trigger is not None:
                return trigger.lower()
            case "upper" if trigger is not None:
                return trigger.upper()
        return trigger

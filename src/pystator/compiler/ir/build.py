"""MachineSource -> Machine: what every name means, every default, document order.

Nothing is guessed: a name that means nothing is a fault. What it stands in is built
all the same, with the root for a lost source and no target for a lost destination, so
that one run finds the faults of the rest too. A machine built with errors in the report
is good for further checks of its parts, not for flattening.
"""

from __future__ import annotations

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Label, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.ir.behaviour import Behaviour
from pystator.compiler.ir.choice import check_choice, check_way_out
from pystator.compiler.ir.fields import build_events, build_variables
from pystator.compiler.ir.leading import check_done, check_fork, check_history
from pystator.compiler.ir.machine import (
    ROOT,
    History,
    Machine,
    Raise,
    Service,
    State,
    StateId,
    StateKind,
    Target,
    Timer,
    Transition,
)
from pystator.compiler.ir.properties import build_properties
from pystator.compiler.ir.regions import check_region
from pystator.compiler.ir.tree import Tree, build_tree
from pystator.compiler.ir.triggers import Triggers
from pystator.compiler.source.model import (
    MachineSource,
    TimeoutSource,
    TransitionSource,
)
from pystator.compiler.source.text import Data, Text


def build(source: MachineSource, report: Report) -> Machine:
    """Resolve all names. Faults go to the report."""
    return _Builder(source, report).machine()


class _Builder:
    def __init__(self, source: MachineSource, report: Report) -> None:
        self.source = source
        self.report = report
        self.tree: Tree = build_tree(source.states, report)
        normalizer = source.meta.event_normalizer
        self.triggers = Triggers(str(normalizer or ""))
        self.behaviour = Behaviour(self.tree.ids, self.triggers, report)
        self._check_choices()

    def machine(self) -> Machine:
        source, meta = self.source, self.source.meta
        name = meta.machine_name
        states = self._states()
        transitions = self._transitions()
        services = self._services()
        triggers = [t.trigger for t in transitions if t.trigger is not None]
        actions = [
            *(action for state in states for action in state.on_enter + state.on_exit),
            *(action for t in transitions for action in t.actions),
        ]
        triggers += [a.trigger for a in actions if isinstance(a, Raise)]
        triggers += [
            trigger
            for service in services
            for trigger in (service.on_done, service.on_error)
            if trigger is not None
        ]
        return Machine(
            name=Text("machine", source.span) if name is None else name,
            version=str(meta.version or ""),
            description=str(meta.description or ""),
            strict=meta.strict_mode,
            normalizer=self.triggers.normalizer,
            meta=_entries(meta.extra.data),
            groups=_entries(source.groups.data if source.groups else None),
            states=states,
            transitions=transitions,
            timers=_timers(states, transitions),
            services=services,
            variables=build_variables(source.state_variables, self.report),
            events=build_events(source.events, triggers, self.triggers, self.report),
            fallback=self._fallback(),
            properties=build_properties(source.properties, self.behaviour, self.report),
            path=source.path,
        )

    def _states(self) -> tuple[State, ...]:
        root = self.tree.nodes[ROOT]
        states = [
            State(
                id=ROOT,
                name=Text("*", self.source.span),
                kind=StateKind.ROOT,
                type="root",
                parent=ROOT,
                children=root.children,
                last=root.last,
                initial=root.initial,
                on_enter=(),
                on_exit=(),
                description="",
                group="",
            )
        ]
        for node in self.tree.nodes[1:]:
            written = node.source
            states.append(
                State(
                    id=node.id,
                    name=node.name,
                    kind=node.kind,
                    type=str((written and written.type) or node.kind),
                    parent=node.parent,
                    children=node.children,
                    last=node.last,
                    initial=node.initial,
                    on_enter=self.behaviour.actions(
                        written.on_enter if written else ()
                    ),
                    on_exit=self.behaviour.actions(written.on_exit if written else ()),
                    description=str(node.description or ""),
                    group=str((written and written.group) or ""),
                )
            )
        return tuple(states)

    def _services(self) -> tuple[Service, ...]:
        services: list[Service] = []
        for node in self.tree.nodes[1:]:
            known: dict[str, Text] = {}
            for written in node.source.invoke if node.source else ():
                first = known.setdefault(written.id, written.id)
                if first is not written.id:
                    self._report_twice("service", written.id, first)
                    continue
                services.append(
                    Service(
                        id=len(services),
                        name=written.id,
                        source=written.src,
                        state=node.id,
                        on_done=self._trigger(written.on_done),
                        on_error=self._trigger(written.on_error),
                    )
                )
        return tuple(services)

    def _transitions(self) -> tuple[Transition, ...]:
        built: list[Transition] = []
        for written in self.source.transitions:
            self._build(written, built)
        for node in self.tree.nodes[1:]:
            if node.source is not None and node.source.timeout is not None:
                self._build_timeout(node.id, node.source.timeout, built)
        return tuple(built)

    def _build(self, written: TransitionSource, built: list[Transition]) -> None:
        targets = [
            Target(
                state, History(target.history) if target.history else None, target.state
            )
            for target in written.dest
            if (state := self.behaviour.state(target.state)) is not None
        ]
        check_history(self.tree, targets, self.report)
        check_fork(self.tree, targets, self.report)
        guards = self.behaviour.guards(written.guards)
        actions = self.behaviour.actions(written.actions)
        seen: dict[StateId, Text] = {}
        for name in written.source:
            source = ROOT if name == "*" else self.behaviour.state(name)
            if source is None:
                source = ROOT
            elif source in seen:
                self._report_twice("source", name, seen[source])
                continue
            seen[source] = name
            self._check_source(written, source, name)
            if written.region is not None:
                check_region(self.tree, source, written.region, self.report)
            built.append(
                Transition(
                    id=len(built),
                    trigger=self._trigger(written.trigger),
                    delay_ms=written.delay_ms,
                    timeout=False,
                    auto=written.auto,
                    done=written.done,
                    source=source,
                    targets=tuple(targets),
                    internal=written.internal,
                    guards=guards,
                    actions=actions,
                    priority=written.priority,
                    refs=tuple(str(ref) for ref in written.refs),
                    description=str(written.description or ""),
                    source_span=name.span,
                    span=written.span,
                )
            )

    def _check_source(
        self, written: TransitionSource, source: StateId, name: Text
    ) -> None:
        node = self.tree.nodes[source]
        if node.kind is StateKind.TERMINAL:
            self._report_terminal(source, name.span)
        elif node.kind is StateKind.CHOICE and node.source is not None:
            check_way_out(node.source, written, name.span, self.report)
        elif written.done and (source != ROOT or name == "*"):
            check_done(self.tree, source, name, self.report)

    def _check_choices(self) -> None:
        for node in self.tree.nodes:
            if node.kind is StateKind.CHOICE and node.source is not None:
                inside = (self.tree.nodes[child].source for child in node.children)
                nested = [c.parent for c in inside if c is not None and c.parent]
                check_choice(node.source, nested, self.report)

    def _build_timeout(
        self, source: StateId, timeout: TimeoutSource, built: list[Transition]
    ) -> None:
        state = self.behaviour.state(timeout.destination)
        targets = () if state is None else (Target(state, None, timeout.destination),)
        if self.tree.nodes[source].kind is StateKind.TERMINAL:
            self._report_terminal(source, timeout.span)
        built.append(
            Transition(
                id=len(built),
                trigger=None,
                delay_ms=timeout.delay_ms,
                timeout=True,
                auto=False,
                done=False,
                source=source,
                targets=targets,
                internal=False,
                guards=(),
                actions=(),
                priority=0,
                refs=(),
                description="",
                source_span=timeout.span,
                span=timeout.span,
            )
        )

    def _trigger(self, trigger: Text | None) -> Text | None:
        return None if trigger is None else self.triggers.used(trigger)

    def _report_terminal(self, source: StateId, span: Span) -> None:
        state = self.tree.nodes[source].source
        assert state is not None, "the root is never terminal"
        assert state.type is not None, "a terminal state says so"
        self.report.add(
            diagnostic(
                "PS0306",
                f"a transition leaves the terminal state {quoted(state.name)}",
                span,
                label="nothing leaves a terminal state",
                secondary=(Label(state.type.span, "declared terminal here"),),
                help=("remove the transition, or give the state another type",),
            )
        )

    def _report_twice(self, what: str, again: Text, first: Text) -> None:
        self.report.add(
            diagnostic(
                "PS0202",
                f"{what} {quoted(again)} is named twice",
                again.span,
                label="named again here",
                secondary=(Label(first.span, "first named here"),),
                help=("remove one of them",),
            )
        )

    def _fallback(self) -> StateId | None:
        policy = self.source.error_policy
        if policy is None or policy.default_fallback is None:
            return None
        return self.behaviour.state(policy.default_fallback)


def _timers(
    states: tuple[State, ...], transitions: tuple[Transition, ...]
) -> tuple[Timer, ...]:
    """In document order of their states; named after the state and what starts them."""
    delayed: dict[StateId, list[Transition]] = {}
    for transition in transitions:
        if transition.delay_ms is not None:
            delayed.setdefault(transition.source, []).append(transition)
    timers: list[Timer] = []
    for state in sorted(delayed):
        written = 0
        for transition in delayed[state]:
            if transition.timeout:
                kind = "timeout"
            else:
                written += 1
                kind = "after" if written == 1 else f"after/{written}"
            assert transition.delay_ms is not None
            timers.append(
                Timer(
                    id=len(timers),
                    name=f"{states[state].name}/{kind}",
                    state=state,
                    transition=transition.id,
                    delay_ms=transition.delay_ms,
                )
            )
    return tuple(timers)


def _entries(data: Data) -> tuple[tuple[str, Data], ...]:
    return tuple(data.items()) if isinstance(data, dict) else ()

"""One step of a machine: the W3C SCXML algorithm over tables of numbers.

The algorithm is that of State Chart XML (W3C, 2015), appendix D. `stepping` is a
generator: it yields each guard and each record of history it must know and each
effect it reaches, is sent the answer, and returns the outcome. It holds no state of
its own, so the same questions answered the same way give the same outcome; `drive`
answers them from a function.

It is one file because its text travels, as it is, inside generated modules.

States are numbered in document order, the root is 0, and the regions of a parallel
state count as states. A configuration is the tuple of its leaves in that order.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

ROOT: Final = 0
NOWHERE: Final = -1
START: Final = -1
"""The trigger of the first step, which no event has."""
NO_TRIGGER: Final = -2
"""What sets off an eventless transition of a choice."""
RAISED: Final = -3
"""`RAISED - trigger` is the event that the machine itself raises, not one that is sent:
the two may differ in what they carry."""

MICROSTEP_LIMIT: Final = 100


class Reason(StrEnum):
    """Why a step was rejected."""

    UNDEFINED_TRIGGER = "undefined_trigger"
    INVALID_TRANSITION = "invalid_transition"
    GUARD_REJECTED = "guard_rejected"
    TERMINAL_STATE = "terminal_state"
    GUARD_ERROR = "guard_error"
    EFFECT_ERROR = "effect_error"
    LIVELOCK = "livelock"


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition that only the driver can decide, by its number."""

    condition: int


@dataclass(frozen=True, slots=True)
class InState:
    state: int


@dataclass(frozen=True, slots=True)
class AllOf:
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Not:
    guard: Guard


Guard: TypeAlias = Asked | InState | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Call:
    """A named action: the outcome lists it."""

    action: int


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of the context: the driver makes it when it is reached."""

    effect: int


@dataclass(frozen=True, slots=True)
class Raise:
    """An internal event: queued, and handled before the step ends."""

    trigger: int


Action: TypeAlias = Call | Effect | Raise
Configuration: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """`domain` is what the step stays inside.

    Without `targets` and `recalls` there are only actions. `recalls` are memories:
    their records are entered, or the default of their state.
    """

    source: int
    targets: tuple[int, ...]
    recalls: tuple[int, ...]
    domain: int
    guards: tuple[int, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is recorded when `state` is left: its leaves, or only its children."""

    state: int
    deep: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """A machine as numbers. Tuples are indexed by state, transition, guard or memory.

    `initial` is the default child or NOWHERE; `last` the last state inside; `path`
    runs from the root to the state; `regions` has those of each parallel state.
    `rows` gives, for a trigger and a state, the transitions to try in order, and has
    an empty row for a trigger that only choices wait for;
    `choices`, for a choice, the triggers and transitions; `done` the trigger of the
    completion of a state that is listened to. `merges` gives the effect that brings
    the payload of a trigger into the context; `start` is the transition from the root
    to the initial state. `terminal` are all terminal states, `final` those that end
    the machine.
    """

    initial: tuple[int, ...]
    last: tuple[int, ...]
    path: tuple[tuple[int, ...], ...]
    regions: Mapping[int, tuple[int, ...]]
    enter: tuple[tuple[Action, ...], ...]
    exit: tuple[tuple[Action, ...], ...]
    timers: tuple[tuple[int, ...], ...]
    services: tuple[tuple[int, ...], ...]
    terminal: frozenset[int]
    final: frozenset[int]
    transitions: tuple[Transition, ...]
    guards: tuple[Guard, ...]
    rows: Mapping[int, Mapping[int, tuple[int, ...]]]
    auto: Mapping[int, tuple[int, ...]]
    choices: Mapping[int, tuple[tuple[int, int], ...]]
    done: Mapping[int, int]
    merges: Mapping[int, int]
    memories: tuple[Memory, ...]
    start: int
    strict: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether `residue`, what is left of the last guard of `tried`, holds.

    `event` is the one taken last: the trigger of this step, or one that was raised.
    """

    tried: tuple[int, ...]
    residue: Guard
    event: int


@dataclass(frozen=True, slots=True)
class Change:
    """An effect is reached; `event` is the one taken last, as in `Ask`."""

    effect: int
    event: int


@dataclass(frozen=True, slots=True)
class Recall:
    """What a memory holds: states, none where nothing was recorded."""

    memory: int


Question: TypeAlias = Ask | Change | Recall
Answer: TypeAlias = bool | Configuration


@dataclass(frozen=True, slots=True)
class Microstep:
    """The named actions of one microstep, in order of execution.

    `changes` are the effects of the same three phases, without the merge of a payload.
    """

    exit: tuple[int, ...]
    move: tuple[int, ...]
    enter: tuple[int, ...]
    changes: tuple[tuple[Change, ...], ...] = ((), (), ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step does. `reason` is None when it was accepted.

    `effects` are those of the path and `taken` the transitions, in order; `history` are
    the memories that were written, each with its record. In a rejection `refused` is
    the first guard that answered no, or the one that raised, and `tried` are the guards
    asked, in order; after an effect they are asked again.
    """

    reason: Reason | None
    target: Configuration
    microsteps: tuple[Microstep, ...] = ()
    effects: tuple[Change, ...] = ()
    history: tuple[tuple[int, Configuration], ...] = ()
    started: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    invoked: tuple[int, ...] = ()
    stopped: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()
    refused: int = NOWHERE
    tried: tuple[int, ...] = ()
    handled: bool = True
    error: Exception | None = None


Stepping: TypeAlias = Generator[Question, Answer, Outcome]


def fold(guard: Guard, active: Sequence[int]) -> Guard | bool:
    """The guard with every `InState` answered: a constant, or what must be asked."""
    match guard:
        case Asked():
            return guard
        case InState(state):
            return state in active
        case Not(inner):
            residue = fold(inner, active)
            return not residue if isinstance(residue, bool) else Not(residue)
        case AllOf(guards):
            return _fold_all(guards, active, neutral=True)
        case AnyOf(guards):
            return _fold_all(guards, active, neutral=False)


def _fold_all(
    guards: tuple[Guard, ...], active: Sequence[int], *, neutral: bool
) -> Guard | bool:
    left: list[Guard] = []
    for guard in guards:
        residue = fold(guard, active)
        if not isinstance(residue, bool):
            left.append(residue)
        elif residue is not neutral:
            if not left:
                return residue
            # What stands before the constant may raise, so it is still asked.
            left.append(AnyOf(()) if neutral else AllOf(()))
            break
    if not left:
        return neutral
    if len(left) == 1:
        return left[0]
    return AllOf(tuple(left)) if neutral else AnyOf(tuple(left))


def trigger_of(event: int) -> int:
    """The trigger of an event that was sent or raised."""
    return event if event > RAISED else RAISED - event


class _Failure(Exception):
    """A guard or an effect raised `error`."""

    def __init__(self, reason: Reason, error: Exception) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


class _Running:
    """What runs while a state is active, timers or services, by state."""

    __slots__ = ("kinds", "started", "stopped")

    def __init__(self, kinds: tuple[tuple[int, ...], ...]) -> None:
        self.kinds = kinds
        self.started: set[int] = set()
        self.stopped: set[int] = set()

    def enter(self, state: int) -> None:
        self.started.update(self.kinds[state])

    def leave(self, state: int) -> None:
        for number in self.kinds[state]:
            if number in self.started:
                self.started.remove(number)
            else:
                self.stopped.add(number)


class _Step:
    """One step under way: where it is, what it knows, what it has done."""

    __slots__ = (
        "active",
        "brought",
        "effects",
        "event",
        "history",
        "known",
        "leaves",
        "microsteps",
        "queue",
        "refused",
        "services",
        "settled",
        "tables",
        "taken",
        "timers",
        "tried",
    )

    def __init__(self, tables: Tables, leaves: Configuration, event: int) -> None:
        self.tables = tables
        self.leaves = leaves
        self.active = _active(tables, leaves)
        self.event = event
        self.known: dict[Guard, bool] = {}
        self.settled: set[int] = set()
        self.tried: list[int] = []
        self.refused = NOWHERE
        self.queue: list[tuple[int, bool]] = []
        self.brought: dict[int, int] = {}
        self.microsteps: list[Microstep] = []
        self.effects: list[Change] = []
        self.history: dict[int, Configuration] = {}
        self.timers = _Running(tables.timers)
        self.services = _Running(tables.services)
        self.taken: list[int] = []

    # Which transitions are taken.

    def select(
        self, row: Mapping[int, tuple[int, ...]]
    ) -> Generator[Question, Answer, list[int]]:
        """The first enabled transition of each leaf, without those that conflict."""
        chosen: list[int] = []
        for leaf in self.leaves:
            for state in reversed(self.tables.path[leaf]):
                found = yield from self._first(row.get(state, ()))
                if found != NOWHERE:
                    if found not in chosen:
                        chosen.append(found)
                    break
        return chosen if len(chosen) < 2 else self._without_conflicts(chosen)

    def choose(self) -> Generator[Question, Answer, list[int]]:
        """The first enabled transition of each choice; none if one has none."""
        chosen: list[int] = []
        for leaf in self.leaves:
            if leaf in self.tables.choices:
                brought = self.brought[leaf]
                found = yield from self._first(
                    number
                    for trigger, number in self.tables.choices[leaf]
                    if trigger in (NO_TRIGGER, brought)
                )
                if found == NOWHERE:
                    return []
                chosen.append(found)
        return chosen if len(chosen) < 2 else self._without_conflicts(chosen)

    def _first(self, candidates: Iterable[int]) -> Generator[Question, Answer, int]:
        transitions = self.tables.transitions
        for candidate in candidates:
            for guard in transitions[candidate].guards:
                if not (yield from self._holds(guard)):
                    break
            else:
                return candidate
        return NOWHERE

    def _holds(self, guard: int) -> Generator[Question, Answer, bool]:
        if guard not in self.settled:
            self.settled.add(guard)
            self.tried.append(guard)
        answer = fold(self.tables.guards[guard], self.active)
        if not isinstance(answer, bool):
            residue = answer
            if residue not in self.known:
                try:
                    holds = yield Ask(tuple(self.tried), residue, self.event)
                except Exception as error:
                    self.refused = guard
                    raise _Failure(Reason.GUARD_ERROR, error) from error
                self.known[residue] = bool(holds)
            answer = self.known[residue]
        if not answer and self.refused == NOWHERE:
            self.refused = guard
        return answer

    def _without_conflicts(self, chosen: list[int]) -> list[int]:
        """The inner one of two that would leave the same state, else the earlier."""
        kept: list[int] = []
        for candidate in chosen:
            left = set(self._left(candidate))
            source = self.tables.transitions[candidate].source
            beaten: list[int] = []
            for other in kept:
                if left.isdisjoint(self._left(other)):
                    continue
                around = self.tables.transitions[other].source
                if not around < source <= self.tables.last[around]:
                    break
                beaten.append(other)
            else:
                kept = [other for other in kept if other not in beaten]
                kept.append(candidate)
        return kept

    def _left(self, chosen: int) -> Sequence[int]:
        """The active states that a transition leaves, in document order."""
        transition = self.tables.transitions[chosen]
        if not transition.targets and not transition.recalls:
            return ()
        domain, last = transition.domain, self.tables.last[transition.domain]
        return [state for state in self.active if domain < state <= last]

    # What they do.

    def receive(self, trigger: int) -> None:
        """From here on, this raised event is the one taken last."""
        self.event = RAISED - trigger
        self.forget()

    def forget(self) -> None:
        """The answers to guards hold no longer."""
        self.known.clear()
        self.settled.clear()

    def take(
        self, chosen: Sequence[int], cause: int, *, merge: bool = False
    ) -> Generator[Question, Answer, None]:
        """Exit, move and enter, as one microstep, which `cause` set off."""
        transitions = [self.tables.transitions[number] for number in chosen]
        self.taken += chosen
        calls: tuple[list[int], list[int], list[int]] = ([], [], [])
        if merge and trigger_of(self.event) in self.tables.merges:
            merged = Effect(self.tables.merges[trigger_of(self.event)])
            yield from self._act((merged,), calls[1])
        marks = [len(self.effects)]
        moving = [t for t in transitions if t.targets or t.recalls]
        left: list[int] = []
        for number in chosen:
            left += self._left(number)
        if left:
            yield from self._leave(sorted(left), calls[0])
        marks.append(len(self.effects))
        rest = self.leaves
        for transition in transitions:
            yield from self._act(transition.actions, calls[1])
        marks.append(len(self.effects))
        brought = self.brought
        # a choice may have to wait for another one that was in its way
        self.brought = {state: brought[state] for state in brought if state in rest}
        for transition in sorted(moving, key=_domain):
            by = brought.get(transition.source, cause)
            yield from self._enter((yield from self._entry(transition)), by, calls[2])
        if moving:
            self.leaves = tuple(sorted(self.leaves))
            self.active = _active(self.tables, self.leaves)
        marks.append(len(self.effects))
        changes = [tuple(self.effects[marks[n] : marks[n + 1]]) for n in range(3)]
        left_by, moved_by, entered_by = calls
        self.microsteps.append(
            Microstep(
                tuple(left_by), tuple(moved_by), tuple(entered_by), tuple(changes)
            )
        )

    def _leave(
        self, left: list[int], calls: list[int]
    ) -> Generator[Question, Answer, None]:
        self._record(left)
        for state in reversed(left):
            yield from self._act(self.tables.exit[state], calls)
            self.timers.leave(state)
            self.services.leave(state)
        gone = set(left)
        self.leaves = tuple([leaf for leaf in self.leaves if leaf not in gone])

    def _record(self, left: list[int]) -> None:
        for number, memory in enumerate(self.tables.memories):
            if memory.state in left:
                inside = [
                    leaf
                    for leaf in self.leaves
                    if memory.state < leaf <= self.tables.last[memory.state]
                ]
                if any(leaf in self.tables.choices for leaf in inside):
                    continue
                if not memory.deep:
                    depth = len(self.tables.path[memory.state])
                    depth += memory.state in self.tables.regions
                    inside = sorted({self.tables.path[x][depth] for x in inside})
                self.history[number] = tuple(inside)

    def _entry(self, transition: Transition) -> Generator[Question, Answer, list[int]]:
        """What is entered below the domain, in document order."""
        targets = list(transition.targets)
        for number in transition.recalls:
            record = self.history.get(number)
            if record is None:
                answer = yield Recall(number)
                assert isinstance(answer, tuple), "a record is a tuple of states"
                record = answer
            targets += record or (self.tables.memories[number].state,)
        return entry(self.tables, transition.domain, targets)

    def _enter(
        self, entered: list[int], cause: int, calls: list[int]
    ) -> Generator[Question, Answer, None]:
        tables = self.tables
        for state in entered:
            yield from self._act(tables.enter[state], calls)
            self.timers.enter(state)
            self.services.enter(state)
            if tables.initial[state] == NOWHERE and state not in tables.regions:
                self.leaves += (state,)
                if state in tables.choices:
                    self.brought[state] = cause
                elif state in tables.terminal:
                    self._complete(state)

    def _complete(self, state: int) -> None:
        """Queue the completions that a terminal state brings about."""
        path, tables = self.tables.path[state], self.tables
        parent = path[-2] if len(path) > 1 else ROOT
        if parent in tables.done:
            self.queue.append((tables.done[parent], False))
        above = path[-3] if len(path) > 2 else ROOT
        if above in tables.done and above in tables.regions:
            complete = {
                tables.path[leaf][-2] for leaf in self.leaves if leaf in tables.terminal
            }
            if complete.issuperset(tables.regions[above]):
                self.queue.append((tables.done[above], False))

    def _act(
        self, actions: tuple[Action, ...], calls: list[int]
    ) -> Generator[Question, Answer, None]:
        for action in actions:
            match action:
                case Call(call):
                    calls.append(call)
                case Raise(trigger):
                    self.queue.append((trigger, True))
                case Effect(effect):
                    change = Change(effect, self.event)
                    self.effects.append(change)
                    self.forget()
                    try:
                        yield change
                    except Exception as error:
                        raise _Failure(Reason.EFFECT_ERROR, error) from error

    # What follows.

    def settle(self) -> Generator[Question, Answer, Reason | None]:
        """Choices, then `auto`, then internal events. The reason to reject, if any."""
        tables = self.tables
        while not (len(self.leaves) == 1 and self.leaves[0] in tables.final):
            cause, merge = NO_TRIGGER, False
            if self.brought:
                chosen = yield from self.choose()
                if not chosen:
                    return Reason.GUARD_REJECTED
            else:
                chosen = []
                if tables.auto:
                    chosen = yield from self.select(tables.auto)
                while not chosen and self.queue:
                    trigger, raised = self.queue.pop(0)
                    before = self.event
                    if raised:
                        self.receive(trigger)
                        cause, merge = trigger, True
                    else:
                        self.forget()
                        cause, merge = NO_TRIGGER, False
                    chosen = yield from self.select(tables.rows.get(trigger, {}))
                    if not chosen:
                        self.event = before
                if not chosen:
                    return None
            if len(self.microsteps) == MICROSTEP_LIMIT:
                return Reason.LIVELOCK
            yield from self.take(chosen, cause, merge=merge)
        return None


def entry(tables: Tables, domain: int, targets: Iterable[int]) -> list[int]:
    """What is entered below the domain, in document order.

    On the way to the targets and below them all regions are entered, and the default
    child of every other state that has children.
    """
    toward: dict[int, int] = {}
    depth = len(tables.path[domain])
    for target in targets:
        path = tables.path[target]
        for position in range(depth, len(path)):
            toward[path[position - 1]] = path[position]
    order: list[int] = []
    pending = [toward.get(domain, tables.initial[domain])]
    while pending:
        state = pending.pop()
        order.append(state)
        if state in tables.regions:
            pending += reversed(tables.regions[state])
        else:
            child = toward.get(state, tables.initial[state])
            if child != NOWHERE:
                pending.append(child)
    return order


def _domain(transition: Transition) -> int:
    return transition.domain


def _active(tables: Tables, leaves: Configuration) -> Sequence[int]:
    """The active states in document order."""
    if len(leaves) == 1:
        return tables.path[leaves[0]]
    return sorted({state for leaf in leaves for state in tables.path[leaf]})


def stepping(tables: Tables, leaves: Configuration, trigger: int) -> Stepping:
    """Run one step from `leaves`; the first one is START, from the root alone.

    An exception thrown in where a guard was asked or an effect was reached rejects
    the step as `guard_error` or `effect_error`.
    """
    step = _Step(tables, leaves, trigger)
    try:
        if trigger == START:
            step.timers.enter(ROOT)
            chosen, cause = [tables.start], NO_TRIGGER
            step.leaves = ()
        else:
            if leaves[0] in tables.final:
                return Outcome(Reason.TERMINAL_STATE, leaves)
            row = tables.rows.get(trigger, {})
            if not any(state in row for state in step.active):
                if not tables.strict:
                    return Outcome(None, leaves, handled=False)
                if trigger in tables.rows:
                    return Outcome(Reason.INVALID_TRANSITION, leaves)
                return Outcome(Reason.UNDEFINED_TRIGGER, leaves)
            chosen, cause = (yield from step.select(row)), trigger
            if not chosen:
                return _rejected(Reason.GUARD_REJECTED, leaves, step)
        yield from step.take(chosen, cause, merge=True)
        reason = yield from step.settle()
        if reason is not None:
            return _rejected(reason, leaves, step)
    except _Failure as failure:
        return _rejected(failure.reason, leaves, step, failure.error)
    return Outcome(
        None,
        step.leaves,
        microsteps=tuple(step.microsteps),
        effects=tuple(step.effects),
        history=tuple(sorted(step.history.items())),
        started=tuple(sorted(step.timers.started)),
        cancelled=tuple(sorted(step.timers.stopped)),
        invoked=tuple(sorted(step.services.started)),
        stopped=tuple(sorted(step.services.stopped)),
        taken=tuple(step.taken),
    )


def _rejected(
    reason: Reason, leaves: Configuration, step: _Step, error: Exception | None = None
) -> Outcome:
    return Outcome(
        reason, leaves, refused=step.refused, tried=tuple(step.tried), error=error
    )


def drive(
    tables: Tables,
    leaves: Configuration,
    trigger: int,
    answer: Callable[[Question], Answer],
) -> Outcome:
    """Run `stepping` with `answer`; what it returns for a change is ignored."""
    outcomes: list[Outcome] = []
    step = _kept(stepping(tables, leaves, trigger), outcomes)
    try:
        question = next(step)
        while True:
            try:
                reply = answer(question)
            except Exception as error:
                question = step.throw(error)
            else:
                question = step.send(reply)
    except StopIteration:
        return outcomes[0]


def _kept(step: Stepping, outcomes: list[Outcome]) -> Generator[Question, Answer, None]:
    """The step, with its outcome in a list, since StopIteration loses its type."""
    outcomes.append((yield from step))

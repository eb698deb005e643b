"""One step of a machine: the W3C SCXML algorithm over tables of numbers.

The algorithm is that of State Chart XML (W3C, 2015), appendix D, for machines
whose configuration is one leaf. `stepping` is a generator: it yields each guard
it must know and each effect it reaches, is sent the answer, and returns the
outcome. It holds no state of its own, so the same questions answered the same
way give the same outcome; `drive` answers them from a function.

States are numbered in document order; the root is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

ROOT: Final = 0
NOWHERE: Final = -1
START: Final = -1
"""The trigger of the first step, which no event has."""

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


Action: TypeAlias = Call | Effect


@dataclass(frozen=True, slots=True)
class Transition:
    """`target` is NOWHERE for actions only; `domain` is what the step stays inside."""

    source: int
    target: int
    domain: int
    guards: tuple[int, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """A machine as numbers. Tuples are indexed by state, transition or guard.

    `initial` is the default child or NOWHERE; `path` runs from the root to the state;
    `rows` gives, for a trigger and a state, the transitions to try in order; `merges`
    gives the effect that brings the payload of a trigger into the context; `start` is
    the transition from the root to the initial state.
    """

    initial: tuple[int, ...]
    path: tuple[tuple[int, ...], ...]
    enter: tuple[tuple[Action, ...], ...]
    exit: tuple[tuple[Action, ...], ...]
    timers: tuple[tuple[int, ...], ...]
    final: frozenset[int]
    transitions: tuple[Transition, ...]
    guards: tuple[Guard, ...]
    rows: Mapping[int, Mapping[int, tuple[int, ...]]]
    merges: Mapping[int, int]
    start: int
    auto: Mapping[int, tuple[int, ...]]
    strict: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether `residue`, what is left of the last guard of `tried`, holds."""

    tried: tuple[int, ...]
    residue: Guard


Question: TypeAlias = Ask | Effect


@dataclass(frozen=True, slots=True)
class Microstep:
    """The named actions of one transition, in order of execution."""

    exit: tuple[int, ...]
    move: tuple[int, ...]
    enter: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step does. `reason` is None when it was accepted.

    `effects` are those of the path and `taken` the transitions, in order. In a
    rejection `refused` is the first guard that answered no, or the one that raised,
    and `tried` are the guards asked, in order; after an effect they are asked again.
    """

    reason: Reason | None
    target: int
    microsteps: tuple[Microstep, ...] = ()
    effects: tuple[int, ...] = ()
    started: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()
    refused: int = NOWHERE
    tried: tuple[int, ...] = ()
    handled: bool = True
    error: Exception | None = None


Stepping: TypeAlias = Generator[Question, bool, Outcome]


def fold(guard: Guard, active: tuple[int, ...]) -> Guard | bool:
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
    guards: tuple[Guard, ...], active: tuple[int, ...], *, neutral: bool
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


class _Failure(Exception):
    """A guard or an effect raised `error`."""

    def __init__(self, reason: Reason, error: Exception) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


class _Step:
    """One step under way: where it is, what it knows, what it has done."""

    __slots__ = (
        "cancelled",
        "effects",
        "known",
        "leaf",
        "microsteps",
        "refused",
        "settled",
        "started",
        "tables",
        "taken",
        "tried",
    )

    def __init__(self, tables: Tables, leaf: int) -> None:
        self.tables = tables
        self.leaf = leaf
        self.known: dict[Guard, bool] = {}
        self.settled: set[int] = set()
        self.tried: list[int] = []
        self.refused = NOWHERE
        self.microsteps: list[Microstep] = []
        self.effects: list[int] = []
        self.started: set[int] = set()
        self.cancelled: set[int] = set()
        self.taken: list[int] = []

    def select(
        self, row: Mapping[int, tuple[int, ...]]
    ) -> Generator[Question, bool, int]:
        """The first enabled transition from the leaf to the root, else NOWHERE."""
        transitions = self.tables.transitions
        for state in reversed(self.tables.path[self.leaf]):
            for candidate in row.get(state, ()):
                for guard in transitions[candidate].guards:
                    if not (yield from self._holds(guard)):
                        break
                else:
                    return candidate
        return NOWHERE

    def _holds(self, guard: int) -> Generator[Question, bool, bool]:
        if guard not in self.settled:
            self.settled.add(guard)
            self.tried.append(guard)
        answer = fold(self.tables.guards[guard], self.tables.path[self.leaf])
        if not isinstance(answer, bool):
            residue = answer
            if residue not in self.known:
                try:
                    self.known[residue] = yield Ask(tuple(self.tried), residue)
                except Exception as error:
                    self.refused = guard
                    raise _Failure(Reason.GUARD_ERROR, error) from error
            answer = self.known[residue]
        if not answer and self.refused == NOWHERE:
            self.refused = guard
        return answer

    def take(self, chosen: int) -> Generator[Question, bool, None]:
        """Exit, move and enter, as one microstep."""
        transition = self.tables.transitions[chosen]
        self.taken.append(chosen)
        left: list[int] = []
        moved: list[int] = []
        entered: list[int] = []
        if transition.target != NOWHERE:
            for state in reversed(self.tables.path[self.leaf]):
                if state == transition.domain:
                    break
                yield from self.act(self.tables.exit[state], left)
                for timer in self.tables.timers[state]:
                    if timer in self.started:
                        self.started.remove(timer)
                    else:
                        self.cancelled.add(timer)
        yield from self.act(transition.actions, moved)
        if transition.target != NOWHERE:
            for state in self._entry(transition.domain, transition.target):
                yield from self.act(self.tables.enter[state], entered)
                self.started.update(self.tables.timers[state])
                self.leaf = state
        self.microsteps.append(Microstep(tuple(left), tuple(moved), tuple(entered)))

    def _entry(self, domain: int, target: int) -> list[int]:
        """From below `domain` to `target`, then down the default children."""
        depth = len(self.tables.path[domain])
        states = list(self.tables.path[target][depth:])
        child = self.tables.initial[target]
        while child != NOWHERE:
            states.append(child)
            child = self.tables.initial[child]
        return states

    def act(
        self, actions: tuple[Action, ...], calls: list[int]
    ) -> Generator[Question, bool, None]:
        for action in actions:
            match action:
                case Call(call):
                    calls.append(call)
                case Effect(effect):
                    self.effects.append(effect)
                    self.known.clear()
                    self.settled.clear()
                    try:
                        yield action
                    except Exception as error:
                        raise _Failure(Reason.EFFECT_ERROR, error) from error


def stepping(tables: Tables, leaf: int, trigger: int) -> Stepping:
    """Run one step from `leaf`; the first one is START, from ROOT.

    An exception thrown in where a guard was asked or an effect was reached rejects
    the step as `guard_error` or `effect_error`.
    """
    step = _Step(tables, leaf)
    try:
        if trigger == START:
            chosen = tables.start
            step.started.update(tables.timers[ROOT])
        else:
            if leaf in tables.final:
                return Outcome(Reason.TERMINAL_STATE, leaf)
            row = tables.rows.get(trigger, {})
            if not any(state in row for state in tables.path[leaf]):
                if not tables.strict:
                    return Outcome(None, leaf, handled=False)
                if row:
                    return Outcome(Reason.INVALID_TRANSITION, leaf)
                return Outcome(Reason.UNDEFINED_TRIGGER, leaf)
            chosen = yield from step.select(row)
            if chosen == NOWHERE:
                return _rejected(Reason.GUARD_REJECTED, leaf, step)
            if trigger in tables.merges:
                yield from step.act((Effect(tables.merges[trigger]),), [])
        while chosen != NOWHERE:
            if len(step.microsteps) == MICROSTEP_LIMIT:
                return _rejected(Reason.LIVELOCK, leaf, step)
            yield from step.take(chosen)
            chosen = NOWHERE
            if step.leaf not in tables.final:
                chosen = yield from step.select(tables.auto)
    except _Failure as failure:
        return _rejected(failure.reason, leaf, step, failure.error)
    return Outcome(
        None,
        step.leaf,
        microsteps=tuple(step.microsteps),
        effects=tuple(step.effects),
        started=tuple(sorted(step.started)),
        cancelled=tuple(sorted(step.cancelled)),
        taken=tuple(step.taken),
    )


def _rejected(
    reason: Reason, leaf: int, step: _Step, error: Exception | None = None
) -> Outcome:
    return Outcome(
        reason, leaf, refused=step.refused, tried=tuple(step.tried), error=error
    )


def drive(
    tables: Tables, leaf: int, trigger: int, answer: Callable[[Question], bool]
) -> Outcome:
    """Run `stepping` with `answer`; what it returns for an effect is ignored."""
    outcomes: list[Outcome] = []
    step = _kept(stepping(tables, leaf, trigger), outcomes)
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


def _kept(step: Stepping, outcomes: list[Outcome]) -> Generator[Question, bool, None]:
    """The step, with its outcome in a list, since StopIteration loses its type."""
    outcomes.append((yield from step))

"""A caller of the insurance claim, as a backend would write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, assert_never, assert_type

from claim_fsm import (
    DELAY_MS,
    Accepted,
    AddDocument,
    Assign,
    Context,
    Elapsed,
    Event,
    InsuranceClaim,
    Node,
    Reason,
    Rejected,
    Report,
    State,
    Suspect,
    Timer,
    is_in,
    parse_event,
    parse_state,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Rules:
    """The guards."""

    def low_risk(self, context: Context, event: Event | None, /) -> bool:
        return context.severity == "low"

    def may_inspect(
        self, context: Context, event: Assign, /, *, max_rounds: int
    ) -> bool:
        return context.rounds <= max_rounds and event.team != ""

    def alarm(self, context: Context, event: Suspect, /, *, level: int) -> bool:
        return context.amount > 1000 * level

    def signed(self, context: Context, event: Event, /) -> bool:
        return context.checks_left == 0


@dataclass
class Desk:
    """The actions."""

    log: list[str] = field(default_factory=list[str])

    def notify_desk(self, context: Context, event: Event | None, /) -> None:
        self.log.append("desk")

    def ask(self, context: Context, event: Event | None, /, *, what: str) -> None:
        self.log.append(f"ask {what}")

    def open_file(self, context: Context, event: Event | None, /) -> None:
        self.log.append("open")

    def close_file(self, context: Context, event: Event | None, /) -> None:
        self.log.append("close")

    def alert(
        self, context: Context, event: Event | None, /, *, level: int, urgent: bool
    ) -> None:
        self.log.append(f"alert {level}{'!' if urgent else ''}")

    def store(self, context: Context, event: Event | None, /, *, years: int) -> None:
        self.log.append(f"store {years}")


MACHINE = InsuranceClaim(Rules())


def handle(
    desk: Desk, state: State, event: Event, context: Context
) -> tuple[State, Context]:
    """One event: decide, store (here: return), act."""
    outcome = MACHINE.process(state, event, context, NOW)
    match outcome:
        case Accepted():
            context = outcome.apply(context, event, NOW)
            MACHINE.perform(outcome, event, context, desk)
            return outcome.target, context
        case Rejected():
            assert outcome.reason is not Reason.GUARD_ERROR, outcome.error
            return state, context
        case _:
            assert_never(outcome)


def untrusted(trigger: str, payload: Mapping[str, object]) -> Event:
    return parse_event(trigger, payload)


def main() -> None:
    desk = Desk()
    context = Context(policy="P-1")
    started = MACHINE.start(context, NOW)
    assert_type(started.target, Literal[State.NEW])
    context = started.apply(context, None, NOW)
    state: State = started.target
    assert context.opened_at == NOW
    assert Timer.NEW_TIMEOUT in started.started
    assert DELAY_MS[Timer.NEW_TIMEOUT] == 86_400_000
    state, context = handle(
        desk, state, Report(amount=2000, severity="medium"), context
    )
    assert state is State.TRIAGED and is_in(state, Node.INTAKE)
    state, context = handle(desk, state, untrusted("next", {}), context)
    for name in ("police report", "photo"):
        state, context = handle(desk, state, AddDocument(document=name), context)
        state, context = handle(desk, state, untrusted("back", {}), context)
    assert context.documents == ["police report", "photo"]
    assert parse_state(state.value) is state
    late = MACHINE.process(state, Elapsed(Timer.DOCUMENTS_AFTER), context, NOW)
    assert late and late.target is State.STUCK
    refused = MACHINE.report(State.PAID, Report(amount=1), context, NOW)
    assert refused.reason is Reason.INVALID_TRANSITION
    print(state, desk.log)


if __name__ == "__main__":
    main()

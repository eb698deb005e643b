"""A loan in nested states: what parents do for their children, and when it happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never

from loan_workflow_fsm import (
    DELAY_MS,
    AcceptOffer,
    AddNote,
    AskStatus,
    Context,
    Decide,
    DeclareIncome,
    Elapsed,
    Event,
    Identify,
    Instalment,
    LoanWorkflow,
    MissInstalment,
    Node,
    Outcome,
    Reason,
    ReceiveScore,
    Sign,
    State,
    Timer,
    Upload,
    Withdraw,
    is_in,
    parse_state,
)

MONDAY = datetime(2030, 7, 1, 9, tzinfo=UTC)


class Registry:
    """The only guard in Python; the others are in the definition."""

    def passport_is_valid(self, context: Context, event: Identify, /) -> bool:
        return event.passport.startswith("P")


@dataclass
class Bank:
    """The actions, all of which just write a diary."""

    diary: list[str] = field(default_factory=list[str])

    def open_file(self, context: Context, event: None, /) -> None:
        # Only the start gets here, and the start has no event.
        self.diary.append(f"open {context.customer}")

    def close_file(self, context: Context, event: Event, /) -> None:
        self.diary.append("close")

    def assign(self, context: Context, event: Event, /, *, team: str) -> None:
        self.diary.append(f"to {team}")

    def ask_for_score(self, context: Context, event: Identify, /) -> None:
        self.diary.append("ask for score")

    def archive(self, context: Context, event: Upload, /) -> None:
        self.diary.append(f"file {event.document}")

    def send_offer(self, context: Context, event: ReceiveScore | Decide, /) -> None:
        officer = event.officer if isinstance(event, Decide) else "the computer"
        self.diary.append(f"offer by {officer}")

    def pay_out(self, context: Context, event: AcceptOffer, /) -> None:
        self.diary.append(f"pay {context.balance:.0f}")

    def send_notice(self, context: Context, event: MissInstalment, /) -> None:
        self.diary.append(f"notice after {context.missed}")

    def log(self, context: Context, event: AddNote, /) -> None:
        self.diary.append(f"note: {event.text}")

    def reply(self, context: Context, event: AskStatus, /, *, text: str) -> None:
        self.diary.append(f"reply: {text}")


class Loan:
    """One loan in memory. `now` is an argument: the machine never looks at a clock."""

    def __init__(self, context: Context) -> None:
        self.machine = LoanWorkflow(Registry())
        self.bank = Bank()
        self.now = MONDAY
        self.due: dict[Timer, datetime] = {}
        self.state: State = State.DRAFTING
        self.context = context
        self.follow(self.machine.start(context, self.now), None)

    def follow(self, outcome: Outcome, event: Event | None) -> None:
        if not outcome:
            raise ValueError(f"{event} in {self.state}: {outcome.reason}")
        self.state = outcome.target
        self.context = outcome.apply(self.context, event, self.now)
        for timer in outcome.cancelled:
            self.due.pop(timer, None)
        for timer in outcome.started:
            self.due[timer] = self.now + timedelta(milliseconds=DELAY_MS[timer])
        self.machine.perform(outcome, event, self.context, self.bank)

    def send(self, *events: Event) -> State:
        for event in events:
            self.now += timedelta(hours=1)
            step = self.machine.process(self.state, event, self.context, self.now)
            self.follow(step, event)
        return self.state

    def wait(self) -> State:
        """Until the next timer."""
        timer = min(self.due, key=self.due.__getitem__)
        self.now = self.due.pop(timer)
        event = Elapsed(timer)
        step = self.machine.process(self.state, event, self.context, self.now)
        self.follow(step, event)
        return self.state


def phase(state: State) -> Literal["open", "paying", "trouble", "over"]:
    """Compounds are asked for by `Node`: new leaves fall into place by themselves."""
    if is_in(state, Node.OPEN):
        return "open"
    if is_in(state, Node.ARREARS):
        return "trouble"
    return "paying" if is_in(state, Node.SERVICING) else "over"


def ending(
    state: Literal[
        State.DECLINED,
        State.WITHDRAWN,
        State.EXPIRED,
        State.PAID_OFF,
        State.WRITTEN_OFF,
    ],
) -> str:
    """By leaf it can be exhaustive: one more ending would not type-check."""
    match state:
        case State.PAID_OFF:
            return "well"
        case State.DECLINED | State.WITHDRAWN | State.EXPIRED:
            return "early"
        case State.WRITTEN_OFF:
            return "badly"
        case _:
            assert_never(state)


def whole_life() -> None:
    loan = Loan(Context(customer="ann", amount=1200))
    assert set(loan.due) == {Timer.OPEN_AFTER}
    loan.send(DeclareIncome(income=2000), Sign(), Identify(passport="P123"))
    assert loan.state == State.SCORING and phase(loan.state) == "open"
    # In SCORING two timers run: its own and the one of OPEN, around it.
    assert set(loan.due) == {Timer.OPEN_AFTER, Timer.SCORING_TIMEOUT}
    loan.send(ReceiveScore(score=500), AskStatus(), Upload(document="payslip"))
    loan.send(AddNote(text="called"), Upload(document="lease"))
    loan.send(Decide(approved=True, officer="dee"), AcceptOffer())
    assert phase(loan.state) == "paying" and loan.due == {}
    loan.send(MissInstalment(), Instalment(paid=400), Instalment(paid=800))
    assert phase(loan.state) == "over"
    print("; ".join(loan.bank.diary))

    context = loan.context
    assert context.opened_at == MONDAY and context.ended_at == loan.now
    assert context.review_began_at == MONDAY + timedelta(hours=3)
    # The review ended when UNDERWRITING was left, whichever of its leaves it was.
    assert context.review_ended_at == MONDAY + timedelta(hours=9)
    assert context.documents == ["payslip", "lease"]
    assert (context.notes, context.missed) == (1, 0)


def time_runs_out() -> None:
    """The thirty days of OPEN run on while its children come and go."""
    loan = Loan(Context(customer="bob", amount=500))
    loan.send(DeclareIncome(income=10), Sign(), Identify(passport="P9"))
    assert loan.wait() == State.AWAITING_DOCUMENTS
    assert loan.wait() == State.EXPIRED
    assert loan.now == MONDAY + timedelta(days=30)
    print(f"{loan.context.customer}: {loan.state} on {loan.now:%d %B}")


def inherited() -> None:
    """`withdraw` belongs to OPEN. Its type is known in each leaf all the same."""
    machine, context = LoanWorkflow(Registry()), Context(customer="cas", amount=1)
    event = Withdraw(reason="found a cheaper one")
    # No guard left here: `in_state` is decided when the machine is compiled.
    gone = machine.withdraw(State.OFFER, event, context, MONDAY)
    print(f"{gone.target} ends {ending(gone.target)}")
    refused = machine.withdraw(State.WITH_UNDERWRITER, event, context, MONDAY)
    assert refused.reason is Reason.GUARD_REJECTED
    print(f"not now: {refused.guard}")
    late = machine.withdraw(State.CURRENT, event, context, MONDAY)
    assert late.reason is Reason.INVALID_TRANSITION

    # From a database the state is any of them, and the answer has to be looked at.
    outcome = machine.withdraw(parse_state("DRAFTING"), event, context, MONDAY)
    assert outcome and outcome.target is State.WITHDRAWN
    assert [str(action) for action in outcome.exit_actions] == ["close_file"]


if __name__ == "__main__":
    whole_life()
    time_runs_out()
    inherited()

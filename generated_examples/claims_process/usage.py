"""A claim: choices, forks, completions, and events that the process raises itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from claims_process_fsm import (
    DELAY_MS,
    INVOKED,
    Accept,
    Accepted,
    Appeal,
    Bounced,
    ClaimsProcess,
    Cleared,
    Configuration,
    ConfirmCover,
    Context,
    CorrectAccount,
    Decide,
    DenyCover,
    Elapsed,
    Event,
    Examination,
    Node,
    Reason,
    Screened,
    Service,
    State,
    Submit,
    Survey,
    Timer,
    Transferred,
    Trigger,
    Unscored,
    Withdraw,
    is_in,
    parse_event,
    parse_state,
)

MONDAY = datetime(2030, 7, 1, 9, tzinfo=UTC)


class Authorities:
    """The only question that the definition cannot answer."""

    def has_authority(self, context: Context, event: Decide, /, *, level: int) -> bool:
        return {"ada": 4, "bob": 2}.get(event.officer, 0) >= level


@dataclass
class Office:
    """The actions."""

    log: list[str] = field(default_factory=list[str])

    def send_form(self, context: Context, event: Event | None, /) -> None:
        self.log.append(f"form to {context.policy}")

    def open_file(self, context: Context, event: Event, /) -> None:
        self.log.append("open file")

    def close_file(self, context: Context, event: Event, /) -> None:
        self.log.append("close file")

    def send_surveyor(self, context: Context, event: Event, /, *, senior: bool) -> None:
        self.log.append("senior surveyor" if senior else "surveyor")

    def assign_investigator(self, context: Context, event: Event, /) -> None:
        self.log.append("investigator")

    def ask_officer(self, context: Context, event: Event, /) -> None:
        self.log.append(f"officer, {context.assessed:.0f}?")

    def send_offer(self, context: Context, event: Event, /) -> None:
        self.log.append(f"offer {context.payable:.0f}")

    def ask_for_account(self, context: Context, event: Event, /) -> None:
        self.log.append("account?")

    def send_refusal(self, context: Context, event: Event, /) -> None:
        self.log.append(f"no: {context.reason}")

    def archive(self, context: Context, event: Event, /) -> None:
        self.log.append("archive")


class Claim:
    """One claim in memory."""

    def __init__(self, context: Context) -> None:
        self.machine = ClaimsProcess(Authorities())
        self.office = Office()
        self.now = MONDAY
        self.due: dict[Timer, datetime] = {}
        self.running: set[Service] = set()
        self.context = context
        self.stored = ""
        self.follow(self.machine.start(context, self.now), None)

    @property
    def state(self) -> Configuration:
        return parse_state(self.stored)

    def follow(self, outcome: Accepted[Configuration], event: Event | None) -> None:
        self.stored = str(outcome.target)
        self.context = outcome.apply(self.context, event, self.now)
        for timer in outcome.cancelled:
            self.due.pop(timer, None)
        for timer in outcome.started:
            self.due[timer] = self.now + timedelta(milliseconds=DELAY_MS[timer])
        self.running = (self.running - {*outcome.stopped}) | {*outcome.invoked}
        self.machine.perform(outcome, event, self.context, self.office)

    def send(self, *events: Event) -> str:
        for event in events:
            self.now += timedelta(hours=1)
            step = self.machine.process(self.state, event, self.context, self.now)
            if not step:
                return f"{step.reason}: {step.guard}"
            self.follow(step, event)
        return self.stored

    def wait(self) -> str:
        """Until the next timer."""
        timer = min(self.due, key=self.due.__getitem__)
        self.now = self.due.pop(timer)
        return self.send(Elapsed(timer))

    def answer(self, service: Service, *, failed: bool = False) -> str:
        """What a runner of services does: a failure comes back as an event as well."""
        assert service in self.running
        _, on_done, on_error = INVOKED[service]
        trigger = on_error if failed else on_done
        assert trigger is not None
        payload = {"fraud_score": 12} if trigger is Trigger.SCREENED else {}
        return self.send(parse_event(trigger, payload))


def small_claim() -> None:
    """Two choices on the way, and the claim has never been in either."""
    machine = ClaimsProcess(Authorities())
    context = Context(policy="H-1")
    event = Submit(claimed=400, peril="storm")
    outcome = machine.submit(State.NOTIFIED, event, context, MONDAY)
    after = outcome.apply(context, event, MONDAY)
    assert str(outcome.target) == "OFFERED" and after.payable == 250
    # The caller's context is as it was.
    assert context.claimed == 0
    print(f"{outcome.target} {after.payable:.0f}")


def examined() -> None:
    """Three departments in any order; nobody has to say that all are through."""
    claim = Claim(Context(policy="H-2", earlier_claims=1))
    claim.send(Submit(claimed=4000, peril="water"))
    assert claim.running == {Service.SCREENING_SCORE}
    claim.send(Survey(assessed=3150))
    claim.answer(Service.SCREENING_SCORE)
    state = claim.state
    assert isinstance(state, Examination)
    assert (state.cover, state.damage, state.fraud) == (
        State.READING_POLICY,
        State.SURVEYED,
        State.CLEARED,
    )
    # The last answer completes EXAMINATION, and the same step decides.
    assert claim.send(ConfirmCover()) == "OFFERED"
    assert claim.context.payable == 3000

    # An appeal starts in the middle: the cover stands, the amount is surveyed anew.
    assert (
        claim.send(Appeal(grounds="the piano"))
        == "EXAMINATION:cover=COVERED,damage=SECOND_SURVEY,fraud=SCREENING"
    )
    claim.send(Screened(fraud_score=20))
    assert claim.send(Survey(assessed=3650), Accept()) == "PAYING"
    assert claim.send(Withdraw()).startswith("guard_rejected")
    claim.answer(Service.PAYING_TRANSFER, failed=True)
    assert is_in(claim.state, Node.SETTLEMENT)
    claim.send(CorrectAccount(iban="DE02120300000000202051"))
    # PAID completes SETTLEMENT, which closes the claim.
    assert claim.send(Transferred()) == "CLOSED"
    assert claim.context.payment_attempts == 2
    assert claim.context.closed_at == claim.now and claim.due == {}
    print("; ".join(claim.office.log))


def one_no_is_enough() -> None:
    """What one region raises, the parallel state hears."""
    claim = Claim(Context(policy="H-3"))
    claim.send(Submit(claimed=9000, peril="theft"))
    assert Timer.SURVEY_BOOKED_AFTER in claim.due
    assert claim.send(DenyCover(reason="bicycles are excluded")) == "DECLINED"
    assert claim.running == set() and Timer.SURVEY_BOOKED_AFTER not in claim.due
    assert claim.send(Appeal(grounds="unfair")).startswith("guard_rejected")
    assert claim.wait() == "CLOSED"
    print("; ".join(claim.office.log))


def suspicion() -> None:
    claim = Claim(Context(policy="H-4"))
    claim.send(Submit(claimed=20_000, peril="fire"))
    # The surveyor does not come for a fortnight.
    assert claim.wait().endswith("damage=SECOND_SURVEY,fraud=SCREENING")
    assert claim.send(Unscored()) == "INVESTIGATION"
    claim.send(Cleared(investigator="eve"))
    assert claim.send(Survey(assessed=18_000)) == "REFERRED"
    print(claim.send(Decide(approve=True, officer="bob")))
    assert claim.send(Decide(approve=False, officer="bob")) == "DECLINED"
    assert claim.context.reason == "by bob"
    assert claim.send(Appeal(grounds="it did burn"), Survey(assessed=9000)).startswith(
        "EXAMINATION"
    )
    claim.answer(Service.SCREENING_SCORE)
    assert claim.context.reason is None
    assert claim.wait() == "PAYING", "silence is consent"
    claim.send(Bounced())
    assert claim.send(CorrectAccount(iban="?")).startswith("guard_rejected")
    assert claim.send(Withdraw()) == "WITHDRAWN"


def typed() -> None:
    """Literal states make illegal calls visible before they are made."""
    machine, context = ClaimsProcess(Authorities()), Context(policy="H-5")
    early = machine.accept(State.NOTIFIED, Accept(), context, MONDAY)
    assert early.reason is Reason.INVALID_TRANSITION
    over = machine.withdraw(State.CLOSED, Withdraw(), context, MONDAY)
    assert over.reason is Reason.TERMINAL_STATE
    gone = machine.withdraw(State.DECLINED, Withdraw(), context, MONDAY)
    assert gone and gone.target is State.WITHDRAWN


if __name__ == "__main__":
    small_claim()
    examined()
    one_no_is_enough()
    suspicion()
    typed()

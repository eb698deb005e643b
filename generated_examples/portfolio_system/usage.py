"""A portfolio through one whole cycle, and what happens when a phase says no.

The machine has more than fifty states; a caller is about as long as for a small one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from portfolio_system_fsm import (
    DELAY_MS,
    INVOKED,
    AcceptData,
    Accepted,
    Allocated,
    Approve,
    Assess,
    BreakResolved,
    Checks,
    Configuration,
    Context,
    DataLoaded,
    Elapsed,
    EsgChecked,
    Event,
    FileCase,
    Filled,
    Forecast,
    Fund,
    LiquidityChecked,
    MandateChecked,
    Matched,
    Node,
    OrdersBuilt,
    PaidOut,
    PortfolioSystem,
    PreTradeChecked,
    Reason,
    Rebalance,
    Redeem,
    Relax,
    Reported,
    Resume,
    RiskModelBuilt,
    Routed,
    RulesChecked,
    Service,
    SetConstraints,
    SetUniverse,
    SignMandate,
    Sold,
    Solved,
    State,
    Status,
    Stressed,
    Suspend,
    Timer,
    Unsolvable,
    Valuation,
    Waive,
    is_in,
    parse_state,
)

MONDAY = datetime(2030, 7, 1, 9, tzinfo=UTC)
PHASES = (
    Node.ONBOARDING,
    Node.MONITORING,
    Node.RESEARCH,
    Node.CONSTRUCTION,
    Node.OPTIMISATION,
    Node.COMPLIANCE,
    Node.EXECUTION,
    Node.RECONCILIATION,
    Node.REPORTING,
    Node.WINDING_UP,
)


class Authority:
    """The guards: questions about people, which a definition cannot answer."""

    def is_steward(self, context: Context, event: AcceptData, /, *, of: str) -> bool:
        return event.officer == f"steward of {of}"

    def may_relax(self, context: Context, event: Relax, /, *, level: int) -> bool:
        return event.constraint not in ("leverage", "currency") or level > 2

    def has_mandate_authority(
        self, context: Context, event: Waive, /, *, committee: bool
    ) -> bool:
        return event.officer == "client" and not committee

    def board_agrees(self, context: Context, event: Resume, /) -> bool:
        return context.nav > 0


@dataclass
class House:
    """The actions."""

    log: list[str] = field(default_factory=list[str])

    def ask_compliance_for_suitability(self, context: Context, event: Event, /) -> None:
        self.log.append(f"is {context.portfolio} suitable?")

    def open_custody_account(self, context: Context, event: Event, /) -> None:
        self.log.append("open account")

    def start_valuation(self, context: Context, event: Event, /) -> None:
        self.log.append("start valuation")

    def stop_valuation(self, context: Context, event: Event, /) -> None:
        self.log.append("stop valuation")

    def notify(self, context: Context, event: Event, /, *, who: str) -> None:
        self.log.append(f"tell {who}")

    def estimate_covariance(self, context: Context, event: Event, /) -> None:
        self.log.append(f"covariance of {context.universe}")

    def explain_conflict(self, context: Context, event: Event, /) -> None:
        self.log.append("explain conflict")

    def replay_crises(self, context: Context, event: Event, /) -> None:
        self.log.append("replay 1987, 2008, 2020")

    def build_orders(self, context: Context, event: Event, /) -> None:
        self.log.append(f"trade {context.proposal['turnover']:.0%}")

    def send_orders(self, context: Context, event: Event, /) -> None:
        self.log.append(f"send {context.orders} orders")

    def cancel_open_orders(self, context: Context, event: Event, /) -> None:
        self.log.append(f"cancel {context.orders} orders")

    def allocate(self, context: Context, event: Event, /) -> None:
        self.log.append("allocate")

    def ask_custodian(self, context: Context, event: Event, /) -> None:
        self.log.append("ask custodian")

    def send_report(self, context: Context, event: Event, /) -> None:
        self.log.append(f"report {context.cycle}")

    def sell_everything(self, context: Context, event: Event, /) -> None:
        self.log.append("sell everything")

    def pay_client(self, context: Context, event: Event, /) -> None:
        self.log.append(f"pay {context.nav:.0f}")

    def archive(self, context: Context, event: Event, /) -> None:
        self.log.append("archive")

    def reply(self, context: Context, event: Event, /, *, text: str) -> None:
        self.log.append(f"status: {text}")


class Portfolio:
    """One portfolio in memory."""

    def __init__(self, context: Context) -> None:
        self.machine = PortfolioSystem(Authority())
        self.house = House()
        self.now = MONDAY
        self.due: dict[Timer, datetime] = {}
        self.running: set[Service] = set()
        self.context = context
        self.stored = ""
        self.phases: list[str] = []
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
        self.machine.perform(outcome, event, self.context, self.house)
        phase = next((str(p) for p in PHASES if is_in(outcome.target, p)), None)
        if phase is not None and self.phases[-1:] != [phase]:
            self.phases.append(phase)

    def send(self, *events: Event) -> str:
        for event in events:
            self.now += timedelta(minutes=10)
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


def proposal(tracking_error: float, turnover: float) -> Solved:
    return Solved(
        proposal={
            "expected_return": 0.06,
            "tracking_error": tracking_error,
            "turnover": turnover,
        }
    )


ONBOARDING = (SignMandate(), Assess(suitable=True), Fund(nav=5_000_000))
RESEARCH = (
    Rebalance(),
    DataLoaded(data_version="2030-07-01", missing=3),
    Forecast(signals=["value", "momentum"]),
    Approve(),
)
CONSTRUCTION = (SetUniverse(universe=400), RiskModelBuilt(), SetConstraints())
OPTIMISATION = (proposal(0.015, turnover=0.3), Stressed(worst_loss=0.18), Approve())
CHECKED = (
    RulesChecked(breaches=0),
    LiquidityChecked(days_to_sell=4),
    EsgChecked(excluded=0),
)


def funded() -> Portfolio:
    """A portfolio under management."""
    portfolio = Portfolio(Context(portfolio="P-7", client="pension"))
    assert portfolio.send(*ONBOARDING) == "IN_TOLERANCE"
    return portfolio


def whole_cycle() -> None:
    portfolio = funded()
    assert portfolio.context.funded_at == portfolio.now
    # Drift calls the manager; a little better is not good enough to call it off.
    portfolio.send(Valuation(nav=5_100_000, tracking_error=0.025))
    assert portfolio.send(Valuation(nav=5_100_000, tracking_error=0.019)) == "DRIFTED"

    portfolio.send(*RESEARCH[:1])
    assert portfolio.running == {Service.LOADING_DATA_PRICES}
    source, on_done, _ = INVOKED[Service.LOADING_DATA_PRICES]
    assert (source, on_done) == ("market_data.load", DataLoaded.trigger)
    portfolio.send(*RESEARCH[1:], *CONSTRUCTION)
    assert portfolio.stored == "SOLVING"
    # The first two problems have no solution; a constraint that may be relaxed is.
    assert portfolio.send(Unsolvable()) == "INFEASIBLE"
    assert portfolio.send(Relax(constraint="leverage")) == "guard_rejected: may_relax"
    assert portfolio.send(Relax(constraint="sector")) == "SOLVING"
    assert portfolio.wait() == "INFEASIBLE", "a quarter of an hour has passed"
    portfolio.send(Relax(constraint="turnover"), *OPTIMISATION)
    assert portfolio.context.relaxations == 2 and portfolio.stored == "CASE"

    # Four teams at once. A breach of the mandate waits for the client, who may waive
    # it; the others go on meanwhile.
    portfolio.send(FileCase(), MandateChecked(breaches=1), *CHECKED)
    state = portfolio.state
    assert isinstance(state, Checks)
    assert (state.mandate, state.esg) == (State.MANDATE_BREACH, State.ESG_OK)
    assert is_in(state, Node.COMPLIANCE) and is_in(state, Node.MANAGED)
    print(state)
    until = portfolio.now + timedelta(days=30)
    # The waiver completes the checks; because it is one, the committee has to look.
    assert portfolio.send(Waive(officer="client", until=until)) == "COMMITTEE"
    assert portfolio.send(Approve()) == "ORDERS"

    portfolio.send(OrdersBuilt(orders=40), PreTradeChecked(passed=True), Routed())
    # While orders are in the market nobody gets the money, and `status` says why.
    assert portfolio.send(Redeem()).startswith("guard_rejected")
    portfolio.send(Status(), Filled(count=15))
    assert portfolio.context.orders == 25
    assert portfolio.send(Filled(count=25), Allocated()) == "MATCHING"
    portfolio.send(Matched(breaks=2), BreakResolved())
    assert portfolio.wait() == "ESCALATED_BREAK"
    portfolio.send(BreakResolved(), Reported(), Reported())
    assert portfolio.send(Approve()) == "IN_TOLERANCE"
    assert portfolio.context.cycle == 1 and portfolio.running == set()
    print(" > ".join(portfolio.phases))
    print("; ".join(portfolio.house.log))


def unlawful() -> None:
    """One team's no ends the work of the other three, in the same step."""
    portfolio = funded()
    portfolio.send(*RESEARCH, *CONSTRUCTION, *OPTIMISATION, FileCase())
    assert portfolio.send(RulesChecked(breaches=1)) == "UNIVERSE"
    # What is small and clean needs no committee.
    portfolio.send(*CONSTRUCTION, proposal(0.01, turnover=0.05), *OPTIMISATION[1:])
    portfolio.send(FileCase(), *CHECKED)
    assert portfolio.send(MandateChecked(breaches=0)) == "ORDERS"
    # A suspension takes back whatever is in the market.
    portfolio.send(OrdersBuilt(orders=9), PreTradeChecked(passed=True), Routed())
    event = Suspend(note="sanctions list")
    state = portfolio.state
    assert state is State.WORKING
    outcome = portfolio.machine.suspend(state, event, portfolio.context, portfolio.now)
    assert outcome.target is State.SUSPENDED
    assert [str(call) for call in outcome.actions] == [
        "cancel_open_orders",
        "stop_valuation",
        "notify",
    ]
    portfolio.follow(outcome, event)
    assert portfolio.due == {} and portfolio.context.note == "sanctions list"
    assert portfolio.send(Resume()) == "IN_TOLERANCE"
    assert portfolio.send(Redeem(), Sold(), PaidOut()) == "CLOSED"
    print("; ".join(portfolio.house.log[-8:]))


def typed() -> None:
    """Checks that need no run: which events a state knows."""
    machine = PortfolioSystem(Authority())
    context = Context(portfolio="P-8", client="foundation")
    early = machine.redeem(State.FUNDING, Redeem(), context, MONDAY)
    assert early.reason is Reason.INVALID_TRANSITION
    late = machine.approve(State.CLOSED, Approve(), context, MONDAY)
    assert late.reason is Reason.TERMINAL_STATE
    # No `if`: every leaf of MANAGED can be suspended.
    event = Suspend(note="")
    held = machine.suspend(State.SIGN_OFF, event, context, MONDAY)
    assert held.target is State.SUSPENDED
    # A foundation excludes what a pension fund may hold.
    checks = Checks.of(
        mandate=State.MANDATE_OK,
        rules=State.RULES_OK,
        liquidity=State.LIQUIDITY_OK,
        esg=State.ESG_OPEN,
    )
    assert parse_state(str(checks)) is checks
    excluded = EsgChecked(excluded=2)
    refused = machine.esg_checked(checks, excluded, context, MONDAY)
    assert not refused and refused.reason is Reason.GUARD_REJECTED
    pension = Context(portfolio="P-9", client="pension")
    passed = machine.esg_checked(checks, excluded, pension, MONDAY)
    assert passed and passed.target == State.ORDERS


if __name__ == "__main__":
    whole_cycle()
    unlawful()
    typed()

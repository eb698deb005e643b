"""A document in review: asynchronous guards and actions, and somebody who keeps time.

The machine is as pure here as elsewhere: `aprocess` only waits for the guards that have
to be waited for, and `aperform` for the actions.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, field
from typing import TypedDict

from document_approval_fsm import (
    DELAY_MS,
    Approve,
    Context,
    DocumentApproval,
    Elapsed,
    Event,
    Publish,
    Reason,
    Reject,
    RequestChanges,
    Revise,
    State,
    Submit,
    Timer,
    parse_state,
)

DAY_MS = 24 * 60 * 60 * 1000


class Directory:
    """Asks another service, so its answer has to be awaited.

    With it, `DocumentApproval(directory).process(...)` is a type error: a coroutine is
    true whatever it will answer, so it must not get into a synchronous step.
    """

    def __init__(self, grades: dict[str, int]) -> None:
        self._grades = grades
        self.asked = 0

    async def may_review(
        self, context: Context, event: Approve | Reject, /, *, grade: int
    ) -> bool:
        self.asked += 1
        await asyncio.sleep(0)
        return self._grades[event.reviewer] >= grade


@dataclass
class Desk:
    """Some actions are asynchronous, some are not."""

    log: list[str] = field(default_factory=list[str])

    async def invite_reviewers(
        self, context: Context, event: Submit | Revise, /
    ) -> None:
        await asyncio.sleep(0)
        self.log.append(f"invite {context.approvals_needed} for {context.pages} pages")

    def notify(self, context: Context, event: Event, /, *, to: str) -> None:
        match event:
            case RequestChanges(comment=comment) | Reject(comment=comment):
                self.log.append(f"tell {to}: {comment}")
            case Elapsed(timer=timer):
                self.log.append(f"remind {to} ({timer})")
            case _:
                self.log.append(f"tell {to}")

    async def upload(self, context: Context, event: Publish | Elapsed, /) -> None:
        await asyncio.sleep(0)
        self.log.append(f"upload what {context.author} wrote")


class ContextRow(TypedDict):
    author: str
    pages: int
    approvals_needed: int
    approved_by: list[str]
    rounds: int
    last_comment: str | None
    escalated: bool


class Row(TypedDict):
    """A stored document. States and timers are strings: JSON takes them as they are."""

    state: str
    context: ContextRow
    due: dict[str, int]


class Workflow:
    """Everything about one document, between two steps nothing but text."""

    def __init__(self, directory: Directory, context: Context) -> None:
        self.machine = DocumentApproval(directory)
        self.desk = Desk()
        self.now = 0
        started = self.machine.start(context)
        self.stored = self._dump(started.target, context, {})

    @staticmethod
    def _dump(state: State, context: Context, due: dict[Timer, int]) -> str:
        return json.dumps({"state": state, "context": asdict(context), "due": due})

    def load(self) -> tuple[State, Context, dict[Timer, int]]:
        row: Row = json.loads(self.stored)
        due = {Timer(name): at for name, at in row["due"].items()}
        return parse_state(row["state"]), Context(**row["context"]), due

    async def send(self, event: Event) -> str:
        """One step. What comes back is for the log: the state, or why there is none."""
        state, context, due = self.load()
        outcome = await self.machine.aprocess(state, event, context)
        if not outcome:
            return f"{outcome.reason}: {outcome.guard or outcome.error}"
        context = outcome.apply(context, event)
        for timer in outcome.cancelled:
            due.pop(timer, None)
        due |= {timer: self.now + DELAY_MS[timer] for timer in outcome.started}
        self.stored = self._dump(outcome.target, context, due)
        await self.machine.aperform(outcome, event, context, self.desk)
        return outcome.target

    async def sleep(self, days: float) -> None:
        """Lets time pass and fires what falls due, in order."""
        end = self.now + int(days * DAY_MS)
        while True:
            state, context, due = self.load()
            timer = min(due, key=due.__getitem__, default=None)
            if timer is None or due[timer] > end:
                break
            self.now = due.pop(timer)
            self.stored = self._dump(state, context, due)
            await self.send(Elapsed(timer))
        self.now = end

    def state(self) -> State:
        return self.load()[0]


GRADES = {"ann": 3, "bob": 5, "cas": 1, "dee": 8}


async def review() -> None:
    flow = Workflow(Directory(GRADES), Context(author="ann", pages=12))
    # ROUTING decides at once: a step never ends there.
    assert await flow.send(Submit()) == State.IN_REVIEW
    # Inline guards first: the author's voice is refused without asking the directory.
    print(await flow.send(Approve(reviewer="ann")))
    print(await flow.send(Approve(reviewer="cas")))
    answer = await flow.send(RequestChanges(reviewer="bob", comment="Too long."))
    assert answer == State.CHANGES_REQUESTED
    assert await flow.send(Revise(pages=7)) == State.IN_REVIEW
    assert await flow.send(Approve(reviewer="bob")) == State.IN_REVIEW
    # The second voice completes it, and the `auto` transition is part of that step.
    assert await flow.send(Approve(reviewer="dee")) == State.APPROVED
    await flow.sleep(days=0.5)
    assert flow.state() == State.APPROVED
    await flow.sleep(days=0.5)
    assert flow.state() == State.PUBLISHED
    print(*flow.desk.log, sep="\n")
    print(flow.stored)


async def escalation() -> None:
    flow = Workflow(Directory(GRADES), Context(author="bob", pages=3))
    await flow.send(Submit())
    assert set(flow.load()[2]) == {Timer.IN_REVIEW_AFTER, Timer.IN_REVIEW_AFTER_2}
    await flow.sleep(days=5)
    assert flow.state() == State.ESCALATED and flow.load()[2] == {}
    assert await flow.send(Approve(reviewer="dee")) == State.APPROVED
    # `publish` is an event as well as the end of a delay: no need to wait.
    assert await flow.send(Publish()) == State.PUBLISHED
    print("; ".join(flow.desk.log))


async def failing_directory() -> None:
    """A guard that raises is an answer of its own, never a `no`."""
    machine = DocumentApproval(Directory({}))
    context = Context(author="bob", pages=3)
    outcome = await machine.aprocess(State.IN_REVIEW, Approve(reviewer="eve"), context)
    assert not outcome and outcome.reason is Reason.GUARD_ERROR
    assert isinstance(outcome.error, KeyError) and outcome.guard == "may_review"
    print(f"{outcome.reason}: {outcome.guard} raised {outcome.error!r}")


if __name__ == "__main__":
    asyncio.run(review())
    asyncio.run(escalation())
    asyncio.run(failing_directory())

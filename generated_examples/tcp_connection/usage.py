"""Two TCP endpoints talk to each other: one machine, a context each, actions as wire.

The machine holds no state, so a single object serves both ends. Time is simulated: the
loop below does what any keeper of timers does with `started` and `cancelled`.
"""

from __future__ import annotations

from collections import deque
from typing import Literal, TypeAlias

from tcp_connection_fsm import (
    DELAY_MS,
    Ack,
    ActiveOpen,
    Close,
    Context,
    Data,
    Elapsed,
    Event,
    Fin,
    PassiveOpen,
    Reason,
    Rst,
    Send,
    State,
    Syn,
    SynAck,
    TcpConnection,
    Timer,
)

MACHINE = TcpConnection()

Synchronised: TypeAlias = Literal[
    State.ESTABLISHED,
    State.FIN_WAIT_1,
    State.FIN_WAIT_2,
    State.CLOSE_WAIT,
    State.CLOSING,
    State.LAST_ACK,
    State.TIME_WAIT,
]


class Endpoint:
    """One end: its state, its context, its timers, and the queue of the other end."""

    def __init__(self, name: str, snd_nxt: int) -> None:
        self.name = name
        self.state: State = State.CLOSED
        self.context = Context(snd_nxt=snd_nxt)
        self.inbox: deque[Event] = deque()
        self.outbox: deque[Event] = deque()
        self.due: dict[Timer, int] = {}
        self.received = 0
        self.trace: list[str] = []

    def handle(self, event: Event, now: int) -> None:
        outcome = MACHINE.process(self.state, event, self.context)
        if not outcome:
            self.trace.append(f"{event!r}: {outcome.reason}")
            return
        if outcome.target is not self.state:
            self.trace.append(outcome.target)
        self.state = outcome.target
        self.context = outcome.apply(self.context, event)
        for timer in outcome.cancelled:
            self.due.pop(timer, None)
        for timer in outcome.started:
            self.due[timer] = now + DELAY_MS[timer]
        MACHINE.perform(outcome, event, self.context, self)

    # The actions: `Endpoint` has the shape of the protocol `Actions`. They get the
    # context after the step, in which our SYN and FIN are counted already.

    def send_syn(self, context: Context, event: ActiveOpen | Send, /) -> None:
        self.outbox.append(Syn(seq=context.snd_nxt - 1))

    def send_syn_ack(self, context: Context, event: Syn, /) -> None:
        self.outbox.append(SynAck(seq=context.snd_nxt - 1, ack=context.rcv_nxt))

    def send_ack(self, context: Context, event: Event, /) -> None:
        self.outbox.append(Ack(ack=context.rcv_nxt))

    def send_data(self, context: Context, event: Send, /) -> None:
        seq = context.snd_nxt - event.length
        self.outbox.append(Data(seq=seq, length=event.length))

    def send_fin(self, context: Context, event: Close, /) -> None:
        self.outbox.append(Fin(seq=context.snd_nxt - 1))

    def send_rst(self, context: Context, event: SynAck, /) -> None:
        self.outbox.append(Rst())

    def deliver(self, context: Context, event: Data, /) -> None:
        self.received += event.length

    def report_reset(self, context: Context, event: Rst, /) -> None:
        self.trace.append("reset by peer")


class Network:
    """Carries segments one by one, and lets time pass when there are none."""

    def __init__(self) -> None:
        self.client = Endpoint("client", snd_nxt=100)
        self.server = Endpoint("server", snd_nxt=5000)
        self.client.outbox = self.server.inbox
        self.server.outbox = self.client.inbox
        self.now = 0

    def states(self) -> tuple[State, State]:
        return self.client.state, self.server.state

    def call(self, endpoint: Endpoint, event: Event) -> None:
        """A call of the user, and everything that follows from it at once."""
        endpoint.handle(event, self.now)
        while self.client.inbox or self.server.inbox:
            for end in (self.server, self.client):
                if end.inbox:
                    end.handle(end.inbox.popleft(), self.now)

    def wait(self) -> None:
        """Until the next timer, which it fires."""
        self.now, timer, end = min(
            (
                (due, timer, end)
                for end in (self.client, self.server)
                for timer, due in end.due.items()
            ),
            key=lambda entry: entry[0],
        )
        del end.due[timer]
        end.handle(Elapsed(timer), self.now)


def conversation() -> None:
    network = Network()
    client, server = network.client, network.server
    network.call(server, PassiveOpen())
    network.call(client, ActiveOpen())
    assert network.states() == (State.ESTABLISHED, State.ESTABLISHED)

    network.call(client, Send(length=512))
    network.call(server, Send(length=2048))
    assert (client.received, server.received) == (2048, 512)

    network.call(client, Close())
    network.call(server, Close())
    assert network.states() == (State.TIME_WAIT, State.CLOSED)
    network.wait()
    assert network.now == 240_000
    assert network.states() == (State.CLOSED, State.CLOSED)
    for end in (client, server):
        print(f"{end.name}: {' '.join(end.trace)}")


def lost_acknowledgement() -> None:
    """A repeated FIN starts the two segment lifetimes anew."""
    context = Context(snd_nxt=101, rcv_nxt=5001)
    # All of this is typed: these pairs have no guard, so `target` is simply there, and
    # is known to be TIME_WAIT.
    waiting = MACHINE.fin(State.FIN_WAIT_2, Fin(seq=5000), context)
    again = MACHINE.fin(waiting.target, Fin(seq=5000), context)
    assert waiting.cancelled == ()
    assert again.cancelled == again.started == waiting.started
    print(f"{again.target} again: {' '.join(str(action) for action in again.actions)}")


def hang_up(state: Synchronised, context: Context) -> State:
    """A literal type that leaves out LISTEN: what `rst` does there cannot be meant."""
    outcome = MACHINE.rst(state, Rst(), context)
    return outcome.target


def reset() -> None:
    context = Context(snd_nxt=101)
    assert hang_up(State.ESTABLISHED, context) is State.CLOSED
    assert MACHINE.rst(State.LISTEN, Rst(), context).target is State.LISTEN

    # SYN_RECEIVED asks a guard first; when that says no, "*" has its turn.
    for passive, target in ((True, State.LISTEN), (False, State.CLOSED)):
        context = Context(snd_nxt=101, passive=passive)
        assert MACHINE.rst(State.SYN_RECEIVED, Rst(), context).target is target

    nonsense = MACHINE.syn_ack(State.LISTEN, SynAck(seq=1, ack=1), context)
    assert nonsense.reason is Reason.INVALID_TRANSITION
    print(f"SYN+ACK while listening: {nonsense.reason}")


if __name__ == "__main__":
    conversation()
    lost_acknowledgement()
    reset()

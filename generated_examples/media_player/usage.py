"""A media player: three ways of going back to where one was."""

from __future__ import annotations

from dataclasses import dataclass, field

from media_player_fsm import (
    INVOKED,
    AdDue,
    AdOver,
    Buffered,
    Configuration,
    Context,
    Elapsed,
    Event,
    Finished,
    Home,
    LinkDown,
    LinkUp,
    Louder,
    MediaPlayer,
    Menu,
    Mute,
    Node,
    On,
    Page,
    Pause,
    Play,
    Power,
    PowerCut,
    Progress,
    Reason,
    Resume,
    Seek,
    Service,
    Skip,
    State,
    Timer,
    is_in,
    parse_state,
)


@dataclass
class Box:
    """The actions."""

    log: list[str] = field(default_factory=list[str])

    def light(self, context: Context, event: Event | None, /, *, colour: str) -> None:
        self.log.append(f"light {colour}")

    def save_bookmark(self, context: Context, event: Event, /) -> None:
        self.log.append(f"bookmark {context.title} at {context.position:.0f}")

    def show_home(self, context: Context, event: Event, /) -> None:
        self.log.append("home")

    def show_page(self, context: Context, event: Event, /, *, page: str) -> None:
        self.log.append(f"page {page}")

    def show_spinner(self, context: Context, event: Event, /) -> None:
        self.log.append("spinner on")

    def hide_spinner(self, context: Context, event: Event, /) -> None:
        self.log.append("spinner off")

    def show_skip_button(self, context: Context, event: Event, /) -> None:
        self.log.append("skip?")

    def amplifier(self, context: Context, event: Event, /, *, open: bool) -> None:
        self.log.append("sound" if open else "silence")

    def move_stream(self, context: Context, event: Seek, /) -> None:
        self.log.append(f"move to {event.position:.0f}")

    def apologise(self, context: Context, event: Event, /) -> None:
        self.log.append("sorry")


class Device:
    """One box. Its memory of where it was is part of the state, and so of the text."""

    def __init__(self) -> None:
        self.machine = MediaPlayer()
        self.box = Box()
        self.running: set[Service] = set()
        self.context = Context()
        started = self.machine.start(self.context)
        self.stored = str(started.target)
        self.machine.perform(started, None, self.context, self.box)

    @property
    def state(self) -> Configuration:
        return parse_state(self.stored)

    def screen(self) -> State | None:
        place = self.state.state
        return place.screen if isinstance(place, On) else None

    def press(self, *events: Event) -> State | None:
        """What is on the screen afterwards."""
        for event in events:
            step = self.machine.process(self.state, event, self.context)
            if not step:
                raise ValueError(f"{event} in {self.stored}: {step.reason}")
            self.stored = str(step.target)
            self.context = step.apply(self.context, event)
            # A service runs exactly as long as its state is active.
            self.running = (self.running - {*step.stopped}) | {*step.invoked}
            self.machine.perform(step, event, self.context, self.box)
        return self.screen()


def standby() -> None:
    """Deep history: all regions, each to its leaf."""
    device = Device()
    assert device.press(Power()) == State.HOME
    device.press(Play(title="Metropolis"), Buffered(), Progress(position=1200))
    device.press(Louder(), Mute())
    assert device.press(Power()) is None and is_in(device.state, State.STANDBY)
    assert device.running == set()
    print(device.stored)
    # The box may be asleep for hours, or its program restarted: the text is enough.
    assert device.press(Power()) == State.ROLLING
    assert is_in(device.state, State.MUTED) and is_in(device.state, Node.WATCHING)
    assert device.running == {Service.WATCHING_STREAM}
    # Deep sleep and a power cut forget, because they name ON itself.
    device.press(Power(), Elapsed(Timer.STANDBY_AFTER))
    assert device.press(Power()) == State.HOME
    assert is_in(device.state, State.AUDIBLE)
    assert device.press(PowerCut(), Power()) == State.HOME
    print("; ".join(device.box.log))


def ad_break() -> None:
    """Shallow history: back to watching, or to the pause, but not into the buffer."""
    device = Device()
    device.press(Power(), Play(title="M", position=60), Buffered())
    assert device.press(AdDue()) == State.AD_LOCKED
    src, on_done, on_error = INVOKED[Service.AD_AD]
    assert (src, on_done) == ("ads.stream", on_error)
    assert device.running == {Service.AD_AD}
    # The power button is no way round it.
    assert device.press(Power(), Power()) == State.AD_LOCKED
    refused = device.machine.skip(device.state, Skip(), device.context)
    assert not refused and refused.reason is Reason.INVALID_TRANSITION
    assert device.press(Elapsed(Timer.AD_LOCKED_AFTER)) == State.AD_SKIPPABLE
    assert device.press(Skip()) == State.BUFFERING
    assert device.press(Buffered(), Pause(), AdDue(), AdOver()) == State.PAUSED
    assert device.context.ads_seen == 2 and device.context.position == 60
    print(device.stored)


def settings() -> None:
    """The menu opens where it was closed."""
    device = Device()
    assert device.press(Power(), Menu()) == State.PICTURE
    assert device.press(Page(name="audio"), Home(), Menu()) == State.AUDIO
    assert device.press(Home()) == State.HOME
    text = device.stored
    assert text.endswith(";H(SETTINGS)=AUDIO") and str(parse_state(text)) == text


def film() -> None:
    """Regions that ask each other: nothing is played without a network."""
    device = Device()
    device.press(Power(), LinkDown())
    play = Play(title="Nosferatu")
    refused = device.machine.play(device.state, play, device.context)
    assert not refused and refused.reason is Reason.GUARD_REJECTED
    device.press(LinkUp(), play, Buffered(), Pause(), Seek(position=2400))
    # `internal` keeps WATCHING: the stream is moved and neither stopped nor started.
    device.press(Resume(), Buffered())
    moved = device.machine.seek(device.state, Seek(position=4800), device.context)
    assert moved and moved.stopped == moved.invoked == ()
    assert device.press(Seek(position=4800), Buffered(), Finished()) == State.HOME
    assert device.context.watched == ["Nosferatu"]
    print("; ".join(device.box.log[-4:]))


if __name__ == "__main__":
    standby()
    ad_break()
    settings()
    film()

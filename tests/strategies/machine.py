"""The transitions of a random machine: its spine, then whatever else fits."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.oracle import ROOT
from tests.strategies.features import Features
from tests.strategies.shape import Shape
from tests.strategies.vocabulary import (
    DELAYS,
    ODD_STATES,
    ODD_TRIGGERS,
    PAYLOAD,
    RAISABLE,
    STATES,
    TRIGGERS,
)
from tests.strategies.words import Words

WHOLE = ""
"""The mark of a transition that leaves a parallel state, or is not inside it."""


@dataclass(slots=True)
class Written:
    """A transition before it is text. Without guards it closes its groups."""

    sources: list[str]
    dest: str | list[str] | None
    trigger: str | None = None
    after: int | str | None = None
    auto: bool = False
    done: bool = False
    internal: bool = False
    guards: list[object] = field(default_factory=list)

    @property
    def dests(self) -> list[str]:
        if self.dest is None:
            return []
        return self.dest if isinstance(self.dest, list) else [self.dest]


class Machine:
    """A machine before it is a definition."""

    def __init__(self, rng: random.Random, has: Features) -> None:
        self.rng = rng
        self.has = has
        self.written: list[Written] = []
        # Groups (state, trigger) that end with an unguarded transition, and those
        # that must not because a part of the spine passes above them.
        self.closed: set[tuple[str, str]] = set()
        self.kept_open: set[tuple[str, str]] = set()
        # The regions of a parallel state in which an unguarded transition has a
        # trigger: another one that leaves it would cut those off, or be cut off.
        self.zones: dict[tuple[str, str], set[str]] = {}
        self.triggers = self.names(TRIGGERS, ODD_TRIGGERS, rng.randint(1, 8))
        self.payloads: dict[str, list[str]] = {}
        for trigger in self.triggers:
            if rng.random() < 0.7:
                some = rng.sample(sorted(PAYLOAD), rng.randint(0, 4))
                self.payloads[trigger] = some
        sizes = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
        if has.parallel:
            sizes = (3, 4, 5, 6, 7, 8, 10, 12, 14, 16)
        self.shape = Shape(rng, has, self.names(STATES, ODD_STATES, self.size(sizes)))
        # What may be raised has guards wherever it leads, so that no cycle is sure.
        self.raised: list[str] = []
        if has.raises:
            pool = [t for t in TRIGGERS if t not in self.triggers]
            self.raised = rng.sample(pool, min(len(pool), 2))
        for trigger in self.raised:
            some = rng.sample(RAISABLE, rng.randint(0, 2))
            self.payloads[trigger] = some
        asking = [s for s in self.shape.states if not self.shape.is_choice(s)]
        self.words = Words(rng, has, asking, self.payloads, self.raised)
        self.build_spine()
        self.build_ways_out()
        self.build_extras()
        used = {w.trigger for w in self.written}
        self.words.raisable = [t for t in self.raised if t in used]

    def size(self, sizes: tuple[int, ...]) -> int:
        return self.rng.choice(sizes)

    def names(self, plain: tuple[str, ...], odd: tuple[str, ...], n: int) -> list[str]:
        pool = [*plain, *odd] if self.has.odd_names else list(plain)
        return self.rng.sample(pool, min(n, len(pool)))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def build_spine(self) -> None:
        shape, states = self.shape, self.shape.states
        leaves = [s for s in states if not shape.children[s]]
        reached: set[str] = set()
        resting: list[str] = []
        busy: set[str] = set()

        def arrive(entered: list[str]) -> None:
            for leaf in entered:
                if leaf in reached:
                    continue
                reached.add(leaf)
                if leaf in shape.way_out:
                    arrive(shape.entered_leaves(leaf, shape.way_out[leaf]))
                elif states[leaf].kind != "terminal":
                    resting.append(leaf)

        arrive(shape.default_leaves(ROOT))
        unreached = [s for s in leaves if s not in reached]
        self.rng.shuffle(unreached)
        for leaf in unreached:
            if leaf in reached:
                continue
            chain = shape.chain(leaf)
            above = [s for s in chain if leaf in shape.default_leaves(s)]
            dest = self.rng.choice(above)
            stays = states[leaf].kind != "terminal"
            # An unguarded auto makes its leaf one where the machine never rests.
            # It leads to a higher place in the document, so no cycle of them exists.
            through = [s for s in resting if s not in busy and shape.leads_on(s, dest)]
            if self.has.autos and stays and through and self.chance(0.15):
                source = self.rng.choice(through)
                resting.remove(source)
                self.written.append(Written([source], dest, auto=True))
            else:
                source = self.rng.choice(resting)
                busy.add(source)
                self.lead(source, dest)
            arrive(shape.entered_leaves(source, dest))

    def lead(self, leaf: str, dest: str) -> None:
        """An unguarded transition to `dest` that is enabled where `leaf` rests."""
        states = self.shape.states
        chain = [*self.shape.chain(leaf), *([ROOT] if self.has.wildcards else [])]
        at = 0 if self.chance(0.7) else self.rng.randrange(len(chain))
        source, below = chain[at], chain[:at]
        timed = source != ROOT and states[source].timeout is None
        if self.has.timeouts and timed and self.chance(0.1):
            seconds = self.rng.choice((0.5, 2, 30))
            states[source].timeout = {"seconds": seconds, "destination": dest}
            return
        trigger = self.rng.choice(self.triggers)

        def fits(trigger: str) -> bool:
            return not self.clash(source, [dest], trigger)

        groups = {(s, trigger) for s in below}
        closed = (source, trigger) in self.closed | self.kept_open
        if closed or groups & self.closed or not fits(trigger):
            some = (t for t in self.triggers if not self.used(chain[: at + 1], t))
            trigger = next((t for t in some if fits(t)), "")
            if not trigger:
                trigger = f"spare{len(self.triggers)}"
                self.triggers.append(trigger)
            groups = {(s, trigger) for s in below}
        self.closed.add((source, trigger))
        self.kept_open |= groups
        self.mark(source, [dest], trigger)
        inside = source != ROOT and source in self.shape.chain(dest)[1:]
        internal = self.has.internals and inside and self.chance(0.5)
        self.written.append(Written([source], dest, trigger, internal=internal))

    def used(self, states: list[str], trigger: str) -> bool:
        return any((s, trigger) in self.closed | self.kept_open for s in states)

    def places(self, source: str, dests: list[str]) -> list[tuple[str, str]]:
        """The parallel states that a transition has to do with, and how."""
        places: list[tuple[str, str]] = []
        around = [] if source == ROOT else [source, *self.shape.above(source)]
        for parallel in self.shape.parallels if dests else ():
            if source == ROOT or source in [parallel, *self.shape.above(parallel)]:
                places.append((parallel, WHOLE))
            elif parallel in around:
                region = around[around.index(parallel) - 1]
                stays = all(region in self.dest_above(dest) for dest in dests)
                places.append((parallel, region if stays else WHOLE))
        return places

    def dest_above(self, dest: str) -> list[str]:
        return [] if dest.startswith("H") and "(" in dest else self.shape.above(dest)

    def clash(self, source: str, dests: list[str], trigger: str) -> bool:
        for parallel, how in self.places(source, dests):
            known = self.zones.get((parallel, trigger), set())
            if known if how == WHOLE else WHOLE in known:
                return True
        return False

    def mark(self, source: str, dests: list[str], trigger: str) -> None:
        for parallel, how in self.places(source, dests):
            self.zones.setdefault((parallel, trigger), set()).add(how)

    def build_ways_out(self) -> None:
        """Of each choice: some with guards, and the last without."""
        for choice, last in self.shape.way_out.items():
            for _ in range(self.rng.choice((0, 1, 1, 2))):
                written = Written([choice], self.some_dest(), auto=self.chance(0.6))
                written = self.onward(written)
                if not written.auto:
                    written.trigger = self.rng.choice([*self.triggers, *self.raised])
                written.guards = self.words.guards(written.trigger)
                self.written.append(written)
            self.written.append(Written([choice], last, auto=True))

    def build_extras(self) -> None:
        ways: list[Callable[[list[str]], Written]] = [self.by_event, self.by_event]
        if self.has.autos:
            ways.append(self.by_auto)
        if self.has.delays:
            ways.append(self.by_delay)
        states = self.shape.states.values()
        sources = [s.name for s in states if s.kind in ("plain", "parallel")]
        completable = [s for s in sources if self.completable(s)]
        for _ in range(self.rng.randint(0, 2 * len(states))):
            if self.has.done and completable and self.chance(0.4):
                self.written.append(self.by_done(self.rng.choice(completable)))
                continue
            some = [self.rng.choice(sources)]
            if self.has.source_lists and self.chance(0.2):
                some = self.rng.sample(sources, min(len(sources), 3))
            self.written.append(self.rng.choice(ways)(some))
        for name in sources:
            state = self.shape.states[name]
            if self.has.timeouts and state.timeout is None and self.chance(0.08):
                dest = self.rng.choice(list(self.shape.states))
                state.timeout = {"seconds": 1.25, "destination": dest}

    def completable(self, name: str) -> bool:
        """If the terminal children are there that complete the state."""
        homes = [name]
        if self.shape.states[name].kind == "parallel":
            homes = self.shape.children[name]
        return all(
            any(self.shape.states[s].kind == "terminal" for s in inside)
            for inside in map(self.shape.children.__getitem__, homes)
        )

    def by_event(self, sources: list[str]) -> Written:
        if self.has.wildcards and self.chance(0.15):
            sources = [ROOT]
        trigger = self.rng.choice([*self.triggers, *self.raised])
        moving = self.moving_on if trigger in self.raised else self.moving
        written = moving(Written(sources, None, trigger))
        groups = {(s, trigger) for s in sources}
        spine = bool(groups & (self.closed | self.kept_open)) or trigger in self.raised
        spine |= any(self.clash(s, written.dests, trigger) for s in sources)
        if spine or self.chance(0.6):
            written.guards = self.words.guards(trigger, lone_in_state=not spine)
        else:
            self.closed |= groups
        if not spine:  # a lone `in_state` may hold whatever guards answer
            for source in sources:
                self.mark(source, written.dests, trigger)
        return written

    def by_auto(self, sources: list[str]) -> Written:
        if self.has.parallel and not self.later(sources) and self.chance(0.8):
            return self.by_event(sources)
        written = self.moving_on(Written(sources, None, auto=True))
        written.guards = self.words.guards(None)
        return written

    def by_done(self, source: str) -> Written:
        written = self.moving(Written([source], None, done=True))
        group = (source, "done: true")
        sure = written.dest is None or (
            isinstance(written.dest, str)
            and written.dest in self.shape.states
            and self.shape.leads_on(source, written.dest)
        )
        if sure and group not in self.closed and self.chance(0.6):
            self.closed.add(group)
        else:
            written.guards = self.words.guards(None)
        return written

    def by_delay(self, sources: list[str]) -> Written:
        written = self.moving(Written(sources, None, after=self.rng.choice(DELAYS)))
        if self.chance(0.3):
            written.trigger = self.rng.choice(self.triggers)
        if written.trigger is not None or self.chance(0.5):
            written.guards = self.words.guards(None)
        return written

    def moving(self, written: Written) -> Written:
        if self.has.internals and self.chance(0.25):
            written.internal = True
            source = written.sources[0]
            inner = self.shape.inside(source)
            if written.sources != [ROOT] and inner and self.chance(0.7):
                written.dest = self.rng.choice(inner)
            elif self.chance(0.2):
                written.dest = self.some_dest()
            return written
        written.dest = self.some_dest()
        return written

    def moving_on(self, written: Written) -> Written:
        return self.onward(self.moving(written))

    def later(self, sources: list[str]) -> list[str]:
        """Where an eventless way may lead from all of these without a cycle."""
        if ROOT in sources:
            return []
        leads_on = self.shape.leads_on
        return [d for d in self.shape.states if all(leads_on(s, d) for s in sources)]

    def onward(self, written: Written) -> Written:
        """Mostly down the document: a livelock now and then shows enough."""
        if not self.has.parallel or self.chance(0.15):
            return written
        on = self.later(written.sources)
        if on:
            written.dest, written.internal = self.rng.choice(on), False
        return written

    def some_dest(self) -> str | list[str]:
        if self.has.history and self.chance(0.15):
            past = [s for s in self.shape.states if self.shape.children[s]]
            if past:
                return self.rng.choice(("H({})", "H*({})")).format(
                    self.rng.choice(past)
                )
        if self.has.forks and self.chance(0.15):
            some = [p for p in self.shape.parallels if len(self.shape.children[p]) > 1]
            if some:
                regions = self.shape.children[self.rng.choice(some)]
                count = self.rng.randint(2, len(regions))
                taken = self.rng.sample(regions, count)
                return [leaf for region in taken for leaf in self.fork_into(region)]
        return self.rng.choice(list(self.shape.states))

    def fork_into(self, region: str) -> list[str]:
        """One state in the region, or a fork into a parallel state inside it."""
        inner = [s for s in self.shape.inside(region) if s in self.shape.parallels]
        if inner and self.chance(0.5):
            regions = self.shape.children[self.rng.choice(inner)]
            taken = self.rng.sample(regions, self.rng.randint(1, len(regions)))
            return [leaf for r in taken for leaf in self.fork_into(r)]
        return [self.rng.choice(self.shape.inside(region))]

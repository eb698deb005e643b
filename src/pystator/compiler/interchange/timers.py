"""The way SCXML says `after`: a delayed event to oneself that nobody else minds.

    <onentry><send id="i" event="e" delay="5s"/></onentry>
    <onexit><cancel sendid="i"/></onexit>
    <transition event="e" .../>

of one state is `after: 5s` (and `trigger: e`, since others may send it too) if no other
transition listens to the event and nothing else sends it. Everything else about `send`
and `cancel` is left to whoever runs the actions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pystator.compiler.interchange.chart import Node
from pystator.compiler.interchange.descriptors import prefixes, stem
from pystator.compiler.interchange.xml_text import Element

_DELAY: Final = re.compile(r"([0-9]{0,12})(?:\.([0-9]{1,9}))?(ms|s)")
_PLAIN: Final = frozenset(("event", "delay", "id", "pystator:timer"))


@dataclass(frozen=True, slots=True)
class Delayed:
    """`event` is empty where it is nothing but the name of the timer."""

    delay_ms: int
    event: str
    timer: str


@dataclass(slots=True)
class Timers:
    """Elements go by their identity: transitions, and the sends and cancels."""

    delayed: dict[int, Delayed] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    synthetic: set[str] = field(default_factory=set)


def find_timers(places: Iterable[tuple[Node, Element]]) -> Timers:
    places = list(places)
    sent: Counter[str] = Counter()
    cancelled: Counter[str] = Counter()
    listening: dict[str, list[tuple[Node, Element]]] = {}
    for node, element in places:
        for part in element.named("transition"):
            for each in dict.fromkeys(map(stem, part.get("event").split())):
                listening.setdefault(each, []).append((node, part))
        for inner in _content(element):
            if inner.name in ("send", "raise"):
                sent[inner.get("event")] += 1
            if inner.name == "send" and "eventexpr" in inner.attributes:
                return Timers()  # it may send any event
            if inner.name == "cancel":
                if "sendidexpr" in inner.attributes:
                    return Timers()  # it may cancel any
                cancelled[inner.get("sendid")] += 1
    found = Timers()
    for node, element in places:
        cancels = {
            cancel.get("sendid"): cancel
            for part in element.named("onexit")
            for cancel in part.named("cancel")
            if cancelled[cancel.get("sendid")] == 1
        }
        for part in element.named("onentry"):
            for send in part.named("send"):
                _find(node, send, cancels, sent, listening, found)
    return found


def _find(
    node: Node,
    send: Element,
    cancels: Mapping[str, Element],
    sent: Mapping[str, int],
    listening: Mapping[str, list[tuple[Node, Element]]],
    found: Timers,
) -> None:
    event, delay_ms = send.get("event"), milliseconds(send.get("delay"))
    cancel = cancels.get(send.get("id"))
    if not event or not delay_ms or cancel is None or not send.get("id"):
        return
    if send.children or not send.attributes.keys() <= _PLAIN or sent[event] > 1:
        return
    takers = [taker for each in prefixes(event) for taker in listening.get(each, ())]
    if (
        len(takers) != 1
        or takers[0][0] is not node
        or id(takers[0][1]) in found.delayed
    ):
        return
    synthetic = "pystator:timer" in send.attributes
    if synthetic:
        found.synthetic.add(event)
    found.delayed[id(takers[0][1])] = Delayed(
        delay_ms, "" if synthetic else event, event
    )
    found.skipped |= {id(send), id(cancel)}


def _content(element: Element) -> Iterable[Element]:
    """All elements inside, without those of other states."""
    for child in element.children:
        if child.name not in ("state", "parallel", "final"):
            yield child
            yield from _content(child)


def milliseconds(text: str) -> int:
    """Of a time as CSS writes it; 0 if it is none, or not a whole number of ms."""
    match = _DELAY.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return 0
    fraction = match[2] or ""
    total = int((match[1] or "0") + fraction) * (1000 if match[3] == "s" else 1)
    whole, rest = divmod(total, 10 ** len(fraction))
    return 0 if rest else whole

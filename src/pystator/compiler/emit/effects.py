"""Effects of a path -> the function that makes the new context.

[set filled, increment fills]  ->  return Context(filled=..., fills=context.fills + 1)
"""

from __future__ import annotations

from pystator.compiler.emit.frame import Frame, Usage
from pystator.compiler.emit.layout import Line, define, indented, lines, live, write
from pystator.compiler.emit.names import Identifier, Namespace
from pystator.compiler.emit.sections import Item
from pystator.compiler.emit.sinks import Code
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.kernel import Change


class EffectWriter:
    """Writes every different function once.

    `helpers` are what they call, `fallible` those that may raise.
    """

    def __init__(self, words: Vocabulary, names: Namespace) -> None:
        self.words = words
        self.names = names
        self.helpers: set[str] = set()
        self.fallible: set[Identifier] = set()
        self._functions: dict[str, Identifier] = {}
        self._made: dict[tuple[int, tuple[Change, ...]], Identifier] = {}

    def function(
        self, trigger: int, effects: tuple[Change, ...], name: str, items: list[Item]
    ) -> Identifier | None:
        """The function that makes these effects in order; None if there are none."""
        if not effects:
            return None
        made = self._made.get((trigger, effects))
        if made is None:
            made = self._function(trigger, effects, name, items)
            self._made[trigger, effects] = made
        return made

    def _function(
        self, trigger: int, effects: tuple[Change, ...], name: str, items: list[Item]
    ) -> Identifier:
        usage = Usage()
        frame = Frame(self.words, trigger, usage)
        body: list[Line] = []
        fallible = False
        for change in effects:
            frame.receive(change.event)
            body += frame.apply(self.words.flat.effects[change.effect])
            fallible = fallible or frame.fallible
        if body == lines("context = _merged(context, event)") and not frame.changed:
            body = lines("return _merged(context, event)")
        elif self.words.dynamic or not frame.changed:
            body += lines(f"return {frame.context(body)}")
        else:
            built = lines(frame.constructor("return "))
            body = live(body, built) + built
        prelude = [(0, f"{k} = {source}") for k, source in usage.prelude.items()]
        if usage.event:
            kind = self.words.event_type(trigger)
            prelude = [
                (0, f"if not isinstance(event, {kind}):"),
                (1, "raise _foreign(event)"),
                *prelude,
            ]
        text = write(indented([*prelude, *body]), 0)
        self.helpers |= usage.helpers
        known = self._functions.get(text)
        if known is None:
            known = self.names.take(f"_effects_{name.lower()}")
            self._functions[text] = known
            head = define(f"def {known}(", self._params(), "Context", ":", indent=0)
            items.append(Item((), Code(f"{head}\n{text}"), True))
            if fallible:
                self.fallible.add(known)
        return known

    def _params(self) -> list[str]:
        now = ["now: datetime"] if self.words.has_now else []
        return ["context: Context", "event: Event | None", *now]

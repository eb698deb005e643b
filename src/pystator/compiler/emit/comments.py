"""Comments: our own words and the author's names, in printable ASCII on one line."""

from __future__ import annotations

from pystator.compiler.emit.layout import WIDTH
from pystator.compiler.emit.sinks import Comment
from pystator.compiler.ir.machine import Machine, Transition


def comment(text: str) -> Comment:
    """The text as a comment line: escaped to printable ASCII, cut to the width."""
    safe = text
    if not (text.isascii() and text.isprintable()):
        safe = "".join(
            char if 32 <= ord(char) < 127 else f"\\u{ord(char):04x}" for char in text
        )
    line = f"# {safe}".rstrip()
    if len(line) > WIDTH:
        line = f"{line[: WIDTH - 3].rstrip()}..."
    return Comment(line)


def transition_comment(machine: Machine, transition: Transition) -> Comment:
    """`OPEN --fill--> FILLED (REQ-1)`."""
    source_name = str(machine.states[transition.source].name)
    targets = [
        f"{target.history}({target.name})" if target.history else str(target.name)
        for target in transition.targets
    ]
    target_name = ", ".join(targets) or "(internal)"
    refs = f" ({', '.join(transition.refs)})" if transition.refs else ""
    return comment(f"{source_name} --{cause(transition)}--> {target_name}{refs}")


def cause(transition: Transition, between: str = " / ") -> str:
    """What sets it off; `between` stands before a delay beside a trigger."""
    if transition.auto or transition.done:
        return "auto" if transition.auto else "done"
    if transition.delay_ms is None:
        return str(transition.trigger)
    word = "timeout" if transition.timeout else "after"
    delay = f"{word} {duration(transition.delay_ms)}"
    if transition.trigger is None:
        return delay
    return f"{transition.trigger}{between}{delay}"


def duration(milliseconds: int) -> str:
    """In the largest unit that leaves no remainder."""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"

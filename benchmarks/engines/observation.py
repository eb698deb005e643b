"""What was seen of an engine at the last event of a scenario, and how it compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Observation:
    kind: Literal["ran", "hangs", "dies", "cannot", "refused"]
    log: tuple[str, ...] = ()
    """`-A` is A's exit action, `+A` its entry action, `?g` a guard that was asked."""
    active: tuple[str, ...] = ()
    note: str = ""
    """How the event was reported, or why there is nothing to see."""

    @property
    def text(self) -> str:
        match self.kind:
            case "ran":
                text = " ".join([*self.log, "->", ",".join(self.active) or "nothing"])
                return f"{text} ({self.note})" if self.note else text
            case "refused":
                return f"refused when built: {self.note}"
            case "cannot":
                return f"cannot: {self.note}"
            case _:
                return f"{self.kind}: {self.note}"

    @property
    def manner(self) -> str:
        """Nothing, `rejected`, `raises` and the like: the first word of the note."""
        return self.note.partition(" ")[0].rstrip(":")


def read_line(line: dict[str, Any]) -> Observation:
    """From the last line that an adapter prints."""
    if "cannot" in line:
        return Observation("cannot", note=line["cannot"])
    if "refused" in line:
        return Observation("refused", note=line["message"])
    return Observation(
        "ran",
        tuple(_mark(entry) for entry in line["log"]),
        tuple(line["active"]),
        line["note"],
    )


def compare(ours: Observation, other: Observation) -> str:
    """One word: `=`, or in what the other differs, the gravest first."""
    if other.kind != "ran":
        return other.kind if ours.kind != other.kind else "="
    if ours.kind != "ran":
        return "runs"
    if ours.active != other.active:
        return "state"
    if ours.manner != other.manner:
        return "report"
    return "=" if ours.log == other.log else "actions"


def _mark(entry: str) -> str:
    if entry.startswith("enter_"):
        return "+" + entry.removeprefix("enter_")
    if entry.startswith("exit_"):
        return "-" + entry.removeprefix("exit_")
    return entry

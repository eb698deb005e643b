"""What a step of a hand-written machine returns, and the context it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(slots=True, kw_only=True)
class Context:
    qty: int
    limit: int = 100


@dataclass(slots=True)
class Accepted:
    target: str
    actions: tuple[str, ...] = ()


@dataclass(slots=True)
class Rejected:
    reason: str
    guard: str | None = None
    error: Exception | None = None


Outcome: TypeAlias = Accepted | Rejected


class Guards(Protocol):
    def may_cancel(self, context: Context, event: object, /, *, limit: int) -> bool: ...


INVALID = Rejected("invalid_transition")
TERMINAL = Rejected("terminal_state")
REFUSED = Rejected("guard_rejected", guard="amount >= qty")
REFUSED_PART = Rejected("guard_rejected", guard="amount < qty")
REFUSED_CANCEL = Rejected("guard_rejected", guard="may_cancel")

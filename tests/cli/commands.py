"""What a command line answers, and definitions to give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

ORDER = """\
meta: {machine_name: order}
states:
  - {name: OPEN, type: initial}
  - {name: DONE, type: terminal}
transitions:
  - {trigger: fill, source: OPEN, dest: DONE}
"""
# a warning: nothing leads to LOST
LOST = ORDER.replace("transitions:", "  - {name: LOST}\ntransitions:")
# an error: `gaurds`
FAULTY = ORDER.replace("dest: DONE", "dest: DONE, gaurds: big")


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str


Cli: TypeAlias = Callable[..., Run]

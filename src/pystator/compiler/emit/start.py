"""The first step: `start` and, where it asks a guard, `astart`."""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.emit.cells import CellWriter
from pystator.compiler.emit.layout import define
from pystator.compiler.emit.methods import now_param
from pystator.compiler.emit.names import Identifier
from pystator.compiler.emit.sinks import Code


@dataclass(frozen=True, slots=True)
class StartPlan:
    """How `start` answers: with a constant, or by asking."""

    head: Code
    ahead: Code
    outcome: Identifier
    call: Code


def start_plan(writer: CellWriter) -> StartPlan:
    words = writer.words
    entry, result = writer.start, writer.start_result
    assert entry is not None and result is not None, "the start has been written"
    returns = writer.result_type(result)
    asks = words.has_guards and entry.decide is not None
    machine = words.names.machine
    now = now_param(words.has_now)

    def head(name: str, guards: str) -> Code:
        receiver = f"self: {machine}[{guards}]" if asks else "self"
        params = [receiver, "context: Context", now]
        return define(f"def {name}(", params, returns, ":", 4)

    end = "None, now)" if words.has_now else "None)"
    return StartPlan(
        head=head("start", "Guards"),
        ahead=(
            Code(head("astart", "AsyncGuards").replace("def", "async def", 1))
            if asks
            else Code("")
        ),
        outcome=entry.outcome,
        call=Code("" if entry.decide is None else f"{entry.decide}({{}}context, {end}"),
    )

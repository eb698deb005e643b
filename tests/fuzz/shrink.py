"""A failing input made smaller, as long as it fails in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def shrunk(data: bytes, fails: Callable[[bytes], bool], tries: int = 1_500) -> bytes:
    """Greedy: without lines, then without bytes, ever smaller runs of them.

    It asks `fails` at most about so many times.
    """
    left = tries
    while True:
        size = len(data)
        for split in (_lines, _single):
            data, used = _without_runs(split(data), fails, left)
            left -= used
        if len(data) == size or left <= 0:
            return data


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _single(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def _without_runs(
    pieces: Sequence[bytes], fails: Callable[[bytes], bool], tries: int
) -> tuple[bytes, int]:
    """What is left, and how often `fails` was asked."""
    kept = list(pieces)
    used = 0
    run = max(1, len(kept) // 2)
    while True:
        at = 0
        while at < len(kept) and used < tries:
            rest = kept[:at] + kept[at + run :]
            used += 1
            if fails(b"".join(rest)):
                kept = rest
            else:
                at += run
        if run == 1 or used >= tries:
            return b"".join(kept), used
        run //= 2

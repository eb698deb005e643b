"""The figures as text tables. A `!` follows a figure that misses its goal."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.commands import Command
from benchmarks.compiling import GOAL_PEAK_MIB, GOALS_MS, Compilation
from benchmarks.loading import Loading
from benchmarks.regions import RegionRow
from benchmarks.sizes import SIZED
from benchmarks.steps import COLUMNS, StepRow


def steps_table(rows: Sequence[StepRow]) -> str:
    """Ratios to the floor, which is in nanoseconds."""
    parts = ["A step, as times the floor (a function that returns a constant)"]
    for built, title in ((False, "the event exists"), (True, "the event is built")):
        lines: list[tuple[str, ...]] = [(title, "floor ns", *COLUMNS[1:], "goals")]
        lines += [_step(row) for row in rows if row.event_built == built]
        parts.append(_table(lines))
    return "\n\n".join(parts)


def regions_table(rows: Sequence[RegionRow]) -> str:
    """Ratios to the floor, which is in nanoseconds."""
    lines = [("several states active", "floor ns", "process", "goal")]
    for row in rows:
        ratio = row.timings["process"].ratio
        lines.append(
            (
                row.name,
                f"{row.timings['floor'].nanoseconds:.0f} ",
                _judged(ratio, 2, ratio, row.goal),
                "" if row.goal is None else f"{row.goal}x",
            )
        )
    return _table(lines)


def compilations_table(rows: Sequence[Compilation]) -> str:
    titles = ("compile", "check ms", "emit ms", "us each", "KiB out", "peak MiB")
    lines: list[tuple[str, ...]] = [titles]
    for row in rows:
        goal = GOALS_MS.get(row.transitions)
        emit = _judged(row.emit_ms, 1, row.total_ms, goal)
        peak = _judged(row.peak_mib, 0, row.peak_mib, GOAL_PEAK_MIB)
        lines.append(
            (
                f"{row.shape}, {row.transitions}",
                f"{row.check_ms:.1f} ",
                emit,
                f"{row.ns_each / 1e3:.0f} ",
                f"{row.output_bytes / 1024:.0f} ",
                peak,
            )
        )
    goals = ", ".join(f"{size} in {goal:.0f} ms" for size, goal in GOALS_MS.items())
    return _table(lines) + f"\ngoals: {goals}; {GOAL_PEAK_MIB:.0f} MiB"


def sizes_table(rows: Sequence[Compilation]) -> str:
    lines: list[tuple[str, ...]] = [
        ("size", "check ms", "emit ms", "KiB out", "peak MiB", "goals")
    ]
    for row in rows:
        sized, kib = SIZED[row.shape], row.output_bytes / 1024
        lines.append(
            (
                row.shape,
                f"{row.check_ms:.0f} ",
                _judged(row.emit_ms, 0, row.total_ms, sized.goal_ms),
                _judged(kib, 0, kib, sized.goal_kib),
                _judged(row.peak_mib, 0, row.peak_mib, GOAL_PEAK_MIB),
                f"{sized.goal_ms:.0f} ms, {sized.goal_kib:.0f} KiB",
            )
        )
    return _table(lines)


def loading_table(rows: Sequence[Loading]) -> str:
    lines = [("import from bytecode", "ms", "MiB", "goals")]
    for row in rows:
        goals = [f"{row.goal_ms:.0f} ms"] if row.goal_ms is not None else []
        goals += [f"{row.goal_mib:.0f} MiB"] if row.goal_mib is not None else []
        lines.append(
            (
                row.name,
                _judged(row.milliseconds, 1, row.milliseconds, row.goal_ms),
                _judged(row.memory_mib, 1, row.memory_mib, row.goal_mib),
                ", ".join(goals),
            )
        )
    return _table(lines)


def commands_table(rows: Sequence[Command]) -> str:
    lines = [("whole process", "cpu ms", "wall ms", "goal")]
    for row in rows:
        goal = "" if row.goal_ms is None else f"{row.goal_ms:.0f} ms"
        took = _judged(row.cpu_ms, 0, row.cpu_ms, row.goal_ms)
        lines.append((row.name, took, f"{row.wall_ms:.0f} ", goal))
    return _table(lines)


def _step(row: StepRow) -> tuple[str, ...]:
    cells = [f"{row.timings['floor'].nanoseconds:.0f} "]
    for column in COLUMNS[1:]:
        timing = row.timings.get(column)
        ratio = None if timing is None else timing.ratio
        cells.append(_judged(ratio, 2, ratio, row.goals.get(column)))
    goals = " ".join(f"{row.goals[name]}x" for name in COLUMNS if name in row.goals)
    return (row.name, *cells, goals)


def _judged(
    shown: float | None, digits: int, judged: float | None, goal: float | None
) -> str:
    """`shown`, marked if `judged` is beyond the goal; a dash for what is unknown."""
    if shown is None:
        return "- "
    missed = judged is not None and goal is not None and judged > goal
    return f"{shown:.{digits}f}{'!' if missed else ' '}"


def _table(lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )

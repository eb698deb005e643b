"""YAML -> SCXML -> YAML keeps what a machine does, wherever nothing was reported."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from pystator.compiler.pipeline import check
from tests.case_files import Case, read_cases
from tests.case_traces import run_trace
from tests.interchange.round_trips import (
    Pair,
    codes,
    exported,
    imported,
    read,
    said,
)
from tests.modules import Generated
from tests.strategies import (
    EVERYTHING,
    dump_yaml,
    guard_answers,
    random_context,
    random_features,
    random_machine,
)

ROOT = Path(__file__).parent.parent.parent
MACHINES = int(os.environ.get("PYSTATOR_MACHINES", "100"))
FIRST = int(os.environ.get("PYSTATOR_SEED", "0"))
BATCH = 50
CASES = [
    case
    for path in sorted((ROOT / "tests" / "cases").rglob("*.md"))
    for case in read_cases(path)
    if "trace" in case.expected
]
EXAMPLES = sorted((ROOT / "generated_examples").glob("*/*.yaml"))
_ASKED = re.compile(r"  (?:guard|tried): [^\n]*")
"""How guards are called changes where several become one."""


def case_name(case: Case) -> str:
    return f"{case.path.parent.name}/{case.path.stem}: {case.heading}"


@pytest.mark.parametrize("first", range(FIRST, FIRST + MACHINES, BATCH))
def test_random_machines(first: int) -> None:
    reported: Counter[str] = Counter()
    accepted = 0
    for seed in range(first, first + BATCH):
        rng = random.Random(seed)
        definition = random_machine(rng, random_features(rng, EVERYTHING))
        text = dump_yaml(definition)
        scxml, told = exported(text)
        back, report = imported(scxml)
        assert said(report) == [], (seed, text)
        if "PS0807" in codes(told):
            reported[next(d.message for d in told if d.code == "PS0807")] += 1
            continue
        pair = Pair(definition, read(back))
        context = random_context(rng, definition)
        accepted += pair.walk(rng, context, guard_answers(seed), 50)
    assert sum(reported.values()) < BATCH / 5, reported
    assert accepted > BATCH * 5, "the walks take too few steps to show anything"


@pytest.mark.parametrize("case", CASES, ids=map(case_name, CASES))
def test_cases_keep_their_traces(case: Case) -> None:
    """In the kernel, the generated module and the oracle, all of what came back."""
    scxml, told = exported(case.definition.text, case.file_name)
    back, report = imported(scxml)
    assert said(report) == []
    if case_name(case) in NOT_SAID:
        assert "PS0807" in codes(told)
        return
    assert "PS0807" not in codes(told), said(told)
    checked = check(back, "case.yaml")
    assert checked.document is not None
    trace = case.expected["trace"].text
    found = run_trace(trace, Generated(back, "case.yaml"), checked.document)
    assert _ASKED.sub("", found) == _ASKED.sub("", trace)


NOT_SAID = {
    'semantics/rule-17: A delay of `"*"` runs from the start to the end',
    # a variable, said with `ctx.` where an event has a field of its name
    "semantics/rule-07: The defaults of a raised event are merged",
    "semantics/rule-08: The payload is merged first",
}
"""The cases that need what no SCXML can hold."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_come_back(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    scxml, told = exported(text, path.name)
    back, report = imported(scxml)
    assert said(report) == [] and "PS0807" not in codes(told)
    again, _ = exported(back, path.name)
    assert imported(again)[0] == back
    checked, original = check(back, path.name), check(text, path.name)
    assert checked.flat is not None and original.flat is not None
    known = [(str(s.name), s.kind) for s in original.flat.machine.states]
    assert [(str(s.name), s.kind) for s in checked.flat.machine.states] == known


def test_what_only_our_namespace_holds_is_told() -> None:
    text = (
        "states: [{name: A, type: initial}, {name: C, type: choice}, {name: B}]\n"
        "transitions:\n"
        "  - {trigger: go, source: A, dest: C}\n"
        "  - {trigger: go, source: C, dest: B}\n"
        "  - {auto: true, source: C, dest: A}\n"
    )
    scxml, told = exported(text)
    assert said(told) == [
        "PS0806 a choice asks for the event that led to it, in its condition"
    ]
    assert "_event.name ===" in scxml

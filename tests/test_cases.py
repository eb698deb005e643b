"""The case files: each case is compiled, and what it expects is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from pystator.compiler.pipeline import Checked, check
from tests.case_files import Case, CaseError, read_cases, replace_blocks
from tests.case_traces import TraceError, run_trace
from tests.modules import Generated

CASES = Path(__file__).parent / "cases"
ALL = [case for path in sorted(CASES.rglob("*.md")) for case in read_cases(path)]


def name(case: Case) -> str:
    place = case.path.relative_to(CASES).with_suffix("").as_posix()
    return f"{place}: {case.heading}"


@pytest.mark.parametrize("case", ALL, ids=name)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--bless"):
        case = bless(case)
    compare(case)


def bless(case: Case) -> Case:
    """The case as rewritten with what is found; `python` blocks stay as they are."""
    found = actual(case, check(case.definition.text, case.file_name))
    found.pop("python", None)
    replace_blocks(case.path, case.heading, found)
    return next(c for c in read_cases(case.path) if c.heading == case.heading)


def compare(case: Case) -> None:
    checked = check(case.definition.text, case.file_name)
    compare_markers(case, checked)
    found = actual(case, checked)
    for kind, block in case.expected.items():
        assert block.text == found[kind], f"{case.path}:{block.line}: `{kind}`"


def actual(case: Case, checked: Checked) -> dict[str, str]:
    """The text of every block that the case has, as it should be."""
    found = {"diagnostics": concise(checked)}
    if not case.expected.keys() - {"diagnostics"}:
        return found
    machine = Generated(case.definition.text, case.file_name)
    if "trace" in case.expected:
        assert checked.document is not None, "a document without errors was read"
        trace = case.expected["trace"].text
        found["trace"] = run_trace(trace, machine, checked.document)
    if "python" in case.expected:
        wanted = case.expected["python"].text
        found["python"] = wanted if wanted in machine.text else machine.text
    return found


def concise(checked: Checked) -> str:
    return "".join(
        f"{d.primary.line}:{d.primary.column} {d.severity}[{d.code}] {d.message}\n"
        for d in checked.report
    )


def compare_markers(case: Case, checked: Checked) -> None:
    """Every marker is met; with no other expectation, every diagnostic has one."""
    found = sorted((d.primary.line, d.severity.value, d.code) for d in checked.report)
    expected = sorted(case.markers())
    if "diagnostics" in case.expected:
        unmet = [marker for marker in expected if marker not in found]
        assert not unmet, f"markers without a diagnostic: {unmet}\n{concise(checked)}"
    else:
        assert found == expected, concise(checked)


class TestCaseFiles:
    """What the files themselves must be like, and that wrong expectations fail."""

    SOUND = "```yaml\nstates:\n  - {name: A, type: initial}\n```\n"

    def read(self, folder: Path, text: str) -> Case:
        path = folder / "made.md"
        path.write_text(f"# Made\n\n## One\n\n{text}", encoding="utf-8")
        return read_cases(path)[0]

    def test_there_are_cases_for_every_rule_that_is_implemented(self) -> None:
        rules = {path.stem for path in (CASES / "semantics").glob("*.md")}
        assert rules == {f"rule-{number:02}" for number in range(1, 19)}

    @pytest.mark.parametrize(
        "text",
        [
            "no definition",
            SOUND,
            f"{SOUND}{SOUND}```diagnostics\n```\n",
            f"{SOUND}```diagnostics\n```\n```diagnostics\n```\n",
            f"{SOUND}```output\n```\n",
            f"{SOUND}```diagnostics\n",
            f"{SOUND}```diagnostics\n```\n## One\n{SOUND}```diagnostics\n```\n",
        ],
        ids=["no yaml", "nothing", "two", "twice", "kind", "open", "heading"],
    )
    def test_a_case_that_is_no_case(self, text: str, tmp_path: Path) -> None:
        with pytest.raises(CaseError):
            self.read(tmp_path, text)

    @pytest.mark.parametrize(
        "text",
        [
            "```yaml\nstates:\n  - {name: A}\n```\n```diagnostics\n```\n",
            "```yaml\nstates:\n  - {name: A, type: initial}  # error: PS0301\n```\n",
            "```yaml\nstates:\n  - {name: A}  # error: PS0302\n```\n",
            f"{SOUND}```diagnostics\n1:1 error[PS0301] no\n```\n",
            f"{SOUND}```trace\nstart -> B\n```\n",
            f"{SOUND}```trace\nstart -> A  do: x\n```\n",
            f"{SOUND}```trace\nstart => livelock\n```\n",
            f"{SOUND}```python\nclass Nothing:\n```\n",
        ],
        ids=[
            *("unexpected", "unmet", "other code", "text", "target", "actions"),
            *("rejected", "python"),
        ],
    )
    def test_a_wrong_expectation_fails(self, text: str, tmp_path: Path) -> None:
        with pytest.raises(AssertionError):
            compare(self.read(tmp_path, text))

    @pytest.mark.parametrize("line", ["", "# only a comment", "start", "start --> A"])
    def test_a_trace_takes_steps(self, line: str, tmp_path: Path) -> None:
        with pytest.raises(TraceError):
            compare(self.read(tmp_path, f"{self.SOUND}```trace\n{line}\n```\n"))

    def test_every_guard_has_an_answer(self, tmp_path: Path) -> None:
        text = (
            "```yaml\nstates:\n  - {name: A, type: initial}\ntransitions:\n"
            "  - {trigger: go, source: A, dest: A, guards: open}\n```\n"
            "```trace\nguards: {opne: true}\nstart -> A\n```\n"
        )
        with pytest.raises(TraceError, match="open"):
            compare(self.read(tmp_path, text))

    def test_blessing_rewrites_traces_and_diagnostics_in_place(
        self, tmp_path: Path
    ) -> None:
        text = (
            "Before.\n\n```yaml\nstates:\n  - {name: A, type: initial}\n  - {name: B}\n"
            "```\n\n```trace\nstart -> B\n# a comment\nstart => livelock\n```\n\n"
            "Between.\n\n```diagnostics\n9:9 error[PS0101] old\n```\n\nBehind.\n"
        )
        case = self.read(tmp_path, text)
        compare(bless(case))
        assert case.path.read_text(encoding="utf-8") == (
            "# Made\n\n## One\n\nBefore.\n\n```yaml\nstates:\n"
            "  - {name: A, type: initial}\n  - {name: B}\n```\n\n"
            "```trace\nstart -> A\n# a comment\nstart -> A\n```\n\n"
            "Between.\n\n```diagnostics\n"
            "3:12 warning[PS0401] state `B` is never entered\n```\n\nBehind.\n"
        )

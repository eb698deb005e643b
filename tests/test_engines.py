"""The scenarios for other engines: what is said of this project is what happens.

No other engine is needed: their side of the table is what was recorded.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.engines.adapters.recording import steps
from benchmarks.engines.adapters.run_pystator import build
from benchmarks.engines.environments import ENGINES, OURS
from benchmarks.engines.model import Scenario, scenario_from_json
from benchmarks.engines.observation import Observation, compare, read_line
from benchmarks.engines.scenarios import FOLDER, read_scenarios
from benchmarks.engines.table import LEGEND, Table

RESULTS = FOLDER.with_name("RESULTS.md").read_text(encoding="utf-8")
README = FOLDER.with_name("README.md").read_text(encoding="utf-8")
SCENARIOS = read_scenarios()


def key(scenario: Scenario) -> str:
    return scenario.key


@pytest.mark.parametrize("scenario", SCENARIOS, ids=key)
def test_this_project_does_what_the_scenario_says(scenario: Scenario) -> None:
    *_, last = steps(scenario, build)
    assert read_line(last).text == scenario.expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=key)
def test_the_recorded_table_is_of_this_scenario(scenario: Scenario) -> None:
    section = RESULTS.partition(f"\n## {scenario.key}\n")[2].partition("\n## ")[0]
    assert scenario.question in section
    assert f"(scenarios/{Path(scenario.path).name})" in section
    assert [f"`{event}`" for event in scenario.events] == re.findall(
        r"`[^`]+`", section.partition("Events: ")[2].partition("\n")[0]
    )
    rows = re.findall(r"^\| `(.*)` \| (.*) \|$", section, re.MULTILINE)
    observed = {name: text for text, names in rows for name in names.split(", ")}
    assert list(observed) and set(observed) == {engine.name for engine in ENGINES}
    assert observed[OURS.name] == scenario.expected


def test_the_recorded_table_has_these_scenarios_and_versions() -> None:
    assert re.findall(r"^## (\w+)$", RESULTS, re.MULTILINE) == [
        scenario.key for scenario in SCENARIOS
    ]
    overview = re.findall(r"^\| \[(\w+)\]", RESULTS, re.MULTILINE)
    assert overview == [scenario.key for scenario in SCENARIOS]
    for engine in ENGINES:
        if engine is not OURS:
            assert f"- {engine.name} {engine.version}\n" in RESULTS


def test_every_scenario_survives_the_way_to_an_adapter() -> None:
    for scenario in SCENARIOS:
        assert scenario_from_json(scenario.to_json()) == scenario


def test_an_engine_is_compared_by_states_then_report_then_actions() -> None:
    ours = Observation("ran", ("-A", "act"), ("B",), "rejected: guard_error")
    same = Observation("ran", ("-A", "act"), ("B",), "rejected: GuardError")
    assert compare(ours, same) == "="
    assert compare(ours, Observation("ran", ("act",), ("B",), same.note)) == "actions"
    assert compare(ours, Observation("ran", ("act",), ("B",))) == "report"
    assert compare(ours, Observation("ran", ("-A", "act"), ("C",))) == "state"
    assert compare(ours, Observation("hangs", note="on `go`")) == "hangs"
    assert compare(Observation("refused"), ours) == "runs"


def test_the_table_of_other_observations_is_another_table() -> None:
    [scenario] = [s for s in SCENARIOS if s.key == "self_external"]
    other = ENGINES[1]
    found = {
        (scenario.key, OURS.name): Observation("ran", ("act",), ("A",)),
        (scenario.key, other.name): Observation("hangs", note="on `again`"),
    }
    table = Table((scenario,), (OURS, other), found)
    assert "self_external  hangs" in table.text()
    markdown = table.markdown()
    assert "| [self_external](#self_external) | hangs |" in markdown
    assert f"| `hangs: on again` | {other.name} |" in markdown


def test_the_words_of_the_table_are_explained() -> None:
    cells = {
        cell
        for line in RESULTS.splitlines()
        if line.startswith("| [")
        for cell in line.strip("| ").split(" | ")[1:]
    }
    assert cells <= set(LEGEND)
    assert {"=", "state", "hangs", "cannot"} <= cells


def test_the_readme_names_scenarios_that_exist() -> None:
    named = set(re.findall(r"RESULTS\.md#(\w+)", README))
    assert named and named <= {scenario.key for scenario in SCENARIOS}

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.sizes import regions
from tests.cli.commands import FAULTY, LOST, Cli


def test_clean(cli: Cli) -> None:
    assert cli("check", "order.yaml") == cli("check", "order.yaml", "order.yaml")
    run = cli("check", "order.yaml")
    assert (run.code, run.out, run.err) == (0, "ok: 1 file\n", "")


def test_text(cli: Cli) -> None:
    run = cli("check", "faulty.yaml", "order.yaml", "lost.yaml")
    assert run.code == 1
    assert run.out.startswith(
        "error[PS0120]: unknown key `gaurds` in a transition\n"
        " --> faulty.yaml:6:47\n"
        "  |\n"
        "6 |   - {trigger: fill, source: OPEN, dest: DONE, gaurds: big}\n"
        "  |                                               ^^^^^^ "
    )
    first, second, summary = run.out.split("\n\n")
    assert first.endswith("  = help: did you mean `guards`?")
    assert second.startswith("warning[PS0401]: state `LOST` is never entered\n")
    assert summary == "1 error, 1 warning in 3 files\n"
    assert run.err == ""


def test_concise(cli: Cli) -> None:
    run = cli("check", "--format", "concise", "faulty.yaml", "lost.yaml")
    assert run.code == 1
    first, second = run.out.splitlines()
    assert first.startswith("faulty.yaml:6:47: error[PS0120] ")
    assert second.startswith("lost.yaml:5:12: warning[PS0401] ")


def test_json(cli: Cli) -> None:
    run = cli("check", "--format", "json", "faulty.yaml", "order.yaml", "lost.yaml")
    assert run.code == 1
    items = [json.loads(line) for line in run.out.splitlines()]
    assert [(item["path"], item["code"]) for item in items] == [
        ("faulty.yaml", "PS0120"),
        ("lost.yaml", "PS0401"),
    ]
    assert cli("check", "--format", "json", "order.yaml").out == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["lost.yaml"], 1),
        (["--fail-on", "warning", "lost.yaml"], 1),
        (["--fail-on", "error", "lost.yaml"], 0),
        (["--fail-on", "error", "faulty.yaml"], 1),
        (["--fail-on", "nothing", "order.yaml"], 2),
    ],
)
def test_fail_on(cli: Cli, arguments: list[str], code: int) -> None:
    assert cli("check", *arguments).code == code


@pytest.mark.parametrize(
    "options",
    [
        ["--ignore", "PS0401"],
        ["--ignore", "ps0401"],
        ["--ignore", "unreachable-state"],
        ["--ignore", "PS0504,PS0401"],
        ["--ignore", "PS0504", "--ignore", "PS0401"],
        ["--ignore", "PS04"],
        ["--select", "PS0402"],
        ["--select", "PS05,shadowed-transition"],
        ["--select", "PS0401", "--ignore", "PS0401"],
    ],
)
def test_warning_left_out(cli: Cli, options: list[str]) -> None:
    run = cli("check", *options, "lost.yaml")
    assert (run.code, run.out) == (0, "ok: 1 file\n")


@pytest.mark.parametrize(
    "options", [["--select", "PS0401"], ["--select", "PS04"], ["--ignore", "PS0402"]]
)
def test_warning_chosen(cli: Cli, options: list[str]) -> None:
    run = cli("check", *options, "lost.yaml")
    assert run.code == 1
    assert "PS0401" in run.out


@pytest.mark.parametrize("options", [["--select", "PS0401"], ["--ignore", "PS01"]])
def test_errors_are_always_shown(cli: Cli, options: list[str]) -> None:
    run = cli("check", *options, "faulty.yaml")
    assert run.code == 1
    assert "PS0120" in run.out


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--ignore", "PS0120", "`PS0120` is an error"),
        ("--ignore", "unknown-key", "`unknown-key` is an error"),
        ("--ignore", "unreachable-stat", "did you mean `unreachable-state`?"),
        ("--select", "PS9999", "there is no diagnostic `PS9999`"),
        ("--select", "PS", "there is no diagnostic `PS`"),
    ],
)
def test_wrong_codes(cli: Cli, option: str, value: str, message: str) -> None:
    run = cli("check", option, value, "order.yaml")
    assert run.code == 2
    assert message in run.err
    assert run.out == ""


def test_unreadable_inputs(cli: Cli, folder: Path) -> None:
    (folder / "sub").mkdir()
    run = cli("check", "nowhere.yaml", "sub", "faulty.yaml")
    assert run.code == 3
    assert run.err.splitlines() == [
        "error: cannot read `nowhere.yaml`: No such file or directory",
        "error: cannot read `sub`: not a regular file",
    ]
    assert "PS0120" in run.out
    assert run.out.endswith("1 error in 1 file\n")
    assert cli("check", "nowhere.yaml").out == ""


def test_not_text(cli: Cli, folder: Path) -> None:
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00states")
    run = cli("check", "binary.yaml")
    assert run.code == 1
    assert "PS0102" in run.out


def test_stdin(cli: Cli) -> None:
    assert cli("check", "-", stdin=LOST).out.splitlines()[1] == " --> <stdin>:5:12"
    run = cli("check", "-", "order.yaml", "--stdin-filename", "a.yaml", stdin=FAULTY)
    assert run.code == 1
    assert " --> a.yaml:6:47" in run.out
    assert run.out.endswith("1 error in 2 files\n")


def test_stdin_name_without_stdin(cli: Cli) -> None:
    run = cli("check", "order.yaml", "--stdin-filename", "a.yaml")
    assert run.code == 2
    assert "--stdin-filename goes with `-`" in run.err


def test_no_files(cli: Cli) -> None:
    run = cli("check")
    assert run.code == 2
    assert "name them on the command line" in run.err
    assert "[tool.pystator]" in run.err


def test_color(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in cli("check", "faulty.yaml").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror" in cli("check", "faulty.yaml").out
    assert "\x1b" not in cli("check", "--format", "concise", "faulty.yaml").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli("check", "faulty.yaml").out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "0")
    assert "\x1b" not in cli("check", "faulty.yaml").out


def test_it_is_said_where_not_every_step_is_followed(cli: Cli, folder: Path) -> None:
    (folder / "large.yaml").write_text(regions(6, 10), encoding="ascii")
    (folder / "small.yaml").write_text(regions(2, 3), encoding="ascii")
    run = cli("check", "small.yaml", "large.yaml")
    assert (run.code, run.err) == (0, "")
    assert run.out == (
        "large.yaml: not every step can be followed: what never happens was judged "
        "by the tree and the transitions\nok: 2 files\n"
    )
    assert cli("check", "--format", "json", "large.yaml").out == ""

"""`pystator dump` and `pystator graph`, which go about their files in the same way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import LOST, ORDER, Cli

COMMANDS = (
    ["dump"],
    ["graph"],
    ["graph", "--format", "dot"],
    ["graph", "--format=json"],
)
MERMAID = """\
---
title: "order"
---
%% pystator graph
stateDiagram-v2
    state "OPEN" as s1
    state "DONE" as s2
    [*] --> s1
    s2 --> [*]
    s1 --> s2 : fill
"""
MACHINE = """\
machine "order"
  strict true
  context dynamic
event fill
  payload open
state *
  kind root
  initial OPEN
state OPEN
  kind atomic
  type initial
  parent *
state DONE
  kind terminal
  parent *
transition OPEN/fill
  trigger fill
  source OPEN
  target DONE
"""
TABLES = """\
tables "order"
  strict true
  start OPEN
  final DONE
trigger fill
  merge *
  row OPEN: OPEN/fill
auto
transition OPEN/fill
  domain *
  target DONE
"""


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], MACHINE + TABLES),
        (["--what", "all"], MACHINE + TABLES),
        (["--what", "machine"], MACHINE),
        (["--what", "tables"], TABLES),
    ],
)
def test_dump(cli: Cli, options: list[str], text: str) -> None:
    run = cli("dump", "order.yaml", *options)
    assert (run.code, run.out, run.err) == (0, f"# pystator dump\n{text}", "")


def test_graph(cli: Cli) -> None:
    run = cli("graph", "order.yaml")
    assert (run.code, run.out, run.err) == (0, MERMAID, "")
    assert cli("graph", "--format", "mermaid", "order.yaml") == run


def test_graph_for_graphviz(cli: Cli) -> None:
    run = cli("graph", "order.yaml", "--format", "dot")
    assert (run.code, run.err) == (0, "")
    lines = [line.strip() for line in run.out.splitlines()]
    assert lines[:2] == ["// pystator graph", "digraph {"]
    assert 's1 -> s2 [label="fill"];' in lines


def test_graph_as_data(cli: Cli) -> None:
    run = cli("graph", "order.yaml", "--format", "json")
    assert (run.code, run.err) == (0, "")
    graph = json.loads(run.out)
    assert (graph["format"], graph["initial"]) == (1, "OPEN")
    assert [state["name"] for state in graph["states"]] == ["OPEN", "DONE"]
    assert graph["transitions"][0]["targets"] == [{"state": "DONE", "history": None}]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_standard_input(cli: Cli, command: list[str]) -> None:
    run = cli(*command, "-", stdin=ORDER)
    assert run == cli(*command, "order.yaml")
    assert run.code == 0


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_faults(cli: Cli, folder: Path, command: list[str]) -> None:
    """Diagnostics go to standard error, and no file is begun."""
    run = cli(*command, "faulty.yaml", "-o", "out.txt")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("error[PS0120]: unknown key `gaurds` in a transition\n")
    assert run.err.endswith("\n1 error in 1 file\n")
    assert not (folder / "out.txt").exists()
    named = cli(*command, "-", "--stdin-filename", "a.yaml", stdin="states: []\n")
    assert named.code == 1
    assert " --> a.yaml:1:" in named.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_warnings_do_not_stop(cli: Cli, command: list[str]) -> None:
    run = cli(*command, "lost.yaml")
    assert run.code == 0
    assert "LOST" in run.out
    assert run.err.startswith("warning[PS0401]: state `LOST` is never entered\n")
    assert run.out == cli(*command, "-", stdin=LOST).out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_into_a_file(cli: Cli, folder: Path, command: list[str]) -> None:
    shown = cli(*command, "order.yaml")
    assert cli(*command, "order.yaml", "-o", "-") == shown
    path = folder / "new" / "out.txt"
    run = cli(*command, "order.yaml", "-o", "new/out.txt")
    assert (run.code, run.out, run.err) == (0, "wrote new/out.txt\n", "")
    assert path.read_text() == shown.out
    again = cli(*command, "order.yaml", "--output", "new/out.txt")
    assert (again.code, again.out) == (0, "unchanged new/out.txt\n")
    # one of its own, of another definition
    assert cli(*command, "lost.yaml", "-o", "new/out.txt").code == 0
    assert "LOST" in path.read_text()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_of_somebody_else(cli: Cli, folder: Path, command: list[str]) -> None:
    path = folder / "notes.txt"
    path.write_text("mine\n")
    run = cli(*command, "order.yaml", "-o", "notes.txt")
    assert (run.code, run.out) == (1, "")
    assert run.err == (
        "error: `notes.txt` was not written by this command; --force overwrites it\n"
    )
    assert path.read_text() == "mine\n"
    assert cli(*command, "order.yaml", "-o", "notes.txt", "--force").code == 0
    assert path.read_text() == cli(*command, "order.yaml").out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_never_through_a_link(cli: Cli, folder: Path, command: list[str]) -> None:
    path, link = folder / "notes.txt", folder / "link.txt"
    # even one that leads to a file of its own
    assert cli(*command, "lost.yaml", "-o", "notes.txt").code == 0
    before = path.read_text()
    link.symlink_to(path)
    run = cli(*command, "order.yaml", "-o", "link.txt")
    assert run.code == 1
    assert "`link.txt` is a symbolic link; --force replaces it" in run.err
    assert cli(*command, "order.yaml", "-o", "link.txt", "--force").code == 0
    assert not link.is_symlink()
    assert path.read_text() == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_never_onto_the_definition(cli: Cli, folder: Path, command: list[str]) -> None:
    run = cli(*command, "order.yaml", "-o", "./order.yaml", "--force")
    assert run.code == 2
    assert "`./order.yaml` would overwrite a definition" in run.err
    assert (folder / "order.yaml").read_text() == ORDER


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_places_that_cannot_be(cli: Cli, folder: Path, command: list[str]) -> None:
    (folder / "sub").mkdir()
    run = cli(*command, "order.yaml", "-o", "sub", "--force")
    assert (run.code, run.err) == (1, "error: `sub` is not a regular file\n")
    run = cli(*command, "order.yaml", "-o", "lost.yaml/out.txt")
    assert run.code == 3
    assert run.err.startswith("error: cannot write `lost.yaml/out.txt`: ")
    assert (folder / "lost.yaml").read_text() == LOST
    run = cli(*command, "none.yaml")
    assert (run.code, run.out) == (3, "")
    assert "none.yaml" in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["dump", "--what", "everything", "order.yaml"],
        ["dump", "order.yaml", "lost.yaml"],
        ["dump"],
        ["dump", "order.yaml", "--stdin-filename", "a.yaml"],
        ["graph"],
        ["graph", "--format", "svg", "order.yaml"],
        ["graph", "order.yaml", "lost.yaml"],
    ],
    ids=" ".join,
)
def test_wrong_command_lines(cli: Cli, arguments: list[str]) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (2, "")


def test_the_definition_of_the_project(cli: Cli, folder: Path) -> None:
    project = folder / "pyproject.toml"
    project.write_text('[tool.pystator]\ninclude = ["order.yaml"]\n')
    assert cli("dump") == cli("dump", "order.yaml")
    project.write_text('[tool.pystator]\ninclude = ["*.yaml"]\n')
    run = cli("dump")
    assert run.code == 2
    assert "several definitions: name one (`faulty.yaml`, `lost.yaml`" in run.err


@pytest.mark.parametrize("command", ["dump", "graph"])
def test_help_has_an_example(cli: Cli, command: str) -> None:
    run = cli(command, "--help")
    assert run.code == 0
    assert f"  Example:\n    pystator {command} order.yaml" in run.out
    assert f"  {command} " in cli("--help").out


@pytest.mark.parametrize("command", [["dump"], ["graph", "--format", "dot"]])
def test_files_are_utf_8(cli: Cli, folder: Path, command: list[str]) -> None:
    text = ORDER.replace("machine_name: order", "machine_name: größe")
    (folder / "size.yaml").write_text(text, encoding="utf-8")
    assert cli(*command, "size.yaml", "-o", "size.txt").code == 0
    written = (folder / "size.txt").read_bytes()
    assert "größe" in written.decode("utf-8")
    assert b"\r" not in written

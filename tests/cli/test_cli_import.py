"""`pystator import`, and `pystator graph --format scxml`, which it reads back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import LOST, Cli

LAMP = """\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="off">
  <state id="off"><transition event="press" target="lit"/></state>
  <state id="lit"><transition event="press" target="off"/></state>
</scxml>
"""
LAMP_YAML = """\
meta:
  strict_mode: false

states:
  - {name: "off", type: initial}
  - {name: lit}

transitions:
  - {trigger: press, source: "off", dest: lit}
  - {trigger: press, source: lit, dest: "off"}
"""
TOGGLE = """\
{"id": "toggle", "initial": "a", "states": {"a": {"on": {"E": "b"}}, "b": {}}}
"""
NOTED = LAMP.replace(
    'event="press" target="off"', 'event="press" cond="f.g" target="off"'
)
UNREADABLE = LAMP.replace('target="off"', 'target="nowhere"')
# an eventless circle, which SCXML accepts and we do not
CIRCLE = LAMP.replace('event="press" ', "")


@pytest.fixture
def charts(folder: Path) -> Path:
    (folder / "lamp.scxml").write_text(LAMP)
    (folder / "noted.scxml").write_text(NOTED)
    (folder / "toggle.json").write_text(TOGGLE)
    (folder / "circle.scxml").write_text(CIRCLE)
    return folder


def test_scxml(cli: Cli, charts: Path) -> None:
    run = cli("import", "lamp.scxml")
    assert (run.code, run.out, run.err) == (0, LAMP_YAML, "")
    (charts / "lamp.yaml").write_text(run.out)
    assert cli("check", "lamp.yaml").code == 0


def test_xstate(cli: Cli, charts: Path) -> None:
    run = cli("import", "toggle.json")
    assert (run.code, run.err) == (0, "")
    assert "  - {trigger: E, source: a, dest: b}\n" in run.out


@pytest.mark.parametrize(("text", "format"), [(LAMP, "scxml"), (TOGGLE, "xstate")])
def test_standard_input_by_what_it_holds(cli: Cli, text: str, format: str) -> None:
    run = cli("import", "-", stdin=text)
    assert (run.code, run.err) == (0, "")
    assert run == cli("import", "-", "--format", format, stdin=text)


def test_the_format_can_be_said(cli: Cli, charts: Path) -> None:
    (charts / "lamp.json").write_text(LAMP)
    assert cli("import", "lamp.json").code == 1
    run = cli("import", "lamp.json", "--format", "scxml")
    assert (run.code, run.out) == (0, LAMP_YAML)


def test_notes_go_to_standard_error(cli: Cli, charts: Path) -> None:
    run = cli("import", "noted.scxml")
    assert run.code == 0
    assert "guards: condition_1" in run.out
    assert run.err.startswith(
        "warning[PS0803]: a condition became the guard `condition_1`\n"
        " --> noted.scxml:3:19\n"
    )
    assert "= note: it stands for `f.g`" in run.err
    assert run.err.endswith("1 warning in 1 file\n")
    strict = cli("import", "noted.scxml", "--strict")
    assert (strict.code, strict.out, strict.err) == (1, run.out, run.err)
    assert cli("import", "lamp.scxml", "--strict").code == 0


def test_what_the_compiler_refuses_is_not_written(cli: Cli, charts: Path) -> None:
    run = cli("import", "circle.scxml", "-o", "circle.yaml")
    assert (run.code, run.out) == (1, "")
    assert "error[PS0403]: " in run.err
    assert "what was imported has faults, so nothing was written" in run.err
    assert not (charts / "circle.yaml").exists()


def test_what_cannot_be_imported(cli: Cli, charts: Path) -> None:
    run = cli("import", "-", stdin=UNREADABLE)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("error[PS0801]: no state has the id `nowhere`\n")
    assert cli("import", "none.scxml").code == 3
    assert cli("import").code == 2
    assert cli("import", "lamp.scxml", "--format", "uml").code == 2


def test_files(cli: Cli, charts: Path) -> None:
    path = charts / "new" / "lamp.yaml"
    run = cli("import", "lamp.scxml", "-o", "new/lamp.yaml")
    assert (run.code, run.out, run.err) == (0, "wrote new/lamp.yaml\n", "")
    assert path.read_text() == LAMP_YAML
    again = cli("import", "lamp.scxml", "-o", "new/lamp.yaml")
    assert (again.code, again.out) == (0, "unchanged new/lamp.yaml\n")
    path.write_text("mine\n")
    run = cli("import", "lamp.scxml", "-o", "new/lamp.yaml")
    assert (run.code, run.out) == (1, "")
    assert run.err == "error: `new/lamp.yaml` exists; --force overwrites it\n"
    assert path.read_text() == "mine\n"
    assert cli("import", "lamp.scxml", "-o", "new/lamp.yaml", "--force").code == 0
    assert path.read_text() == LAMP_YAML


def test_never_through_a_link_nor_onto_the_source(cli: Cli, charts: Path) -> None:
    path, link = charts / "mine.yaml", charts / "link.yaml"
    path.write_text("mine\n")
    link.symlink_to(path)
    run = cli("import", "lamp.scxml", "-o", "link.yaml", "--force")
    assert (run.code, run.err) == (1, "error: `link.yaml` is a symbolic link\n")
    assert path.read_text() == "mine\n"
    run = cli("import", "lamp.scxml", "-o", "./lamp.scxml", "--force")
    assert run.code == 2
    assert (charts / "lamp.scxml").read_text() == LAMP
    (charts / "sub").mkdir()
    run = cli("import", "lamp.scxml", "-o", "sub", "--force")
    assert (run.code, run.err) == (1, "error: `sub` is not a regular file\n")


def test_graph_as_scxml_and_back(cli: Cli, folder: Path) -> None:
    run = cli("graph", "order.yaml", "--format", "scxml", "-o", "order.scxml")
    assert (run.code, run.out, run.err) == (0, "wrote order.scxml\n", "")
    text = (folder / "order.scxml").read_text()
    assert text.splitlines()[:2] == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!-- pystator graph -->",
    ]
    assert '<transition event="fill" target="DONE"/>' in text
    # its own files are known, as those of the other formats are
    again = cli("graph", "lost.yaml", "--format", "scxml", "-o", "order.scxml")
    assert again.code == 0
    back = cli("import", "order.scxml")
    assert (back.code, back.err) == (0, "")
    assert "  - {name: LOST}\n" in back.out


def test_graph_tells_what_scxml_cannot_say(cli: Cli) -> None:
    text = LOST.replace(
        "  - {trigger: fill",
        '  - {after: 1d, source: "*", dest: DONE}\n  - {trigger: fill',
    )
    run = cli("graph", "-", "--format", "scxml", stdin=text)
    assert run.code == 0
    assert "warning[PS0401]: state `LOST` is never entered" in run.err
    assert "warning[PS0807]: a delay that runs from the start to the end" in run.err
    assert run.err.endswith("2 warnings in 1 file\n")


def test_help_has_an_example(cli: Cli) -> None:
    run = cli("import", "--help")
    assert run.code == 0
    assert "  Example:\n    pystator import order.scxml" in run.out
    assert "  import " in cli("--help").out

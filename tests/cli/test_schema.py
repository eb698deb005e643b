from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pystator.compiler.source.schema.document import schema
from tests.cli.commands import Cli


@pytest.mark.parametrize("arguments", [(), ("-o", "-")])
def test_to_standard_output(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli("schema", *arguments)
    assert (run.code, run.err) == (0, "")
    assert json.loads(run.out) == schema()


def test_help_shows_the_line_for_editors(cli: Cli) -> None:
    run = cli("schema", "--help")
    assert run.code == 0
    assert "# yaml-language-server: $schema=machine.schema.json" in run.out


def test_into_a_file_and_not_again(cli: Cli, folder: Path) -> None:
    target = folder / "new" / "m.json"
    run = cli("schema", "-o", "new/m.json")
    assert (run.code, run.out) == (0, "wrote new/m.json\n")
    assert json.loads(target.read_bytes()) == schema()
    os.utime(target, ns=(1, 1))
    assert cli("schema", "-o", "new/m.json").out == "unchanged new/m.json\n"
    assert target.stat().st_mtime_ns == 1
    assert [path.name for path in target.parent.iterdir()] == ["m.json"]


def test_that_of_another_release_is_replaced_and_keeps_its_mode(
    cli: Cli, folder: Path
) -> None:
    target = folder / "m.json"
    target.write_text(json.dumps({**schema(), "definitions": {}}))
    target.chmod(0o640)
    assert cli("schema", "-o", "m.json").out == "wrote m.json\n"
    assert json.loads(target.read_bytes()) == schema()
    assert target.stat().st_mode & 0o777 == 0o640


def test_nothing_else_is_overwritten(cli: Cli, folder: Path) -> None:
    before = (folder / "order.yaml").read_bytes()
    run = cli("schema", "-o", "order.yaml")
    assert (run.code, run.out) == (1, "")
    assert "`order.yaml` is not a schema of pystator" in run.err
    assert (folder / "order.yaml").read_bytes() == before
    (folder / "link.json").symlink_to("order.yaml")
    assert "is a symbolic link" in cli("schema", "-o", "link.json").err
    assert "is not a regular file" in cli("schema", "-o", ".").err


def test_a_place_that_cannot_be(cli: Cli) -> None:
    run = cli("schema", "-o", "order.yaml/m.json")
    assert run.code == 3
    assert run.err.startswith("error: cannot write `order.yaml/m.json`: ")


@pytest.mark.parametrize(
    ("command", "absent"),
    [
        ("check order.yaml", {"pystator.compiler.source.schema.document"}),
        ("schema", {"pydantic", "black", "jinja2", "pystator.compiler.pipeline"}),
    ],
)
def test_each_command_loads_what_it_needs(
    folder: Path, environment: dict[str, str], command: str, absent: set[str]
) -> None:
    program = (
        "import sys; from pystator.cli import main\n"
        f"assert main({command.split()}) == 0\n"
        "print('\\n', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pystator.cli" in loaded
    assert not loaded & absent

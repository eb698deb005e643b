from __future__ import annotations

import pytest

from pystator.compiler.diagnostics.codes import CODES
from tests.cli.commands import Cli


@pytest.mark.parametrize("name", ["PS0104", "ps0104", "duplicate-key"])
def test_page(cli: Cli, name: str) -> None:
    run = cli("explain", name)
    assert run.code == 0
    assert run.out.startswith("# PS0104: duplicate-key\n")
    assert "## Fixed" in run.out
    assert run.err == ""


def test_list(cli: Cli) -> None:
    run = cli("explain")
    assert run.code == 0
    lines = run.out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        [row.code, row.slug, row.severity] for row in CODES.values()
    ]
    assert lines[0].endswith(" the text is not YAML")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("PS104", "PS0104"), ("duplicat-key", "duplicate-key")],
)
def test_unknown(cli: Cli, name: str, meant: str) -> None:
    run = cli("explain", name)
    assert run.code == 2
    assert run.out == ""
    assert f"there is no diagnostic `{name}`; did you mean `{meant}`?" in run.err

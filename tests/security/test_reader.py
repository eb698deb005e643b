"""Hostile files, each read by a process of its own with 512 MiB of address space.

What is tested is the outcome: a diagnostic or a refusal in words, never a traceback.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.security.hostile_texts import CONTENTS, GOOD, LIMITS, MEBIBYTE, Hostile

MEMORY = 512 * 1024 * 1024
"""In bytes."""
HANGS = 60
"""A process that has used so many seconds of the processor is not slow, it hangs."""


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        return [json.loads(line)["code"] for line in self.out.splitlines()]


def pystator(*arguments: str | Path, cwd: Path) -> Run:
    """The command line under the limits; it ends, and never with a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "pystator", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=_limit,
    )
    found = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in found.err, found.err
    assert found.code in (0, 1, 2, 3), found
    return found


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS))


def checked(data: bytes, folder: Path) -> Run:
    (folder / "m.yaml").write_bytes(data)
    return pystator("check", "--format", "json", "m.yaml", cwd=folder)


@pytest.mark.parametrize(
    "hostile", [*LIMITS, *CONTENTS], ids=lambda hostile: hostile.name
)
def test_refused(hostile: Hostile, tmp_path: Path) -> None:
    found = checked(hostile.data, tmp_path)
    assert found.code == 1
    assert hostile.code in found.codes


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD, id="plain"),
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(GOOD.replace(b"\n", b"\r"), id="CR"),
        pytest.param(GOOD + b"#" + b" " * (8 * MEBIBYTE - 200), id="just 8 MiB"),
    ],
)
def test_accepted(data: bytes, tmp_path: Path) -> None:
    found = checked(data, tmp_path)
    assert (found.code, found.codes) == (0, [])


@pytest.mark.parametrize(("depth", "codes"), [(61, []), (62, ["PS0112"])])
def test_depth_of_guards(depth: int, codes: list[str], tmp_path: Path) -> None:
    guard = b"{not: " * depth + b"g" + b"}" * depth
    data = GOOD.replace(b"dest: B", b"dest: B, guards: " + guard)
    assert checked(data, tmp_path).codes == codes
    compiled = pystator("compile", "m.yaml", cwd=tmp_path)
    assert compiled.code == (1 if codes else 0)


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    assert not path.exists()


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("missing"))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "make", [_folder, os.mkfifo, _nothing, _loop, _dangling, _device]
)
@pytest.mark.parametrize("command", ["check", "compile"])
def test_not_a_file(make: Callable[[Path], None], command: str, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    make(path)
    found = pystator(command, path, cwd=tmp_path)
    assert found.code == 3
    assert "m.yaml" in found.err
    assert {entry.name for entry in tmp_path.iterdir()} <= {"m.yaml"}


NAMES = ["x\ny.yaml", "x\x1b[2J.yaml", "-o.yaml", "\u202exx.yaml", "xxx\r.yaml"]


@pytest.mark.parametrize(
    "command",
    [["check"], ["compile", "-o", "out/"], ["compile", "--check", "-o", "./"]],
)
@pytest.mark.parametrize("data", [b"states: []", GOOD])
def test_names_of_files_do_not_steer_the_terminal(
    command: list[str], data: bytes, tmp_path: Path
) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(data)
    found = pystator(*command, "--", *NAMES, cwd=tmp_path)
    assert found.code in (0, 1)
    shown = found.out + found.err
    assert all(char == "\n" or char.isprintable() for char in shown), ascii(shown)


@pytest.mark.parametrize("target", ["precious.txt", "missing.txt"])
def test_a_link_in_the_place_of_the_module_is_not_followed(
    target: str, tmp_path: Path
) -> None:
    (tmp_path / "m.yaml").write_bytes(GOOD)
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    module = tmp_path / "m_fsm.py"
    module.symlink_to(target)
    compile_it = ("compile", "m.yaml", "-o", "m_fsm.py")
    refused = pystator(*compile_it, cwd=tmp_path)
    assert refused.code == 1
    assert "`m_fsm.py` is a symbolic link" in refused.err
    assert module.is_symlink()
    forced = pystator(*compile_it, "--force", cwd=tmp_path)
    assert forced.code == 0
    assert module.is_file() and not module.is_symlink()
    assert precious.read_text() == "mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "m.yaml",
        "m_fsm.py",
        "precious.txt",
    ]

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

MEMORY = 512 * 1024 * 1024
"""In bytes."""
HANGS = 20
"""After so many seconds a process is not slow, it hangs."""

MEBIBYTE = 1024 * 1024
GOOD = b"states:\n  - {name: A, type: initial}\n  - {name: B}\n"
GOOD += b"transitions:\n  - {trigger: go, source: A, dest: B}\n"

ALIASES = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10))
    for level in range(1, 12)
)


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
        timeout=HANGS,
        preexec_fn=_limit_memory,
    )
    found = Run(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in found.err, found.err
    assert found.code in (0, 1, 2, 3), found
    return found


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def checked(data: bytes, folder: Path) -> Run:
    (folder / "m.yaml").write_bytes(data)
    return pystator("check", "--format", "json", "m.yaml", cwd=folder)


def states(count: int) -> bytes:
    head = b"states:\n  - {name: S0, type: initial}\n"
    return head + b"".join(b"  - {name: S%d}\n" % n for n in range(1, count))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "PS0109", id="empty"),
        pytest.param(b"# nothing\n", "PS0109", id="comment"),
        pytest.param(b"\xef\xbb\xbf", "PS0109", id="only a byte order mark"),
        pytest.param(ALIASES, "PS0113", id="alias bomb"),
        pytest.param(b"a: &a [*a]", "PS0110", id="alias of itself"),
        pytest.param(b"a: " + b"[" * 1_000, "PS0112", id="brackets"),
        pytest.param(b"a: " + b"[" * 500 + b"]" * 500, "PS0112", id="closed brackets"),
        pytest.param(b"a: " + b"{a: " * 1_000, "PS0112", id="braces"),
        pytest.param(b"[" * (4 * MEBIBYTE), "PS0112", id="megabytes of brackets"),
        pytest.param(b"? " * 100_000, "PS0112", id="keys of keys"),
        pytest.param(b"- " * 100_000, "PS0112", id="lists of lists"),
        pytest.param(b"a: " + b"9" * (2 * MEBIBYTE), "PS0114", id="integer"),
        pytest.param(b"a: 0x" + b"f" * 60_000, "PS0115", id="hexadecimal"),
        pytest.param(b"a: 1e99999", "PS0115", id="float"),
        pytest.param(b"a: 1\x00", "PS0103", id="NUL"),
        pytest.param(b"a: \x1b[2J", "PS0103", id="escape"),
        pytest.param(b"a: \xff\xfe", "PS0102", id="no UTF-8"),
        pytest.param(b"a: \xed\xa0\x80", "PS0102", id="surrogate"),
        pytest.param(b"a: \xc0\xaf", "PS0102", id="overlong"),
        pytest.param(GOOD.decode().encode("utf-16"), "PS0102", id="UTF-16"),
        pytest.param(b"a: !!python/name:os.system x", "PS0105", id="tag"),
        pytest.param(b"%TAG ! tag:x,2000:\n---\na: 1", "PS0105", id="tag directive"),
        pytest.param(b"<<: {a: 1}", "PS0106", id="merge key"),
        pytest.param(b"a: 1\n---\na: 2", "PS0108", id="two documents"),
        pytest.param(b"x: " + b"a" * (9 * MEBIBYTE), "PS0111", id="9 MiB"),
        pytest.param(GOOD + b"#" * (8 * MEBIBYTE), "PS0111", id="8 MiB of comment"),
        pytest.param(b"a: [" + b"x," * 1_100_000 + b"]", "PS0113", id="nodes"),
        pytest.param(states(20_001), "PS0132", id="20 001 states"),
        pytest.param(b"a: 1\n" * 400_000, "PS0104", id="duplicate keys"),
        pytest.param(b"a: *b\n" * 400_000, "PS0110", id="unknown aliases"),
        pytest.param(b"a: !x y\n" * 400_000, "PS0105", id="tags"),
        pytest.param(b"'" * MEBIBYTE, "PS0114", id="quotes"),
        pytest.param(b"a:\n\t- b", "PS0101", id="tab"),
        pytest.param(b"\n" * (8 * MEBIBYTE - 1), "PS0109", id="lines"),
        pytest.param(
            b"states: [" + b"{gaurds: 1}," * 150_000 + b"]", "PS0132", id="no names"
        ),
    ],
)
def test_refused(data: bytes, code: str, tmp_path: Path) -> None:
    found = checked(data, tmp_path)
    assert found.code == 1
    assert code in found.codes


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

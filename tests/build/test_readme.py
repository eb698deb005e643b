"""The README's first two minutes, copied and pasted."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(kind: str, containing: str) -> str:
    """The one fenced block of this kind that contains the words."""
    blocks = re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (found,) = [text for text in blocks if containing in text]
    return str(found)


def pystator(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pystator", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_two_minutes(tmp_path: Path) -> None:
    (tmp_path / "door.yaml").write_text(block("yaml", "machine_name: door"))
    (tmp_path / "use_door.py").write_text(block("python", "from door_fsm"))
    _, *arguments = block("bash", "pystator compile door").split()
    compiled = pystator(tmp_path, *arguments)
    assert compiled.returncode == 0, compiled.stderr
    used = subprocess.run(
        [sys.executable, "use_door.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert used.stdout == block("text", "Context(opened=1)")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "use_door.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_diagnostic_it_shows(tmp_path: Path) -> None:
    text = block("yaml", "machine_name: door").replace("dest: OPEN", "dest: OPNE")
    (tmp_path / "door.yaml").write_text(text)
    command, _, shown = block("text", "$ pystator check").partition("\n")
    found = pystator(tmp_path, *command.split()[2:])
    assert found.stdout == shown
    assert found.returncode == 1

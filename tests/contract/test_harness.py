"""The typing harness reports what is missing as well as what is too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typing_harness import markers, mismatches


def test_a_mismatch_is_an_unmarked_error_or_an_unmet_marker(tmp_path: Path) -> None:
    module = tmp_path / "package" / "shapes.py"
    module.parent.mkdir()
    module.write_text("def area(side: int) -> int:\n    return side * side\n")
    caller = tmp_path / "package" / "caller.py"
    caller.write_text(
        "from .shapes import area\n"
        "\n"
        'area("1")  # E: mypy,pyright\n'
        'area("2")\n'
        'area("3")  # E: mypy\n'
        "area(4)  # E: pyright\n"
        "area(5)\n"
    )
    found = [
        ": ".join(mismatch.split(": ")[:2])
        for mismatch in mismatches(tmp_path, (module, caller))
    ]
    assert found == [
        "package/caller.py:4: mypy",
        "package/caller.py:4: pyright",
        "package/caller.py:5: pyright",
        "package/caller.py:6: pyright",
    ]


def test_both_checkers_are_strict(tmp_path: Path) -> None:
    file = tmp_path / "loose.py"
    file.write_text(
        "def first(things):  # E: mypy,pyright\n    return things[0]  # E: pyright\n"
    )
    assert mismatches(tmp_path, (file,)) == ()


def test_options_reach_mypy(tmp_path: Path) -> None:
    file = tmp_path / "loose.py"
    file.write_text("import json\n\nprint(json.loads('1'))  # E: mypy\n")
    (missing,) = mismatches(tmp_path, (file,))
    assert missing == "loose.py:3: mypy: the marked error was not reported"
    assert mismatches(tmp_path, (file,), mypy_options=("--disallow-any-expr",)) == ()


def test_markers() -> None:
    text = "a\nb  # E: mypy\nc  # E: mypy, pyright\nd  # E\n"
    assert markers(text) == {2: ("mypy",), 3: ("mypy", "pyright")}
    with pytest.raises(ValueError, match="line 1: unknown checker: pyrigt"):
        markers("a  # E: pyrigt\n")

"""`[tool.pystator]`: what a project says about its machines.

The nearest pyproject.toml upward that has the table counts, so that a package in a
monorepo can leave it to the root. Paths in it are relative to its own folder.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pystator.cli.console import ProjectError
from pystator.compiler.diagnostics.model import Severity
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import did_you_mean

KEYS = ("include", "output", "select", "ignore", "fail-on")
_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Project:
    """The table as read; a key that is not in it is None.

    `file` is the pyproject.toml, None without one: then every key is None.
    """

    file: Path | None = None
    include: tuple[str, ...] | None = None
    output: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    fail_on: Severity | None = None

    @property
    def root(self) -> Path:
        assert self.file is not None, "only a project that was found has a folder"
        return self.file.parent

    @property
    def places_modules(self) -> bool:
        """Whether it says where modules go: to `output`, or beside the definitions."""
        return self.include is not None or self.output is not None


def find_project(start: Path) -> Project:
    """The project that a folder belongs to. Raises ProjectError for a faulty table."""
    for folder in (start, *start.parents):
        file = folder / _FILE
        try:
            data = file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ProjectError(f"{file}: {error.strerror}") from error
        # most projects on the way have no table; this spares them the parser
        if b"pystator" in data:
            table = _table(file, data)
            if table is not None:
                return _Reader(file).project(table)
    return Project()


def included(project: Project) -> list[Path]:
    """The definitions that `include` names, sorted, each once.

    Hidden folders are left out unless a pattern names one. Raises ProjectError for a
    pattern that names nothing: it is a typing error or a lost file.
    """
    found: dict[Path, None] = {}
    for pattern in project.include or ():
        matches = list(_matches(project.root, pattern))
        if not matches:
            raise ProjectError(
                f"{project.file}: [tool.pystator] include: "
                f"{quoted(pattern)} matches no file"
            )
        found |= dict.fromkeys(matches)
    return sorted(found)


def _matches(root: Path, pattern: str) -> Iterator[Path]:
    for name in glob.iglob(pattern, root_dir=root, recursive=True):
        path = root / name
        if path.is_file():
            yield path


def _table(file: Path, data: bytes) -> dict[str, object] | None:
    import tomllib

    try:
        document: dict[str, object] = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file}: {error}") from error
    tool = document.get("tool")
    if not isinstance(tool, dict) or "pystator" not in tool:
        return None
    table = tool["pystator"]
    if not isinstance(table, dict):
        raise ProjectError(f"{file}: tool.pystator must be a table")
    return {str(key): value for key, value in table.items()}


class _Reader:
    """The table's values, or the first fault with its place."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def project(self, table: dict[str, object]) -> Project:
        for key in table:
            if key not in KEYS:
                message = f"unknown key {quoted(key)}"
                raise self._fault("; ".join([message, *did_you_mean(key, KEYS)]))
        output = table.get("output")
        if output is not None and not (isinstance(output, str) and output):
            raise self._fault("output must be a string, the name of a folder")
        return Project(
            file=self._file,
            include=self._strings(table, "include", "patterns of file names"),
            output=output,
            select=self._strings(table, "select", "codes"),
            ignore=self._strings(table, "ignore", "codes"),
            fail_on=self._fail_on(table.get("fail-on")),
        )

    def _strings(
        self, table: dict[str, object], key: str, what: str
    ) -> tuple[str, ...] | None:
        if key not in table:
            return None
        value = table[key]
        if isinstance(value, list):
            strings = tuple(item for item in value if isinstance(item, str) and item)
            if len(strings) == len(value):
                return strings
        raise self._fault(f"{key} must be a list of strings, {what}")

    def _fail_on(self, value: object) -> Severity | None:
        if value is None:
            return None
        words = [severity.value for severity in Severity]
        if isinstance(value, str) and value in words:
            return Severity(value)
        meant = did_you_mean(value, words) if isinstance(value, str) else ()
        raise self._fault("; ".join(['fail-on must be "warning" or "error"', *meant]))

    def _fault(self, message: str) -> ProjectError:
        return ProjectError(f"{self._file}: [tool.pystator]: {message}")


def shown(path: Path) -> str:
    """The path as the user would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)

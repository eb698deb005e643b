"""From bytes to a document, or to what stands in the way of one.

The invariant: whatever the input, the answer is a document or diagnostics with
places, never a traceback, and no document breaks a limit.
"""

from __future__ import annotations

import os
import re
import stat

from pystator.compiler.diagnostics.codes import diagnostic
from pystator.compiler.diagnostics.model import Diagnostic, Report, Span
from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.source.compose import compose
from pystator.compiler.source.json_text import as_yaml
from pystator.compiler.source.lines import position_of
from pystator.compiler.source.nodes import Document, Scalar
from pystator.compiler.source.pause import collection_paused
from pystator.compiler.source.survey import empty_document, survey

SIZE_LIMIT = 8 * 1024 * 1024
"""In bytes."""

# Beside what YAML forbids: the breaks of YAML 1.1 that are no breaks in 1.2, which
# parsers and editors count differently, and a byte order mark inside the text.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_FORBIDDEN_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class UnreadableError(Exception):
    """The file could not be read at all; the message names it and says why."""


def read_file(path: str) -> tuple[Document | None, Report]:
    """The document in a file. Raises UnreadableError, as `file_bytes` does."""
    return read_text(file_bytes(path), path)


def file_bytes(path: str) -> bytes:
    """The bytes of a regular file, at most one more than a definition may have.

    Raises UnreadableError for what is missing, not a regular file, or not readable.
    """
    try:
        # without waiting: opening a FIFO would otherwise block before it is refused
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableError(f"cannot read {quoted(path)}: not a regular file")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(SIZE_LIMIT + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        message = f"cannot read {quoted(path)}: {error.strerror}"
        raise UnreadableError(message) from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableError(f"cannot read {quoted(path)}: {error}") from error


def shown_text(data: bytes) -> str:
    """The text of a file as far as there is one, to show lines of it."""
    return data[:SIZE_LIMIT].decode("utf-8-sig", errors="replace")


def read_text(text: str | bytes, path: str) -> tuple[Document | None, Report]:
    """The document in `text`. Spans name `path`, which is not opened.

    There is a document exactly if the report is free of errors.
    """
    report = Report()
    decoded = _decoded(text, path)
    if isinstance(decoded, Diagnostic):
        report.add(decoded)
        return None, report
    fault = _forbidden(decoded, path)
    if fault is not None:
        report.add(fault)
        return None, report
    yaml_text = as_yaml(decoded)
    if not survey(yaml_text.text, path, report):
        return None, report
    with collection_paused():
        root = compose(yaml_text, path, report)
    if root is None:
        return None, report
    if isinstance(root, Scalar) and root.absent:
        report.add(empty_document(path))
        return None, report
    return Document(path, decoded, root), report


def _decoded(text: str | bytes, path: str) -> str | Diagnostic:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(data) > SIZE_LIMIT:
        message = f"more than {SIZE_LIMIT // 2**20} MiB"
        return diagnostic("PS0111", message, Span(path, 1, 1, 1, 1))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = 3 if text.startswith(b"\xef\xbb\xbf") else 0
        # the codec counts from behind the byte order mark
        before = text[start : start + error.start].decode("utf-8")
        wide = text[:2] in (b"\xff\xfe", b"\xfe\xff")
        return diagnostic(
            "PS0102",
            "the file is not UTF-8",
            _at(before, len(before), path),
            label="an invalid byte",
            notes=("it looks like UTF-16",) if wide else (),
            help=("save it as UTF-8",),
        )


def _forbidden(text: str, path: str) -> Diagnostic | None:
    pattern = _FORBIDDEN_ASCII if text.isascii() else _FORBIDDEN
    found = pattern.search(text)
    if found is None:
        return None
    return diagnostic(
        "PS0103",
        f"the character U+{ord(found[0]):04X} is not allowed in the text",
        _at(text, found.start(), path),
        help=(f'in double quotes it can be written "{_escape(found[0])}"',),
    )


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _at(text: str, offset: int, path: str) -> Span:
    line, column = position_of(text, offset)
    return Span(path, line, column, line, column + 1)

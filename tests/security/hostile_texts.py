"""Texts that are refused for their size, their depth or their form, with the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024
GOOD: Final = (
    b"states:\n  - {name: A, type: initial}\n  - {name: B}\n"
    b"transitions:\n  - {trigger: go, source: A, dest: B}\n"
)
_ALIASES: Final = b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10))
    for level in range(1, 12)
)
_STATES: Final = b"states:\n  - {name: S0, type: initial}\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    """`head`, so many times `unit`, with its number for each `%d` in it, and `tail`."""

    name: str
    code: str
    head: bytes
    unit: bytes = b""
    times: int = 0
    tail: bytes = b""

    @property
    def data(self) -> bytes:
        if b"%" in self.unit and b"%TAG" not in self.unit:
            units = b"".join(self.unit % number for number in range(self.times))
        else:
            units = self.unit * self.times
        return self.head + units + self.tail


LIMITS: Final = (
    Hostile("empty", "PS0109", b""),
    Hostile("comment", "PS0109", b"# nothing\n"),
    Hostile("only a byte order mark", "PS0109", b"\xef\xbb\xbf"),
    Hostile("alias bomb", "PS0113", _ALIASES),
    Hostile("alias of itself", "PS0110", b"a: &a [*a]"),
    Hostile(
        *("1 001 000 nodes by aliases", "PS0113", b"a: &a [" + b"x," * 999 + b"]\n"),
        *(b"b%d: [" + b"*a," * 100 + b"]\n", 10),
    ),
    Hostile("brackets", "PS0112", b"a: ", b"[", 1_000),
    Hostile("closed brackets", "PS0112", b"a: " + b"[" * 500, b"]", 500),
    Hostile("braces", "PS0112", b"a: ", b"{a: ", 1_000),
    Hostile("megabytes of brackets", "PS0112", b"", b"[", 4 * MEBIBYTE),
    Hostile("keys of keys", "PS0112", b"", b"? ", 100_000),
    Hostile("lists of lists", "PS0112", b"", b"- ", 100_000),
    Hostile(
        *("deep blocks", "PS0112", b""),
        tail=b"".join(b"%sa:\n" % (b" " * depth) for depth in range(1_000)),
    ),
    Hostile("integer of 2 MB", "PS0114", b"a: ", b"9", 2 * MEBIBYTE),
    Hostile("integer of 60 KB", "PS0115", b"a: ", b"9", 60_000),
    Hostile("hexadecimal", "PS0115", b"a: 0x", b"f", 60_000),
    Hostile("float", "PS0115", b"a: 1e99999"),
    Hostile("scalar of 64 KiB + 1", "PS0114", b"a: ", b"x", 64 * 1024 + 1),
    Hostile(
        "quoted scalar of 64 KiB + 1", "PS0114", b"a: '", b"x", 64 * 1024 + 1, b"'"
    ),
    Hostile("block scalar", "PS0114", b"a: |\n", b" x\n", 40_000),
    Hostile("one line of 8 MB", "PS0114", b"a: ", b"x y ", 2_000_000),
    Hostile("NUL", "PS0103", b"a: 1\x00"),
    Hostile("8 MiB of NUL", "PS0103", b"", b"\x00", 8 * MEBIBYTE),
    Hostile("escape", "PS0103", b"a: \x1b[2J"),
    Hostile("no UTF-8", "PS0102", b"a: \xff\xfe"),
    Hostile("no UTF-8 at the end of 8 MiB", "PS0102", b"#", b"x", 8_000_000, b"\xff"),
    Hostile("surrogate", "PS0102", b"a: \xed\xa0\x80"),
    Hostile("overlong", "PS0102", b"a: \xc0\xaf"),
    Hostile("UTF-16", "PS0102", GOOD.decode().encode("utf-16")),
    Hostile("tag", "PS0105", b"a: !!python/name:os.system x"),
    Hostile("tag directive", "PS0105", b"%TAG ! tag:x,2000:\n---\na: 1"),
    Hostile("tag directives", "PS0105", b"", b"%TAG !a! b\n", 500_000),
    Hostile("merge key", "PS0106", b"<<: {a: 1}"),
    Hostile("two documents", "PS0108", b"a: 1\n---\na: 2"),
    Hostile("9 MiB", "PS0111", b"x: ", b"a", 9 * MEBIBYTE),
    Hostile("8 MiB + 1", "PS0111", GOOD, b"#", 8 * MEBIBYTE + 1 - len(GOOD)),
    Hostile("nodes in a line", "PS0113", b"a: [", b"x,", 1_100_000, b"]"),
    Hostile("lines of nodes", "PS0113", b"a:\n", b"- x\n", 1_000_001),
    Hostile("nodes that are maps", "PS0113", b"a: [", b"{},", 1_000_001, b"]"),
    Hostile("1 000 000 unknown keys", "PS0113", b"", b"k%d:\n", 800_000),
    Hostile("20 001 states", "PS0132", _STATES, b"  - {name: T%d}\n", 20_000),
    Hostile("faulty states", "PS0132", b"states: [", b"{gaurds: 1},", 150_000, b"]"),
    Hostile("a million states", "PS0132", b"states: [", b"A,", 990_000, b"]"),
    Hostile("duplicate keys", "PS0104", b"", b"a: 1\n", 400_000),
    Hostile("unknown aliases", "PS0110", b"", b"a: *b\n", 400_000),
    Hostile("tags", "PS0105", b"", b"a: !x y\n", 400_000),
    Hostile("quotes", "PS0114", b"", b"'", MEBIBYTE),
    Hostile("tab", "PS0101", b"a:\n\t- b"),
    Hostile("lines", "PS0109", b"", b"\n", 8 * MEBIBYTE - 1),
)
"""Past a limit of the reader: each refused within 1 s and 256 MiB."""

CONTENTS: Final = (
    Hostile("400 000 unknown keys", "PS0116", GOOD, b"k%d: x\n", 400_000),
    Hostile("999 900 items", "PS0120", GOOD + b"x: [", b"x,", 999_900, b"]"),
    Hostile("499 000 lists", "PS0120", GOOD + b"x: [", b"[x],", 499_000, b"]"),
    Hostile("anchors", "PS0120", GOOD + b"x: [", b"&a%d x,", 600_000, b"]"),
    Hostile(
        *("90 000 unknown sources", "PS0201", GOOD),
        *(b"  - {trigger: g%d, source: C, dest: B}\n", 90_000),
    ),
    Hostile("20 000 states of one name", "PS0202", _STATES, b"  - {name: T}\n", 19_999),
)
"""Within all limits, as large as they allow, and wrong: these cost the reading."""

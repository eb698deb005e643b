"""Prints one line a definition: its name and the hash of its module.

Run as a program, by any interpreter that has the compiler and its dependencies:
`python determinism.py SRC FILE...`; it imports nothing of the tests.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path


def main(src: str, files: list[str]) -> None:
    sys.path.insert(0, src)
    from pystator.compiler.pipeline import check, compile_text

    for file in files:
        path = Path(file)
        checked = check(path.read_bytes(), file)
        text = compile_text(checked, file)
        print(path.stem, hashlib.sha256(text.encode("ascii")).hexdigest())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

"""Where the tests find names: attributes, as generated modules have them."""

from __future__ import annotations


class Attributes:
    def variable(self, path: tuple[str, ...]) -> str:
        return ".".join(("context", *path))

    def payload(self, path: tuple[str, ...]) -> str:
        return ".".join(("event", *path))

    def bare(self, path: tuple[str, ...]) -> str:
        return ".".join(("either", *path))

"""pystator: statecharts in YAML, checked and compiled into typed Python modules.

Nothing is loaded before it is asked for: `import pystator` costs what this file does.
"""

from __future__ import annotations

__all__ = ("__version__",)


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("pystator")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

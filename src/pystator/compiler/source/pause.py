"""Building many nodes without the cycle collector walking all of them again and again.

A large file makes some hundred thousand objects, none of them in a cycle; the
collector's passes over them would take as long as the reading.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """No automatic collection within. Whoever paused it also resumes it, so that
    threads that overlap can at worst resume early.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

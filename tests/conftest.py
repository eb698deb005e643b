"""Options of the test suite."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A suite that fails on Tuesdays teaches nobody: new seeds are for the deep runs.
settings.register_profile("same every time", derandomize=True, deadline=None)
if os.environ.get("PYSTATOR_DEEP") != "1":
    settings.load_profile("same every time")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="rewrite expectations, of case files and of views, with what is found",
    )

"""Checks of a machine by itself, before it is flattened."""

from __future__ import annotations
from pystator.compiler.diagnostics.model import Report
from pystator.compiler.ir.machine import Machine


def check_machine(machine: Machine, report: Report) -> None:
    pass

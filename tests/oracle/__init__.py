"""A slow second opinion: what a machine does, read off the rules one by one.

It walks the tree of states with names, sets and dictionaries, and shares no code
with the package, so that an agreement of the two means something. Rule numbers are
those of the numbered list that says what a machine does. A configuration is a set
of states and regions throughout.
"""

from tests.oracle.expression import EvaluationError, Names, evaluate
from tests.oracle.machine import Oracle
from tests.oracle.model import (
    ROOT,
    Action,
    Data,
    Definition,
    Guards,
    OracleEvent,
    OracleOutcome,
)
from tests.oracle.text import Configuration

__all__ = [
    "ROOT",
    "Action",
    "Configuration",
    "Data",
    "Definition",
    "EvaluationError",
    "Guards",
    "Names",
    "Oracle",
    "OracleEvent",
    "OracleOutcome",
    "evaluate",
]

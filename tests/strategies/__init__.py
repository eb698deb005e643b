"""Random machines that a compiler must accept, and events to send them.

Every machine keeps a spine: unguarded transitions, none of them shadowed, that lead
to each of its leaves through leaves where the machine can rest. Whatever is added
later is guarded where it could cut the spine, and its guards can all be false at
once, so no state is unreachable under any guard answers that an analysis may try.

Ways without an event that have no guard lead down the document and stay in their
region, and what may be raised has guards wherever it leads, so no cycle is sure to
happen. What `EVERYTHING` adds to `PLAIN` is off unless it is asked for.
"""

from tests.strategies.definition import dump_yaml, random_machine
from tests.strategies.events import (
    guard_answers,
    moment,
    random_context,
    random_event,
    random_events,
)
from tests.strategies.features import EVERYTHING, PLAIN, Features, random_features
from tests.strategies.free import REFUSED, free_machine
from tests.strategies.vocabulary import NEGATED_GUARDS

__all__ = [
    "EVERYTHING",
    "NEGATED_GUARDS",
    "PLAIN",
    "REFUSED",
    "Features",
    "dump_yaml",
    "free_machine",
    "guard_answers",
    "moment",
    "random_context",
    "random_event",
    "random_events",
    "random_features",
    "random_machine",
]

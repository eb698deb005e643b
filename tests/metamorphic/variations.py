"""All variations, by the names that tests have."""

from __future__ import annotations

from tests.metamorphic import regrown, reguarded, renamed, rewritten
from tests.metamorphic.variation import Vary

VARIATIONS: dict[str, Vary] = {
    "states renamed": renamed.states_renamed,
    "triggers renamed": renamed.triggers_renamed,
    "keys in another order": rewritten.keys_shuffled,
    "JSON": rewritten.as_json,
    "YAML in one flow": rewritten.as_flow,
    "defaults written": rewritten.spelled_out,
    "transitions of other sources between": rewritten.transitions_reordered,
    "one transition for each source": rewritten.sources_listed,
    "timeouts as delayed transitions": rewritten.timeouts_as_delays,
    "delays scaled": rewritten.delays_scaled,
    "conjunctions split": reguarded.conjunctions_split,
    "conjunctions made": reguarded.conjunctions_made,
    "`and` split": reguarded.and_split,
    "guards negated twice": reguarded.doubly_negated,
    "expressions negated twice": reguarded.not_said_in_words,
    "a transition that never holds": reguarded.never_true_added,
    "an eventless one that never holds": reguarded.never_true_auto_added,
    "a state that is never entered": regrown.unreachable_added,
    "a compound state round a state": regrown.wrapped,
    "an idle region round the machine": regrown.root_in_a_region,
    "an idle region in a parallel state": regrown.idle_region_added,
    "a parent's transitions copied": regrown.copied_to_children,
}

"""What random machines may use."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Features:
    """What a machine may use.

    `regions` is more than two regions, and transitions that say theirs.
    """

    typed: bool = True
    hierarchy: bool = True
    terminals: bool = True
    odd_names: bool = True
    shuffled_states: bool = True
    wildcards: bool = True
    source_lists: bool = True
    priorities: bool = True
    named_guards: bool = True
    expressions: bool = True
    checks: bool = True
    combinators: bool = True
    in_state: bool = True
    actions: bool = True
    effects: bool = True
    autos: bool = True
    delays: bool = True
    timeouts: bool = True
    internals: bool = True
    lenient: bool = True
    normalizer: bool = True
    metadata: bool = True
    parallel: bool = False
    regions: bool = False
    choice: bool = False
    history: bool = False
    done: bool = False
    raises: bool = False
    forks: bool = False
    invoke: bool = False


PLAIN = Features()
EVERYTHING = replace(
    PLAIN,
    parallel=True,
    regions=True,
    choice=True,
    history=True,
    done=True,
    raises=True,
    forks=True,
    invoke=True,
)


def random_features(rng: random.Random, among: Features = PLAIN) -> Features:
    """Half of the machines are typed; each drops some of the other features."""
    kept = rng.choice((0.5, 0.75, 0.95))
    names = [f.name for f in fields(Features) if getattr(among, f.name)]
    drawn = {name: rng.random() < kept for name in names}
    drawn["typed"] = rng.random() < 0.5
    features = replace(among, **drawn)
    if not (features.named_guards or features.expressions or features.checks):
        return replace(features, named_guards=True)
    return features

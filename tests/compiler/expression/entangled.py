"""Tests of few names, so that what one shows bears on the next."""

from __future__ import annotations

import random

ATOMS = (
    "status == 'open'",
    "'closed' != status",
    "status in ('open', 'on hold')",
    "status not in ('open', 'closed')",
    "phase == 'open'",
    "phase != 'closed'",
    "phase in ('open', 'closed')",
    "phase is None",
    "phase is not None",
    "phase == status",
    "status == former",
    "status == phase",
    "'open' == status == former",
    "former == 'closed'",
    "status in stages",
    "contains(stages, phase)",
    "(status if vip else 'open') == 'closed'",
    "status + 'x' == 'openx'",
    "startswith(phase, 'o')",
    "flag",
    "not vip",
    "flag == true",
    "flag != false",
    "flag == vip",
    "(flag and vip) == true",
    "agreed == true",
    "agreed is None",
    "agreed",
    "qty == 1",
    "2 == qty",
    "qty != 3",
    "qty in (1, 2)",
    "qty not in (2, 3)",
    "qty + 1 == 3",
    "-qty == 1",
    "qty == limit",
    "1 == qty == limit",
    "(1 if flag else 2) == qty",
    "(qty in codes) == flag",
    "count == 1",
    "3 == count",
    "count in (1, 3)",
    "count in codes",
    "count is not None",
    "count is None",
    "count > 1",
    "count == qty",
    "qty == count",
    "count < qty < 3",
    "bonus == 1",
    "bonus in (1, 2.5)",
    "bonus > price",
    "note in tags",
    "note in ('a', 'b')",
    "note == owner",
    "owner == 'a'",
    "lower(note) == 'a'",
    "1 > 2",
    "1 + 1 == 2",
    "title is None",
    "qty != null",
    "city is None",
    "tags is not None",
    "(flag and vip) is None",
    "qty % limit == 1",
    "qty // limit is None",
    "min(codes) is not None",
    "'open' == status != 'closed'",
    "'open' == status == 'closed'",
    "0 < 1 < qty",
    "qty == 1 != qty % limit",
    "(1 if title is None else qty) == 1",
    "(qty if qty % limit is None else 2) == 1",
    "true if vip else false",
    "contains(stages, 'open') is None",
    "agreed == (1 == 2)",
    "true",
    "not not flag",
)


def entangled(seed: int) -> str:
    """Tests of few names joined at random, which narrow each other."""
    chosen = random.Random(seed)

    def part(depth: int) -> str:
        if depth == 0:
            return chosen.choice(ATOMS)
        parts = [part(chosen.randrange(depth)) for _ in range(3)]
        match chosen.randrange(8):
            case 0:
                return f"not ({parts[0]})"
            case 1:
                return f"({parts[0]}) if ({parts[1]}) else ({parts[2]})"
            case 2 | 3 | 4:
                return " and ".join(f"({each})" for each in parts)
            case _:
                return " or ".join(f"({each})" for each in parts)

    return part(chosen.randrange(1, 4))

"""Definitions changed as data: keys, values and whole parts, from each other."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import TypeAlias

import yaml

from tests.fuzz import corpus
from tests.security.payloads import PAYLOADS
from tests.security.skeleton import Data

Random: TypeAlias = random.Random
Collection: TypeAlias = "list[Data] | dict[str, Data]"

_SHORT = tuple(payload for payload in PAYLOADS if len(payload) < 200)
_TWIN = "\ufdd0"
"""Behind a key that is to be written a second time; no payload has it."""


def mutated(rng: Random, as_json: bool) -> bytes:
    """A definition with a few parts removed, repeated, exchanged or replaced."""
    data = copy.deepcopy(rng.choice(corpus.trees()))
    for _ in range(rng.choice([1, 1, 2, 3, 6])):
        _change(rng, data)
    return _written(rng, data, as_json)


def crossed(rng: Random) -> bytes:
    """The sections of two definitions in one: lists joined, mappings merged."""
    first, second = rng.sample(corpus.trees(), 2)
    data = copy.deepcopy(first)
    for key, value in copy.deepcopy(second).items():
        present = data.get(key)
        if isinstance(present, list) and isinstance(value, list):
            data[key] = rng.choice([present + value, value, present])
        elif isinstance(present, dict) and isinstance(value, dict):
            data[key] = {**present, **value}
        elif rng.random() < 0.7:
            data[key] = value
    return _written(rng, data, as_json=rng.random() < 0.3)


def _change(rng: Random, data: dict[str, Data]) -> None:
    target = rng.choice(list(_collections(data)))
    donor = rng.choice(list(_collections(rng.choice(corpus.trees()))))
    if isinstance(target, list):
        _change_list(rng, target, donor)
    else:
        _change_mapping(rng, target, donor)


def _change_list(rng: Random, target: list[Data], donor: Collection) -> None:
    place = rng.randrange(len(target) + 1)
    match rng.randrange(4):
        case 0:
            del target[place : place + 1]
        case 1:
            target[place:place] = copy.deepcopy(target[place : place + 2])
        case 2:
            rng.shuffle(target)
        case _:
            target.insert(place, _value(rng, donor))


def _change_mapping(rng: Random, target: dict[str, Data], donor: Collection) -> None:
    key = rng.choice([*target, "name"])
    match rng.randrange(5):
        case 0:
            target.pop(key, None)
        case 1:
            target[key + _TWIN] = copy.deepcopy(target.get(key))
        case 2 if isinstance(donor, dict) and donor:
            other = rng.choice(list(donor))
            target[other] = copy.deepcopy(donor[other])
        case 3:
            target[rng.choice(_SHORT)] = target.pop(key, None)
        case _:
            target[key] = _value(rng, donor)


def _value(rng: Random, donor: Collection) -> Data:
    match rng.randrange(4):
        case 0:
            return rng.choice(_SHORT)
        case 1:
            return rng.choice([None, True, 0, -1, 2**63, 1.5, "", [], {}, "*", "A"])
        case 2:
            return copy.deepcopy(donor)
        case _:
            values = list(donor.values()) if isinstance(donor, dict) else donor
            return copy.deepcopy(rng.choice(values)) if values else None


def _collections(data: Data) -> Iterator[Collection]:
    if isinstance(data, (list, dict)):
        yield data
        for inner in data.values() if isinstance(data, dict) else data:
            yield from _collections(inner)


def _written(rng: Random, data: Data, as_json: bool) -> bytes:
    if as_json:
        text = json.dumps(data, indent=rng.choice([None, 1]), ensure_ascii=False)
        text = text.replace(_TWIN, "")
    else:
        dumped: str = yaml.dump(
            data,
            Dumper=yaml.SafeDumper if rng.random() < 0.2 else _NoAliases,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=rng.choice([False, False, None, True]),
            width=rng.choice([20, 80, 100_000]),
        )
        text = dumped.replace(_TWIN, "").replace("\\uFDD0", "")
    return text.encode("utf-8", "surrogatepass")


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True

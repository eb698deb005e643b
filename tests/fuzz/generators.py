"""The generators: each makes one input of a random number generator, and nothing else.

So the seed, the generator and a number name an input for good.
"""

from __future__ import annotations

import json
import random
from functools import cache, partial
from typing import Final

from pystator.compiler.ir.types import Type
from tests.compiler.expression.random_expression import PAYLOAD, VARIABLES, Generator
from tests.compiler.expression.test_expression_hostile import HOSTILE, PLACES
from tests.fuzz import corpus, trees
from tests.security.payloads import PAYLOADS
from tests.security.random_text import Generate, misshapen, soup, spoiled
from tests.security.skeleton import Data, Place, Position, fill, positions, raw
from tests.strategies import dump_yaml, random_features, random_machine

Random = random.Random


def spoiled_bytes(rng: Random) -> bytes:
    """A definition in which bytes are flipped, lost, repeated or strange."""
    data = bytearray(rng.choice(corpus.texts()).encode())
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0 if place < len(data):
                data[place] ^= 1 << rng.randrange(8)
            case 1:
                del data[place : place + rng.randrange(1, 9)]
            case 2:
                data[place:place] = data[place : place + rng.randrange(1, 60)]
            case _:
                data[place:place] = rng.choice(_BYTES)
    return bytes(data)


_BYTES: Final = (
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc2\x85"),
    *(b"\xe2\x80\xa8", b"\r", b"\r\n", b"\n", b"\t", b"&a ", b"*a", b"!x ", b"<<: "),
    *(b"{", b"}", b"[", b"]", b"? ", b": ", b"- ", b"# ", b"'", b'"', b"|", b">"),
    *(b"\n---\n", b"\n...\n", b"%YAML 1.2\n", b"{expr: ", b"{not: " * 70, b"\\"),
)


def spliced(rng: Random) -> bytes:
    """The beginning of one definition and the end of another, cut at lines."""
    head = rng.choice(corpus.texts()).splitlines(keepends=True)
    tail = rng.choice(corpus.texts()).splitlines(keepends=True)
    kept = head[: rng.randrange(len(head) + 1)] + tail[rng.randrange(len(tail)) :]
    return "".join(kept).encode()


def machine(rng: Random) -> bytes:
    """A machine without a fault, or with a change or two."""
    text = dump_yaml(random_machine(rng, random_features(rng)))
    if rng.random() < 0.3:
        return text.encode()
    return spoiled(rng, (text,))


def names(rng: Random) -> bytes:
    """Hostile text in one of the places where an author's text can stand."""
    payload = rng.choice(PAYLOADS) if rng.random() < 0.6 else _any_text(rng)
    if rng.random() < 0.2:
        text = rng.choice(list(raw(payload)))
    else:
        text = fill(rng.choice(_positions()), payload).text
    return text.encode("utf-8", "surrogatepass")


@cache
def _positions() -> tuple[Position, ...]:
    return tuple(p for p in positions() if p.place is not Place.FILE_NAME)


def _any_text(rng: Random) -> str:
    planes = (0x80, 0x80, 0x800, 0x3000, 0x10000, 0x110000)
    length = rng.choice([1, 2, 5, 20, 127, 128, 129])
    return "".join(chr(rng.randrange(rng.choice(planes))) for _ in range(length))


_PLACES: Final[tuple[Data, ...]] = (
    {"trigger": "go", "source": "A", "dest": "B", "guards": [{"expr": "~"}]},
    {"trigger": "go", "source": "A", "dest": "C", "guards": {"not": {"expr": "~"}}},
    {
        "trigger": "go",
        "source": "B",
        "dest": "C",
        "actions": [{"set": {"flag": {"expr": "~"}}}],
    },
    {"trigger": "go", "source": "C", "dest": "A", "guards": [{"expr": "~"}, "is_ok"]},
)


def expressions(rng: Random) -> bytes:
    """A machine with expressions in all their places, of which at most one is wrong."""
    written = [_valid(rng) for _ in _PLACES]
    place = rng.randrange(len(written))
    match rng.randrange(4):
        case 0:
            form = rng.choice(PLACES)
            written[place] = form.format(*[rng.choice(HOSTILE)] * form.count("{}"))
        case 1:
            spoiled_text = spoiled(rng, (written[place],))
            written[place] = spoiled_text.decode("utf-8", "replace")
    transitions = [
        json.loads(json.dumps(form).replace('"~"', json.dumps(text)))
        for form, text in zip(_PLACES, written, strict=True)
    ]
    states: list[Data] = [{"name": name} for name in "ABC"]
    states[0] = {"name": "A", "type": "initial"}
    data: dict[str, Data] = {"states": states, "transitions": transitions}
    if rng.random() < 0.8:
        data["state_variables"] = [
            {"key": name, "required": True, **_declared(type)}
            for name, type in VARIABLES.items()
        ]
        payload: Data = {name: _declared(type) for name, type in PAYLOAD.items()}
        data["events"] = [{"name": "go", "payload": payload}]
    return json.dumps(data, indent=1).encode()


def _declared(type: Type) -> dict[str, Data]:
    """A type of the expressions' scope in the words of a definition."""
    if type.fields:
        fields: Data = {name: _declared(inner)["type"] for name, inner in type.fields}
        return {"type": "object", "fields": fields}
    return {"type": _without_space(str(type))}


def _without_space(text: str) -> str:
    """A type in words has no room for the value `on hold` of the scope."""
    return text.replace("on hold", "on_hold")


def _valid(rng: Random) -> str:
    text = Generator(rng.randrange(2**32)).expression(rng.randrange(1, 6))
    return _without_space(text)


GENERATORS: Final[dict[str, Generate]] = {
    "soup": soup,
    "bytes": spoiled_bytes,
    "tokens": lambda rng: spoiled(rng, corpus.texts()),
    "splices": spliced,
    "trees": partial(trees.mutated, as_json=False),
    "json": partial(trees.mutated, as_json=True),
    "crossed": trees.crossed,
    "misshapen": misshapen,
    "machines": machine,
    "names": names,
    "expressions": expressions,
}

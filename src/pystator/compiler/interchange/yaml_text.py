"""A definition -> YAML as people write it: short things on one line.

    - {name: OPEN, type: initial}
    - name: BUSY
      on_enter: [{increment: n}, {name: notify, params: {to: "all of us"}}]

The invariant: what is read again is what was given, with a reader of YAML 1.1 or 1.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from pystator.compiler.interchange.chart import Json

WIDTH: Final = 88
_DURATION: Final = re.compile("[0-9]+(?:[.][0-9]+)?(?:ms|s|m|h|d)")
_PLAIN: Final = re.compile(r"[A-Za-z_*](?:[A-Za-z0-9_ .()<>=+*/-]*[A-Za-z0-9_.()*-])?")
_WORDS: Final = frozenset(
    (
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "nan",
        "inf",
        "infinity",
    )
)
_ESCAPED: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)


def yaml_text(definition: dict[str, Json]) -> str:
    lines: list[str] = []
    for key, value in definition.items():
        if lines and isinstance(value, list):
            lines.append("")
        lines += _entry(key, value, 0)
    return "".join(f"{line}\n" for line in lines)


def _entry(key: str, value: Json, indent: int) -> Iterator[str]:
    start = f"{' ' * indent}{_scalar(key)}:"
    if isinstance(value, list) and value and indent == 0:
        yield start
        for item in value:
            yield from _item(item, 2)
        return
    flow = _flow(value)
    if (
        isinstance(value, dict | list)
        and value
        and (indent == 0 or len(start) + 1 + len(flow) > WIDTH)
    ):
        yield start
        yield from _block(value, indent + 2)
        return
    yield f"{start} {flow}"


def _block(value: Json, indent: int) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _entry(key, inner, indent)
        case list():
            for item in value:
                yield from _item(item, indent)


def _item(item: Json, indent: int) -> Iterator[str]:
    start = f"{' ' * indent}- "
    flow = _flow(item)
    if not (isinstance(item, dict | list) and item and len(start + flow) > WIDTH):
        yield start + flow
        return
    lines = _block(item, indent + 2)
    yield start + next(lines)[indent + 2 :]
    yield from lines


def _flow(value: Json) -> str:
    match value:
        case dict():
            inside = (f"{_scalar(k)}: {_flow(v)}" for k, v in value.items())
            return f"{{{', '.join(inside)}}}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return _scalar(value)


def _scalar(value: None | bool | int | float | str) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, float):
        # `1e+20` needs a point to be a number in YAML 1.1
        text = repr(value)
        if text in ("inf", "-inf", "nan"):
            return text.replace("inf", ".inf").replace("nan", ".nan")
        mantissa, e, exponent = text.partition("e")
        return text if "." in mantissa or not e else f"{mantissa}.0e{exponent}"
    return json.dumps(value)


def _string(text: str) -> str:
    plain = _PLAIN.fullmatch(text) is not None and not text.startswith("*")
    if plain and text.lower() not in _WORDS and "  " not in text:
        return text
    if _DURATION.fullmatch(text):
        return text
    if '"' in text and "'" not in text and text.isprintable() and "\\" not in text:
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(_escape, quoted)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"

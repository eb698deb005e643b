"""Hostile texts: refused with a reason, in bounded time and memory, or harmless."""

from __future__ import annotations

import json
import random
import tracemalloc

import pytest

from pystator.compiler.interchange.importer import Format, import_text
from pystator.compiler.interchange.xml_text import DEPTH_LIMIT, ELEMENT_LIMIT
from pystator.compiler.pipeline import check
from pystator.compiler.source.reader import SIZE_LIMIT
from tests.interchange.documents import documents
from tests.interchange.round_trips import exported, imported, said
from tests.security.payloads import PAYLOADS

HEAD = '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE scxml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {one} "{f"&{other};" * 10}">'
        for other, one in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + f']>{HEAD}<state id="&j;"/></scxml>'
)
EXTERNAL = (
    '<!DOCTYPE scxml [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    f'{HEAD}<state id="a"><onentry><log label="&secret;"/></onentry></state></scxml>'
)
REMOTE = (
    f'<!DOCTYPE scxml SYSTEM "http://127.0.0.1:9/x.dtd">{HEAD}<state id="a"/></scxml>'
)
DEEP = HEAD + "<state>" * 100_000
MANY = f"{HEAD}{'<state/>' * (ELEMENT_LIMIT + 1)}</scxml>"
LARGE = f"{HEAD}<!--{'x' * 10_000_000}--><state id='a'/></scxml>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "a document type declaration"),
        (EXTERNAL, "a document type declaration"),
        (REMOTE, "a document type declaration"),
        (DEEP, f"nested deeper than {DEPTH_LIMIT} elements"),
        (MANY, f"more than {ELEMENT_LIMIT} elements"),
        (LARGE, f"larger than {SIZE_LIMIT} bytes"),
    ],
    ids=["laughs", "external entity", "remote DTD", "deep", "many", "large"],
)
def test_hostile_xml_is_refused_before_it_costs(text: str, reason: str) -> None:
    data = text.encode()
    tracemalloc.start()
    try:
        found = import_text(data, "hostile.scxml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.text is None
    (diagnostic,) = found.report
    assert (diagnostic.code, diagnostic.severity) == ("PS0801", "error")
    assert reason in diagnostic.message
    assert peak < 256 * 1024 * 1024


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"<",
        b"<scxml>",
        b"<html/>",
        b"<scxml/>",
        b"<?xml version='1.0' encoding='nonsense'?><scxml/>",
        b"<scxml><state id='a'/><state id='a'/></scxml>",
        b"<scxml><state id='a'><transition target='b'/></state></scxml>",
        b"<scxml initial='x'><state id='a'/></scxml>",
        b"<scxml><history id='h'/></scxml>",
        b"<scxml><state id='a'/><state id='b' initial='a'><state/></state></scxml>",
        b"<scxml>&undefined;</scxml>",
        b"\xff\xfe<\x00",
    ],
    ids=repr,
)
def test_what_is_no_statechart(data: bytes) -> None:
    found = import_text(data, "m.scxml")
    assert found.text is None
    assert [d.code for d in found.report if d.severity == "error"] == ["PS0801"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"states": 3',
        '{"states": {"a": {"on": {"E": "nowhere"}}}}',
        '{"states": {}}',
        '{"initial": "x", "states": {"a": {}}}',
        '{"states": {"a": {}, "a": {}}}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_machine(text: str) -> None:
    found = import_text(text.encode(), "m.json")
    assert found.text is None
    assert [d.code for d in found.report if d.severity == "error"] == ["PS0801"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda p: ascii(p)[:30])
def test_hostile_texts_stay_texts(payload: str) -> None:
    """In every place of XState's JSON: a definition comes out that can be read."""
    machine = {
        "id": payload,
        "description": payload,
        "initial": "a",
        "context": {"x": payload},
        "states": {
            "a": {
                "description": payload,
                "meta": {payload: payload},
                "tags": [payload],
                "entry": {"type": payload, "params": {"p": payload}},
                "on": {f"E{payload}": {"target": "b", "guard": payload}},
            },
            "b": {"invoke": {"src": payload}},
        },
    }
    found = import_text(json.dumps(machine).encode(), "m.json", Format.XSTATE)
    if found.text is None:
        return  # the reader of JSON refuses some characters, and says so
    checked = check(found.text, "m.yaml")
    errors = {d.code for d in checked.report if d.severity == "error"}
    # names that meet in Python are a matter of the author's
    assert errors <= {"PS0601"}, list(checked.report)
    if not errors and checked.flat is not None:
        assert str(checked.flat.machine.states[1].description) == payload
        back, report = imported(exported(found.text)[0])
        assert said(report) == [] and not {
            d for d in check(back, "m.yaml").report if d.severity == "error"
        }


def test_spoiled_documents_never_raise() -> None:
    rng = random.Random(0)
    texts = [(document.text, document.format) for document in documents()]
    refused = 0
    for _ in range(1_500):
        text, format = rng.choice(texts)
        place = rng.randrange(len(text))
        other, _ = rng.choice(texts)
        length = rng.choice((0, 1, 5, 20))
        start = rng.randrange(len(other))
        spliced = text[:place] + other[start : start + length]
        spoiled = spliced + text[place + rng.choice((0, 1, 5, 20)) :]
        found = import_text(spoiled.encode(), "m", format)
        refused += found.text is None
        if found.text is None:
            assert found.report.has_errors
        else:
            report = check(found.text, "m.yaml").report
            syntax = [d for d in report if d.code.startswith("PS01")]
            assert not [d for d in syntax if d.severity == "error"], spoiled
    assert 300 < refused < 1_400


def test_patterns_of_events_are_bounded() -> None:
    events = "".join(f'<transition event="e{n}"/>' for n in range(1_000))
    stars = '<transition event="*"/>' * 1_000
    found = import_text(
        f'{HEAD}<state id="a">{events}{stars}</state></scxml>'.encode(), "m"
    )
    assert found.text is None
    assert "PS0801" in {diagnostic.code for diagnostic in found.report}


@pytest.mark.parametrize("operand", ["f()", "x", "x > 1", "!x", "(x", "In('a')"])
def test_long_conditions_are_bounded(operand: str) -> None:
    for sign in ("&&", "||"):
        cond = sign.join([operand] * (3_900 // (len(operand) + 2)))
        cond = cond.replace("&", "&amp;").replace(">", "&gt;")
        text = (
            f'{HEAD}<datamodel><data id="x" expr="1"/></datamodel><state id="a">'
            f'<transition event="e" cond="{cond}"/></state></scxml>'
        )
        found = import_text(text.encode(), "m.scxml")
        assert found.text is not None
        assert "guards:" in found.text

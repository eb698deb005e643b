"""The JSON Schema takes what the reader takes, and refuses faults of form."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from pystator.compiler import diagnostics
from pystator.compiler.diagnostics.model import Report, Severity
from pystator.compiler.pipeline import check
from pystator.compiler.source import declared, shapes
from pystator.compiler.source.nodes import to_data
from pystator.compiler.source.reader import read_text
from pystator.compiler.source.schema.document import PARTS, schema, schema_text
from pystator.compiler.source.schema.words import DEFINITIONS, KEYS
from pystator.compiler.source.shape import Shape
from pystator.compiler.source.text import Data
from pystator.compiler.source.types import TypeSyntaxError, parse_type
from pystator.compiler.source.validate import validate
from tests.case_files import read_cases

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs" / "machine.schema.json"
PAGES = Path(diagnostics.__file__).parent / "explain"
VALIDATOR = Draft7Validator(schema())
NOT_READ_YET = {"region", "invoke", "property", "leads_to"}
"""Parts of the language that may have no shape among those of the reader."""


def plain(data: Data) -> object:
    """Data with the lists that a JSON parser would make."""
    if isinstance(data, tuple):
        return [plain(item) for item in data]
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return data


def read(text: str) -> object:
    document, report = read_text(text, "m.yaml")
    assert document is not None, list(report)
    return plain(to_data(document.root))


def faults(text: str) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in VALIDATOR.iter_errors(read(text))
    ]


def definitions() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tests" / "cases").rglob("*.md")):
        for case in read_cases(path):
            yield f"{path.stem}: {case.heading}", case.definition.text
    examples = (ROOT / "generated_examples").glob("*/*.yaml")
    variations = (ROOT / "tests" / "variations").glob("*.yaml")
    for path in sorted([*examples, *variations]):
        yield path.stem, path.read_text(encoding="utf-8")
    for path in sorted(PAGES.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
        for number, block in enumerate(blocks):
            yield f"{path.stem} {number}", str(block)


def well_formed(text: str) -> bool:
    """Whether no error is one of form; what is parallel has its form in PS03xx."""
    return not any(
        found.severity is Severity.ERROR and found.code[:4] in ("PS01", "PS03")
        for found in check(text, "m.yaml").report
    )


WELL_FORMED = [(name, text) for name, text in definitions() if well_formed(text)]


def test_it_is_a_schema_of_draft_7() -> None:
    Draft7Validator.check_schema(schema())
    assert schema()["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_the_committed_file_is_current() -> None:
    assert (
        COMMITTED.read_text(encoding="utf-8") == schema_text()
    ), "run `pystator schema -o docs/machine.schema.json`"


def test_there_is_much_to_accept() -> None:
    assert len(WELL_FORMED) > 300


@pytest.mark.parametrize(
    "text", [text for _, text in WELL_FORMED], ids=[name for name, _ in WELL_FORMED]
)
def test_it_takes_what_the_reader_takes(text: str) -> None:
    assert faults(text) == []


class TestKeys:
    @staticmethod
    def made(name: str) -> dict[str, object]:
        whole = schema()
        inner = whole["definitions"]
        assert isinstance(inner, dict)
        return whole if name == "machine" else inner[name]

    @pytest.mark.parametrize("name", PARTS)
    def test_those_of_the_shape_and_no_others(self, name: str) -> None:
        made, shape = self.made(name), PARTS[name].shape
        properties = made["properties"]
        assert isinstance(properties, dict)
        assert tuple(properties) == shape.keys
        assert PARTS[name].values.keys() == set(shape.keys)
        assert KEYS[name].keys() == set(shape.keys)
        assert made["additionalProperties"] is shape.open
        required = made.get("required", [])
        assert isinstance(required, list)
        assert set(shape.required) <= set(required) <= set(shape.keys)

    def test_every_shape_of_the_reader_has_its_part(self) -> None:
        known = [
            shape
            for module in (shapes, declared)
            for shape in vars(module).values()
            if isinstance(shape, Shape)
        ]
        used = {name: part.shape for name, part in PARTS.items()}
        assert [shape for shape in known if shape not in used.values()] == []
        foreign = {name for name, shape in used.items() if shape not in known}
        assert foreign <= NOT_READ_YET

    def test_words_for_what_there_is(self) -> None:
        assert KEYS.keys() == PARTS.keys()
        assert DEFINITIONS.keys() == {*PARTS, "guard", "action", "type"}

    def test_every_reference_leads_somewhere(self) -> None:
        inner = schema()["definitions"]
        assert isinstance(inner, dict)
        found = set(re.findall(r'"#/definitions/(\w+)"', schema_text()))
        assert found == inner.keys()


def described_properties(node: object) -> Iterator[tuple[str, object]]:
    """The keys that the schema offers; not those that rules only test."""
    if not isinstance(node, dict):
        return
    for name, part in (("machine", node), *node["definitions"].items()):
        for key, value in part.get("properties", {}).items():
            yield f"{name}.{key}", value
        for key, value in part.get("patternProperties", {}).items():
            yield f"{name} {key}", value


def test_every_key_is_explained() -> None:
    found = list(described_properties(schema()))
    assert len(found) > 100
    for place, value in found:
        assert isinstance(value, dict)
        text = value.get("description", "")
        assert text.endswith(".") and len(text) > 10, place
        # editors and validators ignore what stands beside a reference
        assert "$ref" not in value, place


STATES = "states: [{name: A, type: initial}, {name: B}]\n"


def machine(transition: str = "", *, more: str = "", states: str = STATES) -> str:
    moves = f"transitions: [{{{transition}}}]\n" if transition else ""
    return f"{states}{moves}{more}\n"


def move(more: str) -> str:
    return machine(f"trigger: go, source: A, dest: B, {more}")


def guard(text: str) -> str:
    return move(f"guards: {text}")


def action(text: str) -> str:
    return move(f"actions: {text}")


def state(text: str) -> str:
    return machine(states=f"states: [{{name: A, type: initial, {text}}}]\n")


def variable(text: str) -> str:
    return machine(more=f"state_variables: [{text}]")


def payload(text: str) -> str:
    return machine(more=f"events: [{{name: go, payload: {{f: {text}}}}}]")


FAULTY = {
    "no mapping": "[]",
    "no states": "meta: {}",
    "an empty list of states": "states: []",
    "states that are a mapping": "states: {A: {}}",
    "an unknown key of the machine": machine(more="sates: []"),
    "an unknown key of a state": state("on_entry: f"),
    "an unknown key of a transition": move("gaurds: f"),
    "an unknown key of an event": machine(more="events: [{name: go, data: {}}]"),
    "an unknown key of a variable": variable("{key: a, kind: string}"),
    "a state without a name": "states: [{type: initial}]",
    "a state that is only a name": "states: [A]",
    "a name with a space": "states: [{name: A B}]",
    "a name that is a number": "states: [{name: 12}]",
    "a name that is a list": "states: [{name: [A]}]",
    "a name that is too long": f"states: [{{name: {'a' * 129}}}]",
    "an empty name": "states: [{name: ''}]",
    "a type of state that does not exist": "states: [{name: A, type: final}]",
    "a timeout without destination": state("timeout: {seconds: 3}"),
    "a timeout of no time": state("timeout: {seconds: 0, destination: A}"),
    "a timeout with a unit": state("timeout: {seconds: 3s, destination: A}"),
    "a negative timeout": state("timeout: {seconds: -1, destination: A}"),
    "a flag in quotes": machine(more="meta: {strict_mode: 'true'}"),
    "a flag of YAML 1.1": machine(more="meta: {strict_mode: yes}"),
    "a normalizer that does not exist": machine(more="meta: {event_normalizer: title}"),
    "a transition without source": machine("trigger: go, dest: B"),
    "no source in the list": machine("trigger: go, source: [], dest: B"),
    "all sources and another": machine("trigger: go, source: [A, '*'], dest: B"),
    "nothing that sets it off": machine("source: A, dest: B"),
    "auto that is false, and nothing else": machine("auto: false, source: A, dest: B"),
    "trigger and auto": move("auto: true"),
    "trigger and done": move("done: true"),
    "after and auto": machine("after: 5s, auto: true, source: A, dest: B"),
    "done and auto": machine("done: true, auto: true, source: A, dest: B"),
    "no destination": machine("trigger: go, source: A"),
    "no destination and not internal": machine("trigger: go, source: A, internal: no"),
    "a list of no destinations": machine("trigger: go, source: A, dest: []"),
    "a history of nothing": machine("trigger: go, source: A, dest: H()"),
    "a history that is not closed": machine("trigger: go, source: A, dest: 'H(A'"),
    "a delay of no time": machine("after: 0, source: A, dest: B"),
    "a delay of no seconds": machine("after: 0.0s, source: A, dest: B"),
    "a fraction without a unit": machine("after: 1.5, source: A, dest: B"),
    "a delay in weeks": machine("after: 1w, source: A, dest: B"),
    "a delay with a space": machine("after: 5 s, source: A, dest: B"),
    "a negative delay": machine("after: -5s, source: A, dest: B"),
    "a delay that is a list": machine("after: [5s], source: A, dest: B"),
    "a priority that is a text": move("priority: high"),
    "a priority with a fraction": move("priority: 1.5"),
    "two forms of a guard": guard("{expr: a > 1, name: f}"),
    "a guard with params alone": guard("{params: {a: 1}}"),
    "an empty guard": guard("{}"),
    "a guard in a form that does not exist": guard("{oneOf: [f]}"),
    "params that are a list": guard("{name: f, params: [1]}"),
    "no guard in allOf": guard("{allOf: []}"),
    "a guard in anyOf that is none": guard("{anyOf: [{expr: a, check: {}}]}"),
    "a list in not": guard("{not: [f]}"),
    "a list in a list of guards": guard("[[f]]"),
    "an expression that is a list": guard("{expr: [a]}"),
    "an operator that does not exist": guard("{check: {field: a, op: eqq, value: 1}}"),
    "no operator": guard("{check: {field: a, value: 1}}"),
    "no value": guard("{check: {field: a, op: eq}}"),
    "values where there is one": guard("{check: {field: a, op: eq, values: [1]}}"),
    "a value where there are several": guard("{check: {field: a, op: in, value: 1}}"),
    "value and values": guard("{check: {field: a, op: in, value: [1], values: [1]}}"),
    "a value for is_set": guard("{check: {field: a, op: is_set, value: 1}}"),
    "two effects in one": action("{increment: a, clear: b}"),
    "set nothing": action("{set: {}}"),
    "set a list": action("{set: [a]}"),
    "set with more than an expression": action("{set: {a: {expr: b, of: c}}}"),
    "set what is no name": action("{set: {a b: 1}}"),
    "append without a value": action("{append: {field: a}}"),
    "append to nothing": action("{append: a}"),
    "increment of a mapping": action("{increment: {field: a}}"),
    "an action with another key": action("{name: f, args: {}}"),
    "raise with another form": action("{raise: go, name: f}"),
    "a type that is not closed": variable("{key: a, type: 'list[string'}"),
    "two signs of the optional": variable("{key: a, type: 'string??'}"),
    "an element of what is no list": variable("{key: a, type: 'object[string]'}"),
    "a type that is a list": variable("{key: a, type: [string]}"),
    "an enumeration of nothing": variable("{key: a, type: {enum: []}}"),
    "an enumeration with fields": variable("{key: a, type: {enum: [a], fields: {}}}"),
    "a variable without a key": variable("{type: string}"),
    "a payload field without a type": payload("{required: true}"),
    "a payload field of nothing": payload("~"),
    "a payload that is a list": machine(more="events: [{name: go, payload: [a]}]"),
    "retries below none": machine(more="error_policy: {retry_attempts: -1}"),
    "groups that are a list": machine(more="groups: [a]"),
}
NOT_FOR_THE_READER_YET = {
    "a parallel state without regions": state("type: parallel").replace(
        "type: initial, ", ""
    ),
    "regions of a state that is not parallel": state("regions: [{name: r}]"),
    "a region without a name": "states: [{name: A, type: parallel, regions: [{}]}]",
    "a parallel state with a default child": "states: [{name: A, type: parallel, "
    "regions: [{name: r, states: [B]}], initial_child: B}]",
    "a service without a source": state("invoke: [{id: s}]"),
    "a property of two forms": machine(more="properties: [{never: a, always: b}]"),
    "a property of no form": machine(more="properties: [{name: p}]"),
    "half a leads_to": machine(more="properties: [{leads_to: {from: A}}]"),
}


@pytest.mark.parametrize("name", [*FAULTY, *NOT_FOR_THE_READER_YET])
def test_it_refuses(name: str) -> None:
    assert faults((FAULTY | NOT_FOR_THE_READER_YET)[name])


@pytest.mark.parametrize("name", FAULTY)
def test_the_reader_refuses_it_too(name: str) -> None:
    document, _ = read_text(FAULTY[name], "m.yaml")
    assert document is not None
    assert validate(document, Report()) is None


WHOLE_LANGUAGE = """\
x-mine: [1]
meta: {machine_name: all, version: 1.10, owner: {team: x}, event_normalizer: lower}
states:
  - {name: ON, type: initial, x_mine: 1, metadata: [any, {thing: true}]}
  - name: P
    type: parallel
    regions:
      - {name: left, initial: A, states: [A, B], description: one}
      - {name: right, states: [C, D]}
    invoke:
      - {id: fetch, src: https://example.org/a b, on_done: ok, on_error: failed}
  - {name: pick, type: choice}
  - {name: NO, type: terminal, parent: ~}
transitions:
  - {trigger: go, source: "*", dest: [A, D]}
  - {trigger: back, source: NO, dest: H(P), refs: one}
  - {after: 1.5s, trigger: late, source: [ON], dest: H*(P)}
  - {done: true, source: P, dest: pick, actions: {raise: go}}
  - {auto: true, source: pick, dest: ON, guards: [{in_state: A}, {not: true}]}
  - {trigger: stay, source: ON, internal: true, guards:
       {allOf: [{anyOf: [f]}, {check: {field: a, op: in, value: [1]}}]}}
state_variables:
  - short
  - {key: o, fields: {a: "list[list[list[list[integer?]?]]]", b: "enum[x, y]?"}}
  - {key: e, type: {enum: [on, 1, null]}, default: null}
events:
  - {name: go, payload: {a: "string?", b: {fields: {c: integer}}, c: {enum: [x]}}}
groups: {main: {label: Main}}
error_policy: {default_fallback: ON, retry_attempts: 3}
properties:
  - {name: safe, always: not (ON and NO)}
  - {reachable: NO}
  - {leads_to: {from: ON, to: NO}}
  - {terminates: true}
"""


def test_it_knows_the_whole_language() -> None:
    assert faults(WHOLE_LANGUAGE) == []


def test_it_bears_with_an_editor_that_reads_yaml_1_1() -> None:
    """`ON` is true there, and the version a number; what names say is the same."""
    data = yaml.safe_load(WHOLE_LANGUAGE)
    assert data["states"][0]["name"] is True
    assert list(VALIDATOR.iter_errors(data)) == []


def test_types_as_the_reader_has_them() -> None:
    """All short texts of what types are made of: what the schema refuses is no type."""
    parts = ("list", "a", "enum", "[", "]", "?", ",", " ")
    both = 0
    for size in range(1, 6):
        for chosen in itertools.product(parts, repeat=size):
            text = "".join(chosen)
            if _is_type(text):
                both += 1
                assert _TYPE.is_valid(text), text
    assert both > 500


_TYPE = Draft7Validator({**schema(), "type": "string", "$ref": "#/definitions/type"})


def _is_type(text: str) -> bool:
    try:
        parse_type(text, lambda unknown: None)
    except TypeSyntaxError:
        return False
    return True

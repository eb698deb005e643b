"""The documents do what their scripts say, as imported and after ways through SCXML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pystator.compiler.interchange.importer import Format
from tests.interchange.documents import Document, Step, documents
from tests.interchange.round_trips import exported, imported, read, said
from tests.oracle import Data, Definition, Oracle, OracleEvent, OracleOutcome
from tests.strategies import moment

DOCUMENTS = documents()
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[document.name for document in DOCUMENTS]
)


def says_yes(name: str, params: Data, context: Data, event: OracleEvent | None) -> bool:
    return True


def defaults(definition: Definition) -> Data:
    variables = definition.get("state_variables") or ()
    return {entry["key"]: entry.get("default") for entry in variables}


def outcomes(definition: Definition, steps: tuple[Step, ...]) -> list[OracleOutcome]:
    """What a definition does; an event that is not accepted leaves all as it was."""
    oracle = Oracle(definition)
    context = defaults(definition)
    state = ""
    found = []
    for step in steps:
        if step.event == "start":
            outcome = oracle.start(context, says_yes, moment(0))
        else:
            event = OracleEvent(step.event, step.data)
            if "/" in step.event:
                source, _, number = step.event.partition("/")
                event = OracleEvent(timer=(source, int(number)))
            outcome = oracle.step(state, event, context, says_yes, moment(1))
        if outcome.accepted:
            state, context = outcome.target, outcome.context
        found.append(outcome)
    return found


def leaves(oracle: Oracle, configuration: str) -> frozenset[str]:
    return frozenset(oracle.tree.leaves(oracle.active(configuration)))


def check_script(definition: Definition, document: Document) -> None:
    oracle = Oracle(definition)
    variables: dict[str, object] = {}
    for step, outcome in zip(
        document.steps, outcomes(definition, document.steps), strict=True
    ):
        here = (document.name, step.event, outcome)
        assert leaves(oracle, outcome.target) == step.states, here
        assert tuple(name for name, _ in outcome.actions) == step.actions, here
        variables.update(step.variables)
        assert outcome.context.items() >= variables.items(), here


def test_there_are_enough_and_each_names_its_clause() -> None:
    scxml = [d.name for d in DOCUMENTS if d.format is Format.SCXML]
    assert len(scxml) >= 40 and len(DOCUMENTS) - len(scxml) >= 15
    assert all(name[0].isdigit() for name in scxml)
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS)


@each_document
def test_what_is_imported_does_what_the_script_says(document: Document) -> None:
    text, report = imported(document.text, document.format)
    assert tuple(said(report)) == document.notes
    check_script(read(text), document)


@each_document
def test_the_way_through_our_scxml_keeps_it(document: Document) -> None:
    """SCXML -> YAML -> SCXML -> YAML: the same outcomes, in every field."""
    first, _ = imported(document.text, document.format)
    scxml, told = exported(first)
    second, report = imported(scxml)
    assert said(report) == []
    assert "PS0807" not in {diagnostic.code for diagnostic in told}
    check_script(read(second), document)
    found, expected = (
        [
            replace(o, guard_name=None, guards_tried=())
            for o in outcomes(d, document.steps)
        ]
        for d in (read(second), read(first))
    )
    assert found == expected


@each_document
def test_a_second_way_changes_nothing_any_more(document: Document) -> None:
    scxml, _ = exported(imported(document.text, document.format)[0])
    text, _ = imported(scxml)
    assert imported(exported(text)[0])[0] == text
    assert exported(text)[0] == scxml


def test_a_wrong_script_fails() -> None:
    document = DOCUMENTS[0]
    wrong = Step("start", {}, frozenset(("nowhere",)), (), {})
    changed = replace(document, steps=(wrong,))
    with pytest.raises(AssertionError):
        check_script(read(imported(document.text, document.format)[0]), changed)


def test_every_kind_of_note_is_met() -> None:
    """PS0806 and PS0807 are about exports."""
    met = {note.partition(" ")[0] for document in DOCUMENTS for note in document.notes}
    assert met == {"PS0802", "PS0803", "PS0804", "PS0805"}

"""The documents do what their scripts say: as imported, and after ways through SCXML."""

from __future__ import annotations

import pytest

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
    assert len(DOCUMENTS) >= 40
    for document in DOCUMENTS:
        assert document.name[0].isdigit(), document.name
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS)


@each_document
def test_what_is_imported_does_what_the_script_says(document: Document) -> None:
    text, report = imported(document.text)
    assert tuple(said(report)) == document.notes
    check_script(read(text), document)


@each_document
def test_the_way_through_our_scxml_keeps_it(document: Document) -> None:
    """SCXML -> YAML -> SCXML -> YAML: the same outcomes, in every field."""
    first, _ = imported(document.text)
    scxml, told = exported(first)
    second, report = imported(scxml)
    assert said(report) == []
    assert "PS0807" not in {diagnostic.code for diagnostic in told}
    check_script(read(second), document)
    assert outcomes(read(second), document.steps) == outcomes(
        read(first), document.steps
    )


@each_document
def test_a_second_way_changes_nothing_any_more(document: Document) -> None:
    scxml, _ = exported(imported(document.text)[0])
    text, _ = imported(scxml)
    assert imported(exported(text)[0])[0] == text
    assert exported(text)[0] == scxml


def test_a_wrong_script_fails() -> None:
    document = DOCUMENTS[0]
    wrong = Step("start", {}, frozenset(("nowhere",)), (), {})
    changed = Document(document.name, document.text, (wrong,), ())
    with pytest.raises(AssertionError):
        check_script(read(imported(document.text)[0]), changed)

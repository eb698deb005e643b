"""Generated Python against the reference evaluator, on random expressions.

PYSTATOR_DEEP=1 asks for a hundred thousand expressions instead of a few thousand.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from pystator.compiler.expression.check import Typed, check
from pystator.compiler.expression.dynamic import (
    helper_imports,
    helper_source,
    with_needs,
)
from pystator.compiler.expression.emit import emit
from pystator.compiler.expression.parse import parse
from pystator.compiler.expression.scope import NameScope
from pystator.compiler.ir.types import Type
from tests.compiler.expression.entangled import entangled
from tests.compiler.expression.names import Attributes
from tests.compiler.expression.random_expression import (
    BOOLEAN,
    DYNAMIC_SCOPE,
    NUMBER,
    PAYLOAD,
    SCOPE,
    STRING,
    VARIABLES,
    Generator,
    expressions,
)
from tests.reference_expression import (
    EvaluationError,
    evaluate,
    number,
    string,
    truth,
)

COUNT = 100_000 if os.environ.get("PYSTATOR_DEEP") == "1" else 2_000
BATCH = 250
VALUES = 4
"""How many contexts each expression meets."""

Values = dict[str, object]


class Lookups:
    """Names looked up in two mappings, which may lack them."""

    def variable(self, path: tuple[str, ...]) -> str:
        return f"find(context, {path!r})"

    def payload(self, path: tuple[str, ...]) -> str:
        return f"find(event, {path!r})"

    def bare(self, path: tuple[str, ...]) -> str:
        return f"find(event if {path[0]!r} in event else context, {path!r})"


def find(values: Mapping[str, object], path: tuple[str, ...]) -> object:
    found: object = values
    for name in path:
        if not isinstance(found, Mapping):
            raise TypeError(f"no fields: {found!r}")
        found = found[name]
    return found


def attributes(values: Mapping[str, object]) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            name: attributes(value) if isinstance(value, Mapping) else value
            for name, value in values.items()
        }
    )


def functions(
    typed: list[Typed], access: Attributes | Lookups
) -> list[Callable[..., object]]:
    """The expressions as functions of one module, `(context, event) -> value`."""
    emitted = [emit(each, access) for each in typed]
    helpers = frozenset[str]().union(*(each.helpers for each in emitted))
    parts = [*helper_imports(helpers), helper_source(helpers)]
    parts += [
        f"def f{index}(context, event):\n    return {each.source}\n"
        for index, each in enumerate(emitted)
    ]
    module: dict[str, Callable[..., object]] = {"find": find}
    exec("\n\n".join(parts), module)
    return [module[f"f{index}"] for index in range(len(typed))]


def outcome(call: Callable[[], object]) -> str:
    """The value, told from all others (NaN too), or that there is none."""
    try:
        return repr(call())
    except Exception:
        return "raises"


def expected(text: str, type: Type, variables: Values, payload: Values) -> str:
    wanted = {BOOLEAN: truth, NUMBER: number, STRING: string}[type]
    try:
        return repr(wanted(evaluate(text, variables, payload)))
    except EvaluationError:
        return "raises"


def texts(seed: int, count: int) -> list[tuple[str, Type]]:
    found: list[tuple[str, Type]] = []
    for index in range(count):
        generator = Generator(seed * 1_000_003 + index)
        match index % 8:
            case 0:
                found.append((generator.number(4), NUMBER))
            case 1:
                found.append((generator.text(4), STRING))
            case _:
                found.append((generator.expression(), BOOLEAN))
    return found


def checked(
    wanted: list[tuple[str, Type]], scope: NameScope
) -> tuple[list[tuple[str, Type]], list[Typed]]:
    kept: list[tuple[str, Type]] = []
    typed: list[Typed] = []
    for text, type in wanted:
        result = check(parse(text), scope, type)
        if isinstance(result, Typed):
            kept.append((text, type))
            typed.append(result)
    return kept, typed


@pytest.mark.parametrize("seed", range(-(-COUNT // BATCH)))
def test_typed_python_gives_what_the_reference_gives(seed: int) -> None:
    kept, typed = checked(texts(seed, BATCH), SCOPE)
    assert len(kept) > BATCH * 0.9, "most random expressions are well-typed"
    generator = Generator(seed)
    values = [
        (generator.values(VARIABLES), generator.values(PAYLOAD)) for _ in range(VALUES)
    ]
    for (text, type), each, function in zip(
        kept, typed, functions(typed, Attributes()), strict=True
    ):
        for variables, payload in values:
            context, event = attributes(variables), attributes(payload)
            found = outcome(lambda: function(context, event))  # noqa: B023
            assert found == expected(text, type, variables, payload), (text, variables)
            assert found != "raises" or not each.total, text


@pytest.mark.parametrize("seed", range(-(-COUNT // BATCH)))
def test_what_tests_decide_is_what_the_reference_finds(seed: int) -> None:
    wanted = [(entangled(seed * BATCH + index), BOOLEAN) for index in range(BATCH)]
    kept, typed = checked(wanted, SCOPE)
    assert sum(bool(each.answers) for each in typed) > BATCH / 10
    generator = Generator(seed)
    values = [
        (generator.values(VARIABLES), generator.values(PAYLOAD)) for _ in range(VALUES)
    ]
    for (text, type), each, function in zip(
        kept, typed, functions(typed, Attributes()), strict=True
    ):
        for variables, payload in values:
            context, event = attributes(variables), attributes(payload)
            found = outcome(lambda: function(context, event))  # noqa: B023
            assert found == expected(text, type, variables, payload), (text, variables)
            assert found != "raises" or not each.total, text
            if found != "raises" and each.answer is not None:
                assert found == repr(each.answer), text


@pytest.mark.parametrize("seed", range(-(-COUNT // BATCH)))
def test_dynamic_python_gives_what_the_reference_gives(seed: int) -> None:
    kept, typed = checked(texts(~seed, BATCH), DYNAMIC_SCOPE)
    generator = Generator(seed)
    values = [
        (
            generator.disorder(generator.values(VARIABLES)),
            generator.disorder(generator.values(PAYLOAD)),
        )
        for _ in range(VALUES)
    ]
    raised = 0
    for (text, type), function in zip(kept, functions(typed, Lookups()), strict=True):
        for variables, payload in values:
            found = outcome(lambda: function(variables, payload))  # noqa: B023
            assert found == expected(text, type, variables, payload), (text, variables)
            raised += found == "raises"
    assert 0 < raised < len(kept) * VALUES


@given(expressions())
@settings(max_examples=200, deadline=None)
def test_the_order_of_evaluation_is_kept(text: str) -> None:
    """Names are asked for in the same order, and as lazily, as the reference asks."""
    result = check(parse(text), DYNAMIC_SCOPE, BOOLEAN)
    if not isinstance(result, Typed):
        return
    (function,) = functions([result], Lookups())
    generator = Generator(1)
    variables, payload = generator.values(VARIABLES), generator.values(PAYLOAD)
    asked, wanted = Recorder(variables), Recorder(variables)
    found = outcome(lambda: function(asked, payload))
    assert found == expected(text, BOOLEAN, wanted, payload)
    assert list(dict.fromkeys(asked.asked)) == list(dict.fromkeys(wanted.asked))


class Recorder(dict[str, object]):
    """A context that remembers what it was asked for."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> object:
        self.asked.append(name)
        return super().__getitem__(name)


def test_helpers_bring_those_they_call() -> None:
    assert with_needs(["_in"]) == {"_in", "_eq", "_items", "_is_list"}
    assert with_needs([]) == frozenset()

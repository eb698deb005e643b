"""What a name means: the payload and the variables an expression can see.

Every name is resolved here and nowhere else, to EVENT or CTX with its type. Only where
neither payload nor variables are declared does a bare name stay BARE: it is looked
up in both when the expression runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pystator.compiler.diagnostics.quote import quoted
from pystator.compiler.diagnostics.suggest import closest
from pystator.compiler.expression.error import ExpressionError
from pystator.compiler.expression.tree import Name, Scope
from pystator.compiler.expression.words import is_plain_name
from pystator.compiler.ir.types import Kind, Type

DYNAMIC: Final = Type(Kind.DYNAMIC)


@dataclass(frozen=True, slots=True)
class NameScope:
    """The names an expression can use.

    `variables` is None where the context is dynamic. `payload` is None where the
    event carries an open payload, and empty where it carries none. With
    `open_variables`, undeclared names are dynamic variables rather than errors.
    `states` are those that a property can name; None where it is no property.
    """

    variables: Mapping[str, Type] | None
    payload: Mapping[str, Type] | None
    open_variables: bool = False
    states: Collection[str] | None = None

    @property
    def admits_undeclared(self) -> bool:
        return self.variables is None or self.open_variables


def resolve(name: Name, scope: NameScope) -> tuple[Scope, Type]:
    """Where `path[0]` is found, and its type. Raises ExpressionError."""
    head = name.path[0]
    if scope.states is not None:
        return _resolve_in_property(name, scope, scope.states)
    match name.scope:
        case Scope.STATE:
            raise AssertionError("only a property names states")
        case Scope.EVENT:
            return Scope.EVENT, _payload_type(name, scope)
        case Scope.CTX:
            return Scope.CTX, _variable_type(name, scope)
        case Scope.BARE:
            if scope.payload is not None and head in scope.payload:
                return Scope.EVENT, scope.payload[head]
            if scope.variables is not None and head in scope.variables:
                return Scope.CTX, scope.variables[head]
            if scope.admits_undeclared:
                place = Scope.BARE if scope.payload is None else Scope.CTX
                return place, DYNAMIC
            raise _unknown_name(name, scope)


def _resolve_in_property(
    name: Name, scope: NameScope, states: Collection[str]
) -> tuple[Scope, Type]:
    """A bare name is a variable or a state; one that is both must say which."""
    head = name.path[0]
    is_variable = head in (scope.variables or ())
    help: tuple[str, ...] = ()
    match name.scope:
        case Scope.EVENT:
            help = (f"the variable is {quoted(f'ctx.{head}')}",) if is_variable else ()
            raise _error(name, "a property sees no event", help)
        case Scope.BARE if is_variable and head in states:
            raise _error(
                name,
                f"{quoted(head)} is a state and a state variable",
                (f"write `state.{head}` or `ctx.{head}`",),
            )
        case Scope.BARE | Scope.CTX if is_variable:
            return Scope.CTX, _variable_type(name, scope)
        case Scope.BARE | Scope.STATE if head in states:
            return Scope.STATE, Type(Kind.BOOLEAN)
        case Scope.CTX:
            return Scope.CTX, _variable_type(name, scope)
    what = "state" if name.scope is Scope.STATE else "name"
    known = {_state_text(state, name.scope): state for state in states}
    if name.scope is Scope.BARE:
        known |= {variable: variable for variable in scope.variables or ()}
    help = _near(head, known)
    for end in range(2, len(name.path) + 1):
        if ".".join(name.path[:end]) in states:
            help = (f'write `state["{".".join(name.path[:end])}"]`',)
    raise _error(name, f"unknown {what} {quoted(head)}", help)


def _state_text(state: str, scope: Scope) -> str:
    """How a state is named in an expression."""
    if not is_plain_name(state):
        return f'state["{state}"]'
    return state if scope is Scope.BARE else f"state.{state}"


def _payload_type(name: Name, scope: NameScope) -> Type:
    head = name.path[0]
    if scope.payload is not None:
        if head in scope.payload:
            return scope.payload[head]
        message = f"the event has no field {quoted(head)}"
        help = _near(head, {f"event.{field}": field for field in scope.payload})
        if not scope.payload:
            message = f"the event carries no payload: it has no field {quoted(head)}"
        if scope.variables is not None and head in scope.variables:
            help = (f"the variable is {quoted(f'ctx.{head}')}",)
        raise _error(name, message, help)
    if scope.variables is not None and head in scope.variables:
        # An open payload merges into the context, so a field has its variable's type.
        return replace(scope.variables[head], optional=True)
    if scope.admits_undeclared:
        return DYNAMIC
    raise _error(
        name,
        f"no field {quoted(head)} is declared for the event",
        _near(head, {f"event.{key}": key for key in scope.variables or ()})
        or ("declare the payload under `events`",),
    )


def _variable_type(name: Name, scope: NameScope) -> Type:
    head = name.path[0]
    if scope.variables is not None and head in scope.variables:
        return scope.variables[head]
    if scope.admits_undeclared:
        return DYNAMIC
    help = _near(head, {f"ctx.{key}": key for key in scope.variables or ()})
    if scope.payload is not None and head in scope.payload:
        help = (f"the payload field is {quoted(f'event.{head}')}",)
    raise _error(name, f"unknown variable {quoted(head)}", help)


def _unknown_name(name: Name, scope: NameScope) -> ExpressionError:
    head = name.path[0]
    known = [*(scope.payload or ()), *(scope.variables or ())]
    dotted = ".".join(name.path)
    if len(name.path) > 1 and dotted in known:
        help: tuple[str, ...] = (f'write `ctx["{dotted}"]` or `event["{dotted}"]`',)
    else:
        help = _near(head, {key: key for key in known})
    return _error(name, f"unknown name {quoted(head)}", help)


def field_type(name: Name, depth: int, parent: Type) -> Type:
    """The type of `path[depth]` in the object before it. Raises ExpressionError."""
    if parent.kind is Kind.DYNAMIC:
        return DYNAMIC
    before, field = quoted(".".join(name.path[:depth])), name.path[depth]
    if parent.kind is not Kind.OBJECT:
        raise _error(name, f"{before} is {article(parent)}, which has no fields")
    if parent.fields is None:
        raise _error(
            name,
            f"the fields of {before} are not declared",
            ("declare them with `fields`",),
        )
    fields = dict(parent.fields)
    if field not in fields:
        help = _near(field, {key: key for key in fields})
        raise _error(name, f"{before} has no field {quoted(field)}", help)
    if parent.optional:
        raise _error(
            name,
            f"{before} may be null",
            (f"test {before} with `is not None` first",),
        )
    return fields[field]


def article(type: Type) -> str:
    """The type in a sentence: `an integer`, `a string`, `null`."""
    match type.kind:
        case Kind.NONE:
            return "null"
        case Kind.DYNAMIC:
            return "of unknown type"
        case Kind.ENUM:
            return "a string"
        case Kind.INTEGER | Kind.OBJECT:
            return f"an {type.kind.value}"
        case _:
            return f"a {type.kind.value}"


def _near(name: str, candidates: Mapping[str, str]) -> tuple[str, ...]:
    """Did you mean: `candidates` maps what to write to what to compare with."""
    near = closest(name, candidates.values())
    shown = next((text for text, key in candidates.items() if key == near), None)
    return () if shown is None else (f"did you mean {quoted(shown)}?",)


def _error(name: Name, message: str, help: tuple[str, ...] = ()) -> ExpressionError:
    return ExpressionError(message, name.offset, name.length, help)

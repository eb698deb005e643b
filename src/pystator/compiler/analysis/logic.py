"""Guards as propositions: which of them exclude each other, which leave nothing out.

    g or not g  ->  always;    n < 5 and n >= 5 (n an integer)  ->  never

Named guards, conditions and `in_state` become atoms that may be true or false, but for
what is known of comparisons of one value. What cannot be proved is not claimed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import product
from typing import Final

from pystator import kernel
from pystator.compiler.expression.canonical import canonical
from pystator.compiler.expression.constant import constant
from pystator.compiler.expression.tree import (
    And,
    Arith,
    ArithOp,
    Call,
    Compare,
    CompareOp,
    Expr,
    IfElse,
    Literal,
    Name,
    Negate,
    Not,
    Or,
    Scope,
    Tuple,
    links,
)
from pystator.compiler.flatten.guards import conditions_in
from pystator.compiler.ir import machine as ir
from pystator.compiler.ir.keys import guard_key
from pystator.compiler.ir.types import Kind, Type

TRUE: Final = kernel.AllOf(())
FALSE: Final = kernel.AnyOf(())
_ATOM_LIMIT: Final = 12
"""Atoms of one question, each of which doubles the work."""


class Logic:
    """Makes propositions of the guards of one machine, and decides about them."""

    def __init__(self, machine: ir.Machine) -> None:
        self._types = _types(machine)
        self._atoms: dict[str, int] = {}
        self._equal: dict[int, tuple[str, str]] = {}
        """The value and the constant that an atom compares for equality."""

    def all_of(
        self, guards: Iterable[ir.Guard], active: Container[int] | None = None
    ) -> kernel.Guard:
        """With `active`, what `in_state` asks is known."""
        return kernel.AllOf(tuple(self.guard(guard, active) for guard in guards))

    def guard(
        self, guard: ir.Guard, active: Container[int] | None = None
    ) -> kernel.Guard:
        match guard:
            case ir.Condition(expr):
                return self._expr(expr)
            case ir.Not(inner):
                return kernel.Not(self.guard(inner, active))
            case ir.AllOf(guards):
                return kernel.AllOf(tuple(self.guard(g, active) for g in guards))
            case ir.AnyOf(guards):
                return kernel.AnyOf(tuple(self.guard(g, active) for g in guards))
            case ir.InState(state) if active is not None:
                return TRUE if state in active else FALSE
            case ir.NamedGuard() | ir.InState():
                return self._atom(guard_key(guard))

    def always(self, wanted: kernel.Guard) -> bool:
        """Whether it certainly holds."""
        worlds = self._worlds(wanted)
        return worlds is not None and all(_holds(wanted, world) for world in worlds)

    def possible(self, wanted: kernel.Guard) -> bool:
        """Whether it holds for some values, as far as can be told."""
        worlds = self._worlds(wanted)
        return worlds is not None and any(_holds(wanted, world) for world in worlds)

    def _atom(self, key: str) -> kernel.Guard:
        return kernel.Asked(self._atoms.setdefault(key, len(self._atoms)))

    def _expr(self, expr: Expr) -> kernel.Guard:
        answer = constant(expr)
        if answer is not None:
            return TRUE if answer else FALSE
        match expr:
            case Not(operand):
                return kernel.Not(self._expr(operand))
            case And(operands):
                return kernel.AllOf(tuple(map(self._expr, operands)))
            case Or(operands):
                return kernel.AnyOf(tuple(map(self._expr, operands)))
            case Compare():
                return kernel.AllOf(tuple(map(self._compared, links(expr))))
            case _:
                return self._atom(f"expr {canonical(expr)}")

    def _compared(self, expr: Compare) -> kernel.Guard:
        ((op, right),) = expr.rest
        left = expr.first
        match op:
            case CompareOp.NE:
                return kernel.Not(self._equals(left, right))
            case CompareOp.EQ:
                return self._equals(left, right)
            case CompareOp.IS_NOT:
                return kernel.Not(self._atom(f"{_text(left)} is {_text(right)}"))
            case CompareOp.IS:
                return self._atom(f"{_text(left)} is {_text(right)}")
            case CompareOp.IN | CompareOp.NOT_IN:
                found = self._member(left, right)
                return found if op is CompareOp.IN else kernel.Not(found)
            case CompareOp.LT:
                return self._less(left, right)
            case CompareOp.GT:
                return self._less(right, left)
            case CompareOp.GE:
                return self._at_least(left, right)
            case CompareOp.LE:
                return self._at_least(right, left)

    def _equals(self, left: Expr, right: Expr) -> kernel.Guard:
        if isinstance(left, Literal):
            left, right = right, left
        atom = self._atom(f"{_text(left)} == {_text(right)}")
        assert isinstance(atom, kernel.Asked), "an atom is asked for"
        if isinstance(right, Literal) and isinstance(right.value, str):
            self._equal[atom.condition] = (_text(left), right.value)
        return atom

    def _member(self, left: Expr, right: Expr) -> kernel.Guard:
        if isinstance(right, Tuple):
            return kernel.AnyOf(tuple(self._equals(left, x) for x in right.items))
        return self._atom(f"{_text(left)} in {_text(right)}")

    def _less(self, left: Expr, right: Expr) -> kernel.Guard:
        return self._atom(f"{_text(left)} < {_text(right)}")

    def _at_least(self, left: Expr, right: Expr) -> kernel.Guard:
        if self._is_whole(left) and self._is_whole(right):
            return kernel.Not(self._less(left, right))
        # a number may be none: NaN is neither less nor at least
        return self._atom(f"{_text(left)} >= {_text(right)}")

    def _is_whole(self, expr: Expr) -> bool:
        match expr:
            case Literal(value):
                return isinstance(value, int) and not isinstance(value, bool)
            case Name():
                types = self._types.get(_text(expr), ())
                return bool(types) and all(t.kind is Kind.INTEGER for t in types)
            case Negate(operand):
                return self._is_whole(operand)
            case Arith(op, left, right):
                whole = self._is_whole(left) and self._is_whole(right)
                return whole and op is not ArithOp.DIV
            case Call(function):
                return function == "len"
            case IfElse(_, then, otherwise):
                return self._is_whole(then) and self._is_whole(otherwise)
            case _:
                return False

    def _worlds(self, wanted: kernel.Guard) -> Iterator[dict[int, bool]] | None:
        """The answers that the atoms may have together; None if they are too many."""
        atoms = sorted(set(conditions_in(wanted)))
        if len(atoms) > _ATOM_LIMIT:
            return None
        return self._consistent(atoms)

    def _consistent(self, atoms: list[int]) -> Iterator[dict[int, bool]]:
        groups: dict[str, dict[str, int]] = {}
        for atom in atoms:
            if atom in self._equal:
                value, text = self._equal[atom]
                groups.setdefault(value, {})[text] = atom
        full = {value for value, found in groups.items() if self._is_all(value, found)}
        for answers in product((True, False), repeat=len(atoms)):
            world = dict(zip(atoms, answers, strict=True))
            counts = {
                value: sum(world[atom] for atom in found.values())
                for value, found in groups.items()
            }
            if all(
                count == 1 if value in full else count <= 1
                for value, count in counts.items()
            ):
                yield world

    def _is_all(self, value: str, found: Iterable[str]) -> bool:
        """Whether these are all values of an enumerated name."""
        types = self._types.get(value, ())
        return bool(types) and all(
            t.kind is Kind.ENUM and not t.optional and set(t.values) <= set(found)
            for t in types
        )


def _text(expr: Expr) -> str:
    return canonical(expr)


def _holds(guard: kernel.Guard, world: dict[int, bool]) -> bool:
    match guard:
        case kernel.Asked(number):
            return world[number]
        case kernel.Not(inner):
            return not _holds(inner, world)
        case kernel.AllOf(guards):
            return all(_holds(inner, world) for inner in guards)
        case kernel.AnyOf(guards):
            return any(_holds(inner, world) for inner in guards)
        case kernel.InState():
            raise AssertionError("`in_state` is an atom here")


def _types(machine: ir.Machine) -> dict[str, list[Type]]:
    """Every type that a name of one part may have, under whatever event."""
    found: dict[str, list[Type]] = {}
    if machine.variables is None:
        return found
    for variable in machine.variables:
        for scope in ("", f"{Scope.CTX.value}."):
            found.setdefault(f"{scope}{variable.name}", []).append(variable.type)
    for event in machine.events:
        for field in event.payload or ():
            for scope in ("", f"{Scope.EVENT.value}."):
                found.setdefault(f"{scope}{field.name}", []).append(field.type)
    return found

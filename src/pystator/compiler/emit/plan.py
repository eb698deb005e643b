"""Everything that a template may see, as text that is already Python.

Only these reach the output: identifiers from `names`, literals from
`expression.literal`, comments, docstrings, and code put together from those.
"""

from __future__ import annotations

from dataclasses import dataclass

from pystator.compiler.emit.called import helper_texts
from pystator.compiler.emit.carried import carried_names
from pystator.compiler.emit.cells import CellWriter
from pystator.compiler.emit.columns import (
    Column,
    ColumnWriter,
    ConstantPlan,
    GroupPlan,
)
from pystator.compiler.emit.context import (
    context_fields,
    merging,
    object_types,
    payload_type,
)
from pystator.compiler.emit.docstrings import docstring
from pystator.compiler.emit.exports import exports
from pystator.compiler.emit.imports import Needs, import_lines
from pystator.compiler.emit.layout import define
from pystator.compiler.emit.members import (
    Member,
    ServicePlan,
    leaf_members,
    node_members,
    reason_members,
    service_plans,
    trigger_members,
    within_rows,
)
from pystator.compiler.emit.methods import MethodPlan, method_plan
from pystator.compiler.emit.names import PRIVATE, Identifier, Namespace
from pystator.compiler.emit.parsers import Parsers
from pystator.compiler.emit.payloads import (
    EventPlan,
    event_alias,
    event_plan,
    open_payload,
)
from pystator.compiler.emit.places import PlacesPlan, places_plan
from pystator.compiler.emit.protocols import (
    CallPlan,
    Method,
    action_methods,
    call_plans,
    guard_methods,
)
from pystator.compiler.emit.routes import RoutePlan, RouteWriter
from pystator.compiler.emit.sections import Section
from pystator.compiler.emit.sinks import Code, Docstring
from pystator.compiler.emit.source_types import SourceTypes
from pystator.compiler.emit.start import StartPlan, start_plan
from pystator.compiler.emit.stepped import StepperPlan, stepper_plan
from pystator.compiler.emit.vocabulary import Vocabulary
from pystator.compiler.expression.literal import (
    NumberLiteral,
    StringLiteral,
    ascii_literal,
)
from pystator.compiler.flatten.explore import Cells
from pystator.compiler.flatten.involved import raised_by
from pystator.compiler.flatten.tables import Flat


@dataclass(frozen=True, slots=True)
class TimerPlan:
    name: Identifier
    value: StringLiteral
    delay: NumberLiteral
    column: Column


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """One module, from top to bottom."""

    doc: Docstring
    imports: Code
    exports: tuple[StringLiteral, ...]
    machine: Identifier
    title: StringLiteral
    states: tuple[Member, ...]
    nodes: tuple[Member, ...]
    places: PlacesPlan | None
    configuration: str
    place: str
    key: str
    history: bool
    timer_triggers: tuple[Code, ...]
    services: tuple[ServicePlan, ...]
    raised: tuple[Code, ...]
    triggers: tuple[Member, ...]
    timers: tuple[TimerPlan, ...]
    reasons: tuple[Member, ...]
    objects: tuple[Code, ...]
    context: tuple[Code, ...] | None
    payload_type: Code
    merged: Code
    merges: bool
    events: tuple[EventPlan, ...]
    event_union: Code
    guards: tuple[Method, ...]
    actions: tuple[Method, ...]
    calls: tuple[CallPlan, ...]
    helpers: tuple[Code, ...]
    raises: bool
    effect_fails: bool
    truth: bool
    foreign: bool
    sections: tuple[Section, ...]
    elsewhere: tuple[Code, ...]
    configurations: Code
    nowhere: bool
    guarded: bool
    sparse: bool
    groups: tuple[GroupPlan, ...]
    constants: tuple[ConstantPlan, ...]
    interned: bool
    routes: tuple[RoutePlan, ...]
    several: bool
    anything: Code
    part: Code
    part_decide: Code
    chain: Code
    reads: bool
    stepped: bool
    start: StartPlan
    methods: tuple[MethodPlan, ...]
    source_types: tuple[Code, ...]
    within: tuple[Code, ...]
    declares_payload: bool
    parsers: Code
    has_now: bool
    strict: bool
    normalizer: Identifier
    effects_type: Code
    decide_type: Code
    dispatch_params: Code
    stepper: StepperPlan | None


def plan(flat: Flat, cells: Cells, words: Vocabulary) -> ModulePlan:
    """The module of a machine that has passed all checks."""
    return _Planner(flat, cells, words).plan()


_TITLE_WIDTH = 60


def _short(name: str) -> str:
    """The name of the machine as messages call it: it may be a sentence."""
    return name if len(name) <= _TITLE_WIDTH else f"{name[: _TITLE_WIDTH - 3]}..."


class _Planner:
    def __init__(self, flat: Flat, cells: Cells, words: Vocabulary) -> None:
        self.words = words
        self.machine = flat.machine
        self.names = Namespace(carried_names().union(PRIVATE))
        self.places = places_plan(words, self.names)
        self.columns = [
            self.names.take(f"_{words.names.triggers[event.name]}")
            for event in self.machine.events
        ]
        self.writer = CellWriter(words, cells, self.names)
        self.writer.write()
        self.parsers = Parsers(words, self.names)

    def plan(self) -> ModulePlan:
        words, machine, names = self.words, self.machine, self.words.names
        writer = self.writer
        layout = ColumnWriter(writer, self.names)
        columns = [
            layout.column(number, name, layout.is_guarded(number))
            for number, name in enumerate(self.columns)
        ]
        events = tuple(
            event_plan(words, event, column, self._dispatch(), self.parsers, self.names)
            for event, column in zip(machine.events, columns, strict=True)
        )
        timers = tuple(
            TimerPlan(
                names.timers[timer.name],
                ascii_literal(timer.name),
                NumberLiteral(f"{timer.delay_ms:_}"),
                layout.column(
                    len(machine.events) + timer.id, Identifier("_ELAPSED"), True
                ),
            )
            for timer in machine.timers
        )
        routes = RouteWriter(writer, self.names).write()
        stepper = stepper_plan(writer, self.names)
        guards = guard_methods(writer)
        actions = action_methods(writer)
        calls = call_plans(writer, self.names)
        helpers = helper_texts(writer)
        parsers = self._parsers()
        start = start_plan(writer)
        functions = [
            *(call.run for call in calls),
            *(item.text for part in writer.sections for item in part.items),
            *(stepper.functions if stepper is not None else ()),
        ]
        truth = any("_truth(" in text for text in functions)
        sources = SourceTypes(words, self.names)
        methods = tuple(
            method_plan(writer, number, event, column, sources)
            for number, (event, column) in enumerate(
                zip(machine.events, columns, strict=True)
            )
        )
        guarded = bool(timers) or any(column.guarded for column in columns)
        needs = Needs(
            context=words.machine.variables is not None,
            default_factory=any(
                "field(" in line for line in context_fields(words) or ()
            ),
            guards=words.has_guards,
            truth=truth,
            actions=words.has_actions,
            events=bool(machine.events),
            overloads=any(method.overloads for method in methods),
            guarded=guarded,
            generic_variable=guarded or "_V" in self.parsers.texts,
            sequence=any("Sequence[" in m.sync for m in (*guards, *actions)),
            typed_dict=bool(words.objects) or (words.open and not words.dynamic),
            unpack=words.open and not words.dynamic,
            type_guard=self.parsers.uses_type_guard
            or any("TypeGuard" in helper for helper in helpers),
            utc=self.parsers.uses_datetime,
            stepper=stepper is not None,
            iterator=words.parallel and (stepper is not None or not words.interned),
        )
        return ModulePlan(
            doc=self._doc(),
            imports=import_lines(needs),
            exports=exports(words),
            machine=names.machine,
            title=ascii_literal(_short(machine.name)),
            states=leaf_members(words),
            nodes=node_members(words),
            places=self.places,
            configuration=words.configuration,
            place=words.place,
            key="Configuration" if words.interned else "State",
            history=words.history,
            timer_triggers=tuple(
                Code(f"Timer.{names.timers[t.name]}: {len(machine.events) + t.id}")
                for t in machine.timers
            ),
            services=service_plans(words),
            raised=tuple(
                Code(f"{words.raised(n)}: Final = {words.event_type(n)}()")
                for n in raised_by(words.flat)
                if stepper is not None or any(words.raised(n) in t for t in functions)
            ),
            triggers=trigger_members(words),
            timers=timers,
            reasons=reason_members(writer.effect_fails or bool(writer.stepped)),
            objects=object_types(words),
            context=context_fields(words),
            payload_type=payload_type(words),
            merged=merging(words),
            merges=words.stepped or any("_merged(" in text for text in functions),
            events=events,
            event_union=event_alias(words),
            guards=guards,
            actions=actions,
            calls=calls,
            helpers=helpers,
            raises=writer.raises,
            effect_fails=writer.effect_fails,
            truth=truth,
            foreign=any("_foreign(" in text for text in functions),
            sections=tuple(s for s in writer.sections if s.items),
            elsewhere=layout.elsewhere(),
            configurations=layout.configurations(),
            nowhere=machine.strict
            and not all(
                number in words.flat.tables.rows
                for number in range(len(machine.events))
            ),
            guarded=guarded,
            sparse=any(c.sparse for c in (*columns, *(t.column for t in timers))),
            groups=tuple(sorted(layout.groups.values(), key=lambda group: group.state)),
            constants=tuple(layout.constants.values()),
            interned=words.interned,
            routes=routes,
            several=any(route.several for route in routes),
            anything=self._anything(),
            part=self._part(),
            part_decide=Code(
                f"Callable[[{', '.join(self._decide_types()).replace('_E', '@E')}], "
                "Accepted[@P] | Rejected[Reason]]"
            ),
            chain=self._chain(),
            reads=stepper is not None or not words.interned,
            stepped=words.stepped,
            start=start,
            methods=methods,
            source_types=tuple(sources.aliases),
            within=within_rows(words),
            declares_payload="_fields(" in parsers
            or any(e.payload is not None for e in machine.events),
            parsers=parsers,
            has_now=words.has_now,
            strict=machine.strict,
            normalizer=Identifier(machine.normalizer),
            effects_type=Code(
                f"Callable[[{', '.join(self._effect_types())}], Context]"
            ),
            decide_type=Code(f"Callable[[{', '.join(self._decide_types())}], Outcome]"),
            dispatch_params=self._dispatch(),
            stepper=stepper,
        )

    # What the functions of this machine take.

    def _dispatch(self) -> Code:
        words = self.words
        params = [
            "self",
            *(["guards: Guards"] if words.has_guards else []),
            f"state: {words.configuration}",
            "context: Context",
            *(["now: datetime"] if words.has_now else []),
        ]
        return define("def dispatch(", params, "Outcome", ":", 4)

    def _effect_types(self) -> list[str]:
        now = ["datetime"] if self.words.has_now else []
        return ["Context", "Event | None", *now]

    def _decide_types(self) -> list[str]:
        guards = ["Guards"] if self.words.has_guards else []
        now = ["datetime"] if self.words.has_now else []
        return [*guards, "Context", "_E", *now]

    def _anything(self) -> Code:
        """What can be the target of an outcome, or of a part of one."""
        words = self.words
        if not words.parallel or words.history:
            return Code(words.configuration)
        return self._part()

    def _part(self) -> Code:
        """What can be active in a region, or anywhere."""
        words = self.words
        names = [str(part.name) for part in words.names.parts.values()]
        return Code(" | ".join(["State", *names]))

    def _chain(self) -> Code:
        now = ["now: datetime"] if self.words.has_now else []
        params = ["context: Context", "event: Event | None", *now]
        return define("def apply(", params, "Context", ":", 4)

    # The parts, from top to bottom.

    def _doc(self) -> Docstring:
        machine = self.machine
        text = f"State machine `{machine.name}`"
        if machine.version:
            text += f", version {machine.version}"
        end = f": {machine.description}" if machine.description else "."
        return docstring(text + end, 0)

    def _parsers(self) -> Code:
        texts = [*self.parsers.texts.values()]
        if self.words.open and not self.words.dynamic:
            opened = open_payload(self.words, self.parsers)
            texts = [*self.parsers.texts.values(), opened]
        return Code("\n\n\n".join(texts))

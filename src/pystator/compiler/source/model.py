"""What YAML is accepted, and what it says: the source of a machine.

These models own the accepted form of a definition and give nothing a meaning: no
name is resolved and no default applied beyond the schema. Their input are the
reader's nodes; each string keeps its span. A field not written is None or empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from pystator.compiler.diagnostics.model import Span
from pystator.compiler.ir.types import Type
from pystator.compiler.source import arrange, fields, shapes
from pystator.compiler.source.arrange import ExprSource
from pystator.compiler.source.declared import TypeSource
from pystator.compiler.source.faults import Fault, Findings
from pystator.compiler.source.fields import TargetSource
from pystator.compiler.source.nodes import Entry, Node
from pystator.compiler.source.shape import Shape
from pystator.compiler.source.text import Text, Value


@dataclass(frozen=True, slots=True)
class Reads:
    """The one validator of a field: its function makes the value from the node."""

    function: Callable[[Node], object]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def _read(self, node: Node, info: ValidationInfo) -> object:
        try:
            return self.function(node)
        except Fault as fault:
            _findings(info).met(fault, f"`{info.field_name}`")
            raise


@dataclass(frozen=True, slots=True)
class Splits(Reads):
    """The function takes the node apart; its parts are validated further."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(
            self._read, handler(source)
        )


class Ready:
    """For a field that was read before, because it takes more than one node."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.any_schema()


def _findings(info: ValidationInfo) -> Findings:
    findings = info.context
    assert isinstance(findings, Findings), "validation needs its findings"
    return findings


READY = Ready()
AnyText = Annotated[Text, Reads(fields.text)]
Name = Annotated[Text, Reads(fields.name)]
Flag = Annotated[bool, Reads(fields.flag)]
AnyValue = Annotated[Value, Reads(fields.value)]
MapValue = Annotated[Value, Reads(fields.map_value)]
OneOrMany = Splits(fields.one_or_many)


class Source(BaseModel):
    """One mapping of the definition; `span` covers all of it."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    shape: ClassVar[Shape]
    form: ClassVar[arrange.Arrange] = staticmethod(arrange.plainly)
    span: Annotated[Span, READY]

    @model_validator(mode="before")
    @classmethod
    def _open(cls, node: Node | Entry, info: ValidationInfo) -> arrange.Arranged:
        findings = _findings(info)
        try:
            return cls.form(node, cls.shape, findings)
        except Fault as fault:
            findings.met(fault, cls.shape.place)
            raise


class NamedGuardSource(Source):
    shape = shapes.NAMED_GUARD
    form = staticmethod(arrange.named)
    name: Name
    params: MapValue | None = None


class ExprGuardSource(Source):
    shape = shapes.EXPR_GUARD
    text: AnyText = Field(alias="expr")


class CheckGuardSource(Source):
    """A comparison; `value` for one operand, `values` for `in` and `not_in`."""

    shape = shapes.CHECK_GUARD
    form = staticmethod(arrange.check)
    field: Name
    op: Annotated[Text, Reads(fields.choice(*shapes.OPERATORS))]
    value: AnyValue | None = None
    values: Annotated[Value, Reads(fields.list_value)] | None = None


class AllOfSource(Source):
    shape = shapes.ALL_OF
    guards: Annotated[tuple[GuardSource, ...], Splits(fields.items_needed)] = Field(
        alias="allOf"
    )


class AnyOfSource(Source):
    shape = shapes.ANY_OF
    guards: Annotated[tuple[GuardSource, ...], Splits(fields.items_needed)] = Field(
        alias="anyOf"
    )


class NotSource(Source):
    shape = shapes.NOT
    guard: GuardSource = Field(alias="not")


class InStateSource(Source):
    shape = shapes.IN_STATE
    state: Name = Field(alias="in_state")


GuardSource: TypeAlias = Annotated[
    Annotated[NamedGuardSource, Tag("form:name")]
    | Annotated[ExprGuardSource, Tag("form:expr")]
    | Annotated[CheckGuardSource, Tag("form:check")]
    | Annotated[AllOfSource, Tag("form:allOf")]
    | Annotated[AnyOfSource, Tag("form:anyOf")]
    | Annotated[NotSource, Tag("form:not")]
    | Annotated[InStateSource, Tag("form:in_state")],
    Discriminator(arrange.form_of(*shapes.GUARD_FORMS)),
]


class NamedActionSource(Source):
    shape = shapes.NAMED_ACTION
    form = staticmethod(arrange.named)
    name: Name
    params: MapValue | None = None


class SetSource(Source):
    shape = shapes.SET
    form = staticmethod(arrange.assignments)
    assignments: Annotated[tuple[tuple[Text, Value | ExprSource], ...], READY]


class TimestampSource(Source):
    shape = shapes.TIMESTAMP
    field: Name = Field(alias="timestamp")


class IncrementSource(Source):
    shape = shapes.INCREMENT
    field: Name = Field(alias="increment")


class DecrementSource(Source):
    shape = shapes.DECREMENT
    field: Name = Field(alias="decrement")


class AppendSource(Source):
    shape = shapes.APPEND_ACTION
    form = staticmethod(arrange.append)
    field: Name
    value: AnyValue


class ClearSource(Source):
    shape = shapes.CLEAR
    field: Name = Field(alias="clear")


class RaiseSource(Source):
    shape = shapes.RAISE
    trigger: Name = Field(alias="raise")


ActionSource: TypeAlias = Annotated[
    Annotated[NamedActionSource, Tag("form:name")]
    | Annotated[SetSource, Tag("form:set")]
    | Annotated[TimestampSource, Tag("form:timestamp")]
    | Annotated[IncrementSource, Tag("form:increment")]
    | Annotated[DecrementSource, Tag("form:decrement")]
    | Annotated[AppendSource, Tag("form:append")]
    | Annotated[ClearSource, Tag("form:clear")]
    | Annotated[RaiseSource, Tag("form:raise")],
    Discriminator(arrange.form_of(*shapes.ACTION_FORMS)),
]
Guards = Annotated[tuple[GuardSource, ...], OneOrMany]
Actions = Annotated[tuple[ActionSource, ...], OneOrMany]


class MetaSource(Source):
    """`extra` is a mapping with all other keys."""

    shape = shapes.META
    form = staticmethod(arrange.with_extra)
    machine_name: AnyText | None = None
    version: AnyText | None = None
    description: AnyText | None = None
    strict_mode: Flag = True
    event_normalizer: (
        Annotated[Text, Reads(fields.choice(*shapes.EVENT_NORMALIZERS))] | None
    ) = None
    validate_context: Flag = False
    extra: AnyValue


class TimeoutSource(Source):
    shape = shapes.TIMEOUT
    delay_ms: Annotated[int, Reads(fields.seconds)] = Field(alias="seconds")
    destination: Name


class RegionSource(Source):
    shape = shapes.REGION
    name: Name
    initial: Name | None = None
    states: Annotated[tuple[Name, ...], Splits(fields.items)] = ()
    description: AnyText | None = None


class InvokeSource(Source):
    """A service; `src` is a name for the caller, never something that is run."""

    shape = shapes.INVOKE
    id: Name
    src: AnyText
    on_done: Name | None = None
    on_error: Name | None = None


class StateSource(Source):
    shape = shapes.STATE
    name: Name
    type: Annotated[Text, Reads(fields.choice(*shapes.STATE_TYPES))] | None = None
    parent: Name | None = None
    initial_child: Name | None = None
    regions: Annotated[tuple[RegionSource, ...], Splits(fields.items)] | None = None
    on_enter: Actions = ()
    on_exit: Actions = ()
    timeout: TimeoutSource | None = None
    invoke: Annotated[tuple[InvokeSource, ...], OneOrMany] = ()
    description: AnyText | None = None
    group: AnyText | None = None
    metadata: AnyValue | None = None


class TransitionSource(Source):
    """`after` is the delay as written, `refs` those of `ref` and of `refs`.

    `dest` has several states for a fork.
    """

    shape = shapes.TRANSITION
    form = staticmethod(arrange.transition)
    trigger: Name | None = None
    source: Annotated[
        tuple[Annotated[Text, Reads(fields.source_name)], ...],
        Splits(fields.sources),
    ]
    dest: Annotated[
        tuple[Annotated[TargetSource, Reads(fields.target)], ...],
        Splits(fields.targets),
    ] = ()
    guards: Guards = ()
    actions: Actions = ()
    delay_ms: Annotated[int, Reads(fields.delay)] | None = None
    after: AnyText | None = None
    auto: Flag = False
    done: Flag = False
    internal: Flag = False
    priority: Annotated[int, Reads(fields.integer)] = 0
    region: Name | None = None
    description: AnyText | None = None
    refs: tuple[AnyText, ...] = ()
    metadata: AnyValue | None = None

    @property
    def after_span(self) -> Span | None:
        return None if self.after is None else self.after.span


class VariableSource(Source):
    """`type` includes the `fields`, which are also here with their spans.

    `default` is None if there is none, and `Value(None)` for `default: null`.
    """

    shape = shapes.VARIABLE
    form = staticmethod(arrange.variable)
    key: Name
    type: Annotated[TypeSource | None, READY] = None
    required: Flag = False
    default: AnyValue | None = None
    description: AnyText | None = None
    fields: Annotated[tuple[tuple[Text, Type], ...] | None, READY] = None


class FieldSource(Source):
    """One field of a payload; `name` is its key, `type` None where it was faulty."""

    shape = shapes.FIELD
    form = staticmethod(arrange.payload_field)
    name: Name
    type: Annotated[Type | None, READY]
    required: Annotated[bool, READY]
    default: AnyValue | None = None
    description: AnyText | None = None


class EventSource(Source):
    shape = shapes.EVENT
    name: Name
    description: AnyText | None = None
    payload: Annotated[tuple[FieldSource, ...], Splits(arrange.entries)] = ()


class ErrorPolicySource(Source):
    shape = shapes.ERROR_POLICY
    default_fallback: Name | None = None
    retry_attempts: Annotated[int, Reads(fields.natural)] | None = None


class LeadsToSource(Source):
    shape = shapes.LEADS_TO
    start: Name = Field(alias="from")
    end: Name = Field(alias="to")


class PropertySource(Source):
    """Exactly one of the five forms is written."""

    shape = shapes.PROPERTY
    form = staticmethod(arrange.property_)
    name: AnyText | None = None
    always: AnyText | None = None
    never: AnyText | None = None
    reachable: Name | None = None
    leads_to: LeadsToSource | None = None
    terminates: Annotated[bool, Reads(fields.true)] | None = None
    description: AnyText | None = None


class MachineSource(Source):
    """A whole definition. For `state_variables` and `events`, absence means something:
    None is not the empty tuple.
    """

    shape = shapes.MACHINE
    form = staticmethod(arrange.machine)
    path: Annotated[str, READY]
    meta: MetaSource
    states: Annotated[tuple[StateSource, ...], Splits(fields.items_needed)]
    transitions: Annotated[tuple[TransitionSource, ...], Splits(fields.items)] = ()
    state_variables: (
        Annotated[tuple[VariableSource, ...], Splits(fields.items)] | None
    ) = None
    events: Annotated[tuple[EventSource, ...], Splits(fields.items)] | None = None
    groups: MapValue | None = None
    error_policy: ErrorPolicySource | None = None
    properties: Annotated[tuple[PropertySource, ...], Splits(fields.items)] = ()

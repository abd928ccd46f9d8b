"""What a kind of field is: how it is read, checked, shown and written in a row."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from minamo.procedures.definitions.schema.field import FieldSpec, Option
from minamo.procedures.definitions.schema.settings import LeadTime
from minamo.procedures.definitions.shapes import Answers, FieldView, InputView, OptionView, Raw

Spec = TypeVar("Spec", bound=FieldSpec)

WRONG_SHAPE = "答えの形が正しくありません。もう一度入れてください"


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal: a stable code, the sentence for the person, and which sub-input it is about."""

    code: str
    message: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a field gave; `value` None means nothing was answered."""

    value: object
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a field may depend on besides its own input."""

    now: datetime
    today: date
    required: bool
    lead_time: LeadTime | None = None
    answers: Answers = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    allowed_options: frozenset[str] | None = None
    # uuids of stored files of this field, newly uploaded ones first checked by the file store.
    stored_files: tuple[str, ...] = ()


def text_of(raw: Raw, name: str) -> str:
    """Return the last text typed under a name (as QueryDict does), or nothing."""
    values = list_of(raw, name)
    return values[-1] if values else ""


def list_of(raw: Raw, name: str) -> list[str]:
    """Return all texts typed under a name, whether `raw` is a QueryDict or a plain mapping."""
    getlist = getattr(raw, "getlist", None)
    values: object = getlist(name) if callable(getlist) else raw.get(name, ())
    if isinstance(values, str):
        return [values]
    if not isinstance(values, Sequence):
        return []
    return [value for value in values if isinstance(value, str)]


def parts_of(value: object) -> dict[str, str]:
    """Return the text parts of a canonical object, whatever arrived in its place."""
    if not isinstance(value, Mapping):
        return {}
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}


def input_id(key: str, part: str = "") -> str:
    """Return the HTML id of a control: `f-<key>` or `f-<key>-<part>`."""
    name = f"{key}-{part}" if part else key
    return f"f-{name.replace('_', '-')}"


def input_name(key: str, part: str = "") -> str:
    """Return the form name of a control: `<key>` or `<key>.<part>`."""
    return f"{key}.{part}" if part else key


class FieldKind(ABC, Generic[Spec]):
    """One kind of field; stateless, one instance in the registry.

    `parse` turns typed text into canonical JSON and refuses what cannot be read;
    `check` judges a canonical value (also one that came from elsewhere). Neither raises
    on any input.
    """

    name: ClassVar[str]
    # The template family: definitions/kinds/<partial>.html
    partial: ClassVar[str] = "input"
    # Sub-inputs in reading order; empty means one control named as the field.
    parts: ClassVar[tuple[str, ...]] = ()
    # The parts make one value together: one refusal at a time is enough.
    is_whole: ClassVar[bool] = False
    # Headings and the like: never answered, never in a summary or an export.
    is_question: ClassVar[bool] = True
    # Answered by rules, never by the person.
    is_given: ClassVar[bool] = False

    @abstractmethod
    def parse(self, spec: Spec, raw: Raw, at: Circumstances) -> Reading:
        """Return the canonical value of what was typed, with refusals of what cannot be read."""

    @abstractmethod
    def check(self, spec: Spec, value: object, at: Circumstances) -> list[Fault]:
        """Return what is wrong with a canonical value, a missing required one included."""

    @abstractmethod
    def show(
        self, spec: Spec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Fill the view's controls, from `raw` exactly as typed, or else from the value."""

    @abstractmethod
    def lines(self, spec: Spec, value: object) -> list[str]:
        """Return the answer in words for the check page, the case and mails."""

    def read(self, spec: Spec, raw: Raw, at: Circumstances) -> Reading:
        """Parse and check; a part that could not be read is not called missing as well."""
        reading = self.parse(spec, raw, at)
        seen = {fault.part for fault in reading.faults}
        if reading.faults and (self.is_whole or not self.parts or "" in seen):
            return reading
        more = [f for f in self.check(spec, reading.value, at) if f.part not in seen]
        if seen:
            more = [fault for fault in more if fault.part]
        faults = (*reading.faults, *more)
        return Reading(reading.value, self.in_order(faults), reading.warnings)

    def in_order(self, faults: Sequence[Fault]) -> tuple[Fault, ...]:
        """Return faults in the order of the controls on the screen."""
        order = {part: n for n, part in enumerate(self.parts)}
        return tuple(sorted(faults, key=lambda fault: order.get(fault.part, -1)))

    def focus_id(self, spec: Spec, part: str = "") -> str:
        """Return the id of the control that a link to this field or part should reach."""
        return input_id(spec.key, part or (self.parts[0] if self.parts else ""))

    def conforms(self, spec: Spec, value: object) -> bool:
        """Return whether a value has the canonical shape of this kind."""
        return value is None or isinstance(value, str)

    def ruby(self, spec: Spec, value: object) -> tuple[tuple[str, str], ...]:
        """Return pairs of written form and reading where the kind knows both."""
        return ()

    def kana(self, spec: Spec, value: object) -> str:
        """Return the reading of the answer where the kind knows it."""
        return ""

    def headers(self, spec: Spec) -> list[str]:
        """Return the column headers of this field in an export."""
        return [spec.label.ja]

    def cells(self, spec: Spec, value: object) -> list[str]:
        """Return the cells under `headers`."""
        return [" ".join(self.lines(spec, value))]

    def options_of(self, spec: Spec) -> Sequence[Option]:
        """Return the choices, for kinds that have some."""
        return ()


def control(
    view: FieldView, part: str = "", *, value: str, label: str = "", **extra: object
) -> InputView:
    """Add a control to a view and return it; names and ids follow from the field's key."""
    made = InputView(
        name=input_name(view.key, part),
        id=input_id(view.key, part),
        label=label,
        value=value,
    )
    for name, setting in extra.items():
        setattr(made, name, setting)
    view.inputs.append(made)
    return made


def option_views(
    view: FieldView,
    options: Sequence[Option],
    chosen: Sequence[str],
    allowed: frozenset[str] | None,
    *,
    input_type: str = "radio",
) -> list[OptionView]:
    """Return the choices that may be taken now; a choice already taken stays visible."""
    return [
        OptionView(
            value=option.value,
            label=option.label.ja,
            id=f"{view.id}-{option.value}",
            checked=option.value in chosen,
            hint=option.hint,
            name=view.name,
            type=input_type,
        )
        for option in options
        if allowed is None or option.value in allowed
    ]


def typed(raw: Raw | None, key: str, part: str, otherwise: str) -> str:
    """Return what was typed into a control, or the given text when nothing was posted."""
    return otherwise if raw is None else text_of(raw, input_name(key, part))

"""Fields that nobody types: words (`heading`, `guidance`) and values (`hidden`, `computed`)."""

from typing import Any, Literal

from pydantic import Field

from minamo.procedures.definitions.schema.base import Words
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, Raw

from .base import Circumstances, Fault, FieldKind, Reading


class HeadingSpec(FieldSpec):
    """A headline among the questions of a page."""

    kind: Literal["heading"]


class GuidanceSpec(FieldSpec):
    """Words before or between questions."""

    kind: Literal["guidance"]
    lines: list[Words] = Field(min_length=1)
    tone: Literal["info", "warn"] = "info"


class HiddenSpec(FieldSpec):
    """A value set by rules and never shown."""

    kind: Literal["hidden"]


class ComputedSpec(FieldSpec):
    """A value computed from other answers and shown on the check page."""

    kind: Literal["computed"]
    value: Any = Field(default=None, description="An expression; see expressions.py.")
    unit: str = Field(default="", max_length=8)


class HeadingKind(FieldKind[HeadingSpec | GuidanceSpec]):
    """見出し."""

    name = "heading"
    partial = "heading"
    is_question = False

    def parse(self, spec: HeadingSpec | GuidanceSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return nothing: words are not answered."""
        return Reading(None)

    def check(
        self, spec: HeadingSpec | GuidanceSpec, value: object, at: Circumstances
    ) -> list[Fault]:
        """Find nothing wrong with words."""
        return []

    def show(
        self,
        spec: HeadingSpec | GuidanceSpec,
        view: FieldView,
        value: object,
        raw: Raw | None,
        at: Circumstances,
    ) -> None:
        """Hand the words over."""
        view.shows_need = False
        if isinstance(spec, GuidanceSpec):
            view.lines = list(spec.lines)
            view.data["tone"] = spec.tone
            view.data["icon"] = {"info": "info", "warn": "alert"}[spec.tone]

    def lines(self, spec: HeadingSpec | GuidanceSpec, value: object) -> list[str]:
        """Return nothing: words are no answer."""
        return []

    def headers(self, spec: HeadingSpec | GuidanceSpec) -> list[str]:
        """Return no columns."""
        return []

    def cells(self, spec: HeadingSpec | GuidanceSpec, value: object) -> list[str]:
        """Return no cells."""
        return []


class GuidanceKind(HeadingKind):
    """説明."""

    name = "guidance"
    partial = "guidance"


class HiddenKind(FieldKind[HiddenSpec | ComputedSpec]):
    """見えない値: text, number or truth set by rules; what is posted under its name is ignored."""

    name = "hidden"
    partial = "nothing"
    is_question = False
    is_given = True

    def conforms(self, spec: HiddenSpec | ComputedSpec, value: object) -> bool:
        """Return whether the value is plain."""
        return value is None or isinstance(value, str | int | float | bool)

    def parse(self, spec: HiddenSpec | ComputedSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return nothing: rules give the value."""
        return Reading(None)

    def check(
        self, spec: HiddenSpec | ComputedSpec, value: object, at: Circumstances
    ) -> list[Fault]:
        """Find nothing wrong: the person cannot change it."""
        return []

    def show(
        self,
        spec: HiddenSpec | ComputedSpec,
        view: FieldView,
        value: object,
        raw: Raw | None,
        at: Circumstances,
    ) -> None:
        """Show the value as words where the kind is shown at all."""
        view.shows_need = False
        view.lines = self.lines(spec, value)

    def lines(self, spec: HiddenSpec | ComputedSpec, value: object) -> list[str]:
        """Return the value with its unit."""
        if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            return []
        unit = spec.unit if isinstance(spec, ComputedSpec) else ""
        text = f"{value:,}" if isinstance(value, int | float) else value
        return [f"{text}{unit}"] if text else []

    def cells(self, spec: HiddenSpec | ComputedSpec, value: object) -> list[str]:
        """Return the plain value."""
        return ["" if value is None else str(value)]


class ComputedKind(HiddenKind):
    """計算した値, shown with its label."""

    name = "computed"
    partial = "computed"

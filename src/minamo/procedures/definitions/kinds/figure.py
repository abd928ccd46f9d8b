"""Figures: an amount (`number`) and a number that is a name, such as 水栓番号 (`digits`)."""

from decimal import Decimal, InvalidOperation
from typing import Literal

from django.utils.translation import gettext
from pydantic import Field, model_validator

from minamo.kernel.japanese.api import (
    TextRefused,
    normalise_hyphens,
    normalise_width,
    parse_digits,
)
from minamo.procedures.definitions.schema.base import Standing
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, Raw

from .base import (
    WRONG_SHAPE,
    Circumstances,
    Fault,
    FieldKind,
    Reading,
    control,
    input_name,
    text_of,
    typed,
)

_LARGEST = 10**12
# Nobody types more; a longer text is refused before any arithmetic.
_LONGEST_TYPED = 40


class NumberSpec(FieldSpec):
    """An amount; `unit` is the Japanese unit written behind the input."""

    kind: Literal["number"]
    minimum: int = Field(default=0, ge=-_LARGEST, le=_LARGEST)
    maximum: int = Field(default=_LARGEST, ge=-_LARGEST, le=_LARGEST)
    decimals: int = Field(default=0, ge=0, le=4)
    unit: str = Field(default="", max_length=8)

    @model_validator(mode="after")
    def _ordered(self) -> "NumberSpec":
        if self.minimum > self.maximum:
            raise ValueError("minimum が maximum より大きくなっています")
        return self


class DigitsSpec(FieldSpec):
    """A number that names something. `masks` are its possible forms, e.g. `9999-9999`.

    A 9 stands for one digit; hyphens are how it is printed and may be left out.
    """

    kind: Literal["digits"]
    masks: list[str] = Field(min_length=1, max_length=6)
    example: str = Field(default="", max_length=40)
    standing: Standing = "見本"

    @model_validator(mode="after")
    def _masks_readable(self) -> "DigitsSpec":
        for mask in self.masks:
            if not set(mask) <= {"9", "-"} or not 1 <= mask.count("9") <= 30:
                raise ValueError(f"masks は 9 と - で書いてください（「{mask}」）")
        lengths = [mask.count("9") for mask in self.masks]
        if len(set(lengths)) != len(lengths):
            raise ValueError("masks には、けた数のちがうものだけを書いてください")
        return self


class NumberKind(FieldKind[NumberSpec]):
    """数: stored as an integer, or as a number with decimals."""

    name = "number"

    def conforms(self, spec: NumberSpec, value: object) -> bool:
        """Return whether the value is a number."""
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))

    def parse(self, spec: NumberSpec, raw: Raw, at: Circumstances) -> Reading:
        """Read full-width digits, commas and signs."""
        text = text_of(raw, input_name(spec.key)).strip()
        if not text:
            return Reading(None)
        refused = Reading(
            None, (Fault("number.unreadable", f"{spec.label.ja}は数字で入れてください"),)
        )
        if len(text) > _LONGEST_TYPED:
            return refused
        plain = normalise_hyphens(normalise_width(text)).replace(",", "").replace("，", "")
        plain = plain.removesuffix(spec.unit).strip() if spec.unit else plain
        if not plain.lstrip("+-").replace(".", "", 1).isascii() or "_" in plain:
            return refused
        try:
            number = Decimal(plain)
        except InvalidOperation:
            return refused
        if not number.is_finite() or abs(number) > _LARGEST:
            return refused
        return self._rounded(spec, number)

    def _rounded(self, spec: NumberSpec, number: Decimal) -> Reading:
        exponent = number.normalize().as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if decimals > spec.decimals:
            message = (
                f"{spec.label.ja}は小数点以下{spec.decimals}けたまでで入れてください"
                if spec.decimals
                else f"{spec.label.ja}は、小数点のない数で入れてください"
            )
            return Reading(None, (Fault("number.decimals", message),))
        return Reading(int(number) if decimals == 0 else float(number))

    def check(self, spec: NumberSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing number and one outside its bounds."""
        if value is None:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        if isinstance(value, bool) or not isinstance(value, int | float):
            return [Fault("shape", WRONG_SHAPE)]
        if value < spec.minimum and spec.maximum == _LARGEST:
            message = f"{spec.label.ja}は{spec.minimum:,}{spec.unit}以上で入れてください"
            return [Fault("number.range", message)]
        if not spec.minimum <= value <= spec.maximum:
            low, high = f"{spec.minimum:,}{spec.unit}", f"{spec.maximum:,}{spec.unit}"
            message = f"{spec.label.ja}は{low}から{high}までで入れてください"
            return [Fault("number.range", message)]
        return []

    def show(
        self, spec: NumberSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show a short text input with its unit; `type=number` would swallow what it dislikes."""
        stored = "" if value is None or not self.conforms(spec, value) else str(value)
        made = control(view, value=typed(raw, spec.key, "", stored))
        made.css = "mn-input mn-input--n2" if spec.maximum < 1000 else "mn-input mn-input--tel"
        made.inputmode = "decimal" if spec.decimals else "numeric"
        made.unit = spec.unit

    def lines(self, spec: NumberSpec, value: object) -> list[str]:
        """Return the number with commas and unit."""
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return []
        return [f"{value:,}{spec.unit}"]

    def cells(self, spec: NumberSpec, value: object) -> list[str]:
        """Return the plain number."""
        return [str(value) if self.lines(spec, value) else ""]


class DigitsKind(FieldKind[DigitsSpec]):
    """番号: stored as digits only, shown in the form of its mask."""

    name = "digits"

    def parse(self, spec: DigitsSpec, raw: Raw, at: Circumstances) -> Reading:
        """Read digits in any width, with or without hyphens and spaces."""
        text = text_of(raw, input_name(spec.key)).strip()
        if not text:
            return Reading(None)
        try:
            return Reading(parse_digits(text[:400], label=spec.label.ja))
        except TextRefused as refused:
            return Reading(None, (Fault(refused.code, refused.message_ja),))

    def check(self, spec: DigitsSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing number and one of another length."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        lengths = [mask.count("9") for mask in spec.masks]
        try:
            same = parse_digits(value[:400], lengths=lengths, label=spec.label.ja) == value
        except TextRefused as refused:
            return [Fault(refused.code, refused.message_ja)]
        return [] if same else [Fault("shape", WRONG_SHAPE)]

    def show(
        self, spec: DigitsSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the number in its printed form, or as typed."""
        stored = self.printed(spec, value) if isinstance(value, str) else ""
        made = control(view, value=typed(raw, spec.key, "", stored))
        made.css, made.inputmode = "mn-input mn-input--tel", "numeric"
        made.autocomplete = "off"
        if spec.example:
            made.placeholder = gettext("例：%(example)s") % {"example": spec.example}

    def printed(self, spec: DigitsSpec, digits: str) -> str:
        """Return the digits in the form of the mask of their length."""
        for mask in spec.masks:
            if mask.count("9") == len(digits):
                source = iter(digits)
                return "".join(next(source) if c == "9" else c for c in mask)
        return digits

    def lines(self, spec: DigitsSpec, value: object) -> list[str]:
        """Return the number in its printed form."""
        return [self.printed(spec, value)] if isinstance(value, str) and value else []

    def cells(self, spec: DigitsSpec, value: object) -> list[str]:
        """Return the digits."""
        return [value if isinstance(value, str) else ""]

"""Parsing what people type about reviews; what is allowed is said in the services."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from minamo.kernel.calendar.api import DayField

from ..indicators.forms import NumberField
from .completeness import LONGEST_TEXT, Problem
from .models import ReviewSheet
from .rounds import Dues
from .services import Entry

# Wide enough that nobody loses text to the parser; the services say what is too long.
_WIDE = LONGEST_TEXT * 5
CHOICES = frozenset({"grade", "direction", "decision", "scheme"})


class YenField(NumberField):
    """Whole yen."""

    def to_python(self, value: Any) -> Any:
        """Return whole yen, None for an empty box.

        Raises: ValidationError for parts of a yen.
        """
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise forms.ValidationError("円は整数で入れてください。")
        return int(number)


class SheetForm(forms.Form):
    """What a section writes on a sheet; everything may be left out while writing."""

    grade = forms.CharField(required=False, max_length=4)
    grade_reason = forms.CharField(required=False, max_length=_WIDE)
    activities = forms.CharField(required=False, max_length=_WIDE)
    issues = forms.CharField(required=False, max_length=_WIDE)
    causes = forms.CharField(required=False, max_length=_WIDE)
    direction = forms.CharField(required=False, max_length=10)
    direction_note = forms.CharField(required=False, max_length=_WIDE)
    saved_hours = NumberField(required=False)
    saved_yen = YenField(required=False)
    effect_source = forms.CharField(required=False, max_length=_WIDE)

    def entry(self) -> Entry:
        """Return what was typed for the service."""
        return Entry(**self.cleaned_data)


class DuesForm(forms.Form):
    """The due days of a round."""

    write = DayField(error_messages={"required": "課の提出の期限を入れてください。"})
    confirm = DayField(error_messages={"required": "課長の確認の期限を入れてください。"})
    collect = DayField(error_messages={"required": "取りまとめの期限を入れてください。"})
    meeting = DayField(error_messages={"required": "推進チーム会議の期限を入れてください。"})

    def dues(self) -> Dues:
        """Return the days for the service."""
        data = self.cleaned_data
        return Dues(data["write"], data["confirm"], data["collect"], data["meeting"])


class RoundForm(DuesForm):
    """A new round: the year, the scheme and the days."""

    fiscal_year = forms.TypedChoiceField(
        coerce=int, error_messages={"required": "年度を選んでください。"}
    )
    scheme = forms.CharField(error_messages={"required": "評価のしかたを選んでください。"})

    def __init__(self, data: Any = None, *, years: Sequence[int], initial: Any = None) -> None:
        """Offer these fiscal years."""
        super().__init__(data, initial=initial)
        field: Any = self.fields["fiscal_year"]
        field.choices = [(str(year), str(year)) for year in years]
        field.error_messages["invalid_choice"] = "この年度は選べません。"


class MeetingForm(forms.Form):
    """What the team meeting concluded of one sheet."""

    meeting_on = DayField(error_messages={"required": "会議を開いた日を入れてください。"})
    meeting_words = forms.CharField(required=False, max_length=_WIDE)


class FinalForm(forms.Form):
    """A measure at the plan's end."""

    grade = forms.CharField(required=False, max_length=4)
    conclusion = forms.CharField(required=False, max_length=_WIDE)
    decision = forms.CharField(required=False, max_length=14)
    decision_note = forms.CharField(required=False, max_length=_WIDE)


class OpenFinalForm(forms.Form):
    """A new final review."""

    due = DayField(error_messages={"required": "課の記入の期限を入れてください。"})
    scheme = forms.CharField(error_messages={"required": "評価のしかたを選んでください。"})


class SuccessorForm(forms.Form):
    """Name and years of the successor plan."""

    title = forms.CharField(required=False, max_length=400)
    key = forms.CharField(required=False, max_length=100)
    first_fiscal_year = forms.IntegerField(
        min_value=2000, max_value=2100, error_messages={"required": "最初の年度を選んでください。"}
    )
    last_fiscal_year = forms.IntegerField(
        min_value=2000, max_value=2100, error_messages={"required": "最後の年度を選んでください。"}
    )


def initial_of(sheet: ReviewSheet) -> dict[str, Any]:
    """Return a sheet as the form shows it."""
    values = {name: getattr(sheet, name) for name in SheetForm.base_fields}
    if isinstance(values["saved_hours"], Decimal):
        values["saved_hours"] = f"{values['saved_hours'].normalize():f}"
    return values


def tell(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Put a service's problems at the inputs they belong to."""
    for problem in problems:
        name = problem.input_id.removesuffix("-1")
        form.add_error(name if name in form.fields else None, problem.message)


def errors_of(form: forms.Form, *, first: str) -> list[dict[str, str]]:
    """Return the form's errors for the summary; those of the whole lead to its first input."""
    if not form.is_bound:
        return []
    return [
        {"input_id": _input_id(name, first), "message": str(message)}
        for name, found in form.errors.items()
        for message in found
    ]


def _input_id(name: str, first: str) -> str:
    if name == "__all__":
        return first
    return f"{name}-1" if name in CHOICES else name

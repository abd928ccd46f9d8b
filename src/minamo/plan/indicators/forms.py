"""Parsing what staff type about numbers; what is allowed is said in `rules`."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from minamo.kernel.calendar.api import DayField
from minamo.kernel.japanese.api import normalise_width

from .rules import LONGEST_SOURCE


class NumberField(forms.Field):
    """A number as people write it: full-width digits and commas are read, anything else refused."""

    def to_python(self, value: Any) -> Any:
        """Return the number, None for an empty box.

        Raises: ValidationError in words for what is no number.
        """
        text = normalise_width(str(value or "").strip()).replace(",", "")
        if not text:
            return None
        try:
            number = Decimal(text[:40])
        except InvalidOperation:
            raise forms.ValidationError("数字だけを入れてください。例：1234.5") from None
        if not number.is_finite():
            raise forms.ValidationError("数字だけを入れてください。例：1234.5")
        return number


class RecordForm(forms.Form):
    """A value with its day and source."""

    on = DayField(error_messages={"required": "いつの時点の値か、日を入れてください。"})
    value = NumberField(required=False)
    numerator = NumberField(required=False)
    denominator = NumberField(required=False)
    source = forms.CharField(max_length=LONGEST_SOURCE + 1, required=False)
    form_key = forms.CharField(max_length=64)


class NoteForm(forms.Form):
    """A note beside a number."""

    text = forms.CharField(required=False, max_length=2000)
    is_public = forms.BooleanField(required=False)
    form_key = forms.CharField(max_length=64)


class CorrectionForm(forms.Form):
    """A corrected number with its reason."""

    value = NumberField(required=False)
    numerator = NumberField(required=False)
    denominator = NumberField(required=False)
    reason = forms.CharField(required=False, max_length=2000)

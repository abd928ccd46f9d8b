"""A form field for one day."""

from typing import Any

from django import forms

from .parsing import parse_date
from .wareki import DateRefused

_MAX_LENGTH = 30


class DayField(forms.Field):
    """A day written in one text box, in 西暦 or 和暦, as `parse_date` reads it."""

    def to_python(self, value: Any) -> Any:
        """Return the day, or None for an empty box.

        Raises: ValidationError with the calendar's own words when it is no day.
        """
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_date(text[:_MAX_LENGTH])
        except DateRefused as refusal:
            raise forms.ValidationError(refusal.message_ja, code=refusal.code) from refusal

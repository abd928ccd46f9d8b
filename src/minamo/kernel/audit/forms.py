"""Parsing what auditors look for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from minamo.kernel.calendar.api import DayField

from .queries import Search


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins where the utility is."""
    return timezone.make_aware(datetime.combine(day, time()))


class SearchForm(forms.Form):
    """Filters of the trail; all may stay empty."""

    actor = forms.CharField(max_length=120, required=False)
    subject = forms.CharField(max_length=140, required=False)
    action = forms.CharField(max_length=80, required=False)
    since = DayField(required=False)
    until = DayField(required=False)

    def search(self) -> Search:
        """Return what is looked for; `until` includes its day."""
        values = self.cleaned_data
        since, until = values["since"], values["until"]
        return Search(
            actor=values["actor"].strip(),
            subject=values["subject"].strip(),
            action=values["action"].strip(),
            since=midnight(since) if since else None,
            until=midnight(until + timedelta(days=1)) if until else None,
        )


class ScopeForm(forms.Form):
    """Whose records did an account view, from when until when."""

    actor = forms.CharField(
        max_length=120, error_messages={"required": "アカウントの氏名か番号を入力してください。"}
    )
    since = DayField(error_messages={"required": "いつからかを入力してください。"})
    until = DayField(error_messages={"required": "いつまでかを入力してください。"})

    def clean(self) -> dict[str, Any]:
        """Return the values.

        Raises: ValidationError when the span ends before it begins.
        """
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "いつまでかは、いつからかより後の日にしてください。")
        return values

    def span(self) -> tuple[datetime, datetime]:
        """Return the span as moments; `until` includes its day."""
        until = self.cleaned_data["until"] + timedelta(days=1)
        return midnight(self.cleaned_data["since"]), midnight(until)

"""Parsing what administrators type."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from minamo.kernel.calendar.api import DayField

from .models import InstallerCompany, InstallerRole, Role, Section, UserKind


def _day(required: str = "日付を入力してください。") -> DayField:
    return DayField(error_messages={"required": required})


def _optional_day() -> DayField:
    return DayField(required=False)


class ChoiceByKey(forms.ChoiceField):
    """One row of a short table, chosen by its stable key."""

    def __init__(self, *, missing: str) -> None:
        super().__init__(error_messages={"required": missing, "invalid_choice": missing})


class ParticularsForm(forms.Form):
    """What is known about a person."""

    display_name = forms.CharField(
        max_length=120, error_messages={"required": "氏名を入力してください。"}
    )
    kana = forms.CharField(max_length=120, required=False)
    email = forms.EmailField(
        required=False,
        error_messages={"invalid": "メールアドレスの形を確かめてください（例：name@example.jp）。"},
    )
    valid_to = _optional_day()


class NewUserForm(ParticularsForm):
    """A new account."""

    username = forms.CharField(
        max_length=64, error_messages={"required": "利用者IDを入力してください。"}
    )
    kind = forms.ChoiceField(
        choices=UserKind.choices,
        error_messages={
            "required": "種類を選んでください。",
            "invalid_choice": "種類を選んでください。",
        },
    )
    field_order = ("kind", "username", "display_name", "kana", "email", "valid_to")


class PlaceForm(forms.Form):
    """A section, a role, and the day from which they hold."""

    section = ChoiceByKey(missing="課を選んでください。")
    role = ChoiceByKey(missing="役割を選んでください。")
    on = _day("いつからかを入力してください。")
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        today = timezone.localdate()
        sections = Section.objects.overlapping(today, None).order_by("order", "code")
        self.fields["section"].choices = [("", "選んでください")] + [  # type: ignore[attr-defined]
            (section.code, section.name) for section in sections
        ]
        self.fields["role"].choices = [("", "選んでください")] + [  # type: ignore[attr-defined]
            (role.key, role.title) for role in Role.objects.order_by("order", "key")
        ]

    def values(self) -> dict[str, Any]:
        """Return section, role, day and reason as the services take them."""
        return {
            "section": Section.objects.get(code=self.cleaned_data["section"]),
            "role": Role.objects.get(key=self.cleaned_data["role"]),
            "reason": self.cleaned_data["reason"],
        }


class EndForm(forms.Form):
    """The first day on which something no longer holds."""

    on = _day("いつまでかを入力してください。")
    reason = forms.CharField(max_length=500, required=False)


class CompanyForm(forms.Form):
    """Which company a person acts for, as what, from when."""

    company = ChoiceByKey(missing="事業者を選んでください。")
    role = forms.ChoiceField(
        choices=InstallerRole.choices,
        error_messages={
            "required": "役割を選んでください。",
            "invalid_choice": "役割を選んでください。",
        },
    )
    on = _day("いつからかを入力してください。")

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        companies = InstallerCompany.objects.overlapping(timezone.localdate(), None)
        self.fields["company"].choices = [("", "選んでください")] + [  # type: ignore[attr-defined]
            (each.designation_number, f"{each.name}（{each.designation_number}）")
            for each in companies.order_by("kana", "name")
        ]


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(
        max_length=500, error_messages={"required": "理由を入力してください。"}
    )


class TokenForm(forms.Form):
    """A new machine token."""

    name = forms.CharField(max_length=80, error_messages={"required": "名前を入力してください。"})
    scopes = forms.MultipleChoiceField(
        error_messages={
            "required": "範囲を一つ以上選んでください。",
            "invalid_choice": "範囲を選び直してください。",
        }
    )
    valid_to = _optional_day()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, scopes: list[str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["scopes"].choices = [(scope, scope) for scope in scopes]  # type: ignore[attr-defined]

    def clean_valid_to(self) -> date | None:
        """Return the end, which must lie ahead.

        Raises: ValidationError otherwise.
        """
        day: date | None = self.cleaned_data["valid_to"]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError("期限は、明日より後の日にしてください。")
        return day

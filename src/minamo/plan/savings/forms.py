"""Parsing what staff type about savings; what is allowed is said in `rules` and the services."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from minamo.kernel.calendar.api import DayField, fiscal_year_label

from ..indicators.forms import NumberField
from .models import Saving, TimeUse
from .rules import Draft, Problem

Choices = Sequence[tuple[str, str]]


class AmountField(NumberField):
    """A whole number of yen."""

    def to_python(self, value: Any) -> Any:
        """Return the amount, None for an empty box.

        Raises: ValidationError for fractions and what is no number.
        """
        number = super().to_python(value)
        if number is not None and number != number.to_integral_value():
            raise forms.ValidationError("円は、小数のない数で入れてください。")
        return None if number is None else int(number)


def _needed(words: str) -> dict[str, str]:
    return {"required": words, "invalid_choice": words}


def year_choices(years: Iterable[int]) -> list[tuple[str, str]]:
    """Return fiscal years to choose from."""
    return [(str(year), fiscal_year_label(year)) for year in years]


class SavingForm(forms.Form):
    """What a measure saves in a piece of work."""

    measure = forms.ChoiceField(error_messages=_needed("施策を選んでください。"))
    section = forms.ChoiceField(error_messages=_needed("課を選んでください。"))
    business = forms.CharField(required=False, max_length=1000)
    task = forms.CharField(required=False, max_length=1000)
    before_minutes = NumberField(error_messages=_needed("前の1件あたりの分を入れてください。"))
    after_minutes = NumberField(error_messages=_needed("後の1件あたりの分を入れてください。"))
    basis = forms.ChoiceField(
        choices=Saving.Basis.choices,
        error_messages=_needed("見積もりか実測かを選んでください。"),
    )
    measured_on = DayField(required=False)
    evidence = forms.CharField(required=False, max_length=2000)
    volume_metric = forms.ChoiceField(required=False)
    volume_part = forms.ChoiceField(required=False, choices=Saving.VolumePart.choices)
    one_off_cost = AmountField(required=False)
    running_cost = AmountField(required=False)
    first_fiscal_year = forms.ChoiceField(error_messages=_needed("最初の年度を選んでください。"))
    last_fiscal_year = forms.ChoiceField(error_messages=_needed("最後の年度を選んでください。"))
    reason = forms.CharField(required=False, max_length=1000)

    def __init__(
        self,
        data: Any = None,
        *,
        measures: Choices,
        sections: Choices,
        years: Choices,
        metrics: Choices,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        offered = {
            "measure": measures,
            "section": sections,
            "volume_metric": [("", ""), *metrics],
            "first_fiscal_year": years,
            "last_fiscal_year": years,
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def draft(self) -> Draft:
        """Return what was typed, once the form is valid."""
        data = self.cleaned_data
        return Draft(
            business=data["business"],
            task=data["task"],
            basis=data["basis"],
            before_minutes=data["before_minutes"],
            after_minutes=data["after_minutes"],
            evidence=data["evidence"],
            measured_on=data["measured_on"],
            volume_metric=data["volume_metric"],
            volume_part=data["volume_part"] or Saving.VolumePart.VALUE.value,
            one_off_cost=data["one_off_cost"] or 0,
            running_cost=data["running_cost"] or 0,
            first_fiscal_year=int(data["first_fiscal_year"]),
            last_fiscal_year=int(data["last_fiscal_year"]),
        )


class ItemsForm(forms.Form):
    """How many items a year had."""

    volume = NumberField(error_messages=_needed("件数を入れてください。"))
    source = forms.CharField(required=False, max_length=1000)
    reason = forms.CharField(required=False, max_length=1000)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(required=False, max_length=1000)


class WageForm(forms.Form):
    """An hourly wage from a fiscal year on."""

    fiscal_year = forms.ChoiceField(error_messages=_needed("年度を選んでください。"))
    yen_per_hour = AmountField(error_messages=_needed("1時間あたりの円を入れてください。"))
    source = forms.CharField(required=False, max_length=1000)

    def __init__(self, data: Any = None, *, years: Choices, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["fiscal_year"]
        if isinstance(field, forms.ChoiceField):
            field.choices = years


class UseForm(forms.Form):
    """What saved hours were used for."""

    section = forms.ChoiceField(error_messages=_needed("課を選んでください。"))
    fiscal_year = forms.ChoiceField(error_messages=_needed("年度を選んでください。"))
    kind = forms.ChoiceField(
        choices=TimeUse.Kind.choices, error_messages=_needed("使いみちを選んでください。")
    )
    hours = NumberField(error_messages=_needed("時間を入れてください。"))
    words = forms.CharField(required=False, max_length=2000)

    def __init__(
        self, data: Any = None, *, sections: Choices, years: Choices, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        for name, choices in (("section", sections), ("fiscal_year", years)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


def tell(form: forms.Form, problems: Sequence[Problem]) -> None:
    """Put a service's problems beside the fields they are about."""
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def errors_of(form: forms.Form) -> list[dict[str, str]]:
    """Return the form's errors for the summary; inputs have the id of their name."""
    return [
        {"input_id": "main" if name == "__all__" else name, "message": str(message)}
        for name, messages in form.errors.items()
        for message in messages
    ]


def initial_of(saving: Saving) -> dict[str, Any]:
    """Return a saving as its form shows it."""
    return {
        "measure": saving.measure.code,
        "section": saving.section.code,
        "business": saving.business,
        "task": saving.task,
        "before_minutes": plain(saving.before_minutes),
        "after_minutes": plain(saving.after_minutes),
        "basis": saving.basis,
        "measured_on": "" if saving.measured_on is None else saving.measured_on.isoformat(),
        "evidence": saving.evidence,
        "volume_metric": saving.volume_metric,
        "volume_part": saving.volume_part,
        "one_off_cost": saving.one_off_cost,
        "running_cost": saving.running_cost,
        "first_fiscal_year": str(saving.first_fiscal_year),
        "last_fiscal_year": str(saving.last_fiscal_year),
    }


def plain(number: Decimal) -> str:
    """Write a number for an input, without useless zeros."""
    return f"{number.normalize():f}"

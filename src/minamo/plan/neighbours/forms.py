"""Reading what is typed about neighbouring utilities, and what a comparison shall show."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from .comparison import MOST_YEARS
from .services import Particulars, Problem

DEFAULT_YEARS = 3
LONGEST_CHOICE = 90


class NeighbourForm(forms.Form):
    """A utility's particulars; what is allowed is said by the services."""

    name = forms.CharField(required=False, max_length=1000)
    url = forms.CharField(required=False, max_length=4000)
    note = forms.CharField(required=False, max_length=4000)
    is_public = forms.BooleanField(required=False)

    def particulars(self) -> Particulars:
        """Return what was typed, once the form is valid."""
        return Particulars(**self.cleaned_data)


class MatchForm(forms.Form):
    """Which of their indicators belongs to ours: `code/key` each; `-` means none."""

    ours = forms.ChoiceField(error_messages={"required": "わたしたちの指標を選んでください。"})
    theirs = forms.ChoiceField(error_messages={"required": "相手の指標を選んでください。"})

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        ours: Sequence[tuple[str, str]],
        theirs: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        for name, choices in (("ours", ours), ("theirs", theirs)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
                field.error_messages["invalid_choice"] = field.error_messages["required"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants to compare; what does not fit is ignored, never an error."""

    indicator: str
    first_year: int
    last_year: int

    @classmethod
    def of(cls, data: QueryDict, *, years: range) -> "Wish":
        """Read a query string; years the wrong way round are turned, too many are cut."""
        newest = years[-1]
        last = _year(data.get("to", ""), years, newest)
        first = _year(data.get("from", ""), years, max(years[0], last - DEFAULT_YEARS + 1))
        first, last = min(first, last), max(first, last)
        return cls(
            indicator=data.get("indicator", "")[:LONGEST_CHOICE],
            first_year=max(first, last - MOST_YEARS + 1),
            last_year=last,
        )

    @property
    def years(self) -> range:
        """Return the fiscal years to show."""
        return range(self.first_year, self.last_year + 1)

    def query(self, indicator: str) -> str:
        """Return the wish as a query string."""
        pairs = {"indicator": indicator, "from": self.first_year, "to": self.last_year}
        return f"?{urlencode(pairs)}"


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


def _year(text: str, years: range, default: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return number if number in years else default

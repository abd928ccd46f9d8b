"""A plan's years side by side, for the final review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period

from ..measures import presenters, queries, wording
from ..measures.models import Indicator
from ..measures.readings import Value
from .models import FinalSheet
from .rules import GradeRule, Scheme


@dataclass(frozen=True, slots=True)
class FinalRow:
    """A measure in the table of the final review; `letters` follow the years of the table."""

    sheet: FinalSheet
    sections: tuple[str, ...]
    letters: tuple[tuple[str, str], ...]
    grade: GradeRule | None
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ValuesRow:
    """An indicator's values by year."""

    label: str
    target: str
    years: tuple[tuple[str, str], ...]


# A chip for each state: tone and icon.
_TONES: Mapping[str, tuple[str, str]] = {
    FinalSheet.State.OPEN: ("", "minus"),
    FinalSheet.State.WRITTEN: ("warn", "edit"),
    FinalSheet.State.DECIDED: ("ok", "done"),
}


def final_row(
    sheet: FinalSheet, scheme: Scheme, found: Sequence[tuple[int, str]], years: Sequence[int]
) -> FinalRow:
    """Return a measure with its grades of all years; a dash where there was none."""
    known = dict(found)
    tone, icon = _TONES[sheet.state]
    return FinalRow(
        sheet=sheet,
        sections=tuple(place.section.name for place in sheet.measure.in_charge.all()),
        letters=tuple((fiscal_year_label(year), known.get(year, "—")) for year in years),
        grade=scheme.find(sheet.grade),
        tone=tone,
        icon=icon,
    )


def decision_counts(sheets: Sequence[FinalSheet]) -> list[tuple[str, int]]:
    """Return how many measures are decided which way."""
    decided = [s.decision for s in sheets if s.state == FinalSheet.State.DECIDED]
    return [(label, decided.count(value)) for value, label in FinalSheet.Decision.choices]


def values_over_years(sheet: FinalSheet) -> list[ValuesRow]:
    """Return the stored values of a measure's indicators in every year of the plan."""
    plan = sheet.review.plan
    last_day = min(fiscal_year_period(plan.last_fiscal_year).last_date, timezone.localdate())
    view = queries.measure_view(sheet.measure.code, on=last_day)
    if view is None or view.row.plan_id != plan.pk:
        return []
    years = range(plan.first_fiscal_year, plan.last_fiscal_year + 1)
    return [
        ValuesRow(
            label=indicator.row.label,
            target=presenters.target_words(indicator),
            years=tuple(
                (fiscal_year_label(year), _words(indicator.row, indicator.years, year))
                for year in years
            ),
        )
        for indicator in view.indicators
    ]


def _words(row: Indicator, values: Sequence[Value], year: int) -> str:
    found = next((value for value in values if value.fiscal_year == year), None)
    if found is None or found.value is None:
        return "—"
    if row.kind == Indicator.Kind.MILESTONE:
        return "できた" if found.value >= 1 else "まだ"
    return wording.amount(found.value, row.unit)

"""Reads about indicators' numbers: records, notes, closed years, what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label, fiscal_year_period
from minamo.kernel.identity.api import User, sections_with
from minamo.kernel.metrics import api as metrics

from ..measures import queries as measures
from ..measures.models import Indicator, Measure, Plan
from ..measures.owed import Owed
from ..measures.queries import IndicatorView, MeasureView
from .models import Evidence, IndicatorNote, RecordedValue
from .policies import RECORD
from .services import closed_key

MOST_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator of the current plan with its measure, as pages show them."""

    plan: Plan
    measure: MeasureView
    view: IndicatorView

    @property
    def row(self) -> Indicator:
        """Return the indicator."""
        return self.view.row


@dataclass(frozen=True, slots=True)
class ClosedValue:
    """One of the numbers of a closed year: the first one, or a correction with its reason."""

    snapshot: metrics.Snapshot
    is_shown: bool


@dataclass(frozen=True, slots=True)
class YearState:
    """A fiscal year of the plan: open or closed, and what has no value yet."""

    fiscal_year: int
    label: str
    is_closed: bool
    is_over: bool
    missing: Sequence[tuple[str, IndicatorView]]
    corrected: int


def find(code: str, key: str, *, on: date) -> Found | None:
    """Return an indicator of the current plan, None for unknown codes."""
    measure = measures.measure_view(code, on=on)
    if measure is None:
        return None
    view = next((i for i in measure.indicators if i.row.key == key), None)
    return None if view is None else Found(measure.row.plan, measure, view)


def records_of(code: str, key: str) -> Sequence[RecordedValue]:
    """Return what was recorded for an indicator, the newest first."""
    rows = RecordedValue.objects.filter(measure_code=code, indicator_key=key)
    return list(
        rows.prefetch_related("evidence__file").order_by("-recorded_at", "-pk")[:MOST_RECORDS]
    )


def notes_of(code: str, key: str) -> QuerySet[IndicatorNote]:
    """Return the notes of an indicator, the newest first; withdrawn ones too."""
    rows = IndicatorNote.objects.filter(measure_code=code, indicator_key=key)
    return rows.order_by("-written_at", "-pk")


def public_notes(code: str) -> Sequence[IndicatorNote]:
    """Return the notes of a measure's indicators that everybody may read."""
    rows = IndicatorNote.objects.filter(
        measure_code=code, is_public=True, withdrawn_at__isnull=True
    )
    return list(rows.order_by("-fiscal_year", "-written_at")[:MOST_RECORDS])


def evidence_of(uuid: UUID) -> Evidence | None:
    """Return a piece of evidence by its file's number."""
    return Evidence.objects.select_related("file", "record").filter(file__uuid=uuid).first()


def closed_values(indicator: Indicator, year: int) -> list[ClosedValue]:
    """Return the number a year was closed with and its corrections; empty while open."""
    key = closed_key(indicator, year)
    found = metrics.corrections(key, year) if key else []
    return [ClosedValue(snapshot, snapshot is found[-1]) for snapshot in found]


def year_states(*, on: date) -> list[YearState]:
    """Return the plan's fiscal years up to the current one, the newest first."""
    plan = measures.current_plan(on)
    if plan is None:
        return []
    closed = set(metrics.frozen_years())
    return [
        _year_state(plan, year, is_closed=year in closed, on=on)
        for year in range(fiscal_year(on), plan.first_fiscal_year - 1, -1)
    ]


def missing_in(year: int, *, on: date) -> list[tuple[str, IndicatorView]]:
    """Return the indicators of running measures that have no value for a year, by measure code.

    A level or milestone of an earlier year counts until a new one is recorded.
    """
    shown_on = min(on, fiscal_year_period(year).last_date)
    view = measures.plan_view(on=shown_on)
    if view is None:
        return []
    return [
        (measure.code, indicator)
        for measure in view.measures
        if measure.row.status == Measure.Status.ACTIVE
        for indicator in measure.indicators
        if indicator.current is None
    ]


def owed_by(user: User, on: date) -> list[Owed]:
    """Return the indicators somebody's sections should record a value for, those of last year first."""
    codes = [section.code for section in sections_with(user, RECORD, on)]
    year = fiscal_year(on)
    mine = set(
        Measure.objects.filter(in_charge__section__code__in=codes).values_list("code", flat=True)
    )
    owed = []
    for of_year in (year - 1, year):
        due = fiscal_year_period(of_year).last_date
        for code, view in missing_in(of_year, on=on):
            if code in mine and not view.is_connected:
                owed.append(
                    Owed(
                        title=f"{code} {view.row.label}：{fiscal_year_label(of_year)}の値",
                        url=reverse("plan:record", args=[code, view.row.key]) + f"?year={of_year}",
                        due_date=due,
                        is_late=on > due,
                    )
                )
    return owed


def _year_state(plan: Plan, year: int, *, is_closed: bool, on: date) -> YearState:
    period = fiscal_year_period(year)
    return YearState(
        fiscal_year=year,
        label=fiscal_year_label(year),
        is_closed=is_closed,
        is_over=on > period.last_date,
        missing=[] if is_closed else missing_in(year, on=on),
        corrected=metrics.correction_count(year) if is_closed else 0,
    )

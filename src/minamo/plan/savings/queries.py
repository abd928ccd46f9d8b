"""Reads: what is saved, by section and by measure; volumes come from stored numbers only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year as fiscal_year_of
from minamo.kernel.calendar.api import fiscal_year_period
from minamo.kernel.identity.api import Section
from minamo.kernel.metrics import api as metrics

from ..measures.models import Measure, Plan
from . import rules
from .models import Saving, SavingYear, TimeUse, UnitWage
from .rules import Effect, Missing, Wage, Work


@dataclass(frozen=True, slots=True)
class Volume:
    """How many items there were in a year, and who says so.

    `metric` is the metric's name where its stored number was taken, empty for a number
    that people counted; then `source` is theirs.
    """

    number: Decimal
    source: str
    metric: str = ""
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A saving in one fiscal year."""

    saving: Saving
    fiscal_year: int
    year_id: int
    volume: Volume | None
    effect: Effect
    is_running: bool

    @property
    def section(self) -> Section:
        """Return the section whose time it is."""
        return self.saving.section

    @property
    def measure(self) -> Measure:
        """Return the measure that saves it."""
        return self.saving.measure


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything saved in a fiscal year under a plan, and over the plan up to that year."""

    plan: Plan
    fiscal_year: int
    wage: Wage | None
    lines: tuple[Line, ...]
    effect: Effect
    by_section: tuple[tuple[Section, Effect], ...]
    by_measure: tuple[tuple[Measure, Effect], ...]
    so_far: Effect
    is_running: bool


@dataclass(frozen=True, slots=True)
class Used:
    """What a section did with its saved hours in a year.

    Units: hours. `left` is negative where savings became less after the uses were written.
    """

    section: Section
    saved: Decimal | None
    used: Decimal
    uses: tuple[TimeUse, ...]

    @property
    def left(self) -> Decimal:
        """Return the hours nobody has said anything about."""
        return (self.saved or rules.ZERO) - self.used


def totals(plan: Plan, fiscal_year: int, *, on: date | None = None) -> Totals:
    """Return what is saved in a fiscal year: lines, sums by section and measure, and so far."""
    upto = range(min(plan.first_fiscal_year, fiscal_year), fiscal_year + 1)
    lines = _lines(_years(upto).filter(saving__measure__plan=plan), on=on)
    of_year = tuple(line for line in lines if line.fiscal_year == fiscal_year)
    return Totals(
        plan=plan,
        fiscal_year=fiscal_year,
        wage=wage_of(fiscal_year),
        lines=of_year,
        effect=_sum(of_year),
        by_section=tuple(_by_section(of_year)),
        by_measure=tuple(_by_measure(of_year)),
        so_far=_sum(lines),
        is_running=_is_running(fiscal_year, on),
    )


def of_measure(measure_code: str, fiscal_year: int, *, plan: Plan | None = None) -> Effect:
    """Return what a measure saves in a fiscal year: hours, yen, cost and net."""
    return _sum(lines_of(measure_code, fiscal_year, plan=plan))


def lines_of(measure_code: str, fiscal_year: int, *, plan: Plan | None = None) -> tuple[Line, ...]:
    """Return a measure's savings in a fiscal year."""
    years = _years(range(fiscal_year, fiscal_year + 1)).filter(saving__measure__code=measure_code)
    return _lines(years if plan is None else years.filter(saving__measure__plan=plan))


def lines_of_saving(saving: Saving, *, on: date | None = None) -> tuple[Line, ...]:
    """Return a saving's years, oldest first, those not begun included."""
    rows = SavingYear.objects.filter(saving=saving, is_counted=True).order_by("fiscal_year")
    return _lines(rows.select_related("saving__measure", "saving__section"), on=on)


def by_year(plan: Plan, years: range) -> list[tuple[int, Effect]]:
    """Return the whole bureau's effect of each year."""
    lines = _lines(_years(years).filter(saving__measure__plan=plan))
    return [(year, _sum([x for x in lines if x.fiscal_year == year])) for year in years]


def saved_by_section(section: Section, fiscal_year: int) -> Decimal | None:
    """Return the hours a section saved in a year, over all measures; None while unknown."""
    years = _years(range(fiscal_year, fiscal_year + 1)).filter(section=section)
    return _sum(_lines(years)).hours


def uses(totals_of_year: Totals) -> tuple[Used, ...]:
    """Return, for every section that saved or used hours in a year, what the time went into."""
    rows = (
        TimeUse.objects.filter(fiscal_year=totals_of_year.fiscal_year, withdrawn_at__isnull=True)
        .select_related("section")
        .order_by("section__order", "section__code", "pk")
    )
    saved = {section.pk: effect.hours for section, effect in totals_of_year.by_section}
    sections = {section.pk: section for section, _ in totals_of_year.by_section}
    written: dict[int, list[TimeUse]] = {pk: [] for pk in sections}
    for row in rows:
        sections.setdefault(row.section_id, row.section)
        written.setdefault(row.section_id, []).append(row)
    return tuple(
        Used(
            section=section,
            saved=saved.get(pk),
            used=sum((use.hours for use in written[pk]), rules.ZERO),
            uses=tuple(written[pk]),
        )
        for pk, section in sections.items()
    )


def wages() -> list[UnitWage]:
    """Return every wage, the newest first; withdrawn ones stand with their reason."""
    return list(UnitWage.objects.order_by("-valid_from", "-entered_at"))


def wage_of(fiscal_year: int) -> Wage | None:
    """Return the wage of a fiscal year; None before the first one."""
    return rules.wage_of_year(_wages(), fiscal_year_period(fiscal_year).first_date)


def chosen_metrics() -> list[tuple[str, str]]:
    """Return the metrics that can count items: key and name with unit."""
    return [
        (spec.key, f"{spec.label}（{spec.unit}）")
        for spec in metrics.specs()
        if not spec.key.startswith("plan.") and spec.unit not in {"%", "％", "時間", "分"}
    ]


def _years(years: range) -> QuerySet[SavingYear]:
    return (
        SavingYear.objects.filter(fiscal_year__in=years, is_counted=True)
        .select_related("saving__measure", "saving__section")
        .order_by("saving__measure__position", "saving__section__order", "saving_id", "fiscal_year")
    )


def _lines(rows: Iterable[SavingYear], *, on: date | None = None) -> tuple[Line, ...]:
    found = list(rows)
    today = on or timezone.localdate()
    # A year that has not begun has nothing to count, and no cost yet.
    begun = [row for row in found if row.fiscal_year <= fiscal_year_of(today)]
    keys = sorted({row.saving.volume_metric for row in begun if row.saving.volume_metric})
    years = [row.fiscal_year for row in begun]
    span = range(min(years), max(years) + 1) if years else range(0)
    stored = metrics.latest_by_year(keys, span) if keys else {}
    known = _wages()
    return tuple(_line(row, stored, known, today=today) for row in begun)


def _line(
    row: SavingYear,
    stored: dict[tuple[str, int], metrics.Snapshot],
    known: Sequence[Wage],
    *,
    today: date,
) -> Line:
    saving = row.saving
    volume = _volume(row, stored.get((saving.volume_metric, row.fiscal_year)))
    work = Work(
        before_minutes=saving.before_minutes,
        after_minutes=saving.after_minutes,
        volume=None if volume is None else volume.number,
        one_off_cost=saving.one_off_cost,
        running_cost=saving.running_cost,
        is_first_year=row.fiscal_year == saving.first_fiscal_year,
        is_measured=saving.basis == Saving.Basis.MEASURED,
        missing=(Missing.METRIC if saving.volume_metric else Missing.VOLUME).value,
    )
    wage = rules.wage_of_year(known, fiscal_year_period(row.fiscal_year).first_date)
    return Line(
        saving=saving,
        fiscal_year=row.fiscal_year,
        year_id=row.pk,
        volume=volume,
        effect=rules.effect(work, wage),
        is_running=_is_running(row.fiscal_year, today),
    )


def _volume(row: SavingYear, snapshot: metrics.Snapshot | None) -> Volume | None:
    """Return a year's items: the metric's where it has a number, else what people counted."""
    number = None
    if snapshot is not None:
        is_numerator = row.saving.volume_part == Saving.VolumePart.NUMERATOR
        number = snapshot.numerator if is_numerator else snapshot.value
    if snapshot is not None and number is not None:
        spec = metrics.find(snapshot.key)
        name = snapshot.key if spec is None else spec.label
        return Volume(number, "記録から計算", metric=name, is_frozen=snapshot.frozen)
    if row.volume is None:
        return None
    return Volume(row.volume, row.volume_source)


def _sum(lines: Iterable[Line]) -> Effect:
    return rules.in_all([line.effect for line in lines])


def _by_section(lines: Sequence[Line]) -> list[tuple[Section, Effect]]:
    sections = {line.section.pk: line.section for line in lines}
    ordered = sorted(sections.values(), key=lambda section: (section.order, section.code))
    return [(s, _sum([x for x in lines if x.section.pk == s.pk])) for s in ordered]


def _by_measure(lines: Sequence[Line]) -> list[tuple[Measure, Effect]]:
    measures = {line.measure.pk: line.measure for line in lines}
    ordered = sorted(measures.values(), key=lambda measure: measure.position)
    return [(m, _sum([x for x in lines if x.measure.pk == m.pk])) for m in ordered]


def _is_running(year: int, on: date | None) -> bool:
    return year == fiscal_year_of(on or timezone.localdate())


def _wages() -> list[Wage]:
    rows = UnitWage.objects.filter(withdrawn_at__isnull=True)
    return [Wage(row.valid_from, row.yen_per_hour, row.source) for row in rows]

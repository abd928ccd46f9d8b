"""Hours saved as numbers of the plan: for the measures whose target is hours saved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils import timezone

from minamo.contracts.metrics import MetricRow, MetricSpec, MetricValue, Period
from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.metrics import api as metrics

from . import queries, rules
from .policies import VIEW
from .queries import Line

# Measures of the shipped packs that have an indicator of hours saved; another pack's
# measure gets its line here, and `metric: plan.savings.<code>.hours` in its plan.yaml.
MEASURES = ("R4-2-1", "R4-2-2")


def metric_key(measure_code: str) -> str:
    """Return the metric key of the hours a measure saves."""
    return f"plan.savings.{measure_code.lower().replace('-', '_')}.hours"


def compute(measure_code: str, period: Period) -> MetricValue:
    """Return the hours a measure saved in a fiscal year, by section.

    No value while no saving of the year has its items counted.
    """
    year = fiscal_year(period.first_date)
    lines = [line for line in queries.lines_of(measure_code, year) if line.effect.hours is not None]
    total = rules.in_all([line.effect for line in lines]).hours
    return MetricValue(
        value=total,
        numerator=None,
        denominator=None,
        n=len(lines),
        as_of=timezone.now(),
        quality="no_data" if total is None else "ok",
        parts=_parts(lines),
    )


def rows(measure_code: str, period: Period, offset: int, limit: int) -> Sequence[MetricRow]:
    """Return the savings behind the hours, with their calculation in words."""
    lines = queries.lines_of(measure_code, fiscal_year(period.first_date))
    known = [line for line in lines if line.effect.hours is not None]
    return [_row(line, period.last_date) for line in known[offset : offset + limit]]


def _row(line: Line, last_day: date) -> MetricRow:
    saving = line.saving
    number = Decimal(0) if line.volume is None else line.volume.number
    words = (
        f"{line.section.name} {saving.task}："
        f"（{_plain(saving.before_minutes)}分−{_plain(saving.after_minutes)}分）"
        f"×{_plain(number)}件＝{line.effect.hours:,}時間"
    )
    return MetricRow(saving.subject, words, min(last_day, timezone.localdate()))


def _parts(lines: Sequence[Line]) -> tuple[tuple[str, str, Decimal], ...]:
    by_section: dict[str, Decimal] = {}
    names: dict[str, str] = {}
    for line in lines:
        code = line.section.code
        names[code] = line.section.name
        by_section[code] = by_section.get(code, Decimal(0)) + (line.effect.hours or Decimal(0))
    return tuple((code, names[code], hours) for code, hours in by_section.items())


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def register() -> None:
    """Make the hours of the measures known to the metrics."""
    for code in MEASURES:
        metrics.register(
            MetricSpec(
                key=metric_key(code),
                label=f"{code}で減らした業務時間",
                unit="時間",
                description="（前の分−後の分）×件数を、課と作業ごとに足したものです。",
                compute=partial(compute, code),
                rows=partial(rows, code),
                rows_permission=VIEW,
                is_derived=True,
            )
        )


register()

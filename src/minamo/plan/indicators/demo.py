"""The demo city's records: what its sections counted by hand, year by year."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_period
from minamo.kernel.identity.api import User

from ..measures import readings
from ..measures.models import Indicator, Measure
from ..measures.queries import current_plan
from . import services
from .rules import Entry

# How far a measure usually is at the end of the plan's first, second, … year.
_WAYS = (Decimal("0.35"), Decimal("0.70"), Decimal("0.98"), Decimal("1.08"))
_SHARE_OF = 240
_MONTHS_APART = 61


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Record values of all years for most indicators that no part computes."""
    today = timezone.localdate(now)
    plan = current_plan(today)
    if plan is None:
        return
    rows = Indicator.objects.filter(
        measure__plan=plan, measure__status=Measure.Status.ACTIVE
    ).select_related("measure")
    for row in rows.order_by("measure__position", "position"):
        # Some sections have not come round to it, as in any town.
        if readings.is_connected(row.metric_key) or chance.random() < 0.12:
            continue
        pace = Decimal(chance.randint(82, 118)) / 100
        for day in _days(plan.first_fiscal_year, today):
            _record(row, day, plan.first_fiscal_year, pace, by=staff["fujiwara"], now=now)


def _days(first_year: int, today: date) -> Iterator[date]:
    """Give the last days of past years and a day every other month of the current one."""
    year = fiscal_year(today)
    for past in range(first_year, year):
        yield fiscal_year_period(past).last_date
    day = fiscal_year_period(year).first_date + timedelta(days=_MONTHS_APART)
    while day <= today:
        yield day
        day += timedelta(days=_MONTHS_APART)


def _record(
    row: Indicator, day: date, first_year: int, pace: Decimal, *, by: User, now: datetime
) -> None:
    period = fiscal_year_period(fiscal_year(day))
    place = min(fiscal_year(day) - first_year, len(_WAYS) - 1)
    before = _WAYS[place - 1] if place else Decimal(0)
    done = Decimal((day - period.first_date).days + 1) / 365
    way = (before + (_WAYS[place] - before) * done) * pace
    entry = Entry(
        fiscal_year=fiscal_year(day),
        on=day,
        source="課の集計表による（見本の値）",
        **_amounts(row, way=way, pace=pace, done=done, place=place),
    )
    services.record_value(
        indicator=row,
        entry=entry,
        files=(),
        by=by,
        at=now,
        form_key=f"demo-{row.measure.code}-{row.key}-{day}"[:64],
    )


def _amounts(
    row: Indicator, *, way: Decimal, pace: Decimal, done: Decimal, place: int
) -> dict[str, Decimal]:
    """Return the fields of an entry that fit the indicator's kind."""
    if row.kind == Indicator.Kind.MILESTONE:
        return {"value": Decimal(1 if way >= 1 else 0)}
    target = row.target or Decimal(0)
    if row.kind == Indicator.Kind.RATIO:
        share = min(Decimal(1), target / 100 * way)
        return {
            "numerator": (share * _SHARE_OF).quantize(Decimal(1)),
            "denominator": Decimal(_SHARE_OF),
        }
    if row.kind == Indicator.Kind.PER_YEAR:
        return {"value": (target * _WAYS[place] * pace * done).quantize(Decimal(1))}
    if row.kind == Indicator.Kind.CUMULATIVE:
        # The year's own part; the years are added up.
        return {"value": (target * Decimal("0.33") * pace * done).quantize(Decimal(1))}
    if row.direction == Indicator.Direction.DOWN and row.baseline is not None:
        way = min(Decimal(1), way)
        return {"value": (row.baseline - (row.baseline - target) * way).quantize(Decimal(1))}
    start = row.baseline or Decimal(0)
    return {"value": (start + (target - start) * way).quantize(Decimal(1))}

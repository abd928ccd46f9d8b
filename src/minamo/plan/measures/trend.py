"""A fiscal year month by month: what was, the straight path, and where it leads. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from minamo.contracts.metrics import Period

from .rules import GRACE_DAYS, Aim, expected_share

MONTHS = 12
ZERO = Decimal(0)
HUNDREDTH = Decimal("0.01")


class Method(StrEnum):
    """How a forecast was made, in the words shown beside it."""

    SEASON = "前の年度の、月ごとの増えかたに合わせて延ばしました"
    PACE = "ここまでの1日あたりの数が、年度の終わりまで続くとしました"
    LINE = "月ごとの値に直線をあてはめて、年度の終わりまで延ばしました"
    HOLD = "いまの値が、年度の終わりまで変わらないとしました"


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its last day, the value stored last in it, and the straight path then."""

    end: date
    value: Decimal | None
    path: Decimal | None

    @property
    def label(self) -> str:
        """Return the month as people say it: 4月."""
        return f"{self.end.month}月"


@dataclass(frozen=True, slots=True)
class Trend:
    """Twelve months, and the year's value if it goes on like this."""

    months: tuple[Month, ...]
    forecast: Decimal | None = None
    method: Method | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether no month has a value."""
        return all(month.value is None for month in self.months)


def trend_of(
    aim: Aim,
    stored: Mapping[date, Decimal],
    *,
    year: Period,
    on: date,
    before: Decimal = ZERO,
    last_year: Mapping[date, Decimal] | None = None,
) -> Trend:
    """Return the months of a fiscal year with the straight path and a forecast.

    `stored` holds the values of the year by day. What accumulates over the plan's years
    comes with `before`, the sum of the earlier years. `last_year` (of a number per year)
    shows how much of a year is usually done by a day.
    """
    added = before if aim.kind == "cumulative" else ZERO
    known = {day: value + added for day, value in stored.items() if day <= on}
    months = tuple(
        Month(end, _last_within(known, end), _path(aim, end, year)) for end in month_ends(year)
    )
    trend = Trend(months)
    if not known or on >= year.last_date or aim.kind == "milestone":
        return trend
    forecast, method = _forecast(aim, known, year=year, before=added, last_year=last_year or {})
    return trend if forecast is None else replace(trend, forecast=forecast, method=method)


def month_ends(year: Period) -> list[date]:
    """Return the last days of the twelve months of a fiscal year; February of leap years has 29."""
    firsts = [
        date(year.first_date.year + (year.first_date.month + n) // 12, (3 + n + 1) % 12 + 1, 1)
        for n in range(MONTHS)
    ]
    return [first - timedelta(days=1) for first in firsts]


def _last_within(known: Mapping[date, Decimal], end: date) -> Decimal | None:
    days = [day for day in known if (day.year, day.month) == (end.year, end.month)]
    return known[max(days)] if days else None


def _path(aim: Aim, end: date, year: Period) -> Decimal | None:
    share = expected_share(aim, on=end, year=year)
    if share is None or aim.target is None:
        return None
    if aim.is_less_better:
        if aim.baseline is None:
            return None
        return (aim.baseline - (aim.baseline - aim.target) * share).quantize(HUNDREDTH)
    return (aim.target * share).quantize(HUNDREDTH)


def _forecast(
    aim: Aim,
    known: Mapping[date, Decimal],
    *,
    year: Period,
    before: Decimal,
    last_year: Mapping[date, Decimal],
) -> tuple[Decimal | None, Method | None]:
    day = max(known)
    value = known[day]
    if aim.kind in {"per_year", "cumulative"}:
        if day < year.first_date + timedelta(days=GRACE_DAYS):
            return None, None
        grown = value - before
        if aim.kind == "per_year" and (share := _usual_share(last_year, day)):
            return (grown / share).quantize(Decimal(1)), Method.SEASON
        days = (year.last_date - year.first_date).days + 1
        so_far = (day - year.first_date).days + 1
        return (before + grown * days / so_far).quantize(Decimal(1)), Method.PACE
    ends = _month_values(known)
    if len(ends) < 3:
        return value, Method.HOLD
    found = _line(ends, year.last_date)
    # No share is below nothing or above the whole.
    found = max(ZERO, found)
    return (min(Decimal(100), found) if aim.kind == "ratio" else found), Method.LINE


def _usual_share(last_year: Mapping[date, Decimal], day: date) -> Decimal | None:
    """Return which share of last year's number was there on the same day, if that is known."""
    whole = last_year.get(max(last_year, default=day))
    same_day = _a_year_before(day)
    near = [d for d in last_year if 0 <= (same_day - d).days <= 7]
    if not whole or not near or max(last_year) < _a_year_before(_year_end(day)):
        return None
    share = last_year[max(near)] / whole
    return share if ZERO < share <= 1 else None


def _a_year_before(day: date) -> date:
    # 29 February has none; the day before it has.
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _year_end(day: date) -> date:
    return date(day.year if day.month <= 3 else day.year + 1, 3, 31)


def _month_values(known: Mapping[date, Decimal]) -> Sequence[tuple[date, Decimal]]:
    last: dict[tuple[int, int], date] = {}
    for day in sorted(known):
        last[day.year, day.month] = day
    return [(day, known[day]) for day in last.values()]


def _line(points: Sequence[tuple[date, Decimal]], on: date) -> Decimal:
    """Return the value on a day of the line through points by least squares."""
    origin = points[0][0]
    xs = [Decimal((day - origin).days) for day, _ in points]
    ys = [value for _, value in points]
    mean_x, mean_y = sum(xs, ZERO) / len(xs), sum(ys, ZERO) / len(ys)
    spread = sum(((x - mean_x) ** 2 for x in xs), ZERO)
    products = ((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    slope = sum(products, ZERO) / spread if spread else ZERO
    return (mean_y + slope * (Decimal((on - origin).days) - mean_x)).quantize(HUNDREDTH)

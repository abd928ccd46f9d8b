from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.contracts.metrics import Period
from minamo.plan.measures.rules import Aim
from minamo.plan.measures.trend import Method, month_ends, trend_of

YEAR = Period(date(2025, 4, 1), date(2026, 3, 31))
LEAP = Period(date(2027, 4, 1), date(2028, 3, 31))
MIDDLE = date(2025, 9, 30)  # 183 of 365 days


def aim(kind: str, target: int = 100, **changes: object) -> Aim:
    values: dict[str, object] = {
        "kind": kind,
        "target": Decimal(target),
        "target_date": YEAR.last_date,
        "path_from": date(2023, 4, 1),
    }
    return Aim(**(values | changes))  # type: ignore[arg-type]


def by_month(*values: int, year: Period = YEAR) -> dict[date, Decimal]:
    return {day: Decimal(value) for day, value in zip(month_ends(year), values, strict=False)}


def test_a_fiscal_year_has_twelve_month_ends_from_april_to_march() -> None:
    ends = month_ends(YEAR)
    assert (len(ends), ends[0], ends[8], ends[-1]) == (
        12,
        date(2025, 4, 30),
        date(2025, 12, 31),
        date(2026, 3, 31),
    )


def test_february_of_a_leap_fiscal_year_has_29_days() -> None:
    assert month_ends(LEAP)[10] == date(2028, 2, 29)


def test_the_last_value_of_a_month_stands_for_it_and_what_is_missing_stays_empty() -> None:
    stored = {date(2025, 4, 10): Decimal(3), date(2025, 4, 30): Decimal(5)}
    trend = trend_of(aim("per_year"), stored, year=YEAR, on=date(2025, 5, 31))
    assert [m.value for m in trend.months[:3]] == [5, None, None]
    assert [m.label for m in trend.months[:2]] == ["4月", "5月"]


def test_a_value_of_after_4_1_belongs_to_no_month_of_the_old_year() -> None:
    stored = {date(2026, 3, 31): Decimal(90), date(2026, 4, 1): Decimal(1)}
    trend = trend_of(aim("per_year"), stored, year=YEAR, on=date(2026, 4, 2))
    assert trend.months[-1].value == 90
    assert trend.forecast is None  # the year is over; there is nothing to foresee


def test_without_values_there_is_no_forecast() -> None:
    trend = trend_of(aim("per_year"), {}, year=YEAR, on=MIDDLE)
    assert trend.is_empty
    assert (trend.forecast, trend.method) == (None, None)
    assert trend.months[-1].path == 100


@pytest.mark.parametrize(
    ("kind", "stored", "before", "last_year", "forecast", "method"),
    [
        # Half of the year, so twice as much at its end.
        ("per_year", {MIDDLE: 50}, 0, {}, 100, Method.PACE),
        # Last year only a quarter was there by then: the busy months come.
        ("per_year", {MIDDLE: 50}, 0, {date(2024, 9, 30): 25, date(2025, 3, 31): 100}, 200, Method.SEASON),
        # A last year that was never counted to its end says nothing.
        ("per_year", {MIDDLE: 50}, 0, {date(2024, 9, 30): 25}, 100, Method.PACE),
        ("cumulative", {MIDDLE: 10}, 40, {}, 60, Method.PACE),
        ("ratio", {MIDDLE: 10}, 0, {}, 10, Method.HOLD),
        ("level", {date(2025, 4, 30): 1, date(2025, 5, 31): 2, date(2025, 6, 30): 3}, 0, {}, "12.03", Method.LINE),
        ("ratio", {date(2025, 4, 30): 10, date(2025, 5, 31): 40, date(2025, 6, 30): 80}, 0, {}, 100, Method.LINE),
        ("ratio", {date(2025, 4, 30): 80, date(2025, 5, 31): 40, date(2025, 6, 30): 10}, 0, {}, 0, Method.LINE),
        ("milestone", {MIDDLE: 1}, 0, {}, None, None),
        # In the first weeks a single case would decide.
        ("per_year", {date(2025, 4, 20): 9}, 0, {}, None, None),
    ],
)  # fmt: skip
def test_each_kind_is_foreseen_by_a_named_method(
    kind: str,
    stored: dict[date, int],
    before: int,
    last_year: dict[date, int],
    forecast: object,
    method: Method | None,
) -> None:
    goal = aim(kind) if kind != "milestone" else aim(kind, target=1)
    trend = trend_of(
        goal,
        {day: Decimal(value) for day, value in stored.items()},
        year=YEAR,
        on=MIDDLE,
        before=Decimal(before),
        last_year={day: Decimal(value) for day, value in last_year.items()},
    )
    assert trend.method is method
    if forecast is None:
        assert trend.forecast is None
    else:
        assert trend.forecast is not None
        assert abs(trend.forecast - Decimal(str(forecast))) <= Decimal("0.5")


def test_where_less_is_better_the_path_goes_down() -> None:
    goal = aim("duration", 40, baseline=Decimal(70), is_less_better=True, path_from=YEAR.first_date)
    trend = trend_of(goal, by_month(70, 68), year=YEAR, on=date(2025, 5, 31))
    paths = [m.path for m in trend.months if m.path is not None]
    assert paths == sorted(paths, reverse=True)
    assert paths[-1] == 40


@given(
    day=st.dates(YEAR.first_date, YEAR.last_date),
    value=st.integers(0, 100_000),
    kind=st.sampled_from(["per_year", "cumulative", "ratio", "level", "duration"]),
)
def test_a_forecast_is_never_negative_and_always_names_its_method(
    day: date, value: int, kind: str
) -> None:
    stored = {day: Decimal(value), day - timedelta(days=40): Decimal(value // 2)}
    stored = {d: v for d, v in stored.items() if d >= YEAR.first_date}
    trend = trend_of(aim(kind), stored, year=YEAR, on=day)
    assert (trend.forecast is None) == (trend.method is None)
    assert trend.forecast is None or trend.forecast >= 0

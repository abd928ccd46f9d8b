"""Eras and fiscal years."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.kernel.calendar.api import (
    ERAS,
    DateRefused,
    fiscal_year,
    fiscal_year_label,
    fiscal_year_period,
    to_wareki,
    wareki_text,
    weekday_text,
)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(1873, 1, 1), "明治6年1月1日（水）"),
        (date(1912, 7, 29), "明治45年7月29日（月）"),
        (date(1912, 7, 30), "大正元年7月30日（火）"),
        (date(1926, 12, 24), "大正15年12月24日（金）"),
        (date(1926, 12, 25), "昭和元年12月25日（土）"),
        (date(1989, 1, 7), "昭和64年1月7日（土）"),
        (date(1989, 1, 8), "平成元年1月8日（日）"),
        (date(2019, 4, 30), "平成31年4月30日（火）"),
        (date(2019, 5, 1), "令和元年5月1日（水）"),
        (date(2026, 11, 23), "令和8年11月23日（月）"),
        # No 和暦 while months and days were those of the old calendar.
        (date(1872, 12, 31), "1872年12月31日（火）"),
    ],
)
def test_days_at_the_borders(day: date, text: str) -> None:
    assert wareki_text(day) == text
    assert wareki_text(day, weekday=False) == text[:-3]


def test_short_form_and_weekday() -> None:
    assert to_wareki(date(2026, 11, 23)).short == "R8.11.23"
    assert weekday_text(date(2026, 11, 22)) == "日"


@pytest.mark.parametrize("day", [date(1872, 12, 31), date(1868, 1, 25), date(1867, 1, 1)])
def test_day_before_the_gregorian_calendar_has_no_era_year(day: date) -> None:
    with pytest.raises(DateRefused, match="旧暦"):
        to_wareki(day)


def test_eras_follow_each_other() -> None:
    for before, after in pairwise(ERAS):
        gap = (after.first_date - before.last_date).days
        assert gap == (0 if after.first_date.year < 1989 else 1)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_every_day_lies_in_its_fiscal_year_and_in_no_other(day: date) -> None:
    year = fiscal_year(day)
    period = fiscal_year_period(year)
    assert period.first_date <= day <= period.last_date
    assert fiscal_year_period(year + 1).first_date == period.last_date + timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (1988, "昭和63年度"), (1989, "平成元年度"), (2018, "平成30年度"), (2019, "令和元年度"),
        (2020, "令和2年度"), (2026, "令和8年度"), (1926, "大正15年度"),
    ],
)  # fmt: skip
def test_fiscal_years_in_words(year: int, label: str) -> None:
    assert fiscal_year_label(year) == label


def test_last_of_march_belongs_to_the_year_before() -> None:
    assert fiscal_year(date(2027, 3, 31)) == 2026
    assert fiscal_year(date(2027, 4, 1)) == 2027

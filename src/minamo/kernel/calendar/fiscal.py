"""The fiscal year of Japanese local government: 1 April to 31 March."""

from datetime import date

from minamo.contracts.metrics import Period

from .wareki import era_on, year_words

_FIRST_MONTH = 4


def fiscal_year(day: date) -> int:
    """Return the fiscal year a day lies in, named by the year of its April.

    Source: 地方自治法 第208条.
    """
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def fiscal_year_period(year: int) -> Period:
    """Return the first and last day of a fiscal year."""
    return Period(date(year, _FIRST_MONTH, 1), date(year + 1, _FIRST_MONTH - 1, 31))


def fiscal_year_label(year: int) -> str:
    """Return a fiscal year in era words, e.g. 令和8年度.

    The era is the one of 1 April, except in the fiscal year in which 令和 began: by the
    government's notice of 2 April 2019 the whole year is called 令和元年度.
    """
    day = date(2019, 5, 1) if year == 2019 else date(year, _FIRST_MONTH, 1)
    era = era_on(day)
    return f"{era.name}{year_words(day.year - era.first_date.year + 1)}年度"

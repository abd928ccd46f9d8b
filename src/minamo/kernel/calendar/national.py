"""Days on which every bureau is closed: weekends, national holidays, the turn of the year."""

from datetime import date
from functools import lru_cache

FIRST_YEAR = 1949
LAST_YEAR = 2099
_SATURDAY = 5


class HolidaysUnknown(ValueError):
    """A day in a year for which nobody can say the national holidays."""


def national_holiday(day: date) -> str:
    """Return the name of the national holiday (国民の祝日・休日) on a day, or "".

    Equinoxes of years to come are computed astronomically; the government announces each
    of them in the February before.
    Raises: HolidaysUnknown outside 1949–2099.
    Source: 国民の祝日に関する法律 as kept in the package `holidays`.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise HolidaysUnknown(
            f"national holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {day.year}"
        )
    return _of_year(day.year).get(day, "")


def general_closure(day: date) -> str:
    """Return why every bureau is closed on a day, or "" when it is open.

    Source: 地方自治法 第4条の2 (weekends, holidays, 29 December to 3 January).
    """
    if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return "年末年始"
    if name := national_holiday(day):
        return name
    if day.weekday() >= _SATURDAY:
        return "土曜日" if day.weekday() == _SATURDAY else "日曜日"
    return ""


@lru_cache(maxsize=32)
def _of_year(year: int) -> dict[date, str]:
    # Slow to import and needed by few processes at start.
    from holidays.countries.japan import Japan

    return dict(Japan(years=year, language="ja"))

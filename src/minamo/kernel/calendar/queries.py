"""Reads of the bureau's calendar; closures are fetched once per year that a count touches."""

from datetime import date, datetime, time

from django.db import connection
from django.db.models import QuerySet

from .business_days import BusinessCalendar
from .models import Closure
from .national import general_closure


def closures(first: date, last: date) -> QuerySet[Closure]:
    """Return the local closures within a span, both ends included, by date."""
    return Closure.objects.filter(date__range=(first, last)).order_by("date")


def business_calendar() -> BusinessCalendar:
    """Return the bureau's calendar for one piece of work.

    It asks the database once for each year it is asked about and then remembers: take one
    for a whole list, and do not keep it longer than the work.
    """
    known: dict[int, dict[date, str]] = {}

    def closed_name(day: date) -> str:
        if name := general_closure(day):
            return name
        if day.year not in known:
            known[day.year] = _closures_of(day.year)
        return known[day.year].get(day, "")

    return BusinessCalendar(closed_name)


def _closures_of(year: int) -> dict[date, str]:
    """Return the names of a year's closures by day, in plain SQL: every application asks."""
    first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date, name FROM calendar_closure WHERE date BETWEEN %s AND %s", [first, last]
        )
        # SQLite gives days as text, PostgreSQL as days.
        return {date.fromisoformat(str(day)): name for day, name in cursor.fetchall()}


def closed_name(day: date) -> str:
    """Return why the bureau is closed on a day (土曜日, 文化の日, a local reason), or ""."""
    return business_calendar().closed_name(day)


def is_business_day(day: date) -> bool:
    """Return whether the bureau is open on a day."""
    return business_calendar().is_business_day(day)


def next_business_day(day: date) -> date:
    """Return the first business day after a day."""
    return business_calendar().next_business_day(day)


def add_business_days(day: date, number: int) -> date:
    """Return the day that many business days later; see `BusinessCalendar`."""
    return business_calendar().add_business_days(day, number)


def business_days_between(first: date, last: date) -> int:
    """Return how many business days lie after `first` up to and including `last`."""
    return business_calendar().business_days_between(first, last)


def earliest_date(*, now: datetime, lead_business_days: int, cut_off: time) -> date:
    """Return the first day that can be asked for now; see `BusinessCalendar`."""
    return business_calendar().earliest_date(
        now=now, lead_business_days=lead_business_days, cut_off=cut_off
    )


def latest_receipt_date(*, wanted: date, lead_business_days: int) -> date:
    """Return the last business day on which a wanted day can still be asked for."""
    return business_calendar().latest_receipt_date(
        wanted=wanted, lead_business_days=lead_business_days
    )

"""Counting business days. Pure: which days are closed comes in as a function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
_DAY = timedelta(days=1)
# A count that runs this far without finding a business day means a wrong closure table.
_LONGEST_CLOSURE_DAYS = 366


class NeverOpen(ValueError):
    """The calendar has no business day within a year of a day."""


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The working days of one bureau; `closed_name(day)` is "" on a day when it is open."""

    closed_name: Callable[[date], str]

    def is_business_day(self, day: date) -> bool:
        """Return whether the bureau is open on a day."""
        return not self.closed_name(day)

    def next_business_day(self, day: date) -> date:
        """Return the first business day after a day."""
        return self._seek(day + _DAY, _DAY)

    def add_business_days(self, day: date, number: int) -> date:
        """Return the day that many business days later, or earlier when negative.

        The day itself is not counted: one business day after a Friday is Monday. Zero
        gives the day itself when the bureau is open and else the next business day.
        Raises: NeverOpen when a year passes without a business day.
        """
        if number == 0:
            return self._seek(day, _DAY)
        step = _DAY if number > 0 else -_DAY
        for _ in range(abs(number)):
            day = self._seek(day + step, step)
        return day

    def business_days_between(self, first: date, last: date) -> int:
        """Return how many business days lie after one day up to and including another.

        With the days exchanged the same number, negative.
        """
        if last < first:
            return -self.business_days_between(last, first)
        days = (first + _DAY * n for n in range(1, (last - first).days + 1))
        return sum(self.is_business_day(day) for day in days)

    def receipt_date(self, *, now: datetime, cut_off: time) -> date:
        """Return the business day on which something that arrives now is received.

        What comes after the cut-off, or on a closed day, is received on the next business
        day; the cut-off minute itself is still in time ("17時まで").
        Raises: ValueError for a moment without a time zone.
        """
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        local = now.astimezone(TOKYO)
        day = local.date()
        if not self.is_business_day(day) or local.time() > cut_off:
            return self.next_business_day(day)
        return day

    def earliest_date(self, *, now: datetime, lead_business_days: int, cut_off: time) -> date:
        """Return the first day that can be asked for now.

        With three business days, what is received on a Wednesday can be done from the
        next Monday: Thursday, Friday and Monday are counted. Never before the day of
        receipt. Source: domain/customers-payments.md §2 (Kamogawa's counting).
        """
        received = self.receipt_date(now=now, cut_off=cut_off)
        return self.add_business_days(received, max(lead_business_days, 0))

    def latest_receipt_date(self, *, wanted: date, lead_business_days: int) -> date:
        """Return the last business day on which a wanted day can still be asked for.

        The other direction of `earliest_date`: for a Monday the Wednesday before.
        """
        last_open = wanted if self.is_business_day(wanted) else self._seek(wanted, -_DAY)
        if lead_business_days <= 0:
            return last_open
        return self.add_business_days(last_open, -lead_business_days)

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE_DAYS):
            if self.is_business_day(day):
                return day
            day += step
        raise NeverOpen(f"no business day within a year of {day}")

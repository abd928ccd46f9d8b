"""Due dates in words: 「今日まで」「あと3営業日」「2日超過」, for a whole list at once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from minamo.kernel.calendar.api import BusinessCalendar

from ..cases.models import Case
from ..cases.workflow import State

SOON_BUSINESS_DAYS = 1


@dataclass(frozen=True, slots=True)
class Due:
    """How a due date is shown; `state` is late, soon, done or empty, `icon` fits it."""

    state: str
    text: str
    icon: str
    date_text: str


class DueWords:
    """Turns due dates into words; each date of a list is worked out once."""

    def __init__(self, today: date, calendar: BusinessCalendar) -> None:
        self._today = today
        self._calendar = calendar
        self._known: dict[date, Due] = {}

    def of(self, case: Case) -> Due:
        """Return the words for a case; a closed one says when it ended."""
        if case.closed_at is not None:
            return self._closed(case.words.staff, case.closed_at)
        if case.state == State.RETURNED:
            # The ball is with the applicant: what counts is since when.
            since = timezone.localdate(case.state_since)
            return Due("", "直しを待っています", "back", f"{short_date(since, self._today)}から")
        return self.until(case.due_date)

    def until(self, day: date) -> Due:
        """Return the words for an open due date."""
        if day not in self._known:
            self._known[day] = self._words(day)
        return self._known[day]

    def _words(self, day: date) -> Due:
        days = self._calendar.business_days_between(self._today, day)
        date_text = short_date(day, self._today)
        if day < self._today:
            return Due("late", f"{max(1, -days)}日超過", "alert", date_text)
        if day == self._today:
            return Due("soon", "今日まで", "clock", date_text)
        if days <= SOON_BUSINESS_DAYS:
            return Due("soon", f"あと{max(1, days)}営業日", "clock", date_text)
        return Due("", f"あと{days}営業日", "calendar", date_text)

    def _closed(self, word: str, closed_at: datetime) -> Due:
        day = timezone.localdate(closed_at)
        return Due("done", word, "calendar", short_date(day, self._today))


def short_date(day: date, today: date) -> str:
    """Return 11/18, with the year in front when it is not within half a year."""
    text = f"{day.month}/{day.day:02d}"
    return text if abs((day - today).days) < 183 else f"{day.year}/{text}"


def received_text(moment: datetime, today: date) -> str:
    """Return 今日 9:40 for today's arrivals and the short date for others."""
    local = timezone.localtime(moment)
    if local.date() == today:
        return f"今日 {local.hour}:{local.minute:02d}"
    return short_date(local.date(), today)

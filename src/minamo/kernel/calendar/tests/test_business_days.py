"""Business days: pure counting, then the bureau's own closures."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from minamo.kernel.calendar.api import (
    BusinessCalendar,
    Closure,
    HolidaysUnknown,
    NeverOpen,
    add_business_days,
    business_calendar,
    business_days_between,
    closed_name,
    earliest_date,
    is_business_day,
    latest_receipt_date,
    national_holiday,
    next_business_day,
)
from minamo.kernel.calendar.national import general_closure

TOKYO = ZoneInfo("Asia/Tokyo")
COUNTRY = BusinessCalendar(general_closure)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
FIVE = time(17, 0)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 12, 29), "年末年始"),
        (date(2027, 1, 1), "年末年始"),
        (date(2027, 1, 3), "年末年始"),
        (date(2027, 1, 4), ""),
        (date(2026, 12, 28), ""),
        (date(2026, 11, 21), "土曜日"),
        (date(2026, 11, 22), "日曜日"),
        (date(2026, 11, 24), ""),
    ],
)
def test_closed_days_of_the_country(day: date, name: str) -> None:
    assert general_closure(day).replace(" ", "") in {name, f"{name}振替休日"}


def test_years_without_known_holidays_are_refused() -> None:
    for year in (1948, 2100):
        with pytest.raises(HolidaysUnknown, match=str(year)):
            national_holiday(date(year, 6, 1))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, TOKYO)


@pytest.mark.parametrize(
    ("received", "earliest"),
    [
        # November 2026: Monday the 16th … 23rd is a holiday.
        (_at(date(2026, 11, 11), time(9, 0)), date(2026, 11, 16)),  # Wednesday → Monday
        (_at(date(2026, 11, 11), time(17, 0)), date(2026, 11, 16)),
        (_at(date(2026, 11, 11), time(17, 0, 1)), date(2026, 11, 17)),
        (_at(date(2026, 11, 12), time(9, 0)), date(2026, 11, 17)),
        (_at(date(2026, 11, 14), time(9, 0)), date(2026, 11, 19)),  # Saturday counts as Monday
        (_at(date(2026, 11, 18), time(9, 0)), date(2026, 11, 24)),  # over the holiday
        (_at(date(2026, 12, 25), time(9, 0)), date(2027, 1, 5)),  # over the turn of the year
        (_at(date(2026, 12, 28), time(18, 0)), date(2027, 1, 7)),
        # 15:30 UTC is half past midnight in Tokyo, the next day.
        (datetime(2026, 11, 10, 15, 30, tzinfo=ZoneInfo("UTC")), date(2026, 11, 16)),
    ],
)
def test_three_business_days_from_now(received: datetime, earliest: date) -> None:
    assert COUNTRY.earliest_date(now=received, lead_business_days=3, cut_off=FIVE) == earliest


def test_start_on_monday_is_asked_for_by_the_wednesday_before() -> None:
    monday = date(2026, 11, 16)
    last = COUNTRY.latest_receipt_date(wanted=monday, lead_business_days=3)
    assert last == date(2026, 11, 11)
    sunday = date(2026, 11, 15)
    assert COUNTRY.latest_receipt_date(wanted=sunday, lead_business_days=3) == date(2026, 11, 10)


def test_no_lead_means_the_day_of_receipt() -> None:
    now = _at(date(2026, 11, 14), time(9, 0))
    assert COUNTRY.earliest_date(now=now, lead_business_days=0, cut_off=FIVE) == date(2026, 11, 16)


def test_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        COUNTRY.earliest_date(
            now=_at(date(2026, 11, 11), time(9, 0)).replace(tzinfo=None),
            lead_business_days=3,
            cut_off=FIVE,
        )


def test_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NeverOpen):
        BusinessCalendar(lambda day: "x").next_business_day(date(2026, 1, 1))


@given(DAYS, st.integers(-40, 40))
def test_adding_lands_on_a_business_day_that_many_away(day: date, number: int) -> None:
    landed = COUNTRY.add_business_days(day, number)
    assert COUNTRY.is_business_day(landed)
    if number > 0 or (number < 0 and COUNTRY.is_business_day(day)):
        assert COUNTRY.business_days_between(day, landed) == number
    if COUNTRY.is_business_day(day):
        assert COUNTRY.add_business_days(landed, -number) == day


@given(DAYS, DAYS)
def test_counting_is_antisymmetric_and_additive(first: date, last: date) -> None:
    last = first + timedelta(days=(last - first).days % 400)
    middle = first + (last - first) // 2
    count = COUNTRY.business_days_between
    assert count(first, last) == -count(last, first)
    assert count(first, last) == count(first, middle) + count(middle, last)


@given(DAYS, st.times(), st.integers(0, 15))
def test_latest_receipt_is_the_other_direction_of_earliest(
    day: date, clock: time, lead: int
) -> None:
    now = _at(day, clock)
    received = COUNTRY.receipt_date(now=now, cut_off=FIVE)
    wanted = COUNTRY.earliest_date(now=now, lead_business_days=lead, cut_off=FIVE)
    assert wanted >= received >= now.date()
    assert COUNTRY.latest_receipt_date(wanted=wanted, lead_business_days=lead) == received
    # A day later is too late for the same day.
    later = COUNTRY.next_business_day(received)
    assert COUNTRY.add_business_days(later, lead) > wanted


@pytest.mark.django_db
def test_local_closure_moves_every_count() -> None:
    Closure.objects.create(date=date(2026, 11, 12), name="庁舎の停電")
    assert closed_name(date(2026, 11, 12)) == "庁舎の停電"
    assert not is_business_day(date(2026, 11, 12))
    assert next_business_day(date(2026, 11, 11)) == date(2026, 11, 13)
    assert add_business_days(date(2026, 11, 11), 3) == date(2026, 11, 17)
    assert business_days_between(date(2026, 11, 11), date(2026, 11, 16)) == 2
    assert latest_receipt_date(wanted=date(2026, 11, 16), lead_business_days=3) == date(
        2026, 11, 10
    )
    now = _at(date(2026, 11, 11), time(9, 0))
    assert earliest_date(now=now, lead_business_days=3, cut_off=FIVE) == date(2026, 11, 17)


@pytest.mark.django_db
def test_closures_are_read_once_for_each_year() -> None:
    calendar = business_calendar()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendar.add_business_days(date(2026, 4, 1), 100)
        calendar.add_business_days(date(2026, 4, 1), 120)
        calendar.business_days_between(date(2026, 1, 1), date(2026, 12, 31))
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        add_business_days(date(2026, 12, 1), 40)
    assert len(queries) == 2

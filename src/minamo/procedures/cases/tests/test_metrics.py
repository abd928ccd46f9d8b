"""The number of R4-1-4: what counts, in which year, and equal to a recount by SQL."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from minamo.kernel.calendar.api import fiscal_year_period
from minamo.kernel.events.api import deliver_pending
from minamo.kernel.jobs.api import Job
from minamo.procedures.cases.metrics import (
    WEB_APPLICATIONS,
    compute_web_applications,
    web_application_rows,
)
from minamo.procedures.cases.workflow import Channel, State

from .filing import load_pack, make_case, make_clerk

pytestmark = pytest.mark.django_db
YEAR = fiscal_year_period(2026)


@pytest.fixture(autouse=True)
def _pack(db: None) -> None:
    load_pack()


def test_empty_year_is_zero_and_has_no_share() -> None:
    value = compute_web_applications(YEAR)
    assert (value.value, value.denominator, value.n, value.parts) == (0, 0, 0, ())
    assert web_application_rows(YEAR, 0, 50) == []


def test_web_counts_and_other_channels_are_the_denominator() -> None:
    for channel in (Channel.WEB, Channel.WEB, Channel.PHONE, Channel.COUNTER):
        make_case(channel=channel)
    value = compute_web_applications(YEAR)
    assert (value.numerator, value.denominator) == (2, 4)
    assert value.parts == (
        ("web", "ウェブ", Decimal(2)),
        ("phone", "電話", Decimal(1)),
        ("counter", "窓口", Decimal(1)),
    )


def test_withdrawn_and_rejected_do_not_count() -> None:
    clerk = make_clerk()
    make_case(state=State.WITHDRAWN)
    make_case(state=State.REJECTED, by=clerk)
    make_case(state=State.RETURNED, by=clerk)
    assert compute_web_applications(YEAR).value == 1


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        # 31 March 23:59 and 1 April 0:00 in Japan.
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), 2025),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), 2026),
        (datetime(2028, 2, 29, 3, 0, tzinfo=UTC), 2027),
    ],
)
def test_case_counts_in_the_fiscal_year_of_its_day_in_japan(moment: datetime, year: int) -> None:
    case = make_case(at=moment)
    assert case.fiscal_year == year
    assert compute_web_applications(fiscal_year_period(year)).value == 1
    assert compute_web_applications(fiscal_year_period(year - 1)).value == 0
    assert compute_web_applications(fiscal_year_period(year + 1)).value == 0


def test_number_equals_its_rows_and_a_recount_by_plain_sql() -> None:
    for channel in (Channel.WEB, Channel.WEB, Channel.PAPER):
        make_case(channel=channel)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM cases_case WHERE channel = 'web' AND fiscal_year = 2026 "
            "AND state NOT IN ('withdrawn', 'rejected')"
        )
        (recount,) = cursor.fetchone()
    assert compute_web_applications(YEAR).value == recount
    assert len(web_application_rows(YEAR, 0, 50)) == recount
    assert len(web_application_rows(YEAR, 1, 50)) == recount - 1


def test_new_case_asks_for_one_recount_however_many_come() -> None:
    for _ in range(3):
        make_case()
    deliver_pending(100)
    waiting = Job.objects.filter(key="metrics.refresh", state="queued")
    assert waiting.count() == 1
    assert WEB_APPLICATIONS in str(waiting.get().unique_key)

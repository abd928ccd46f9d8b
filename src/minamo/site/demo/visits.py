"""What the crew did in the fictional city: the valve of each accepted case, on its day."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from minamo.kernel.identity.api import User, actor_for
from minamo.procedures.api import (
    Case,
    OrderResult,
    WorkOrder,
    complete_case,
    follow_case,
    report_done,
)

_WORK_ENDS = time(15, 30)


def visit(case: Case, *, clerk: User, chance: Random, at: datetime, now: datetime) -> Case:
    """Make the orders of an accepted case; after its last visit complete the case.

    A case whose visit is still to come stays in work, as in a real week.
    """
    orders = follow_case(case=case, by=actor_for(clerk), at=at)
    done = [_report(order, clerk, chance, at, now) for order in orders]
    if not all(done):
        return case
    last = max((moment for moment in done if moment), default=at)
    return complete_case(case=case, by=clerk, at=last + timedelta(minutes=20))


def _report(
    order: WorkOrder, clerk: User, chance: Random, at: datetime, now: datetime
) -> datetime | None:
    """Report a visit whose day is over; returns when, or None while it is still to come."""
    moment = timezone.make_aware(datetime.combine(order.planned_date, _WORK_ENDS))
    if moment + timedelta(hours=1) > now:
        return None
    moment = max(moment, at)
    report_done(
        order=order,
        by=clerk,
        at=moment,
        result=OrderResult(
            done_date=timezone.localdate(moment),
            meter_reading_m3=chance.randint(12, 2400),
            meter_number=f"K{chance.randint(18, 26)}-{chance.randint(0, 99_999):05d}",
            note="",
        ),
    )
    return moment

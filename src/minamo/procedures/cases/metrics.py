"""Numbers about cases that the plan can bind to."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils import timezone

from minamo.contracts.metrics import MetricRow, MetricSpec, MetricValue, Period
from minamo.kernel.metrics.api import register

from .models import Case
from .workflow import CHANNEL_LABELS, Channel, State

SERVICE_USE_PROCEDURES = ("service-start", "service-stop", "service-move")
# An application that was withdrawn or refused did not become a start or stop of use.
NOT_COUNTED = (State.WITHDRAWN, State.REJECTED)
WEB_APPLICATIONS = "procedures.service_use.web_applications"


def service_use_cases(period: Period) -> QuerySet[Case]:
    """Return the start, stop and move cases received in the period that count."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(period.first_date, time.min, tzinfo=zone)
    after = datetime.combine(period.last_date + timedelta(days=1), time.min, tzinfo=zone)
    return Case.objects.filter(
        procedure__code__in=SERVICE_USE_PROCEDURES,
        submitted_at__gte=first,
        submitted_at__lt=after,
    ).exclude(state__in=NOT_COUNTED)


def compute_web_applications(period: Period) -> MetricValue:
    """Count web applications, with every channel beside them for the share."""
    counts = dict(
        service_use_cases(period).values_list("channel").annotate(n=Count("pk")).order_by()
    )
    web, total = counts.get(Channel.WEB, 0), sum(counts.values())
    return MetricValue(
        value=Decimal(web),
        numerator=Decimal(web),
        denominator=Decimal(total),
        n=total,
        as_of=timezone.now(),
        parts=tuple(
            (channel.value, CHANNEL_LABELS[channel], Decimal(counts[channel]))
            for channel in Channel
            if channel in counts
        ),
    )


def web_application_rows(period: Period, offset: int, limit: int) -> Sequence[MetricRow]:
    """Return the web cases behind the number, newest first."""
    cases = (
        service_use_cases(period)
        .filter(channel=Channel.WEB)
        .select_related("procedure")
        .order_by("-submitted_at", "-pk")[offset : offset + limit]
    )
    return [
        MetricRow(
            subject=case.subject,
            title=f"{case.reference} {case.procedure.title}",
            counted_date=timezone.localdate(case.submitted_at),
        )
        for case in cases
    ]


register(
    MetricSpec(
        key=WEB_APPLICATIONS,
        label="ウェブからの水道使用開始・中止の申し込み",
        unit="件",
        description=(
            "年度のうちにウェブで受け取った使用開始・使用中止・転居の申し込みの数です。"
            "取り下げられたものと、お受けできなかったものは数えません。"
            "転居は1件と数えます。割合の分母は、電話や窓口もふくむすべての申し込みです。"
        ),
        compute=compute_web_applications,
        rows=web_application_rows,
        rows_permission="plan.indicator.view_rows",
    )
)

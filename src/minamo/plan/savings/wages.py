"""The verbs about the hourly wage: enter, withdraw."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period
from minamo.kernel.identity.api import User, actor_for, may, require

from .models import UnitWage
from .policies import MANAGE
from .rules import Problem
from .services import SavingRefused

LARGEST_WAGE = 100_000
LONGEST_SOURCE = 400


def enter_wage(
    *, fiscal_year: int, yen_per_hour: int, source: str, by: User, at: datetime
) -> UnitWage:
    """Enter what an hour is worth from a fiscal year on, until the next wage begins.

    Raises: Refused; SavingRefused, also where a wage begins in that year already.
    """
    require(may(by, MANAGE))
    problems = []
    if not 0 < yen_per_hour <= LARGEST_WAGE:
        problems.append(
            Problem("yen_per_hour", "1時間あたりの円は、1円から10万円までで入れてください。")
        )
    if not source.strip():
        problems.append(
            Problem("source", "出どころを書いてください。例：令和8年度予算の平均給与から計算")
        )
    elif len(source.strip()) > LONGEST_SOURCE:
        problems.append(Problem("source", f"出どころは{LONGEST_SOURCE}字までで書いてください。"))
    if problems:
        raise SavingRefused(problems)
    wage = UnitWage(
        valid_from=fiscal_year_period(fiscal_year).first_date,
        yen_per_hour=yen_per_hour,
        source=source.strip(),
        entered_by=by.display_name,
        entered_at=at,
    )
    try:
        with transaction.atomic():
            wage.save(force_insert=True)
            record(
                actor=actor_for(by),
                action="plan.unit_wage.entered",
                subject=wage.subject,
                detail={"valid_from": wage.valid_from.isoformat(), "yen_per_hour": yen_per_hour},
            )
    except IntegrityError as error:
        raise SavingRefused(
            [Problem("fiscal_year", _taken(wage.valid_from, fiscal_year))]
        ) from error
    return wage


def withdraw_wage(*, wage: UnitWage, reason: str, by: User, at: datetime) -> None:
    """Take a wrong wage back; it stays readable with its reason. Twice changes nothing.

    Raises: Refused; SavingRefused without a reason.
    """
    require(may(by, MANAGE))
    words = reason.strip()
    if not words or len(words) > LONGEST_SOURCE:
        raise SavingRefused(
            [Problem("reason", f"取り下げる理由を、{LONGEST_SOURCE}字までで書いてください。")]
        )
    with transaction.atomic():
        moved = UnitWage.objects.filter(pk=wage.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=at, withdrawn_by=by.display_name, withdrawn_reason=words
        )
        if moved:
            record(
                actor=actor_for(by),
                action="plan.unit_wage.withdrawn",
                subject=wage.subject,
                reason=words,
            )


def _taken(day: date, fiscal_year: int) -> str:
    found = UnitWage.objects.filter(valid_from=day, withdrawn_at__isnull=True).first()
    yen = "" if found is None else f"（{found.yen_per_hour:,}円）"
    return (
        f"{fiscal_year_label(fiscal_year)}からの単価{yen}は、もう入っています。"
        "ちがうときは、先にそれを取り下げてください。"
    )

"""The verbs about what saved time was used for: write, change, withdraw."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year as fiscal_year_of
from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.identity.api import Section, User, actor_for, require

from . import queries, rules
from .models import TimeUse
from .policies import may_use
from .rules import Problem
from .services import SavingMoved, SavingRefused


def write_use(
    *,
    section: Section,
    fiscal_year: int,
    kind: str,
    hours: Decimal,
    words: str,
    by: User,
    at: datetime,
) -> TimeUse:
    """Write what a section did with saved hours of a year.

    Raises: Refused; SavingRefused, also for more hours than were saved.
    """
    require(may_use(by, section))
    _refuse_wrong(fiscal_year, kind, hours, words, at=at)
    with transaction.atomic():
        _lock(section)
        _refuse_too_much(section, fiscal_year, hours, without=None)
        use = TimeUse.objects.create(
            section=section,
            fiscal_year=fiscal_year,
            kind=kind,
            hours=hours,
            words=words.strip(),
            written_by=by.display_name,
            written_at=at,
        )
        _keep(use, "plan.time_use.written", by=by)
    return use


def change_use(
    *,
    use: TimeUse,
    kind: str,
    hours: Decimal,
    words: str,
    by: User,
    at: datetime,
    expected_version: int | None,
) -> TimeUse:
    """Write a use anew; its section and year stay.

    Raises: Refused; SavingRefused; SavingMoved.
    """
    require(may_use(by, use.section))
    _refuse_wrong(use.fiscal_year, kind, hours, words, at=at)
    with transaction.atomic():
        _lock(use.section)
        row = _locked(use, expected_version)
        _refuse_too_much(row.section, row.fiscal_year, hours, without=row)
        row.kind, row.hours, row.words = kind, hours, words.strip()
        row.written_by, row.written_at = by.display_name, at
        row.lock_version += 1
        row.save()
        _keep(row, "plan.time_use.changed", by=by)
    return row


def withdraw_use(*, use: TimeUse, by: User, at: datetime) -> None:
    """Take a use back; twice changes nothing.

    Raises: Refused.
    """
    require(may_use(by, use.section))
    with transaction.atomic():
        open_ones = TimeUse.objects.filter(pk=use.pk, withdrawn_at__isnull=True)
        if open_ones.update(withdrawn_at=at):
            _keep(use, "plan.time_use.withdrawn", by=by)


def _refuse_wrong(fiscal_year: int, kind: str, hours: Decimal, words: str, *, at: datetime) -> None:
    found: list[Problem] = []
    if kind not in TimeUse.Kind.values:
        found.append(Problem("kind", "使いみちを選んでください。"))
    if not hours.is_finite() or hours <= 0:
        found.append(Problem("hours", "時間は0より大きい数で入れてください。"))
    elif hours > rules.LARGEST_MINUTES or hours != hours.quantize(rules.HUNDREDTH):
        found.append(Problem("hours", "時間は小数第2位までで入れてください。"))
    if not words.strip():
        found.append(
            Problem("words", "したことを書いてください。例：老朽管の現地調査を月2回に増やした")
        )
    elif len(words.strip()) > 400:
        found.append(Problem("words", "したことは400字までで書いてください。"))
    if fiscal_year > fiscal_year_of(timezone.localdate(at)):
        found.append(
            Problem("fiscal_year", f"{fiscal_year_label(fiscal_year)}は、まだ始まっていません。")
        )
    if found:
        raise SavingRefused(found)


def _refuse_too_much(
    section: Section, fiscal_year: int, hours: Decimal, *, without: TimeUse | None
) -> None:
    written = TimeUse.objects.filter(
        section=section, fiscal_year=fiscal_year, withdrawn_at__isnull=True
    )
    if without is not None:
        written = written.exclude(pk=without.pk)
    used = written.aggregate(total=Sum("hours"))["total"] or rules.ZERO
    words = rules.problem_of_use(
        hours_now=hours,
        used_before=used,
        saved=queries.saved_by_section(section, fiscal_year),
        who=f"{section.name}が{fiscal_year_label(fiscal_year)}",
    )
    if words:
        raise SavingRefused([Problem("hours", words)])


def _lock(section: Section) -> None:
    Section.objects.select_for_update(no_key=True).get(pk=section.pk)


def _locked(use: TimeUse, expected_version: int | None) -> TimeUse:
    row = TimeUse.objects.select_for_update(of=("self",)).select_related("section").get(pk=use.pk)
    if row.withdrawn_at is not None or (
        expected_version is not None and row.lock_version != expected_version
    ):
        raise SavingMoved
    return row


def _keep(use: TimeUse, action: str, *, by: User) -> None:
    record(
        actor=actor_for(by),
        action=action,
        subject=use.subject,
        detail={
            "section": use.section.code,
            "fiscal_year": use.fiscal_year,
            "kind": use.kind,
            "hours": str(use.hours),
        },
    )

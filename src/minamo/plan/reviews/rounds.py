"""The verbs of a round: opened with a scheme and due days, moved, brought in line with the plan."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year as fiscal_year_of
from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period
from minamo.kernel.identity.api import User, actor_for, may, require

from ..measures.models import Measure, Plan
from .completeness import Problem
from .grades import kept
from .models import GradeScheme, ReviewRound, ReviewSheet
from .policies import COLLECT
from .refusals import ReviewRefused, SheetMoved

State = ReviewSheet.State


@dataclass(frozen=True, slots=True)
class Dues:
    """The days until which each step is done, in their order."""

    write: date
    confirm: date
    collect: date
    meeting: date


def open_round(
    *, plan: Plan, fiscal_year: int, scheme: GradeScheme, dues: Dues, by: User, at: datetime
) -> ReviewRound:
    """Open the review of a fiscal year: one sheet for every measure the plan had by then.

    Raises: Refused; ReviewRefused for a year that has not begun, is none of the plan's or
    has a round already, and for due days out of order.
    """
    require(may(by, COLLECT))
    today = timezone.localdate(at)
    problems = [*_year_problems(plan, fiscal_year, today), *_due_problems(dues)]
    if dues.write < today:
        problems.append(Problem("write", "課の提出の期限が、もう過ぎています"))
    if problems:
        raise ReviewRefused("plan.review.round", problems[0].message, problems)
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        if ReviewRound.objects.filter(plan=plan, fiscal_year=fiscal_year).exists():
            message = f"{fiscal_year_label(fiscal_year)}の現状評価は、もう始まっています"
            raise ReviewRefused(
                "plan.review.round_exists", message, [Problem("fiscal_year", message)]
            )
        round_ = ReviewRound.objects.create(
            plan=plan,
            fiscal_year=fiscal_year,
            grades=kept(scheme),
            **_columns(dues),
            opened_at=at,
            opened_by=by.display_name,
        )
        added, ended = _add_sheets(round_)
        record(
            actor=actor_for(by),
            action="plan.review_round.opened",
            subject=round_.subject,
            detail={
                "fiscal_year": fiscal_year,
                "scheme": scheme.key,
                "sheets": added,
                "ended": ended,
            },
        )
    return round_


def change_dues(
    *, round_: ReviewRound, dues: Dues, by: User, expected_version: int | None = None
) -> ReviewRound:
    """Move the due days.

    Raises: Refused, SheetMoved, ReviewRefused for days out of order.
    """
    require(may(by, COLLECT))
    if problems := _due_problems(dues):
        raise ReviewRefused("plan.review.round", problems[0].message, problems)
    with transaction.atomic():
        current = ReviewRound.objects.select_for_update().get(pk=round_.pk)
        if expected_version is not None and current.lock_version != expected_version:
            raise SheetMoved
        before = dues_of(current)
        if before == dues:
            return current
        for name, day in _columns(dues).items():
            setattr(current, name, day)
        current.lock_version += 1
        current.save()
        record(
            actor=actor_for(by),
            action="plan.review_round.dues_changed",
            subject=current.subject,
            detail={name: day.isoformat() for name, day in _columns(dues).items()},
        )
    return current


def align(*, round_: ReviewRound, by: User) -> tuple[int, int]:
    """Bring a round in line with the plan: sheets for new measures, untouched ones of ended away.

    Returns how many sheets came in and how many measures had left. Sheets with text stay.
    Raises: Refused.
    """
    require(may(by, COLLECT))
    with transaction.atomic():
        current = ReviewRound.objects.select_for_update().select_related("plan").get(pk=round_.pk)
        left = ReviewSheet.objects.filter(round=current, state=State.UNTOUCHED).exclude(
            measure__status=Measure.Status.ACTIVE
        )
        ended = left.update(state=State.ENDED)
        back = ReviewSheet.objects.filter(
            round=current, state=State.ENDED, measure__status=Measure.Status.ACTIVE
        )
        returned = back.update(state=State.UNTOUCHED)
        added, _ = _add_sheets(current)
        if added or ended or returned:
            record(
                actor=actor_for(by),
                action="plan.review_round.aligned",
                subject=current.subject,
                detail={"added": added, "ended": ended, "returned": returned},
            )
    return added + returned, ended


def measures_in(plan: Plan, fiscal_year: int) -> QuerySet[Measure]:
    """Return the measures a plan had by the end of a fiscal year, ended ones too."""
    last_day = fiscal_year_period(fiscal_year).last_date
    return plan.measures.filter(since__month__lte=last_day).order_by("position")


def dues_of(round_: ReviewRound) -> Dues:
    """Return the due days of a round."""
    return Dues(round_.write_due, round_.confirm_due, round_.collect_due, round_.meeting_due)


def reviewable_years(plan: Plan, on: date) -> list[int]:
    """Return the fiscal years of a plan that have begun and have no round yet, newest first."""
    taken = set(ReviewRound.objects.filter(plan=plan).values_list("fiscal_year", flat=True))
    years = range(fiscal_year_of(on), plan.first_fiscal_year - 1, -1)
    return [year for year in years if year not in taken]


def _add_sheets(round_: ReviewRound) -> tuple[int, int]:
    """Add the sheets that are missing; returns how many, and how many of them are of ended."""
    known = set(round_.sheets.values_list("measure_id", flat=True))
    sheets = [
        ReviewSheet(
            round=round_,
            measure=measure,
            state=State.UNTOUCHED if measure.status == Measure.Status.ACTIVE else State.ENDED,
        )
        for measure in measures_in(round_.plan, round_.fiscal_year)
        if measure.pk not in known
    ]
    ReviewSheet.objects.bulk_create(sheets)
    return len(sheets), sum(1 for sheet in sheets if sheet.state == State.ENDED)


def _columns(dues: Dues) -> dict[str, date]:
    return {
        "write_due": dues.write,
        "confirm_due": dues.confirm,
        "collect_due": dues.collect,
        "meeting_due": dues.meeting,
    }


def _year_problems(plan: Plan, year: int, today: date) -> list[Problem]:
    if year < plan.first_fiscal_year:
        return [Problem("fiscal_year", "計画が始まる前の年度です")]
    if year > fiscal_year_of(today):
        return [Problem("fiscal_year", f"{fiscal_year_label(year)}は、まだ始まっていません")]
    return []


def _due_problems(dues: Dues) -> list[Problem]:
    problems = []
    for name, day, before, words in (
        ("confirm", dues.confirm, dues.write, "課長の確認は、課の提出"),
        ("collect", dues.collect, dues.confirm, "取りまとめは、課長の確認"),
        ("meeting", dues.meeting, dues.collect, "推進チーム会議は、取りまとめ"),
    ):
        if day < before:
            problems.append(Problem(name, f"{words}の期限より後の日にしてください"))
    return problems

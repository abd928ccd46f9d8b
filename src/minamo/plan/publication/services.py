"""The verbs of the yearly report: ask for one, make it in a job, publish it, take it back."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.documents.api import FontsMissing, PrintRefused
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import User, actor_for, require
from minamo.kernel.jobs.api import JobState, enqueue, job_of

from ..measures.models import Plan
from . import records, report
from .models import Report
from .policies import can_publish

MAKE_JOB = "plan.report.make"
PURPOSE = "plan.report"
REPLACED = "新しい報告書に差しかえました"


class ReportRefused(Exception):
    """The act cannot be done; `message` says why in Japanese."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = f"plan.report.{code}", message
        super().__init__(message)


def request_report(*, plan: Plan, year: int, by: User, at: datetime) -> Report:
    """Have the report of a fiscal year made; the job begins when this commits.

    Raises: Refused; ReportRefused for a year the plan does not reach, and while a report of
    the same year is still being made.
    """
    require(can_publish(by))
    if not plan.first_fiscal_year <= year <= fiscal_year(timezone.localdate(at)):
        raise ReportRefused("year", "その年度の報告書は作れません。一覧から年度を選んでください。")
    with transaction.atomic():
        # The plan's row orders two people who press at once.
        Plan.objects.select_for_update().get(pk=plan.pk)
        _give_up_dead(plan, year, at=at)
        if Report.objects.filter(plan=plan, fiscal_year=year, finished_at__isnull=True).exists():
            raise ReportRefused(
                "being_made",
                f"{fiscal_year_label(year)}の報告書は、いま作っています。できるまで待ってください。",
            )
        made = Report.objects.create(
            plan=plan,
            fiscal_year=year,
            title=report.title_of(plan, year),
            asked_at=at,
            asked_by=by,
        )
        job = enqueue(MAKE_JOB, unique_key=f"{MAKE_JOB}:{made.uuid}", report=str(made.uuid))
        made.job_id = job.pk
        made.save(update_fields=["job_id"])
        record(
            actor=actor_for(by),
            action="plan.report.requested",
            subject=made.subject,
            detail={"plan": plan.key, "fiscal_year": year},
        )
    return made


def make_report(*, made: Report, at: datetime) -> Report:
    """Print a report that was asked for and keep the file; doing it twice changes nothing.

    What cannot be printed is kept as a refusal in words, for staff to read.
    """
    if made.finished_at is not None:
        return made
    table = records.table(year=made.fiscal_year)
    if table is None or table.plan.pk != made.plan_id:
        return _finish(made, at=at, refusal="いまの計画の報告書ではないため、作りませんでした。")
    try:
        pdf = report.printed(table, made_at=at)
    except (PrintRefused, FontsMissing) as refused:
        return _finish(made, at=at, refusal=refused.message)
    return _keep(made, pdf, at=at, data_as_of=table.as_of)


def publish_report(*, made: Report, by: User, at: datetime) -> Report:
    """Show a report to everybody; the one shown so far for that year is taken back.

    Raises: Refused; ReportRefused for one that is not ready, public or withdrawn.
    """
    require(can_publish(by))
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=made.plan_id)
        current = Report.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if current.is_public:
            return current
        if not current.is_ready:
            raise ReportRefused("not_ready", "まだできていない報告書は、公開できません。")
        if current.withdrawn_at is not None:
            raise ReportRefused(
                "withdrawn", "公開をやめた報告書は、公開しなおせません。新しく作ってください。"
            )
        shown = Report.objects.filter(
            plan_id=current.plan_id,
            fiscal_year=current.fiscal_year,
            published_at__isnull=False,
            withdrawn_at__isnull=True,
        )
        for former in shown:
            _withdraw(former, by=by, at=at, reason=REPLACED)
        current.published_at, current.published_by = at, by
        current.save(update_fields=["published_at", "published_by"])
        record(
            actor=actor_for(by),
            action="plan.report.published",
            subject=current.subject,
            detail={"fiscal_year": current.fiscal_year},
        )
    return current


def withdraw_report(*, made: Report, by: User, at: datetime, reason: str) -> Report:
    """Take a public report back, with a reason; it stays on the staff's list.

    Raises: Refused; ReportRefused without a reason or when it is not public.
    """
    require(can_publish(by))
    if not reason.strip():
        raise ReportRefused("no_reason", "公開をやめる理由を書いてください。記録に残ります。")
    with transaction.atomic():
        current = Report.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if not current.is_public:
            raise ReportRefused("not_public", "この報告書は、いま公開されていません。")
        _withdraw(current, by=by, at=at, reason=reason.strip()[:200])
    return current


def _withdraw(made: Report, *, by: User, at: datetime, reason: str) -> None:
    made.withdrawn_at, made.withdrawn_by, made.withdraw_reason = at, by, reason
    made.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    record(
        actor=actor_for(by),
        action="plan.report.withdrawn",
        subject=made.subject,
        detail={"fiscal_year": made.fiscal_year},
        reason=reason,
    )


def _give_up_dead(plan: Plan, year: int, *, at: datetime) -> None:
    """Close reports whose job has failed for good, so that they hold up no new one."""
    for waiting in Report.objects.filter(plan=plan, fiscal_year=year, finished_at__isnull=True):
        job = None if waiting.job_id is None else job_of(waiting.job_id)
        if job is None or job.state in {JobState.DEAD, JobState.DISCARDED}:
            _finish(waiting, at=at, refusal="仕事が途中で止まり、作れませんでした。")


def _keep(made: Report, pdf: bytes, *, at: datetime, data_as_of: datetime | None) -> Report:
    actor = actor_for(made.asked_by)
    name = f"{made.plan.key}-{made.fiscal_year}-report.pdf"
    upload = SimpleUploadedFile(name, pdf, content_type="application/pdf")
    with transaction.atomic():
        current = Report.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if current.finished_at is not None:
            return current
        current.file = files.store(upload=upload, purpose=PURPOSE, by=actor)
        current.finished_at, current.data_as_of = at, data_as_of
        current.save(update_fields=["file", "finished_at", "data_as_of"])
        record(
            actor=actor,
            action="plan.report.made",
            subject=current.subject,
            detail={"sha256": current.file.sha256, "pages": current.file.page_count},
        )
    return current


def _finish(made: Report, *, at: datetime, refusal: str) -> Report:
    with transaction.atomic():
        current = Report.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if current.finished_at is not None:
            return current
        current.finished_at, current.refusal = at, refusal
        current.save(update_fields=["finished_at", "refusal"])
        record(
            actor=actor_for(made.asked_by),
            action="plan.report.refused",
            subject=current.subject,
            detail={"fiscal_year": current.fiscal_year},
            reason=refusal[:500],
        )
    return current

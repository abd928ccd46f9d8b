"""Reads about reports."""

from dataclasses import dataclass

from django.db.models import QuerySet

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.jobs.api import Job, JobState, job_of

from ..measures.models import Plan
from .models import Report

# One report a year and a few attempts; older ones stay reachable by their audit entries.
LISTED = 60


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report on the staff's list, with its job while that has not ended."""

    row: Report
    job: Job | None

    @property
    def year_label(self) -> str:
        """Return the fiscal year as people write it."""
        return fiscal_year_label(self.row.fiscal_year)

    @property
    def reason_id(self) -> str:
        """Return the id of the input for the reason of a withdrawal."""
        return f"reason-{self.row.uuid}"

    @property
    def is_being_made(self) -> bool:
        """Return whether the job is waiting or running."""
        return self.job is not None and self.job.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def failure(self) -> str:
        """Return why there is no file, in words; empty while there may still be one."""
        if self.row.refusal or self.row.is_ready or self.is_being_made:
            return self.row.refusal
        return "仕事が途中で止まり、作れませんでした。もう一度作ってください。"


def report_lines(plan: Plan) -> list[ReportLine]:
    """Return the newest reports of a plan for staff."""
    rows = (
        Report.objects.filter(plan=plan)
        .select_related("file", "asked_by", "published_by", "withdrawn_by")
        .order_by("-asked_at", "-pk")[:LISTED]
    )
    return [
        ReportLine(row, job_of(row.job_id) if row.finished_at is None and row.job_id else None)
        for row in rows
    ]


def public_reports(plan: Plan) -> QuerySet[Report]:
    """Return the reports that everybody may read, newest year first."""
    return (
        Report.objects.filter(plan=plan, published_at__isnull=False, withdrawn_at__isnull=True)
        .select_related("file")
        .order_by("-fiscal_year")
    )

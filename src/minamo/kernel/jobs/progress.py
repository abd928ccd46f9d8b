"""Telling how far a long job has come."""

from uuid import UUID

from .current import current
from .models import Job


def report_progress(*, done: int, total: int, message: str = "") -> None:
    """Say how far the running job has come; outside a job it does nothing.

    Called outside the transactions of the work it becomes visible at once, inside one only
    when that commits.
    """
    run = current()
    if run is None:
        return
    Job.objects.filter(pk=run.job_id, attempts=run.attempt).update(
        progress_done=max(0, done), progress_total=max(0, total), progress_message=message[:200]
    )


def job_of(job_id: UUID) -> Job | None:
    """Return a job with its progress."""
    return Job.objects.filter(pk=job_id).first()

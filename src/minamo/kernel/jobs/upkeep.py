"""Tidying the queue."""

from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

from .models import Job, JobState

KEEP_DAYS = 30


def purge(*, now: datetime) -> int:
    """Delete jobs that were done or discarded over 30 days ago; dead ones stay."""
    old = Job.objects.filter(
        state__in=[JobState.DONE, JobState.DISCARDED], ended_at__lt=now - timedelta(days=KEEP_DAYS)
    ).values_list("pk", flat=True)
    # The job row goes with its task.
    count, _ = DBTaskResult.objects.filter(pk__in=list(old)).delete()
    return count

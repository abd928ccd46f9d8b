"""Putting jobs into the queue, in the transaction of whoever wants them done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from .models import Job, JobState
from .registry import JobSpec, key_of, spec_of
from .tasks import run_job


def enqueue(
    job_or_key: str | Callable[..., Any],
    /,
    *,
    unique_key: str | None = None,
    run_after: datetime | None = None,
    **kwargs: Any,
) -> Job:
    """Queue a job in the caller's transaction; it exists only if that commits.

    With `unique_key`, a job that still waits under the same key is returned instead; one
    that already runs does not count, because it may have read its data before this change.

    Raises: LookupError for an unknown job; TypeError for arguments that are not plain JSON.
    """
    key = key_of(job_or_key)
    spec = spec_of(key)
    if spec is None:
        raise LookupError(key)
    with transaction.atomic(savepoint=False):
        if not unique_key:
            return _create(spec, None, run_after, kwargs)
        if waiting := _waiting(unique_key):
            return waiting
        try:
            with transaction.atomic():
                return _create(spec, unique_key, run_after, kwargs)
        except IntegrityError:
            # Another process queued the same between our look and our write.
            waiting = _waiting(unique_key)
            if waiting is None:
                raise
            return waiting


def _waiting(unique_key: str) -> Job | None:
    """Return the waiting job, locked: it must not start before the caller's change commits."""
    job = Job.objects.filter(unique_key=unique_key, state=JobState.QUEUED).first()
    if job is None:
        return None
    DBTaskResult.objects.select_for_update().filter(pk=job.pk).first()
    job.refresh_from_db()
    return job if job.state == JobState.QUEUED else None


def _create(
    spec: JobSpec, unique_key: str | None, run_after: datetime | None, kwargs: dict[str, Any]
) -> Job:
    task = run_job.using(priority=spec.priority, run_after=run_after or timezone.now())
    result = task.enqueue(key=spec.key, kwargs=kwargs)
    return Job.objects.create(
        task_id=UUID(result.id),
        key=spec.key,
        unique_key=unique_key,
        max_attempts=spec.retries + 1,
    )

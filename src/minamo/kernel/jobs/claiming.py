"""Taking jobs from the queue under a lease, and writing how they ended."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks.base import TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from .current import Run
from .models import Job, JobState
from .registry import spec_of
from .rules import pause_before_retry

log = logging.getLogger(__name__)

TaskRow = DBTaskResult[Any, Any]

DEFAULT_RETRY_SECONDS = 10
WORKER_DIED = "the worker stopped while this job was running"
SUPERSEDED = "another job of the same kind was already waiting"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of this worker; only the holder of the lease may write its outcome."""

    run: Run
    task: TaskRow
    worker_id: str


def claim(*, worker_id: str, lease_seconds: float) -> Claim | None:
    """Take the next due job, None when there is none.

    The first look is a plain read, so that an idle worker never takes SQLite's write lock;
    on PostgreSQL rows held by other workers are skipped.
    """
    due = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
    if not due.exists():
        return None
    with transaction.atomic():
        task = due.get_locked()
        if task is None:
            return None
        job, _ = Job.objects.get_or_create(
            task=task,
            # A task that other code queued through django-tasks itself.
            defaults={"key": task.task_path[:120], "max_attempts": 1},
        )
        task.claim(worker_id)
        job.state, job.worker_id = JobState.RUNNING, worker_id
        job.attempts += 1
        job.lease_until = timezone.now() + timedelta(seconds=lease_seconds)
        job.save(update_fields=["state", "worker_id", "attempts", "lease_until"])
    run = Run(job_id=task.id, key=job.key, attempt=job.attempts, max_attempts=job.max_attempts)
    return Claim(run=run, task=task, worker_id=worker_id)


def extend(held: Claim, *, lease_seconds: float) -> bool:
    """Extend the lease of a running job; False when it was lost meanwhile."""
    until = timezone.now() + timedelta(seconds=lease_seconds)
    return bool(_held(held).update(lease_until=until))


def succeed(held: Claim, value: Any) -> bool:
    """Write that a job is done; False when the lease was lost and nothing was written."""
    with transaction.atomic():
        job = _held(held).select_for_update().first()
        if job is None:
            log.warning("job %s ended after its lease was lost", held.run.key)
            return False
        _set_task(held.task, TaskResultStatus.SUCCESSFUL, return_value=_plain(value))
        _end(job, JobState.DONE)
    return True


def fail(held: Claim, error: str, *, exception_class: str, permanent: bool = False) -> bool:
    """Write that an attempt failed: it is tried again later, or becomes a dead letter."""
    with transaction.atomic():
        job = _held(held).select_for_update().first()
        if job is None:
            log.warning("job %s failed after its lease was lost", held.run.key)
            return False
        held.task.exception_class_path = exception_class
        held.task.traceback = error
        job.last_error = error[-8000:]
        if permanent or job.attempts >= job.max_attempts:
            bury(job, held.task)
        else:
            spec = spec_of(job.key)
            pause = pause_before_retry(
                attempt=job.attempts,
                first_seconds=spec.retry_seconds if spec else DEFAULT_RETRY_SECONDS,
            )
            put_back(job, held.task, run_after=timezone.now() + timedelta(seconds=pause))
    return True


def release(held: Claim) -> None:
    """Give a job back untouched because the worker stops; the attempt does not count."""
    with transaction.atomic():
        job = _held(held).select_for_update().first()
        if job is not None:
            job.attempts -= 1
            put_back(job, held.task, run_after=timezone.now())


def recover(now: datetime) -> int:
    """Put jobs whose worker died back into the queue; returns how many."""
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    if not expired.exists():
        return 0
    with transaction.atomic():
        jobs = list(
            expired.select_related("task").select_for_update(skip_locked=True, of=("self",))
        )
        for job in jobs:
            log.warning("job %s is taken up again: %s", job.key, WORKER_DIED)
            job.last_error = WORKER_DIED
            if job.attempts >= job.max_attempts:
                bury(job, job.task)
            else:
                put_back(job, job.task, run_after=now)
    return len(jobs)


def put_back(job: Job, task: TaskRow, *, run_after: datetime) -> None:
    """Make a job wait again, unless another with its unique key already waits."""
    job.state, job.worker_id, job.lease_until, job.ended_at = JobState.QUEUED, "", None, None
    fields = ["state", "worker_id", "attempts", "max_attempts", "lease_until", "ended_at"]
    try:
        with transaction.atomic():
            job.save(update_fields=[*fields, "last_error"])
    except IntegrityError:
        job.last_error = SUPERSEDED
        _set_task(task, TaskResultStatus.FAILED)
        _end(job, JobState.DISCARDED)
        return
    task.run_after = run_after
    _set_task(task, TaskResultStatus.READY)


def bury(job: Job, task: TaskRow) -> None:
    """Make a job a dead letter."""
    _set_task(task, TaskResultStatus.FAILED)
    _end(job, JobState.DEAD)


def discard(job: Job, task: TaskRow) -> None:
    """Give a job up for good."""
    _set_task(task, TaskResultStatus.FAILED)
    _end(job, JobState.DISCARDED)


def _held(held: Claim) -> Any:
    return Job.objects.filter(
        pk=held.run.job_id,
        state=JobState.RUNNING,
        attempts=held.run.attempt,
        worker_id=held.worker_id,
    )


def _set_task(task: TaskRow, status: TaskResultStatus, *, return_value: object = None) -> None:
    task.status = status
    task.finished_at = None if status == TaskResultStatus.READY else timezone.now()
    task.return_value = return_value
    fields = ["status", "finished_at", "return_value", "run_after"]
    task.save(update_fields=[*fields, "exception_class_path", "traceback"])


def _end(job: Job, state: JobState) -> None:
    job.state, job.lease_until, job.ended_at = state, None, timezone.now()
    job.save(update_fields=["state", "attempts", "lease_until", "ended_at", "last_error"])


def _plain(value: Any) -> Any:
    try:
        return normalize_json(value)
    except TypeError:
        return None

"""What staff do with dead letters: try again or give up."""

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import User, may, require

from .claiming import discard, put_back
from .models import Job, JobState
from .registry import spec_of

MANAGE = "jobs.job.manage"


class JobNotDead(Exception):
    """Somebody else has already tried the job again or given it up."""


def retry_job(*, job: Job, by: User, actor: Actor) -> Job:
    """Queue a dead letter again, with a full set of attempts.

    Raises: Refused without the permission; JobNotDead.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        dead = _dead(job)
        spec = spec_of(dead.key)
        dead.max_attempts = dead.attempts + (spec.retries if spec else 0) + 1
        put_back(dead, dead.task, run_after=timezone.now())
        _record(dead, actor, "jobs.job.retried")
    return dead


def discard_job(*, job: Job, by: User, actor: Actor, reason: str) -> Job:
    """Give a dead letter up for good.

    Raises: Refused without the permission; JobNotDead.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        dead = _dead(job)
        discard(dead, dead.task)
        _record(dead, actor, "jobs.job.discarded", reason)
    return dead


def _dead(job: Job) -> Job:
    current = Job.objects.select_for_update(of=("self",)).select_related("task").get(pk=job.pk)
    if current.state != JobState.DEAD:
        raise JobNotDead(str(job.pk))
    return current


def _record(job: Job, actor: Actor, action: str, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject=SubjectRef("jobs.job", str(job.pk)),
        detail={"key": job.key, "attempts": job.attempts},
        reason=reason,
    )

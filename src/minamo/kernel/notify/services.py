"""Telling people something: written with its cause, queued by the worker, sent by a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.identity.api import User
from minamo.kernel.jobs.api import enqueue

from .models import MailState, OutgoingMail, StaffNotice
from .queries import forget_unread
from .recipients import Recipient
from .registry import words_of

SEND_JOB = "notify.send_mail"


def send(
    *,
    notice: str,
    to: Recipient,
    context: Mapping[str, Any],
    subject: SubjectRef,
    unique_key: str,
) -> OutgoingMail | StaffNotice:
    """Tell somebody something, in the caller's transaction; the same key tells only once.

    A mail address gets an e-mail (sent by a job of the worker, with retries); a user gets a notice on the
    staff screen.

    Raises: LookupError for an unknown notice; NoticeIncomplete for a missing value.
    """
    words = words_of(notice, context)
    common = {
        "notice": notice,
        "title": words.title,
        "body": words.body,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
    }
    with transaction.atomic(savepoint=False):
        if to.user is not None:
            staff_notice, _ = StaffNotice.objects.get_or_create(
                unique_key=unique_key, defaults={**common, "user": to.user, "url": words.url}
            )
            forget_unread(to.user)
            return staff_notice
        return _queue_mail(OutgoingMail(unique_key=unique_key, recipient=to.email, **common))


def _queue_mail(mail: OutgoingMail) -> OutgoingMail:
    """Write a mail, or return the one written before under the same key."""
    try:
        # The unique key decides; to look first would ask in vain nearly always.
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        return OutgoingMail.objects.get(unique_key=mail.unique_key)
    return mail


def has_written_mail() -> bool:
    """Return whether a mail waits for its job; reads only."""
    return OutgoingMail.objects.filter(state=MailState.WRITTEN).exists()


def queue_written_mail(limit: int) -> int:
    """Give written mails their sending jobs, the oldest first; returns how many.

    The worker does this, so that whoever causes a mail writes one row and no job.
    """
    with transaction.atomic():
        written = OutgoingMail.objects.filter(state=MailState.WRITTEN).order_by("id")
        mails = list(written.select_for_update(skip_locked=True).only("uuid")[:limit])
        for mail in mails:
            enqueue(SEND_JOB, mail_uuid=str(mail.uuid))
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            state=MailState.QUEUED
        )
    return len(mails)


def mark_read(*, user: User, at: datetime, notice_uuid: UUID | None = None) -> int:
    """Mark one or all notices of a person as read; returns how many were unread."""
    unread = StaffNotice.objects.filter(user=user, read_at__isnull=True)
    if notice_uuid is not None:
        unread = unread.filter(uuid=notice_uuid)
    forget_unread(user)
    return unread.update(read_at=at)


def retry_mail(*, mail: OutgoingMail) -> None:
    """Queue a mail that could not be sent once more."""
    with transaction.atomic():
        mail.state = MailState.QUEUED
        mail.save(update_fields=["state"])
        enqueue(
            SEND_JOB,
            unique_key=f"{SEND_JOB}:{mail.uuid}",
            run_after=timezone.now(),
            mail_uuid=str(mail.uuid),
        )

"""Drafts that nobody sends disappear, with their files."""

from datetime import datetime

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import record
from minamo.kernel.files.api import StoredFile, delete
from minamo.procedures.cases.models import CaseFile
from minamo.procedures.portal import limits
from minamo.procedures.portal.models import Attempt, Draft

_BATCH = 200


def delete_draft(*, draft: Draft, by: Actor) -> None:
    """Delete one draft that was not sent, and the files that no case uses."""
    with transaction.atomic():
        record(
            actor=by,
            action="procedures.draft.deleted",
            subject=draft.subject,
            detail={"files": len(draft.file_uuids), "sent": draft.sent_at is not None},
        )
        _discard_files(draft, by)
        draft.delete()


def purge(*, by: Actor, at: datetime) -> int:
    """Delete expired drafts and old attempts; return how many drafts went.

    A sent draft is only the bridge from its link to the receipt; it goes with its time.
    """
    purged = 0
    while batch := list(Draft.objects.expired_at(at).order_by("pk")[:_BATCH]):
        for draft in batch:
            delete_draft(draft=draft, by=by)
        purged += len(batch)
    Attempt.objects.filter(at__lt=at - limits.KEEP).delete()
    return purged


def _discard_files(draft: Draft, by: Actor) -> None:
    in_cases = CaseFile.objects.filter(file_uuid__in=draft.file_uuids).values("file_uuid")
    for file in StoredFile.objects.filter(uuid__in=draft.file_uuids).exclude(uuid__in=in_cases):
        delete(file=file, by=by, reason="下書きとともに消しました")

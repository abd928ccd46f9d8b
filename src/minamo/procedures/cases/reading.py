"""Keeps who read personal data, without an entry for every reload of a page."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import history, record_read


def note_read(
    *, actor: Actor, subject: SubjectRef, fields: Sequence[str], at: datetime, reason: str = ""
) -> bool:
    """Write that personal data was shown, once per person, subject, set of fields and day.

    A reading with a reason is always written. Returns whether an entry was written.
    """
    day_begins = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    seen = (
        not reason
        and history(subject)
        .filter(
            action=f"{subject.kind}.read",
            actor_id=actor.id,
            at__gte=day_begins,
            detail={"fields": sorted(fields)},
        )
        .exists()
    )
    if not seen:
        record_read(actor=actor, subject=subject, fields=fields, reason=reason)
    return not seen

"""How often somebody may do something, counted in the database across all processes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from minamo.kernel.crypto.api import blind_index

from .models import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within `minutes`, counted separately for every key."""

    scope: str
    times: int
    minutes: int


# A secret has 10^8 values: five tries a quarter of an hour never find it. The limit by
# address is wider, because a mobile carrier shows thousands of people as one address.
INQUIRY_BY_REFERENCE = Limit("inquiry.reference", times=5, minutes=15)
INQUIRY_BY_ADDRESS = Limit("inquiry.address", times=30, minutes=15)
DRAFTS_BY_ADDRESS = Limit("draft.address", times=120, minutes=60)
MAILS_BY_DRAFT = Limit("mail.draft", times=5, minutes=24 * 60)
MAILS_BY_RECIPIENT = Limit("mail.recipient", times=5, minutes=24 * 60)
MESSAGES_BY_CASE = Limit("message.case", times=20, minutes=60)

KEEP = timedelta(days=1)


def count(limit: Limit, key: str, *, at: datetime) -> Attempt:
    """Write down one more attempt; it counts as soon as the transaction is committed."""
    return Attempt.objects.create(scope=limit.scope, key_hash=_hash(limit, key), at=at)


def used_up(limit: Limit, key: str, *, at: datetime) -> bool:
    """Return whether no attempt is left; an unknown key (empty) has no limit."""
    return bool(key) and _recent(limit, key, at) >= limit.times


def overdrawn(limit: Limit, key: str, *, at: datetime) -> bool:
    """Return whether more attempts than allowed are written down, the latest included."""
    return bool(key) and _recent(limit, key, at) > limit.times


def forgive(*attempts: Attempt) -> None:
    """Take attempts back that turned out to be in order."""
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).delete()


def _recent(limit: Limit, key: str, at: datetime) -> int:
    since = at - timedelta(minutes=limit.minutes)
    return Attempt.objects.filter(
        scope=limit.scope, key_hash=_hash(limit, key), at__gt=since
    ).count()


def _hash(limit: Limit, key: str) -> str:
    return blind_index(key, purpose=f"procedures.portal.{limit.scope}")

"""Adding to the chain: the only writer of the audit tables."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef

from . import chain
from .models import ChainHead, Entry


class NotInTransaction(RuntimeError):
    """An entry was to be written outside the transaction of the change it describes."""


def record(
    *,
    actor: Actor,
    action: str,
    subject: SubjectRef,
    detail: Mapping[str, chain.JSON] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry, in the transaction of the change it describes.

    `detail` takes plain JSON without floating-point numbers and never personal data:
    names of changed fields, codes, counts and hashes.

    Raises: NotInTransaction outside `transaction.atomic`; TypeError or ValueError for
    a detail that is not plain JSON.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{action} was recorded outside a transaction")
    seq, head_hash = _locked_head()
    values: dict[str, object] = {
        "seq": seq + 1,
        "at": timezone.now(),
        "actor_kind": str(actor.kind),
        "actor_id": actor.id,
        "actor_name": actor.name[:120],
        "actor_ip_hash": actor.ip_hash,
        "action": action,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "detail": chain.plain(detail or {}),
        "reason": reason[:500],
        "prev_hash": head_hash,
    }
    entry = Entry(**values, hash=chain.digest(values))
    entry.save(force_insert=True)
    _move_head(entry.seq, entry.hash)
    return entry


def _locked_head() -> tuple[int, str]:
    """Return the last number and hash, and keep other writers waiting until the commit."""
    connection = transaction.get_connection()
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        # Plain SQL: every act of the house passes here, and twice through the ORM costs
        # more than hashing and writing the entry.
        cursor.execute(f"SELECT seq, hash FROM audit_chainhead WHERE id = 1{lock}")  # noqa: S608
        held = cursor.fetchone()
    if held is not None:
        return held[0], held[1]
    head, _ = ChainHead.objects.select_for_update().get_or_create(
        id=1, defaults={"seq": 0, "hash": chain.GENESIS}
    )
    return head.seq, head.hash


def _move_head(seq: int, entry_hash: str) -> None:
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "UPDATE audit_chainhead SET seq = %s, hash = %s WHERE id = 1", [seq, entry_hash]
        )


def record_read(
    *, actor: Actor, subject: SubjectRef, fields: Sequence[str], reason: str = ""
) -> Entry:
    """Append an entry saying that personal data was shown; opens a transaction if none is open."""
    with transaction.atomic():
        return record(
            actor=actor,
            action=f"{subject.kind}.read",
            subject=subject,
            detail={"fields": sorted(fields)},
            reason=reason,
        )

"""Changing the field key: a new key first, then every stored value under it, in batches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils import timezone

from minamo.contracts.actors import Actor, ActorKind
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record

from . import keyring
from .fields import EncryptedField
from .models import Rotation
from .sealing import CiphertextRefused, Sealed, current_prefix

BATCH_ROWS = 200
# A report names this many unreadable rows; the count tells of the rest.
_NAMED_REFUSALS = 20


@dataclass(frozen=True, slots=True)
class RotationReport:
    """How far a key change has come; `refused` names rows whose values could not be read."""

    key_id: str
    is_finished: bool
    rows: int
    values: int
    refused_count: int
    refused: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one line for the operator."""
        state = "finished" if self.is_finished else "to be continued"
        text = f"key {self.key_id}: {self.values} values in {self.rows} rows re-encrypted, {state}"
        return f"{text}, {self.refused_count} values refused" if self.refused_count else text


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    values: int = 0
    batches: int = 0
    refused: list[str] = field(default_factory=list)


def encrypted_fields() -> Iterator[tuple[type[models.Model], list[EncryptedField]]]:
    """Yield every table of this installation that has encrypted fields, with those fields."""
    for model in apps.get_models():
        if not model._meta.managed or model._meta.proxy:
            continue
        fields = [f for f in model._meta.local_fields if isinstance(f, EncryptedField)]
        if fields:
            yield model, fields


def rotate(
    *, by: Actor, batch_rows: int = BATCH_ROWS, max_batches: int | None = None
) -> RotationReport:
    """Make a new field key and seal every stored value with it; go on where a run was stopped.

    Each batch is its own transaction: stopping at any moment loses nothing, and the next
    call goes on with the same key until all is done. `max_batches` ends a run early. Older
    keys stay in the key file for backups made with them. Values that cannot be read are
    left as they are and counted; they do not hold up the rest.
    Raises: KeyringRefused when the key file cannot be used; PermissionDenied for anybody
    but the operator, whose command line is the only front door.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise PermissionDenied("鍵を更新できるのは、運用の担当だけです。")
    rotation = _open_rotation(by)
    tally = _Tally()
    for model, fields in encrypted_fields():
        if not _rotate_model(model, fields, rotation, tally, batch_rows, max_batches):
            return _report(rotation, tally, is_finished=False)
    with transaction.atomic():
        rotation.refresh_from_db()
        rotation.finished_at = timezone.now()
        rotation.save(update_fields=["finished_at"])
        record(
            actor=by,
            action="crypto.key.rotated",
            subject=SubjectRef("crypto.key", rotation.key_id),
            detail={"values": rotation.values_done, "refused": len(tally.refused)},
        )
    return _report(rotation, tally, is_finished=True)


def _open_rotation(by: Actor) -> Rotation:
    """Return the change under way, or begin one.

    The key comes before its row: after a crash between the two, the key is simply current
    and the next call begins another change.
    """
    found = Rotation.objects.filter(finished_at__isnull=True).order_by("-started_at").first()
    if found is not None and found.key_id == keyring.current().current:
        return found
    key_id = keyring.add_key()
    with transaction.atomic():
        now = timezone.now()
        # A change to a key that is no longer current can never end by itself.
        Rotation.objects.filter(finished_at__isnull=True).update(finished_at=now)
        rotation = Rotation.objects.create(key_id=key_id, started_at=now)
        record(actor=by, action="crypto.key.added", subject=SubjectRef("crypto.key", key_id))
    return rotation


def _rotate_model(
    model: type[models.Model],
    fields: Sequence[EncryptedField],
    rotation: Rotation,
    tally: _Tally,
    batch_rows: int,
    max_batches: int | None,
) -> bool:
    """Seal a table's old values anew; False when the allowed batches are used up."""
    after: Any = None
    while True:
        if max_batches is not None and tally.batches >= max_batches:
            return not _old_rows(model, fields, after)[:1]
        with transaction.atomic():
            # NO KEY would do, but SQLite and PostgreSQL share the plain form.
            rows = list(_old_rows(model, fields, after).select_for_update()[:batch_rows])
            if not rows:
                return True
            before = tally.values
            for row in rows:
                _seal_row_anew(model, fields, row, tally)
            Rotation.objects.filter(pk=rotation.pk).update(
                values_done=F("values_done") + tally.values - before
            )
        tally.batches += 1
        after = rows[-1]["pk"]


def _old_rows(
    model: type[models.Model], fields: Sequence[EncryptedField], after: Any
) -> models.QuerySet[Any, dict[str, Any]]:
    """Return rows (pk, row id, ciphertexts) holding a value of an older key, in order of pk."""
    prefix = current_prefix()
    old = Q()
    casts = {}
    for number, encrypted in enumerate(fields):
        casts[f"token_{number}"] = Cast(encrypted.name, models.TextField())
        old |= Q(**{f"token_{number}__isnull": False}) & ~Q(
            **{f"token_{number}__startswith": prefix}
        )
    rows: models.QuerySet[Any, Any] = model._base_manager.alias(**casts).filter(old)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    names = {"pk", *(f.name for f in fields), *(f.row_field for f in fields)}
    found: models.QuerySet[Any, dict[str, Any]] = rows.order_by("pk").values(*sorted(names))
    return found


def _seal_row_anew(
    model: type[models.Model], fields: Iterable[EncryptedField], row: dict[str, Any], tally: _Tally
) -> None:
    changed: dict[str, Sealed] = {}
    for encrypted in fields:
        token = row[encrypted.name]
        if token is None or token.startswith(current_prefix()):
            continue
        try:
            changed[encrypted.name] = encrypted.reseal(token, row=row[encrypted.row_field])
        except CiphertextRefused:
            tally.refused.append(f"{model._meta.label_lower}.{encrypted.name}:{row['pk']}")
    if changed:
        model._base_manager.filter(pk=row["pk"]).update(**changed)
        tally.rows += 1
        tally.values += len(changed)


def _report(rotation: Rotation, tally: _Tally, *, is_finished: bool) -> RotationReport:
    return RotationReport(
        key_id=rotation.key_id,
        is_finished=is_finished,
        rows=tally.rows,
        values=tally.values,
        refused_count=len(tally.refused),
        refused=tuple(tally.refused[:_NAMED_REFUSALS]),
    )

"""Hand-off batches (引き渡し): which cases went to the billing system, in which file."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedJSONField, EncryptedTextField

from ..cases.models import Case


class Batch(models.Model):
    """引き渡し: one file for the billing system, kept so that it can be printed again.

    Unique by section, layout and number; numbers are never used again. `content` is the
    CSV as it was made; both encodings are derived from it and must give the kept hashes.
    Ends only by cancelling, which sets its cases free for the next batch.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey("identity.Section", on_delete=models.PROTECT, related_name="+")
    layout = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    content = EncryptedTextField()
    losses = EncryptedJSONField(default=list)
    loss_count = models.PositiveIntegerField(default=0)
    case_count = models.PositiveIntegerField()
    utf8_sha256 = models.CharField(max_length=64)
    cp932_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """A cancellation is whole or absent."""

        constraints = [
            models.UniqueConstraint(
                fields=["section", "layout", "number"], name="batch_number_once"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancel_reason="")
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
                ),
                name="batch_cancelled_by_at_and_why",
            ),
            models.CheckConstraint(condition=Q(case_count__gte=1), name="batch_not_empty"),
        ]
        indexes = [models.Index(fields=["section", "made_at", "id"], name="batch_section_made")]

    def __str__(self) -> str:
        """Return the name of the file without its ending."""
        return f"{self.layout}-{self.section.code}-{self.number:04d}"

    @property
    def subject(self) -> SubjectRef:
        """Return the pointer by which other parts speak of this batch."""
        return SubjectRef("procedures.handoff", str(self.uuid))

    @property
    def is_cancelled(self) -> bool:
        """Return whether the batch was taken back."""
        return self.cancelled_at is not None


class BatchItem(models.Model):
    """One case in one batch; a case is in at most one batch that is not cancelled."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handoffs")
    position = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        """The database itself refuses to hand a case over twice."""

        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_active=True), name="case_in_one_active_batch"
            ),
        ]

    def __str__(self) -> str:
        """Return which line of which batch."""
        return f"{self.batch_id} {self.position}"

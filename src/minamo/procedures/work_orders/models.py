"""Field-work orders (作業指示): turn the valve of a place on a day, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedJSONField, EncryptedTextField

from ..cases.models import Case
from .states import (
    KIND_LABELS,
    REASON_LABELS,
    STATES,
    ImpossibleReason,
    OrderKind,
    OrderState,
    OrderWords,
)


class WorkOrder(models.Model):
    """作業指示: one visit to open or close the water of one place.

    Made when its case is accepted; unique by case and kind (転居 has one of each). Ends
    as done with the meter's reading, or cancelled. The place is a copy of the answers at
    acceptance, renewed when the case is accepted again, because the crew works from it.

    Units: `meter_reading_m3` is the whole number on the meter's dial in cubic metres.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_orders")
    section = models.ForeignKey("identity.Section", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(k, KIND_LABELS[k]) for k in OrderKind])
    label = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12,
        choices=[(s, STATES[s].label) for s in OrderState],
        default=OrderState.PLANNED,
    )
    planned_date = models.DateField()
    time_band = models.CharField(max_length=80, blank=True)
    place = EncryptedJSONField()
    key_number = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True)
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="work_orders",
    )
    done_date = models.DateField(null=True, blank=True)
    meter_reading_m3 = models.PositiveIntegerField(null=True, blank=True)
    meter_number = models.CharField(max_length=20, blank=True)
    impossible_reason = models.CharField(
        max_length=16, blank=True, choices=[(r, REASON_LABELS[r]) for r in ImpossibleReason]
    )
    result_note = EncryptedTextField(blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    # Cancelled because the case left 処理中; such an order comes back with its case.
    called_off_by_case = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    lock_version = models.PositiveIntegerField(default=1)

    class Meta:
        """A result is whole or absent; every list reads one of the indexes."""

        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="order_case_kind_once"),
            models.CheckConstraint(
                condition=Q(
                    state=OrderState.DONE,
                    done_date__isnull=False,
                    meter_reading_m3__isnull=False,
                    impossible_reason="",
                )
                | Q(
                    state=OrderState.IMPOSSIBLE,
                    done_date__isnull=False,
                    meter_reading_m3__isnull=True,
                )
                & ~Q(impossible_reason="")
                | Q(
                    state__in=[OrderState.PLANNED, OrderState.CANCELLED],
                    done_date__isnull=True,
                    meter_reading_m3__isnull=True,
                    impossible_reason="",
                ),
                name="order_result_with_state",
            ),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True, reported_by__isnull=True)
                | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="order_reported_by_and_at",
            ),
        ]
        indexes = [
            models.Index(fields=["section", "planned_date", "id"], name="order_section_date"),
            models.Index(
                fields=["section", "state", "planned_date", "id"], name="order_section_state"
            ),
            models.Index(fields=["worker", "state", "planned_date", "id"], name="order_worker"),
        ]

    def __str__(self) -> str:
        """Return the case with the kind of work."""
        return f"{self.case_id} {self.get_kind_display()}"

    @property
    def subject(self) -> SubjectRef:
        """Return the pointer by which other parts speak of this order."""
        return SubjectRef("procedures.order", str(self.uuid))

    @property
    def words(self) -> OrderWords:
        """Return how the state is shown."""
        return STATES[OrderState(self.state)]

    @property
    def place_line(self) -> str:
        """Return the place as one line."""
        place = self.place if isinstance(self.place, dict) else {}
        parts = [
            str(place.get(key) or "")
            for key in ("prefecture", "city", "town", "street", "building")
        ]
        head, building = "".join(parts[:4]), parts[4]
        return f"{head} {building}".strip()

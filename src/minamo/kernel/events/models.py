"""The outbox: events written with the change that caused them, and their way to each handler."""

import uuid

from django.db import models
from django.utils import timezone


class OutboxEvent(models.Model):
    """できごと: one event, committed together with the change it tells of.

    `order_key` names what the event is about (a case); handlers receive the events of one
    key in the order of `id`. It ends when the purge removes it after all deliveries ended.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名前", max_length=80)
    payload = models.JSONField("内容")
    order_key = models.CharField("順序の単位", max_length=120)
    published_at = models.DateTimeField("発生日時", default=timezone.now)
    fanned_out_at = models.DateTimeField("配り先を決めた日時", null=True, blank=True)

    class Meta:
        """The partial index is what the idle worker looks at."""

        verbose_name = "できごと"
        indexes = [
            models.Index(
                fields=["id"],
                name="events_outbox_waiting",
                condition=models.Q(fanned_out_at__isnull=True),
            ),
            models.Index(fields=["published_at"], name="events_outbox_published"),
        ]

    def __str__(self) -> str:
        """Return number and name."""
        return f"{self.id} {self.name}"


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    PENDING = "pending", "配達待ち"
    DONE = "done", "配達済み"
    DEAD = "dead", "配達できず"
    DISCARDED = "discarded", "破棄"


class Delivery(models.Model):
    """配達: one event on its way to one handler; (event, handler) is the idempotency key."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(
        OutboxEvent, on_delete=models.CASCADE, related_name="deliveries", verbose_name="できごと"
    )
    handler = models.CharField("受け手", max_length=120)
    order_key = models.CharField("順序の単位", max_length=120)
    state = models.CharField(
        "状態", max_length=12, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    next_attempt_at = models.DateTimeField("次に試す日時", default=timezone.now)
    last_error = models.TextField("最後の失敗", blank=True, default="")
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        """One delivery per event and handler; pending ones are found without touching others."""

        verbose_name = "配達"
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="events_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state="pending", ended_at__isnull=True)
                | (~models.Q(state="pending") & models.Q(ended_at__isnull=False)),
                name="events_delivery_ended_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["handler", "order_key", "event"],
                name="events_delivery_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["state", "id"], name="events_delivery_state"),
        ]

    def __str__(self) -> str:
        """Return event and handler."""
        return f"{self.event_id} → {self.handler}"

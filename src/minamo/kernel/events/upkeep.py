"""Tidying the outbox, and a second chance for what could not be delivered."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from .models import Delivery, DeliveryState, OutboxEvent

KEEP_DAYS = 30


def purge(*, now: datetime) -> int:
    """Delete events older than 30 days whose deliveries all ended well; returns how many."""
    open_or_dead = Delivery.objects.filter(
        event=OuterRef("pk"), state__in=[DeliveryState.PENDING, DeliveryState.DEAD]
    )
    old = OutboxEvent.objects.filter(
        ~Exists(open_or_dead),
        fanned_out_at__isnull=False,
        published_at__lt=now - timedelta(days=KEEP_DAYS),
    )
    count = old.count()
    old.delete()
    return count

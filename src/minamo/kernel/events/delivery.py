"""Carrying events from the outbox to their handlers: at least once, in order per subject."""

import logging
import traceback
from dataclasses import fields
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from minamo.contracts.events import Event
from minamo.kernel.jobs.api import pause_before_retry

from .models import Delivery, DeliveryState, OutboxEvent
from .registry import Subscription, subscription, subscriptions_to

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
RETRY_SECONDS = 5


def deliver_pending(limit: int = 100) -> int:
    """Deliver what is due, at most `limit` deliveries; returns how many were attempted.

    A delivery waits while an earlier one of the same handler and order key is pending, so
    one thing's events arrive in order and one stuck thing does not hold up the others.
    """
    attempted = 0
    while attempted < limit:
        fanned_out = fan_out(limit)
        due = list(due_deliveries().values_list("pk", flat=True)[: limit - attempted])
        attempted += sum(_attempt(pk) for pk in due)
        if not due and not fanned_out:
            break
    return attempted


def has_pending() -> bool:
    """Return whether anything waits; reads only, so an idle worker takes no lock."""
    return (
        OutboxEvent.objects.filter(fanned_out_at__isnull=True).exists() or due_deliveries().exists()
    )


def fan_out(limit: int) -> int:
    """Write the delivery rows of new events, one per handler registered now."""
    waiting = OutboxEvent.objects.filter(fanned_out_at__isnull=True).order_by("id")
    if not waiting.exists():
        return 0
    with transaction.atomic():
        events = list(waiting.select_for_update(skip_locked=True)[:limit])
        Delivery.objects.bulk_create(
            Delivery(event=event, handler=found.key, order_key=event.order_key)
            for event in events
            for found in subscriptions_to(event.name)
        )
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(
            fanned_out_at=timezone.now()
        )
    return len(events)


def due_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries that may be attempted now, the oldest first."""
    earlier = Delivery.objects.filter(
        state=DeliveryState.PENDING,
        handler=OuterRef("handler"),
        order_key=OuterRef("order_key"),
        event__lt=OuterRef("event"),
    )
    return Delivery.objects.filter(
        ~Exists(earlier), state=DeliveryState.PENDING, next_attempt_at__lte=timezone.now()
    ).order_by("event_id", "id")


def _attempt(pk: int) -> bool:
    """Run one handler and write the outcome in one transaction with what the handler changed."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(pk=pk, state=DeliveryState.PENDING)
            .first()
        )
        if delivery is None:
            return False
        delivery.attempts += 1
        found = subscription(delivery.handler)
        if found is None:
            _bury(delivery, f"no handler is registered as {delivery.handler!r}")
            return True
        try:
            with transaction.atomic():
                found.handler(event_of(delivery.event, found))
        except Exception as error:
            log.warning("event %s failed at %s", delivery.event, delivery.handler, exc_info=True)
            _postpone(delivery, "".join(traceback.format_exception(error)))
        else:
            _end(delivery, DeliveryState.DONE)
    return True


def event_of(row: OutboxEvent, found: Subscription) -> Event:
    """Return the event as its class, without fields that the class no longer has."""
    known = {field.name for field in fields(found.event_class)}
    return found.event_class(**{k: v for k, v in row.payload.items() if k in known})


def _postpone(delivery: Delivery, error: str) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        _bury(delivery, error)
        return
    pause = pause_before_retry(attempt=delivery.attempts, first_seconds=RETRY_SECONDS)
    delivery.next_attempt_at = timezone.now() + timedelta(seconds=pause)
    delivery.last_error = error[-4000:]
    delivery.save(update_fields=["attempts", "next_attempt_at", "last_error"])


def _bury(delivery: Delivery, error: str) -> None:
    delivery.last_error = error[-4000:]
    _end(delivery, DeliveryState.DEAD)


def _end(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state, delivery.ended_at = state, timezone.now()
    delivery.save(update_fields=["attempts", "state", "ended_at", "last_error"])

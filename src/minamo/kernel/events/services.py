"""What staff do with deliveries that failed for good: try again or give up."""

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import User, may, require

from .models import Delivery, DeliveryState

MANAGE = "jobs.job.manage"


class DeliveryNotDead(Exception):
    """Somebody else has already tried the delivery again or given it up."""


def retry_delivery(*, delivery: Delivery, by: User, actor: Actor) -> Delivery:
    """Deliver a dead letter again, with a full set of attempts.

    It comes after events that were delivered meanwhile.
    Raises: Refused without the permission; DeliveryNotDead.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        dead = _dead(delivery)
        dead.state, dead.attempts, dead.ended_at = DeliveryState.PENDING, 0, None
        dead.next_attempt_at = timezone.now()
        dead.save(update_fields=["state", "attempts", "ended_at", "next_attempt_at"])
        _record(dead, actor, "events.delivery.retried")
    return dead


def discard_delivery(*, delivery: Delivery, by: User, actor: Actor, reason: str) -> Delivery:
    """Give a dead letter up for good.

    Raises: Refused without the permission; DeliveryNotDead.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        dead = _dead(delivery)
        dead.state, dead.ended_at = DeliveryState.DISCARDED, timezone.now()
        dead.save(update_fields=["state", "ended_at"])
        _record(dead, actor, "events.delivery.discarded", reason)
    return dead


def _dead(delivery: Delivery) -> Delivery:
    current = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if current.state != DeliveryState.DEAD:
        raise DeliveryNotDead(str(delivery.pk))
    return current


def _record(delivery: Delivery, actor: Actor, action: str, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject=SubjectRef("events.delivery", str(delivery.pk)),
        detail={"handler": delivery.handler, "event": delivery.event_id},
        reason=reason,
    )

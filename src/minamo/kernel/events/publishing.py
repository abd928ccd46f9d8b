"""Writing events into the outbox, in the transaction of the change they tell of."""

from dataclasses import fields

from django.db import transaction

from minamo.contracts.events import Event

from .models import OutboxEvent

Plain = str | int | bool | None


class NotInTransaction(RuntimeError):
    """An event was to be published outside the transaction of the change it tells of."""


def publish(event: Event, *, order_key: str = "") -> OutboxEvent:
    """Write an event to the outbox; it leaves only if the caller's transaction commits.

    Handlers receive the events of one `order_key` in order. Without one, the first field
    named `…_id` gives it (the case, the meter), else the event's name.

    Raises: NotInTransaction outside `transaction.atomic`; TypeError for a field that is
    not plain JSON; ValueError for an event class without a name.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{event.name} was published outside a transaction")
    if not event.name:
        raise ValueError(f"{type(event).__name__} has no name")
    payload = payload_of(event)
    return OutboxEvent.objects.create(
        name=event.name, payload=payload, order_key=(order_key or _order_key(event, payload))[:120]
    )


def payload_of(event: Event) -> dict[str, Plain]:
    """Return the fields of an event as plain JSON.

    Raises: TypeError for a field that is not text, whole number, yes/no or nothing.
    """
    payload: dict[str, Plain] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if value is not None and type(value) not in (str, int, bool):
            raise TypeError(f"{event.name}.{field.name} is {type(value).__name__}, not plain JSON")
        payload[field.name] = value
    return payload


def _order_key(event: Event, payload: dict[str, Plain]) -> str:
    for name, value in payload.items():
        if name.endswith("_id") and value is not None:
            return f"{name}:{value}"
    return event.name

"""Reads of the outbox for the staff page."""

from minamo.kernel.ui.api import table

from .models import Delivery, DeliveryState

PAGE_SIZE = 50


def dead_count() -> int:
    """Return how many deliveries failed for good and wait for somebody."""
    return Delivery.objects.filter(state=DeliveryState.DEAD).count()


def dead_page(cursor: str = "") -> table.Page[Delivery]:
    """Return one page of the deliveries that failed for good, newest first.

    Raises: CursorRefused.
    """
    rows = Delivery.objects.filter(state=DeliveryState.DEAD).select_related("event")
    return table.keyset(rows, order=["-id"], cursor=cursor, size=PAGE_SIZE)

"""What lies in the outbox to be mailed."""

from minamo.kernel.notify.api import OutgoingMail


def mails() -> list[OutgoingMail]:
    """Return the queued mails, oldest first."""
    return list(OutgoingMail.objects.order_by("pk"))

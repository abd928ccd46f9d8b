"""The mail server of an installation without one: what would be sent is kept and can be read."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .models import MailboxMail
from .registry import one_line


class MailboxBackend(BaseEmailBackend):
    """E-mail backend that writes messages into the mailbox table, encrypted."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; the same Message-ID is kept once. Returns how many were taken."""
        for message in email_messages:
            self._keep(message)
        return len(email_messages)

    def _keep(self, message: EmailMessage) -> None:
        # Building the real message applies Django's guard against header injection.
        built = message.message()
        MailboxMail.objects.get_or_create(
            message_id=str(built["Message-ID"])[:200],
            defaults={
                "sender": message.from_email[:200],
                "recipients": "、".join(message.recipients()),
                "title": one_line(str(message.subject)),
                "body": message.body,
            },
        )
